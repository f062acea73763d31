use std::io;
#[cfg(feature = "xet")]
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use hubdesk_core::{Clock, RepoId, SystemClock};
#[cfg(feature = "xet")]
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Hub, StandIn, run, url};
use crate::collections::{CollectionSeed, Collections};
use crate::fault::{Fault, Faults};
use crate::line::{Pace, Shape};
use crate::log::{Host, Log};
use crate::model::Model;
use crate::oauth::{self, SignIns};
use crate::people::{Credential, OrgRole, People};
use crate::profiles::{Profile, Profiles};
use crate::quota::Quotas;
use crate::seed::RepoSeed;
use crate::uploads::Uploads;
#[cfg(feature = "xet")]
use crate::xet_store::{Place, XetStore};
use crate::{address, bench, demo};

/// What a stand-in begins with.
#[derive(Default)]
pub struct Builder {
    repos: Vec<RepoSeed>,
    people: People,
    oauth_lifetime: Option<Duration>,
    profiles: Profiles,
    collections: Collections,
    faults: Vec<Fault>,
    page_size: Option<usize>,
    part_size: Option<u64>,
    xet_store: Option<String>,
    #[cfg(feature = "xet")]
    xet: Option<Place>,
    #[cfg(feature = "xet")]
    xet_lifetime: Option<Duration>,
    has_control: bool,
    bytes_per_second: Option<u64>,
    shape: Shape,
    is_swift: bool,
    port: u16,
    state: Option<PathBuf>,
    clock: Option<Arc<dyn Clock>>,
    quotas: Quotas,
}

impl Builder {
    /// The demo Hub: sample repositories, and the user [`demo::USER`] with [`demo::TOKEN`].
    pub fn demo(mut self) -> Self {
        self.repos.extend(demo::repos());
        demo::people(self.user(demo::USER, demo::TOKEN))
    }

    /// What the benchmark downloads, sent as fast as this machine can: the log is then some
    /// megabytes ahead of what has arrived. Takes seconds to start, for the digests.
    pub fn bench(mut self) -> Self {
        self.repos.extend(bench::repos());
        self.is_swift = true;
        self
    }

    /// What the benchmark downloads from the chunk store, sent as fast. Takes longer to start, for
    /// the chunks.
    #[cfg(feature = "xet")]
    pub fn bench_in_chunks(mut self) -> Self {
        self.repos.push(bench::in_chunks());
        self.is_swift = true;
        self.xet()
    }

    /// One more repository.
    pub fn repo(mut self, repo: RepoSeed) -> Self {
        self.repos.push(repo);
        self
    }

    /// Whoever sends `token` is `name`, and may do all they may. Any other token is refused.
    pub fn user(self, name: &str, token: &str) -> Self {
        self.token(token, Credential::of(name))
    }

    /// Whoever sends `token` is what `credential` says.
    pub fn token(self, token: &str, credential: Credential) -> Self {
        self.people.put(token, credential);
        self
    }

    /// How long an access token from a sign-in is good; eight hours without this.
    pub fn oauth_lifetime(mut self, lifetime: Duration) -> Self {
        self.oauth_lifetime = Some(lifetime);
        self
    }

    /// `user` belongs to the organisation `org`.
    pub fn member(self, org: &str, user: &str, role: OrgRole) -> Self {
        self.people.join(org, user, role);
        self
    }

    /// `name`, a person or an organisation, shows this.
    pub fn profile(self, name: &str, profile: Profile) -> Self {
        self.profiles.put(name, profile);
        self
    }

    /// `user` follows `whom`, a person or an organisation.
    pub fn follow(self, user: &str, whom: &str) -> Self {
        self.profiles.follow(user, whom);
        self
    }

    /// `user` likes `repo`.
    pub fn like(self, user: &str, repo: &RepoId) -> Self {
        self.profiles.like(user, repo);
        self
    }

    /// One more collection.
    pub fn collection(self, collection: CollectionSeed) -> Self {
        self.collections.put(collection);
        self
    }

    /// Listings and lists come in pages of at most so many entries, whatever is asked for.
    pub fn page_size(mut self, entries: usize) -> Self {
        self.page_size = Some(entries.max(1));
        self
    }

    /// Large files of more than so many bytes are uploaded in parts of that size.
    pub fn part_size(mut self, bytes: u64) -> Self {
        self.part_size = Some(bytes.max(1));
        self
    }

    /// There is a chunk store, at this address. The Hub only hands out tokens for it.
    pub fn xet_store(mut self, address: &str) -> Self {
        self.xet_store = Some(address.to_owned());
        self
    }

    /// There is a chunk store, in a folder that is made for it, and every large file of the seeds is
    /// in it. What [`Model::commit`] adds later is not.
    #[cfg(feature = "xet")]
    pub fn xet(mut self) -> Self {
        self.xet = Some(Place::Temporary);
        self
    }

    /// The same, with the chunks in `folder`, where they stay.
    #[cfg(feature = "xet")]
    pub fn xet_in(mut self, folder: PathBuf) -> Self {
        self.xet = Some(Place::Folder(folder));
        self
    }

    /// How long a key to the chunk store is good; a quarter of an hour without this.
    #[cfg(feature = "xet")]
    pub fn xet_lifetime(mut self, lifetime: Duration) -> Self {
        self.xet_lifetime = Some(lifetime);
        self
    }

    /// Everybody may ask for at most `quota` things of `class` (`api`, `resolvers`, `pages`) in
    /// every `window`, and is refused beyond that. Without this nothing is ever used up.
    pub fn quota(mut self, class: &'static str, quota: u64, window: Duration) -> Self {
        self.quotas.limit(class, quota, window);
        self
    }

    /// Something that goes wrong from the start.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// At most so many bytes a second, over all bodies of both hosts together.
    pub fn bandwidth(mut self, bytes_per_second: u64) -> Self {
        self.bytes_per_second = Some(bytes_per_second.max(1));
        self
    }

    /// Every connection is like this, to both hosts.
    pub fn shape(mut self, shape: Shape) -> Self {
        let speed = shape.bytes_per_second.map(|speed| speed.max(1));
        self.shape = Shape {
            bytes_per_second: speed,
            ..shape
        };
        self
    }

    /// The Hub's port. 0, as without this, is any that is free.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// A folder that keeps the two ports from one start to the next, so that an endpoint somebody
    /// wrote down stays true. Nothing else is kept: what requests change lasts until it stops.
    pub fn state(mut self, folder: PathBuf) -> Self {
        self.state = Some(folder);
        self
    }

    /// Tells what was asked so far at `/_standin/log`, and lets test programs in another process
    /// decide as others would: `/_standin/grant` and `/_standin/revoke`.
    pub fn control(mut self, is_on: bool) -> Self {
        self.has_control = is_on;
        self
    }

    /// The clock by which links expire; the machine's own, as without this.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Makes the content, binds both ports on the loopback interface, and begins to answer.
    pub async fn start(self) -> io::Result<StandIn> {
        let (hub_port, storage_port) = address::bind(self.port, self.state.as_deref()).await?;
        let repos = self.repos;
        // Hashing and compressing is work for a thread that may block.
        let model = tokio::task::spawn_blocking(move || {
            let model = Model::default();
            repos.into_iter().for_each(|repo| model.put_repo(repo));
            model
        });
        let model = model.await.map_err(io::Error::other)?;
        #[cfg(feature = "xet")]
        let xet_port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        #[cfg(feature = "xet")]
        let xet = match self.xet {
            None => None,
            Some(place) => {
                let lifetime = self.xet_lifetime.unwrap_or(crate::xet_token::LIFETIME);
                let store = XetStore::open(place, url(&xet_port)?, lifetime).await?;
                store.keep(&model).await?;
                Some(Box::new(store))
            }
        };
        let faults = Faults::default();
        self.faults.into_iter().for_each(|fault| faults.add(fault));
        let hub = Arc::new(Hub {
            model,
            people: self.people,
            sign_ins: SignIns::default(),
            oauth_lifetime: self.oauth_lifetime.unwrap_or(oauth::LIFETIME),
            profiles: self.profiles,
            collections: self.collections,
            log: Log::default(),
            faults,
            clock: self
                .clock
                .unwrap_or_else(|| Arc::new(SystemClock::default())),
            quotas: self.quotas,
            endpoint: url(&hub_port)?,
            storage: url(&storage_port)?,
            page_size: self.page_size,
            uploads: Uploads::new(self.part_size),
            xet_store: self.xet_store,
            #[cfg(feature = "xet")]
            xet,
            has_control: self.has_control,
            pace: self
                .bytes_per_second
                .map(|speed| Arc::new(Pace::new(speed))),
            shape: self.shape,
            is_swift: self.is_swift,
            stop: CancellationToken::new(),
            requests: AtomicU64::new(1),
        });
        let servers = TaskTracker::new();
        servers.spawn(run(hub.clone(), Host::Hub, hub_port));
        servers.spawn(run(hub.clone(), Host::Storage, storage_port));
        #[cfg(feature = "xet")]
        if hub.xet.is_some() {
            servers.spawn(run(hub.clone(), Host::Xet, xet_port));
        }
        servers.close();
        Ok(StandIn { hub, servers })
    }
}
