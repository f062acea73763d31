mod builder;

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use axum::extract::Request;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hubdesk_core::Clock;
use tokio::net::TcpListener;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::collections::Collections;
use crate::fault::Faults;
use crate::line::{Connection, Lines, Pace, Shape};
use crate::log::{Host, Log};
use crate::model::Model;
use crate::oauth::SignIns;
use crate::people::People;
use crate::profiles::Profiles;
use crate::quota::Quotas;
use crate::serve::serve;
use crate::uploads::Uploads;
#[cfg(feature = "xet")]
use crate::xet_store::XetStore;

pub use builder::Builder;

/// The HTTP library holds up to 16 pieces that the socket did not take yet. With pieces of this
/// size the count is at most 256 KiB ahead of the socket.
const PIECE: u64 = 16 * 1024;
/// The same where speed is worth more than an exact count.
const LARGE_PIECE: u64 = 256 * 1024;

/// How long a client that does not take what it asked for can hold up the end.
const PATIENCE: Duration = Duration::from_secs(1);

/// A running Hub on this machine. Stops when it is dropped, or in an orderly way by
/// [`StandIn::shutdown`].
pub struct StandIn {
    hub: Arc<Hub>,
    servers: TaskTracker,
}

/// What both servers share.
pub(crate) struct Hub {
    pub(crate) model: Model,
    pub(crate) people: People,
    pub(crate) sign_ins: SignIns,
    pub(crate) oauth_lifetime: Duration,
    pub(crate) profiles: Profiles,
    pub(crate) collections: Collections,
    pub(crate) log: Log,
    pub(crate) faults: Faults,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) quotas: Quotas,
    pub(crate) endpoint: String,
    pub(crate) storage: String,
    pub(crate) page_size: Option<usize>,
    pub(crate) uploads: Uploads,
    pub(crate) xet_store: Option<String>,
    #[cfg(feature = "xet")]
    pub(crate) xet: Option<Box<XetStore>>,
    pub(crate) has_control: bool,
    pub(crate) pace: Option<Arc<Pace>>,
    pub(crate) shape: Shape,
    /// Speed is worth more than an exact count.
    is_swift: bool,
    pub(crate) stop: CancellationToken,
    requests: AtomicU64,
}

impl StandIn {
    /// An empty Hub, to be filled.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The Hub's address, for `HF_ENDPOINT`: `http://127.0.0.1:<port>`.
    pub fn endpoint(&self) -> String {
        self.hub.endpoint.clone()
    }

    /// The address of the second host, where large files lie.
    pub fn storage(&self) -> String {
        self.hub.storage.clone()
    }

    /// The address of the chunk store, if there is one.
    #[cfg(feature = "xet")]
    pub fn xet(&self) -> Option<String> {
        self.hub.xet.as_ref().map(|store| store.address.clone())
    }

    /// No key to the chunk store that was handed out is good any longer.
    #[cfg(feature = "xet")]
    pub fn revoke_xet_keys(&self) {
        if let Some(store) = &self.hub.xet {
            store.revoke();
        }
    }

    /// What both hosts were asked and sent.
    pub fn log(&self) -> &Log {
        &self.hub.log
    }

    /// What goes wrong from now on.
    pub fn faults(&self) -> &Faults {
        &self.hub.faults
    }

    /// The repositories, to add to and to move on while it runs.
    pub fn hub(&self) -> &Model {
        &self.hub.model
    }

    /// The accounts, to add to and to take away from while it runs.
    pub fn people(&self) -> &People {
        &self.hub.people
    }

    /// What accounts show, follow and like, to change while it runs.
    pub fn profiles(&self) -> &Profiles {
        &self.hub.profiles
    }

    /// Says yes as `user` on every device that waits.
    pub fn allow_devices(&self, user: &str) {
        self.hub.sign_ins.allow_devices(user);
    }

    /// Stops, ends every connection, and returns when both ports are free.
    pub async fn shutdown(self) {
        self.hub.stop.cancel();
        self.servers.wait().await;
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.hub.stop.cancel();
    }
}

impl Hub {
    /// Now, in seconds since 1970.
    pub(crate) fn seconds(&self) -> u64 {
        let since = self.clock.now().duration_since(UNIX_EPOCH);
        since.unwrap_or_default().as_secs()
    }

    /// A text nobody was given before and nobody can guess.
    pub(crate) fn secret(&self) -> String {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the system gives random bytes");
        URL_SAFE_NO_PAD.encode(bytes).replace(['-', '_'], "x")
    }

    /// How much of a body is handed to the connection at once.
    pub(crate) fn piece(&self) -> u64 {
        if self.is_swift { LARGE_PIECE } else { PIECE }
    }

    pub(crate) fn next_request(&self) -> u64 {
        self.requests.fetch_add(1, Ordering::Relaxed)
    }
}

async fn run(hub: Arc<Hub>, host: Host, listener: TcpListener) {
    let stop = hub.stop.clone();
    let listener = Lines {
        listener,
        is_exact: !hub.is_swift,
    };
    let router = Router::new().fallback(move |request: Request| serve(hub.clone(), host, request));
    let service = router.into_make_service_with_connect_info::<Connection>();
    let server =
        axum::serve(listener, service).with_graceful_shutdown(stop.clone().cancelled_owned());
    tokio::select! {
        // It only returns when it was told to; it goes on after errors by itself.
        _ = server => {}
        () = async { stop.cancelled().await; sleep(PATIENCE).await } => {}
    }
}

fn url(listener: &TcpListener) -> io::Result<String> {
    Ok(format!(
        "http://{}:{}",
        Ipv4Addr::LOCALHOST,
        listener.local_addr()?.port()
    ))
}
