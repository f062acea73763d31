//! Tries every host that a download needs, one after the other.

use std::pin::pin;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use hubdesk_core::{Backoff, CommitId, RepoKind, Revision};
use tokio::time::{Instant, timeout};
use url::Url;

use crate::fault::network_fault;
use crate::{
    EntryKind, Error, Exchange, Gated, Hub, Profile, Repo, RepoQuery, Sort, TreeEntry, XetAccess,
    route,
};

/// Repositories that are looked through for a large file.
const REPOS: u32 = 5;
/// Entries of each that are looked at.
const ENTRIES: usize = 1000;

/// What [`Hub::probe`] has found.
#[derive(Debug)]
pub struct Probe {
    /// The Hub itself.
    pub api: Found,
    /// The host that sends the bytes of large files.
    pub storage: Found,
    /// The host that sends them in chunks.
    pub xet: Found,
}

/// How it went with one host.
#[derive(Debug)]
pub enum Found {
    /// It answers.
    Works {
        /// Its name, with the port if that is not the usual one.
        host: String,
        /// How long it took, from the first request that leads there.
        took: Duration,
    },
    /// It does not, or the Hub does not lead there.
    Fails(Error),
    /// This Hub has none.
    NotOffered,
    /// Not tried: the Hub itself does not answer, or has no file to try it with.
    Skipped,
}

/// A large file to try the storage with.
struct Sample {
    repo: Repo,
    commit: CommitId,
    path: String,
}

impl Hub {
    /// Tries the Hub, its storage and its Xet host over new connections, each request once. Nothing
    /// is changed, and of a file one byte is read.
    pub async fn probe(&self) -> Probe {
        let profile = Profile {
            backoff: Backoff {
                retries: 0,
                ..Backoff::HUB
            },
            ..self.profile().clone()
        };
        let start = Instant::now();
        let tried = match self.with_profile(profile) {
            Ok(hub) => hub.sample().await.map(|sample| (hub, sample)),
            Err(error) => Err(error),
        };
        let (hub, sample) = match tried {
            Ok(tried) => tried,
            Err(error) => {
                return Probe {
                    api: Found::Fails(error),
                    storage: Found::Skipped,
                    xet: Found::Skipped,
                };
            }
        };
        let api = Found::Works {
            host: hub.host(),
            took: start.elapsed(),
        };
        let Some(sample) = sample else {
            return Probe {
                api,
                storage: Found::Skipped,
                xet: Found::Skipped,
            };
        };
        Probe {
            api,
            storage: found(hub.probe_storage(&sample)).await,
            xet: found(hub.probe_xet(&sample)).await,
        }
    }

    fn host(&self) -> String {
        let url = route::list(self.endpoint(), RepoKind::Model);
        Exchange::new("GET", &url, self.endpoint())
            .host()
            .to_owned()
    }

    /// A large file of a popular repository that everybody may read.
    async fn sample(&self) -> Result<Option<Sample>, Error> {
        let query = RepoQuery {
            sort: Some(Sort::Downloads),
            limit: Some(REPOS),
            ..RepoQuery::default()
        };
        let page = self.repos(RepoKind::Model, &query, None).await?;
        for found in page.items.iter().take(REPOS as usize) {
            if found.summary.gated != Gated::No {
                continue;
            }
            let repo = self.repo(&found.summary.id);
            // One that is in trouble says nothing about the Hub.
            if let Ok(Some((commit, path))) = large_file(&repo).await {
                return Ok(Some(Sample { repo, commit, path }));
            }
        }
        Ok(None)
    }

    async fn probe_storage(&self, sample: &Sample) -> Result<Option<String>, Error> {
        let file = sample.repo.file(&sample.commit, &sample.path);
        let mut body = file.get(Some(0..1)).await?;
        let host = body.host().to_owned();
        body.chunk().await?;
        Ok(Some(host))
    }

    async fn probe_xet(&self, sample: &Sample) -> Result<Option<String>, Error> {
        let revision = Revision::from(sample.commit.clone());
        match sample.repo.xet_token(XetAccess::Read(&revision)).await {
            Ok(token) => self.reach(token.store.address()).await.map(Some),
            Err(Error::NotFound(..)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether anybody answers at `url`, whatever they say. No token is sent.
    async fn reach(&self, url: &Url) -> Result<String, Error> {
        let exchange = Exchange::new("GET", url, self.endpoint());
        let limit = self.profile().connect_timeout + self.profile().read_timeout;
        match timeout(limit, self.plain(url).send()).await {
            Ok(Ok(_)) => Ok(exchange.host().to_owned()),
            Ok(Err(error)) => Err(network_fault(error, exchange)),
            Err(_) => Err(Error::Timeout {
                exchange: Box::new(exchange),
            }),
        }
    }
}

async fn large_file(repo: &Repo) -> Result<Option<(CommitId, String)>, Error> {
    let commit = repo.resolve(&Revision::main()).await?;
    let mut tree = pin!(repo.tree(&commit, None, false));
    for _ in 0..ENTRIES {
        let Some(entry) = tree.try_next().await? else {
            break;
        };
        if is_large(&entry) {
            return Ok(Some((commit, entry.path)));
        }
    }
    Ok(None)
}

fn is_large(entry: &TreeEntry) -> bool {
    entry.kind == EntryKind::File && entry.lfs.as_ref().is_some_and(|lfs| lfs.size > 0)
}

async fn found(tried: impl Future<Output = Result<Option<String>, Error>>) -> Found {
    let start = Instant::now();
    match tried.await {
        Ok(Some(host)) => Found::Works {
            host,
            took: start.elapsed(),
        },
        Ok(None) => Found::NotOffered,
        Err(error) => Found::Fails(error),
    }
}
