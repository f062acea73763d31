use std::path::PathBuf;
use std::time::Duration;

use hubdesk_standin::{Builder, Shape, StandIn};

/// How to serve the Hub in a box.
#[derive(Debug, Clone, Default)]
pub struct ServeHub {
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Where what was made is kept.
    pub state: Option<PathBuf>,
    /// With the demo repositories, or with none.
    pub has_demo: bool,
    /// With the repositories the benchmark downloads.
    pub has_bench: bool,
    /// The most one connection carries, in bytes a second.
    pub connection_speed: Option<u64>,
    /// How much later every answer begins.
    pub latency: Duration,
    /// Entries on one page of a listing, for trying clients out.
    pub page_size: Option<usize>,
    /// Tells what was asked of it, at `/_standin/log`.
    pub has_control: bool,
    /// With a chunk store that has every large file.
    #[cfg(feature = "chunk-store")]
    pub has_xet: bool,
}

/// Starts the Hub in a box. It runs until what is returned is dropped.
pub async fn serve_hub(options: ServeHub) -> std::io::Result<StandIn> {
    let mut builder = StandIn::builder()
        .port(options.port)
        .control(options.has_control)
        .shape(Shape {
            bytes_per_second: options.connection_speed,
            latency: options.latency,
        });
    if options.has_demo {
        builder = builder.demo();
    }
    // With a chunk store it downloads from there alone: to put everything there takes minutes.
    #[cfg(feature = "chunk-store")]
    let bench = match options.has_xet {
        true => Builder::bench_in_chunks,
        false => Builder::bench,
    };
    #[cfg(not(feature = "chunk-store"))]
    let bench = Builder::bench;
    if options.has_bench {
        builder = bench(builder);
    }
    if let Some(size) = options.page_size {
        builder = builder.page_size(size);
    }
    if let Some(state) = options.state {
        builder = builder.state(state);
    }
    #[cfg(feature = "chunk-store")]
    if options.has_xet {
        builder = builder.xet();
    }
    builder.start().await
}
