use std::sync::{Arc, Mutex};

use hubdesk_core::Clock;
use hubdesk_hub::XetToken;
use xet::XetError;
use xet::xet_session::{
    HeaderMap, HeaderValue, XetDownloadStreamGroup, XetSession, XetSessionBuilder, XetUploadCommit,
    header,
};

use crate::{Error, Options, Unfit};

/// The store's client. One for the process; clones are the same.
#[derive(Clone)]
pub struct Xet(Arc<Inner>);

struct Inner {
    options: Options,
    clock: Arc<dyn Clock>,
    reading: Mutex<Option<XetSession>>,
    sending: Mutex<Option<XetSession>>,
}

/// What a session is for: the two know different limits.
#[derive(Debug, Clone, Copy)]
enum Way {
    Read,
    Send,
}

impl Xet {
    /// Makes ready; nothing is asked of anybody yet. `clock` tells when a key comes to its end.
    /// [`Unfit`] where the profile wants what the store's client cannot do.
    pub fn new(options: Options, clock: Arc<dyn Clock>) -> Result<Self, Unfit> {
        options.check()?;
        Ok(Self(Arc::new(Inner {
            options,
            clock,
            reading: Mutex::default(),
            sending: Mutex::default(),
        })))
    }

    /// About how many requests `bytes` of one file take at the store: for each block one that says
    /// where it is, and one that brings it. Content that is scattered takes more, and what the store's
    /// client has seen shortly before takes less.
    pub fn requests(&self, bytes: u64) -> u64 {
        bytes
            .div_ceil(self.0.options.block_bytes.max(1))
            .saturating_mul(2)
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    /// Connections that read with `key`. A session that was aborted, or that a fault has poisoned,
    /// is replaced by a new one.
    pub(crate) async fn group(&self, key: &XetToken) -> Result<XetDownloadStreamGroup, Error> {
        match self.new_group(key).await {
            Err(error) if is_of_session(&error) => {
                *self.session(Way::Read) = None;
                self.new_group(key).await
            }
            built => built,
        }
        .map_err(|error| Error::of(&error))
    }

    /// Connections that send with `key`, likewise.
    pub(crate) async fn upload(&self, key: &XetToken) -> Result<XetUploadCommit, Error> {
        match self.new_upload(key).await {
            Err(error) if is_of_session(&error) => {
                *self.session(Way::Send) = None;
                self.new_upload(key).await
            }
            built => built,
        }
        .map_err(|error| Error::of(&error))
    }

    async fn new_group(&self, key: &XetToken) -> Result<XetDownloadStreamGroup, XetError> {
        let builder = self.open(Way::Read)?.new_download_stream_group()?;
        builder
            .with_endpoint(store(key))
            .with_token_info(key.token.expose(), key.expires)
            .with_custom_headers(self.headers())
            .build()
            .await
    }

    async fn new_upload(&self, key: &XetToken) -> Result<XetUploadCommit, XetError> {
        let builder = self.open(Way::Send)?.new_upload_commit()?;
        builder
            .with_endpoint(store(key))
            .with_token_info(key.token.expose(), key.expires)
            .with_custom_headers(self.headers())
            .build()
            .await
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Ok(agent) = HeaderValue::from_str(&self.0.options.profile.user_agent) {
            headers.insert(header::USER_AGENT, agent);
        }
        headers
    }

    /// The session, made now if there is none. It works on the runtime it is made on.
    fn open(&self, way: Way) -> Result<XetSession, XetError> {
        let mut session = self.session(way);
        if let Some(session) = &*session {
            return Ok(session.clone());
        }
        let options = &self.0.options;
        let config = match way {
            Way::Read => options.config(),
            Way::Send => options.config_to_send(),
        };
        let fresh = XetSessionBuilder::new_with_config(config)
            .with_cache_dir(&options.cache)
            .build()?;
        Ok(session.insert(fresh).clone())
    }

    fn session(&self, way: Way) -> std::sync::MutexGuard<'_, Option<XetSession>> {
        let session = match way {
            Way::Read => &self.0.reading,
            Way::Send => &self.0.sending,
        };
        session
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

fn store(key: &XetToken) -> String {
    key.store.to_string().trim_end_matches('/').to_owned()
}

fn is_of_session(error: &XetError) -> bool {
    matches!(
        error,
        XetError::UserCancelled(_)
            | XetError::PreviousTaskError(_)
            | XetError::AlreadyCompleted
            | XetError::KeyboardInterrupt
            | XetError::Cancelled(_)
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hubdesk_core::{SystemClock, Token};
    use hubdesk_hub::{Endpoint, Profile};

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_session_that_was_aborted_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::new(folder.path().to_owned(), Profile::default());
        let xet = Xet::new(options, Arc::new(SystemClock::default())).unwrap();
        let key = XetToken {
            store: Endpoint::parse("http://127.0.0.1:9").unwrap(),
            token: Token::new("key").unwrap(),
            expires: u64::MAX - Duration::from_secs(60).as_secs(),
        };
        xet.group(&key).await.unwrap();
        let id = || *xet.open(Way::Read).unwrap().id();
        let first = id();
        assert_eq!(id(), first, "one session for all");
        xet.open(Way::Read).unwrap().abort().unwrap();
        xet.group(&key).await.unwrap();
        assert_ne!(id(), first);
    }
}
