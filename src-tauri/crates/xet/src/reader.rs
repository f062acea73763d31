use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use hubdesk_core::Revision;
use hubdesk_hub::{Repo, XetAccess, XetToken};
use tokio::sync::Mutex;
use xet::xet_session::{XetDownloadStreamGroup, XetFileInfo};

use crate::gaps::Gaps;
use crate::{Error, Reading, Xet, XetFile};

/// A key this close to its end is not begun with, as the official client has it; the store's
/// client itself refuses to use one in its last 30 s.
const LAST_CALL: Duration = Duration::from_secs(60);

/// The right to read what is in the store of one revision of one repository. It asks the Hub for a
/// key when one is needed, and for another before that one ends; whoever needs one at the same
/// time waits for the same. Clones share the key.
#[derive(Clone)]
pub struct Reader(Arc<Inner>);

struct Inner {
    xet: Xet,
    repo: Repo,
    revision: Revision,
    key: Mutex<Option<Key>>,
}

/// A key, and the connections that use it.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) group: XetDownloadStreamGroup,
    /// The how manieth it is.
    pub(crate) number: u64,
    token: XetToken,
}

impl Reader {
    /// Nothing is asked before something is read.
    pub fn new(xet: &Xet, repo: Repo, revision: Revision) -> Self {
        Self(Arc::new(Inner {
            xet: xet.clone(),
            repo,
            revision,
            key: Mutex::default(),
        }))
    }

    /// Begins to read `ranges` of `file`: all of it, or what an earlier run did not get. They may
    /// be in any order; what lies outside the file is left out.
    pub fn read(&self, file: &XetFile, ranges: impl IntoIterator<Item = Range<u64>>) -> Reading {
        Reading::new(self.clone(), file.clone(), Gaps::new(ranges, file.size()))
    }

    /// A key that is good for a while and newer than number `used_up`, if there is one that the
    /// store did not take.
    pub(crate) async fn key(&self, used_up: Option<u64>) -> Result<Key, Error> {
        let mut held = self.0.key.lock().await;
        let now = self.0.xet.clock().now().duration_since(UNIX_EPOCH);
        let now = now.unwrap_or_default();
        if let Some(key) = &*held
            && used_up.is_none_or(|number| number < key.number)
            && now.saturating_add(LAST_CALL) < Duration::from_secs(key.token.expires)
        {
            return Ok(key.clone());
        }
        let access = XetAccess::Read(&self.0.revision);
        let token = self.0.repo.xet_token(access).await;
        let token = token.map_err(|source| Error::Key { source })?;
        let key = Key {
            group: self.0.xet.group(&token).await?,
            number: held.as_ref().map_or(0, |key| key.number + 1),
            token,
        };
        Ok(held.insert(key).clone())
    }

    /// Fetches the byte at `at` in the way that tells what went wrong. By connections of its own:
    /// those on which something failed are of no use to others.
    pub(crate) async fn probe(&self, file: &XetFile, at: u64, key: &Key) -> Result<(), Error> {
        let group = self.0.xet.group(&key.token).await?;
        let info = XetFileInfo::new(file.hash().to_owned(), file.size());
        let byte = group.download_to_bytes(info, Some(at..at + 1)).await;
        match byte.map_err(|error| Error::of(&error))?.len() {
            0 => Err(Error::NotFound {
                why: format!("it ends before byte {at}"),
            }),
            _ => Ok(()),
        }
    }
}
