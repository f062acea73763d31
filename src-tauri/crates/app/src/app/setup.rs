use std::path::PathBuf;
use std::sync::Arc;

use hubdesk_core::{Clock, SystemClock};
use hubdesk_hub::Profile;

use crate::accounts::OpenKeychain;
use crate::api;
use crate::connection::Connection;
use crate::env::Env;
use crate::host::{Host, SystemHost};
use crate::wall::{self, Wall};

/// What an [`App`] is made from. Tests bring their own of each.
pub struct Setup {
    /// What the environment says.
    pub env: Env,
    /// Where settings and the queue are kept.
    pub config_dir: PathBuf,
    /// What only the desktop can do.
    pub host: Arc<dyn Host>,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Which minute of the week a moment is, where the computer is.
    pub wall: Wall,
    /// How the network is used.
    pub profile: Profile,
    /// Where tokens are kept. It is asked when the program starts, on a thread of its own.
    pub keychain: OpenKeychain,
}

impl Setup {
    /// The desktop this program runs on.
    pub fn desktop(env: Env) -> Self {
        Self {
            config_dir: env.config_dir(),
            profile: env.profile(),
            host: Arc::new(SystemHost),
            clock: Arc::new(SystemClock::default()),
            wall: wall::system(),
            keychain: system_keychain(),
            env,
        }
    }

    /// Which way the network is used with these settings. Blocks.
    pub(crate) fn connection(&self, settings: &api::Settings) -> Arc<Connection> {
        let profile = Profile {
            is_offline: self.env.is_offline(),
            ..self.profile.clone()
        };
        let (xet, clock) = (self.env.xet_cache(), Arc::clone(&self.clock));
        Arc::new(Connection::new(profile, settings, xet, clock))
    }
}

/// The keychain of this desktop. Whether it works is found out by using it.
fn system_keychain() -> OpenKeychain {
    Arc::new(|| Ok(Arc::new(hubdesk_secrets::Keychain::probe()?)))
}
