use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::time::timeout;
use url::Url;

use crate::body::Piece;
use crate::call::Effect;
use crate::metadata::{self, FileMetadata};
use crate::redirect::{self, MOST_HOPS};
use crate::{Body, Error, Exchange, Repo, retry};

/// One file's bytes at one commit. Cheap to clone.
///
/// Clones remember together where the storage host has the file, so that the ranges of one file
/// ask the Hub once. When the link no longer works it is asked for anew, once per request.
#[derive(Clone)]
pub struct File(Arc<Shared>);

struct Shared {
    repo: Repo,
    path: String,
    /// `None` when no address can be made for the path.
    address: Option<Url>,
    place: Mutex<Place>,
    /// Held while the place is being found out, so that others wait for the answer instead of
    /// asking, too.
    search: tokio::sync::Mutex<()>,
}

/// Where the bytes come from.
#[derive(Clone)]
enum Place {
    Unknown,
    /// The endpoint sends them itself.
    Endpoint,
    /// A storage host does, at this address. It is a credential.
    Storage(Url),
}

/// Which connection bytes come over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// One that others use at the same time, where HTTP/2 is offered.
    Shared,
    /// One that nobody else uses.
    Own,
}

impl File {
    pub(crate) fn new(repo: Repo, path: &str, address: Option<Url>) -> Self {
        Self(Arc::new(Shared {
            repo,
            path: path.to_owned(),
            address,
            place: Mutex::new(Place::Unknown),
            search: tokio::sync::Mutex::default(),
        }))
    }

    /// Asks for the bytes, all of them or those of `range`. What the answer really holds is in
    /// [`Body::extent`]; whether that is the right thing is for the caller to check.
    ///
    /// Not repeated on failure, except that a remembered storage address which refuses the file
    /// (401, 403, 404, 410 and the like) has expired: it is forgotten and the Hub is asked again.
    ///
    /// # Panics
    /// If `range` is empty: HTTP cannot ask for nothing.
    pub async fn get(&self, range: Option<Range<u64>>) -> Result<Body, Error> {
        assert!(
            range.as_ref().is_none_or(|range| !range.is_empty()),
            "a range holds a byte"
        );
        self.get_over(Way::Own, range.as_ref()).await
    }

    /// As [`File::get`], for all the bytes of a small file: over HTTP/2, where it is offered, many
    /// of them share one connection. What goes wrong there is better tried again with
    /// [`File::get`].
    pub async fn get_small(&self) -> Result<Body, Error> {
        self.get_over(Way::Shared, None).await
    }

    async fn get_over(&self, way: Way, range: Option<&Range<u64>>) -> Result<Body, Error> {
        let (place, search) = self.look_up().await;
        if let Place::Storage(storage) = place {
            drop(search);
            match self.follow(&storage, range, way).await {
                Err(Error::Storage { .. }) => self.forget(&storage),
                result => return result,
            }
        }
        self.follow(self.address()?, range, way).await
    }

    /// What the Hub says about the file without sending it. A storage host is not asked.
    pub async fn metadata(&self) -> Result<FileMetadata, Error> {
        metadata::ask(&self.0.repo, self.address()?.clone()).await
    }

    /// The bytes of `range`, as far as the file has them, asked for again if that may help. For
    /// small parts that somebody waits for; they are kept in memory.
    pub(crate) async fn read(&self, range: Range<u64>) -> Result<Piece, Error> {
        let backoff = self.0.repo.hub.profile().backoff;
        retry::run(backoff, Effect::Read, async || {
            self.get(Some(range.clone())).await?.piece(&range).await
        })
        .await
    }

    /// The whole file, of at most `most` bytes, asked for again if that may help. It is kept in
    /// memory.
    pub(crate) async fn read_whole(&self, most: usize) -> Result<Piece, Error> {
        let backoff = self.0.repo.hub.profile().backoff;
        retry::run(backoff, Effect::Read, async || {
            self.get(None).await?.whole(most).await
        })
        .await
    }

    fn address(&self) -> Result<&Url, Error> {
        self.0.address.as_ref().ok_or_else(|| Error::Unaddressable {
            path: self.0.path.clone(),
        })
    }

    /// Where the bytes come from, as far as is known. While it is not, the caller gets the right
    /// to find out, and keeps the others waiting until it drops it. They wait for a while only:
    /// asking twice costs little, and must not wait for one connection that hangs.
    async fn look_up(&self) -> (Place, Option<tokio::sync::MutexGuard<'_, ()>>) {
        let place = self.place().clone();
        if !matches!(place, Place::Unknown) {
            return (place, None);
        }
        let stall = self.0.repo.hub.profile().stall;
        let search = timeout(stall, self.0.search.lock()).await.ok();
        (self.place().clone(), search)
    }

    /// Asks at `start` and where its answers lead. Remembers where that ended well.
    async fn follow(
        &self,
        start: &Url,
        range: Option<&Range<u64>>,
        way: Way,
    ) -> Result<Body, Error> {
        let hub = &self.0.repo.hub;
        let mut url = start.clone();
        let mut said = None;
        let mut has_new_token = false;
        for _ in 0..=MOST_HOPS {
            let sent = hub.fetch(&url, range, way).await?;
            let is_own = hub.endpoint().is_origin_of(&url);
            if is_own {
                said = Some(sent.response.headers().clone());
            }
            if let Some(next) = redirect::next_hop(&url, &sent, hub.endpoint())? {
                url = next;
                continue;
            }
            let about = is_own.then_some(&self.0.repo.id);
            let token = sent.token.clone().filter(|_| !has_new_token);
            let body = match (Body::open(hub, sent, said.as_ref(), about).await, token) {
                (Err(Error::SignedOut { .. }), Some(token))
                    if hub.tokens().refused(&token).await =>
                {
                    has_new_token = true;
                    continue;
                }
                (body, _) => body?,
            };
            *self.place() = if is_own {
                Place::Endpoint
            } else {
                Place::Storage(url)
            };
            return Ok(body);
        }
        let exchange = Box::new(Exchange::new("GET", &url, hub.endpoint()));
        Err(Error::TooManyRedirects { exchange })
    }

    /// Forgets `storage`, unless another request has already replaced it.
    fn forget(&self, storage: &Url) {
        let mut place = self.place();
        if matches!(&*place, Place::Storage(known) if known == storage) {
            *place = Place::Unknown;
        }
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.0
            .place
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}
