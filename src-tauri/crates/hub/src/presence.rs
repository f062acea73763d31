//! Whether something is there.

use hubdesk_core::Revision;

use crate::call::Call;
use crate::{Error, Repo, What, route};

impl Repo {
    /// Whether there is such a repository. One that must be asked for, or that was taken down, is
    /// there; a private one is not for those who may not see it.
    pub async fn exists(&self) -> Result<bool, Error> {
        let mut url = route::repo(self.hub.endpoint(), &self.id);
        url.query_pairs_mut().append_pair("expand", "sha");
        match self.hub.tell(&Call::get(url, Some(&self.id))).await {
            Ok(()) | Err(Error::Gated { .. } | Error::Disabled { .. }) => Ok(true),
            Err(Error::NotFound(What::Repo, _)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether the repository has such a branch, tag, ref or commit. That there is no such
    /// repository is an error.
    pub async fn revision_exists(&self, revision: &Revision) -> Result<bool, Error> {
        let mut url = route::info(self.hub.endpoint(), &self.id, revision);
        url.query_pairs_mut().append_pair("expand", "sha");
        match self.hub.tell(&Call::get(url, Some(&self.id))).await {
            Ok(()) => Ok(true),
            Err(Error::NotFound(What::Revision, _)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether there is such a file at `revision`: not without the repository or the revision,
    /// either. [`Error::Gated`] where nobody may know.
    pub async fn file_exists(&self, revision: &Revision, path: &str) -> Result<bool, Error> {
        match self.file_metadata(revision, path).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound(What::Repo | What::Revision | What::Entry, _)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
