use hubdesk_core::{BadRepoId, RepoId};
use serde::{Deserialize, Serialize};

use crate::call::{Call, LONG_WORK};
use crate::change::{Second, change};
use crate::json::or_default;
use crate::new_repo::{SpaceSetup, Visibility, owned};
use crate::repos::{Named, patiently};
use crate::{Error, Repo, route};

/// A copy of a repository to be made by the Hub, without its bytes coming here.
#[derive(Debug, Clone)]
pub struct Duplicate {
    to: RepoId,
    visibility: Visibility,
    /// The group within the organisation whose members get access.
    pub resource_group: Option<String>,
    /// What the copy of a Space runs on and with. Secrets are not copied.
    pub space: Option<SpaceSetup>,
}

/// A copy that is there now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicated {
    /// Its name.
    pub id: RepoId,
    /// Whether large files are still on their way. Until they are there they cannot be downloaded.
    pub is_pending: bool,
}

impl Duplicate {
    /// A copy at `to`. Fails on a name that does not say whose it will be.
    pub fn new(to: &RepoId, visibility: Visibility) -> Result<Self, BadRepoId> {
        Ok(Self {
            to: owned(to.clone())?,
            visibility,
            resource_group: None,
            space: None,
        })
    }
}

impl Repo {
    /// Makes a copy. [`Error::Conflict`] if there is a repository of its name.
    ///
    /// Looks first whether it is there, as [`Hub::create_repo`](crate::Hub::create_repo) does.
    ///
    /// # Panics
    /// If the copy is to be of another kind.
    pub async fn duplicate(&self, copy: &Duplicate) -> Result<Duplicated, Error> {
        let to = &copy.to;
        assert_eq!(self.id.kind(), to.kind(), "a copy is of the same kind");
        let was_there = self.hub.has_repo(to).await?;
        let url = route::of_repo(self.hub.endpoint(), &self.id, "duplicate");
        let mut call = Call::once(url, Some(&self.id))
            .json(&Wire {
                repository: to.name(),
                visibility: copy.visibility,
                resource_group_id: copy.resource_group.as_deref(),
                space: copy.space.as_ref(),
            })
            .patience(LONG_WORK);
        if copy
            .space
            .as_ref()
            .is_some_and(|setup| !setup.secrets.is_empty())
        {
            call = call.hushed();
        }
        let send = async || {
            let answer = self.hub.ask::<Answer>(&call).await?.value;
            Ok(Duplicated {
                id: answer.named.id(to),
                is_pending: answer.files_copy_pending,
            })
        };
        let look = async || {
            let is_there = !was_there && self.hub.has_repo(to).await?;
            // Whether files are still on their way is not to be seen.
            Ok(is_there.then(|| Duplicated {
                id: to.clone(),
                is_pending: true,
            }))
        };
        let send = || patiently(self.hub.profile().backoff, send);
        change(Second::Harmless, send, look).await
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    repository: &'a str,
    visibility: Visibility,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_group_id: Option<&'a str>,
    #[serde(flatten)]
    space: Option<&'a SpaceSetup>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(flatten)]
    named: Named,
    #[serde(default, deserialize_with = "or_default")]
    files_copy_pending: bool,
}
