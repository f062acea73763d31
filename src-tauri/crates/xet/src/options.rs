use std::path::PathBuf;
use std::time::Duration;

use hubdesk_hub::{Profile, Proxy};
use xet::xet_session::XetConfig;

/// Sends at the same time, in blocks of up to 64 MiB. Beside these the client holds the block it is
/// filling and, packed, one that waits, so that two would take more memory than a program in the
/// background should have.
const SENDS_AT_ONCE: usize = 1;
/// The longest that sending one block may take, its answer included. It cannot be the limit for
/// silence: over a slow line a block is on its way for minutes, and the client counts all of it.
const LONGEST_SEND: Duration = Duration::from_secs(15 * 60);

/// How the store's client is to behave. Everything it would otherwise take from the environment is
/// said here, or left at its own default.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it keeps what it remembers: `$HF_XET_CACHE`, else `$HF_HOME/xet`, as the official
    /// client. Downloads leave next to nothing there.
    pub cache: PathBuf,
    /// Most bytes that have arrived or are on their way and nobody has taken yet, over all files
    /// together. Also about what a kill can cost.
    pub memory_bytes: u64,
    /// The length of what is asked for at once, and so of a [`Piece`](crate::Piece), which comes
    /// when all of it is there. At the end of a file up to twice this.
    pub block_bytes: u64,
    /// Whether the store's client may send its summary of each transfer to the store.
    pub may_report: bool,
    /// How the network is used, as far as the store's client can be told.
    pub profile: Profile,
}

/// Why the store's client cannot be used under a profile; plain HTTP can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Nothing may be sent.
    #[error("told to be offline")]
    Offline,
    /// It goes the way the system says and knows no other.
    #[error(
        "the chunk store can only be reached as the system says, not through a proxy of our own choice or past one"
    )]
    Proxy,
    /// It trusts whom the system trusts.
    #[error("the chunk store cannot be told of additional certificates")]
    Certificates,
}

impl Options {
    /// No reports, and as much on the way as may be lost with the process: blocks are short, so that
    /// several fit and one arrives every few seconds over a slow line, too. On a line with long
    /// delays more and longer ones would be faster.
    pub fn new(cache: PathBuf, profile: Profile) -> Self {
        Self {
            cache,
            memory_bytes: 4 << 20,
            block_bytes: 1 << 20,
            may_report: false,
            profile,
        }
    }

    /// With other memory. More of it makes the blocks longer, too, which costs fewer requests, and
    /// more when the process dies.
    #[must_use]
    pub fn with_memory(self, memory_bytes: u64) -> Self {
        Self {
            memory_bytes,
            block_bytes: (memory_bytes / 4).clamp(1 << 20, 8 << 20),
            ..self
        }
    }

    /// What a profile asks for and the store's client cannot do must not be passed over in
    /// silence: whoever chose a proxy did not choose to go around it.
    pub(crate) fn check(&self) -> Result<(), Unfit> {
        if self.profile.is_offline {
            return Err(Unfit::Offline);
        }
        if self.profile.proxy != Proxy::System {
            return Err(Unfit::Proxy);
        }
        if !self.profile.certificates.is_empty() {
            return Err(Unfit::Certificates);
        }
        Ok(())
    }

    /// Begins with the client's defaults, not with `XetConfig::new`, which reads the environment.
    pub(crate) fn config(&self) -> XetConfig {
        let mut config = XetConfig::default();
        config.telemetry.enabled = self.may_report;
        // Who ends a transfer does not wait for a report.
        config.telemetry.final_flush_timeout = Duration::ZERO;
        let reconstruction = &mut config.reconstruction;
        reconstruction.download_buffer_size = self.memory_bytes.into();
        reconstruction.download_buffer_perfile_size = 0.into();
        reconstruction.download_buffer_limit = self.memory_bytes.into();
        reconstruction.min_reconstruction_fetch_size = self.block_bytes.into();
        reconstruction.max_reconstruction_fetch_size = self.block_bytes.into();
        // What is known ahead of what is fetched: addresses, which are small and expire.
        reconstruction.min_prefetch_buffer = (2 * self.memory_bytes).into();
        reconstruction.target_block_completion_time = Duration::from_secs(4);
        // Patience belongs to the engine above, which has another way to the same bytes.
        config.client.retry_max_attempts = 2;
        config.client.retry_base_delay = Duration::from_millis(200);
        config.client.retry_max_duration = Duration::from_secs(2);
        config.client.connect_timeout = self.profile.connect_timeout;
        config.client.read_timeout = self.profile.stall;
        config
    }

    /// How it behaves where it sends. Silence is for who sends to notice, by [`Batch::moved`].
    ///
    /// [`Batch::moved`]: crate::Batch::moved
    pub(crate) fn config_to_send(&self) -> XetConfig {
        let mut config = self.config();
        let client = &mut config.client;
        client.read_timeout = LONGEST_SEND;
        client.ac_max_upload_concurrency = SENDS_AT_ONCE;
        // The client begins with this many whatever the most is.
        client.ac_initial_upload_concurrency = SENDS_AT_ONCE;
        // The other way means that all of it is sent again, so a passing fault is waited for.
        let backoff = self.profile.backoff;
        client.retry_max_attempts = backoff.retries as usize;
        client.retry_base_delay = backoff.first;
        client.retry_max_duration = backoff.longest;
        // Each block that has arrived is noted: after a kill, or with another key, it is not sent
        // again.
        config.data.session_xorb_metadata_flush_max_count = 1;
        config
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hubdesk_hub::ProxyAddress;

    fn options(profile: Profile) -> Options {
        Options::new(PathBuf::from("unused"), profile)
    }

    #[test]
    fn reports_are_sent_only_when_allowed() {
        let mut options = options(Profile::default());
        assert!(!options.config().telemetry.enabled);
        options.may_report = true;
        assert!(options.config().telemetry.enabled);
    }

    #[test]
    fn what_the_profile_wants_and_the_client_cannot_do_is_refused() {
        let through = ProxyAddress::parse("http://proxy.example:3128").unwrap();
        let with = |change: &dyn Fn(&mut Profile)| {
            let mut profile = Profile::default();
            change(&mut profile);
            options(profile).check()
        };
        assert_eq!(with(&|_| ()), Ok(()));
        assert_eq!(with(&|p| p.is_offline = true), Err(Unfit::Offline));
        for proxy in [Proxy::None, Proxy::Unusable, Proxy::Manual(through)] {
            assert_eq!(with(&|p| p.proxy = proxy.clone()), Err(Unfit::Proxy));
        }
    }

    #[test]
    fn a_block_that_takes_minutes_is_not_silence() {
        let options = options(Profile::default());
        let (reading, sending) = (options.config(), options.config_to_send());
        assert_eq!(reading.client.read_timeout, options.profile.stall);
        let slow_line = 64 * 1024 * 1024 / (1_000_000 / 8);
        assert!(sending.client.read_timeout.as_secs() > slow_line);
    }

    #[test]
    fn no_more_blocks_are_sent_at_once_than_there_is_memory_for() {
        let client = options(Profile::default()).config_to_send().client;
        assert_eq!(client.ac_initial_upload_concurrency, SENDS_AT_ONCE);
        assert_eq!(client.ac_max_upload_concurrency, SENDS_AT_ONCE);
    }

    #[test]
    fn buffers_do_not_grow_with_files_or_with_the_machine() {
        let options = options(Profile::default());
        let buffers = options.config().reconstruction;
        assert_eq!(buffers.download_buffer_size.as_u64(), options.memory_bytes);
        assert_eq!(buffers.download_buffer_perfile_size.as_u64(), 0);
        assert_eq!(buffers.download_buffer_limit.as_u64(), options.memory_bytes);
    }
}
