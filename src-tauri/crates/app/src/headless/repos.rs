//! Lists of repositories, what is said about one, and its files.

use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use hubdesk_core::{RepoId, RepoKind, Token};
use hubdesk_hub::{
    Details, Error as HubError, ListedRepo, RepoQuery, StorageQuery, StoredRepo, TreeEntry, Wanted,
};

use super::open::{hub, repo_id, revision};
use crate::api::ApiError;
use crate::env::Env;
use crate::error::hub_error;

/// The most the Hub puts on one page of a list.
const LARGEST_PAGE: usize = 1000;

/// One call of `models list` or one of its siblings.
#[derive(Debug, Clone)]
pub struct ListJob {
    /// What is listed.
    pub kind: RepoKind,
    /// Which of them, in which order. How many are on a page is not for the caller to say.
    pub query: RepoQuery,
    /// The most to list.
    pub most: usize,
    /// Only these properties, by the Hub's names; what lists show when empty.
    pub expand: Vec<String>,
    /// Another token than the environment's.
    pub token: Option<Token>,
}

/// What was listed.
#[derive(Debug, Clone, PartialEq)]
pub enum Listed {
    /// With what lists show.
    Brief(Vec<ListedRepo>),
    /// With the properties that were asked for.
    Expanded(Vec<Details>),
}

/// A repository at a revision, as a person names it.
#[derive(Debug, Clone)]
pub struct Named {
    /// `owner/name`.
    pub repo: String,
    /// Its kind.
    pub kind: RepoKind,
    /// Branch, tag, ref or commit; `main` when not given.
    pub revision: Option<String>,
    /// Another token than the environment's.
    pub token: Option<Token>,
}

/// One call of `repos list`.
#[derive(Debug, Clone)]
pub struct StorageJob {
    /// An organisation; the person's own repositories when not given.
    pub org: Option<String>,
    /// Only what is of this kind, in the Hub's word.
    pub kind: Option<String>,
    /// A part of `owner/name`, in any case.
    pub search: Option<String>,
    /// The most to list; 0 is all.
    pub most: usize,
    /// Another token than the environment's.
    pub token: Option<Token>,
}

/// Lists repositories of a kind.
pub async fn list_repos(env: &Env, job: &ListJob) -> Result<Listed, ApiError> {
    let names = known(job.kind, &job.expand)?;
    let hub = hub(env, job.token.as_ref()).await?;
    let query = RepoQuery {
        limit: u32::try_from(job.most.clamp(1, LARGEST_PAGE)).ok(),
        ..job.query.clone()
    };
    let subject = format!("the list of {}", job.kind.plural());
    if names.is_empty() {
        let repos = hub.all_repos(job.kind, &query).take(job.most);
        return Ok(Listed::Brief(all(&subject, repos).await?));
    }
    let repos = hub.all_details(job.kind, &query, &names).take(job.most);
    Ok(Listed::Expanded(all(&subject, repos).await?))
}

/// What the Hub says about a repository: what it gives unasked, with its files, or the properties
/// `expand` if there are any.
pub async fn repo_info(env: &Env, named: &Named, expand: &[String]) -> Result<Details, ApiError> {
    let names = known(named.kind, expand)?;
    let (id, revision) = (named.id()?, revision(named.revision.as_deref())?);
    let wanted = if names.is_empty() {
        Wanted::WithFiles
    } else {
        Wanted::Only(&names)
    };
    hub(env, named.token.as_ref())
        .await?
        .repo(&id)
        .details(&revision, wanted)
        .await
        .map_err(|error| hub_error(&id.to_string(), &error))
}

/// The files and folders at the root of a repository, or everything in it, each with the commit
/// that changed it last.
pub async fn repo_files(
    env: &Env,
    named: &Named,
    recursive: bool,
) -> Result<Vec<TreeEntry>, ApiError> {
    let (id, revision) = (named.id()?, revision(named.revision.as_deref())?);
    let repo = hub(env, named.token.as_ref()).await?.repo(&id);
    let subject = id.to_string();
    let commit = repo.resolve(&revision).await;
    let commit = commit.map_err(|error| hub_error(&subject, &error))?;
    if recursive {
        all(&subject, repo.tree_in_detail(&commit)).await
    } else {
        all(&subject, repo.folder_in_detail(&commit, None)).await
    }
}

/// The repositories of a person or an organisation with what they take up. The Hub cannot narrow
/// by kind, and its search need not look at the owner, so both are done here.
pub async fn list_stored_repos(env: &Env, job: &StorageJob) -> Result<Vec<StoredRepo>, ApiError> {
    let hub = hub(env, job.token.as_ref()).await?;
    let query = StorageQuery {
        org: job.org.clone(),
        ..StorageQuery::default()
    };
    let search = job.search.as_deref().unwrap_or_default().to_lowercase();
    let is_wanted = |repo: &StoredRepo| {
        let is_kind = job
            .kind
            .as_deref()
            .is_none_or(|kind| kind == repo.entity.kind());
        is_kind && repo.entity.id().to_lowercase().contains(&search)
    };
    let found = hub
        .stored_repos(&query)
        .try_filter(|repo| std::future::ready(is_wanted(repo)));
    let most = if job.most == 0 { usize::MAX } else { job.most };
    all("the list of repositories", found.take(most)).await
}

impl Named {
    fn id(&self) -> Result<RepoId, ApiError> {
        repo_id(self.kind, &self.repo)
    }
}

/// The names, if the Hub knows them all.
fn known(kind: RepoKind, names: &[String]) -> Result<Vec<&str>, ApiError> {
    let properties = Details::properties(kind);
    let check = |name: &String| {
        let known = properties.iter().find(|known| **known == name.trim());
        known.copied().ok_or_else(|| {
            ApiError::bad_input(format!(
                "There is no property {name:?} of {}. There are: {}.",
                kind.plural(),
                properties.join(", ")
            ))
        })
    };
    names.iter().map(check).collect()
}

async fn all<T>(
    subject: &str,
    stream: impl Stream<Item = Result<T, HubError>>,
) -> Result<Vec<T>, ApiError> {
    stream
        .try_collect()
        .await
        .map_err(|error| hub_error(subject, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_properties_of_the_kind_are_asked_for() {
        let names = ["likes".to_owned(), " sdk".to_owned()];
        assert_eq!(known(RepoKind::Space, &names).unwrap(), ["likes", "sdk"]);
        let error = known(RepoKind::Model, &names).unwrap_err();
        assert!(error.message.contains("\" sdk\" of models") && error.message.contains("gguf"));
    }
}
