use std::time::Duration;

use hubdesk_app::api::ApiError;
use hubdesk_app::{DEMO_TOKEN, ServeHub, serve_hub, told_to_stop};
use serde_json::json;

use crate::args::{Seed, ServeArgs};
use crate::{End, print};

/// Serves until it is told to stop: Ctrl-C, or a termination signal.
pub(crate) async fn serve(args: ServeArgs) -> Result<End, ApiError> {
    let has_demo = args.seed == Seed::Demo;
    let options = ServeHub {
        port: args.port,
        state: args.state,
        has_demo,
        has_bench: args.seed == Seed::Bench,
        connection_speed: args.connection_speed,
        latency: Duration::from_millis(args.latency),
        page_size: args.page_size,
        has_control: args.control,
        #[cfg(feature = "chunk-store")]
        has_xet: args.xet,
    };
    let cannot =
        |error: std::io::Error| ApiError::bad_input(format!("The Hub cannot start: {error}."));
    let hub = serve_hub(options).await.map_err(cannot)?;
    print::answer_json(&json!({
        "endpoint": hub.endpoint(),
        "storage": hub.storage(),
        "token": has_demo.then_some(DEMO_TOKEN),
    }));
    told_to_stop().await.map_err(cannot)?;
    hub.shutdown().await;
    Ok(End::Done)
}
