//! Making, removing and renaming whole repositories.

use std::sync::atomic::{AtomicU32, Ordering};

use hubdesk_core::{Backoff, RepoId, RepoKind};
use serde::{Deserialize, Serialize};

use crate::call::{Call, Effect, Verb};
use crate::change::{Second, change};
use crate::new_repo::{Existing, License, NewFile, NewRepo, NewSpace, Region, Visibility};
use crate::{Error, Hub, What, route};

/// How the Hub says that it is busy with another change of the same account. Nothing was done.
const BUSY: &str = "another conflicting operation is in progress";

/// A repository that is there now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// Its name, as the Hub writes it.
    pub id: RepoId,
    /// Whether it was made by this call.
    pub is_new: bool,
}

impl Hub {
    /// Makes a repository. [`Error::Conflict`] if there is one of this name, unless the existing
    /// one will do ([`NewRepo::existing`]); [`Error::Forbidden`] without a right to make one
    /// there; [`Error::PaymentNeeded`] if the plan does not cover it.
    ///
    /// Looks first whether it is there: otherwise one that is found after a lost answer could be
    /// anybody's.
    pub async fn create_repo(&self, new: &NewRepo) -> Result<Created, Error> {
        let was_there = self.has_repo(&new.id).await?;
        let found = |is_new| Created {
            id: new.id.clone(),
            is_new,
        };
        if was_there && new.existing == Existing::Take {
            return Ok(found(false));
        }
        let mut call = Call::once(route::create(self.endpoint()), None).json(&wire(new));
        let setup = new.space.as_ref().map(|space| &space.setup);
        if setup.is_some_and(|setup| !setup.secrets.is_empty()) {
            call = call.hushed();
        }
        let send = async || {
            let answer = self.ask::<Named>(&call).await?.value;
            Ok(Created {
                id: answer.id(&new.id),
                is_new: true,
            })
        };
        let look = async || {
            let is_there = !was_there && self.has_repo(&new.id).await?;
            Ok(is_there.then(|| found(true)))
        };
        let send = || patiently(self.profile().backoff, send);
        match change(Second::Harmless, send, look).await {
            // Private ones of others are not seen, but their names are taken.
            Err(error @ Error::Conflict { .. })
                if new.existing == Existing::Take && !is_busy(&error) =>
            {
                Ok(found(false))
            }
            result => result,
        }
    }

    /// Removes a repository for good, with its history and discussions. Its name is free again.
    pub async fn delete_repo(&self, id: &RepoId) -> Result<(), Error> {
        let url = route::delete(self.endpoint());
        let (organization, name) = parts(id);
        let call = Call::new(Verb::Delete, Effect::Once, url, Some(id)).json(&Doomed {
            name,
            organization,
            kind: id.kind(),
        });
        let look = async || Ok((!self.has_repo(id).await?).then_some(()));
        change(Second::Harmless, || self.tell(&call), look).await
    }

    /// Gives `from` the name `to`, perhaps another owner. The old name leads to the new one until
    /// somebody takes it. [`Error::Conflict`] if `to` is taken.
    ///
    /// # Panics
    /// If the two are not of one kind: there is no such move.
    pub async fn move_repo(&self, from: &RepoId, to: &RepoId) -> Result<(), Error> {
        assert_eq!(from.kind(), to.kind(), "a move does not change the kind");
        let call = Call::once(route::moving(self.endpoint()), None).json(&Move {
            from_repo: from.name(),
            to_repo: to.name(),
            kind: from.kind(),
        });
        // The old name answers with the new one as soon as it is moved.
        let look = async || Ok((self.name_of(from).await? == to.name()).then_some(()));
        change(Second::Harmless, || self.tell(&call), look).await
    }

    /// Whether this account sees a repository of exactly this name, and not one that was once
    /// called so.
    pub(crate) async fn has_repo(&self, id: &RepoId) -> Result<bool, Error> {
        match self.name_of(id).await {
            Ok(name) => Ok(name == id.name()),
            Err(Error::NotFound(What::Repo | What::Page, _)) => Ok(false),
            // It is there, and gated or taken down.
            Err(Error::Gated { .. } | Error::Disabled { .. }) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// The name of the repository that was once called `id`, as the Hub writes it. Nothing else is
    /// needed of the answer: a repository may be empty.
    async fn name_of(&self, id: &RepoId) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Info {
            id: String,
        }
        let mut url = route::repo(self.endpoint(), id);
        url.query_pairs_mut().append_pair("expand", "sha");
        Ok(self.ask::<Info>(&Call::get(url, Some(id))).await?.value.id)
    }
}

/// Calls `attempt` again while the Hub is busy with another change of the same account.
pub(crate) async fn patiently<T, A>(backoff: Backoff, attempt: impl Fn() -> A) -> Result<T, Error>
where
    A: Future<Output = Result<T, Error>>,
{
    let retries = AtomicU32::new(0);
    loop {
        let result = attempt().await;
        let pause = match &result {
            Err(error) if is_busy(error) => backoff.pause(retries.fetch_add(1, Ordering::Relaxed)),
            _ => None,
        };
        match pause {
            Some(pause) => tokio::time::sleep(pause).await,
            None => return result,
        }
    }
}

fn is_busy(error: &Error) -> bool {
    match error {
        Error::Conflict { exchange, .. } => exchange
            .message
            .as_ref()
            .is_some_and(|message| message.contains(BUSY)),
        _ => false,
    }
}

/// Owner and name apart.
fn parts(id: &RepoId) -> (Option<&str>, &str) {
    match id.name().split_once('/') {
        Some((owner, name)) => (Some(owner), name),
        None => (None, id.name()),
    }
}

/// How a repository that was just made is named.
#[derive(Deserialize)]
pub(crate) struct Named {
    /// The address of its page.
    url: String,
}

impl Named {
    /// The name at the end of the address, if it is one; else the one that was asked for.
    pub(crate) fn id(&self, asked: &RepoId) -> RepoId {
        let mut parts = self.url.trim_end_matches('/').rsplit('/');
        let id = match (parts.next(), parts.next()) {
            (Some(name), Some(owner)) => RepoId::new(asked.kind(), &format!("{owner}/{name}")).ok(),
            _ => None,
        };
        id.unwrap_or_else(|| asked.clone())
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    name: &'a str,
    organization: Option<&'a str>,
    #[serde(rename = "type")]
    kind: RepoKind,
    visibility: Visibility,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
    #[serde(flatten)]
    license: Option<&'a License>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    files: &'a [NewFile],
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_group_id: Option<&'a str>,
    #[serde(flatten)]
    space: Option<&'a NewSpace>,
}

fn wire(new: &NewRepo) -> Wire<'_> {
    let (organization, name) = parts(&new.id);
    Wire {
        name,
        organization,
        kind: new.id.kind(),
        visibility: new.visibility,
        region: new.region,
        license: new.license.as_ref(),
        files: &new.files,
        resource_group_id: new.resource_group.as_deref(),
        space: new.space.as_ref(),
    }
}

#[derive(Serialize)]
struct Doomed<'a> {
    name: &'a str,
    organization: Option<&'a str>,
    #[serde(rename = "type")]
    kind: RepoKind,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Move<'a> {
    from_repo: &'a str,
    to_repo: &'a str,
    #[serde(rename = "type")]
    kind: RepoKind,
}

#[cfg(test)]
mod tests {
    use hubdesk_core::Secret;

    use super::*;
    use crate::Setting;
    use crate::new_repo::Sdk;

    #[test]
    fn a_new_repository_is_written_as_the_official_client_writes_it() {
        let model = NewRepo::model("a/b", Visibility::Public).unwrap();
        assert_eq!(
            serde_json::to_string(&wire(&model)).unwrap(),
            r#"{"name":"b","organization":"a","type":"model","visibility":"public"}"#
        );
        let mut space = NewSpace::new(Sdk::Gradio);
        space.setup.hardware = Some("t4-small".to_owned());
        space.setup.sleep_time_seconds = Some(-1);
        let value = Secret::new("v".to_owned());
        space.setup.secrets = vec![Setting::new("K".parse().unwrap(), value)];
        let space = NewRepo::space("a/b", Visibility::Protected, space).unwrap();
        let expected = serde_json::json!({
            "name": "b", "organization": "a", "type": "space", "visibility": "protected",
            "sdk": "gradio", "hardware": "t4-small", "sleepTimeSeconds": -1,
            "secrets": [{"key": "K", "value": "v"}],
        });
        assert_eq!(serde_json::to_value(wire(&space)).unwrap(), expected);
    }

    #[test]
    fn the_name_of_what_was_made_is_read_from_its_address() {
        let asked = RepoId::new(RepoKind::Dataset, "a/b").unwrap();
        for (url, expected) in [
            ("https://huggingface.co/datasets/A/b", "A/b"),
            ("https://huggingface.co/", "a/b"),
            ("nonsense", "a/b"),
            ("/x/../y--z", "a/b"),
        ] {
            let url = url.to_owned();
            assert_eq!(Named { url }.id(&asked).name(), expected);
        }
    }
}
