//! What the Hub says about a file without sending it.

use hubdesk_core::{CommitId, Digest, Revision};
use url::Url;

use crate::ask::Answer;
use crate::call::{Call, Effect, Verb};
use crate::exchange::text;
use crate::fault::malformed;
use crate::page::link;
use crate::{Error, Repo, route};

/// A file at one commit, by the headers of its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileMetadata {
    /// The commit it is from.
    pub commit: CommitId,
    /// The name of its content: the sha256 of a large file, else the git blob id.
    pub etag: Digest,
    /// The size of the content in bytes, if the Hub says.
    pub size: Option<u64>,
    /// The host that has the bytes. The full address would be a credential.
    pub host: String,
    /// Where the file is in the chunk store, if it is there.
    pub xet: Option<Xet>,
}

/// A file in the chunk store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Xet {
    /// Its id there: 64 hex digits.
    pub hash: String,
    /// The address at the endpoint that gives a key to the chunk store.
    pub token_route: String,
}

impl Repo {
    /// What the Hub says about the file `path` at `revision`. [`Error::NotFound`] says whether the
    /// repository, the revision or the file is missing. A storage host is not asked.
    pub async fn file_metadata(
        &self,
        revision: &Revision,
        path: &str,
    ) -> Result<FileMetadata, Error> {
        let url = route::resolve_at(self.hub.endpoint(), &self.id, revision, path)?;
        ask(self, url).await
    }
}

pub(crate) async fn ask(repo: &Repo, url: Url) -> Result<FileMetadata, Error> {
    let call = Call::new(Verb::Head, Effect::Read, url, Some(&repo.id));
    let answer = repo.hub.ask_head(&call).await?;
    let header = |name| text(&answer.headers, name);
    let wrong = |what: &str| malformed(what, answer.exchange.clone(), answer.token.as_ref());
    let etag = header("x-linked-etag").or_else(|| header("etag"));
    let etag = etag.ok_or_else(|| wrong("no etag"))?;
    let is_elsewhere = !repo.hub.endpoint().is_origin_of(&answer.url);
    // The length of a redirect is that of a sentence.
    let length = if is_elsewhere {
        None
    } else {
        header("content-length")
    };
    let size = header("x-linked-size").or(length);
    Ok(FileMetadata {
        commit: header("x-repo-commit")
            .and_then(|commit| commit.parse().ok())
            .ok_or_else(|| wrong("no commit in `x-repo-commit`"))?,
        etag: Digest::parse_etag(&etag).ok_or_else(|| wrong(&format!("the etag {etag}")))?,
        size: size.and_then(|size| size.parse().ok()),
        host: answer.url.host_str().unwrap_or_default().to_owned(),
        xet: xet(repo, &answer),
    })
}

/// Without the address of a key, or with one that is not the endpoint's, the file is as good as
/// not there: it can still be had in the plain way.
fn xet(repo: &Repo, answer: &Answer<()>) -> Option<Xet> {
    let hash = text(&answer.headers, "x-xet-hash")?;
    let is_hash = matches!(Digest::parse(&hash), Some(Digest::Sha256(_)));
    let route = link(&answer.headers, "xet-auth")
        .or_else(|| text(&answer.headers, "x-xet-refresh-route"))?;
    let endpoint = repo.hub.endpoint();
    let asked = Url::parse(&endpoint.to_string()).ok()?;
    let route = endpoint.localise(asked.join(&route).ok()?);
    (is_hash && endpoint.is_origin_of(&route)).then(|| Xet {
        hash,
        token_route: route.into(),
    })
}
