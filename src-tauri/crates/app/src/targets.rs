//! To what somebody can upload, as far as that is known before it is tried.

use futures_util::future::join_all;
use hubdesk_core::RepoKind;
use hubdesk_hub::{Hub, RepoQuery, Sort};

use crate::App;
use crate::accounts::Facts;
use crate::api::{ApiError, OrgOf, UploadTargets};
use crate::error::hub_error;

/// Owners whose repositories are listed; somebody in more organisations types the name.
const MOST_OWNERS: usize = 20;
/// Repositories of one owner that are listed.
const PAGE: u32 = 100;

impl App {
    /// What the person who is signed in can upload to, of this kind.
    pub(crate) async fn upload_targets(&self, kind: RepoKind) -> Result<UploadTargets, ApiError> {
        let open = self.sessions().open()?;
        let name = open
            .user_name()
            .ok_or_else(|| ApiError::nobody("Only somebody who has signed in can upload."))?;
        let entry = open.account().and_then(|id| self.accounts().entry(&id));
        // The demo has no account: its one user may do everything.
        let facts = entry.map(|entry| entry.record.facts).unwrap_or_default();
        let mut owners = vec![name];
        owners.extend(writable(&facts.orgs).map(str::to_owned));
        owners.truncate(MOST_OWNERS);
        Ok(UploadTargets {
            repos: repos_of(&open.hub, kind, &owners).await?,
            cannot_write: cannot_write(&facts).map(str::to_owned),
            cannot_create: cannot_create(&facts).map(str::to_owned),
            owners,
        })
    }
}

/// Organisations in which somebody may change something. A role the Hub does not tell counts as one
/// that suffices.
fn writable(orgs: &[OrgOf]) -> impl Iterator<Item = &str> {
    let may_write = |org: &&OrgOf| org.restricted.is_empty() && org.role.as_deref() != Some("read");
    orgs.iter().filter(may_write).map(|org| &*org.name)
}

fn cannot_write(facts: &Facts) -> Option<&'static str> {
    if facts.role.as_deref() == Some("read") {
        return Some("The token of this sign-in may only read.");
    }
    let has = granted(facts, &["write-repos", "manage-repos"]);
    (!has).then_some("This sign-in was not given the right to upload.")
}

fn cannot_create(facts: &Facts) -> Option<&'static str> {
    let has = granted(facts, &["manage-repos"]);
    (!has).then_some("This sign-in was not given the right to create repositories.")
}

/// Whether one of `scopes` was granted. Nothing is claimed of what has none.
fn granted(facts: &Facts, scopes: &[&str]) -> bool {
    facts.scopes.is_empty() || facts.scopes.iter().any(|scope| scopes.contains(&&**scope))
}

/// An organisation that does not answer is left out; of one's own repositories it is said why.
async fn repos_of(hub: &Hub, kind: RepoKind, owners: &[String]) -> Result<Vec<String>, ApiError> {
    let listed = owners.iter().map(|owner| async move {
        let query = RepoQuery {
            author: Some(owner.clone()),
            sort: Some(Sort::Modified),
            limit: Some(PAGE),
            ..RepoQuery::default()
        };
        hub.repos(kind, &query, None).await
    });
    let mut names = Vec::new();
    for (n, page) in join_all(listed).await.into_iter().enumerate() {
        match page {
            Ok(page) => names.extend(
                page.items
                    .iter()
                    .map(|found| found.summary.id.name().to_owned()),
            ),
            Err(error) if n == 0 => return Err(hub_error("your repositories", &error)),
            Err(_) => {}
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(role: Option<&str>, scopes: &[&str]) -> Facts {
        Facts {
            role: role.map(str::to_owned),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            ..Facts::default()
        }
    }

    #[test]
    fn a_sign_in_that_only_reads_is_known_before_it_is_tried() {
        for (facts, writes, creates) in [
            (facts(Some("write"), &[]), true, true),
            (facts(Some("read"), &[]), false, true),
            (facts(None, &["openid", "manage-repos"]), true, true),
            (facts(None, &["write-repos"]), true, false),
            (facts(None, &["read-repos"]), false, false),
            (Facts::default(), true, true),
        ] {
            assert_eq!(cannot_write(&facts).is_none(), writes, "{facts:?}");
            assert_eq!(cannot_create(&facts).is_none(), creates, "{facts:?}");
        }
    }

    #[test]
    fn organisations_that_keep_somebody_out_are_no_targets() {
        let org = |name: &str, role: Option<&str>, restricted: &[&str]| OrgOf {
            name: name.to_owned(),
            full_name: None,
            role: role.map(str::to_owned),
            restricted: restricted.iter().map(|why| (*why).to_owned()).collect(),
        };
        let orgs = [
            org("a", Some("admin"), &[]),
            org("b", Some("read"), &[]),
            org("c", Some("write"), &["mfa"]),
            org("d", None, &[]),
        ];
        assert_eq!(writable(&orgs).collect::<Vec<_>>(), ["a", "d"]);
    }
}
