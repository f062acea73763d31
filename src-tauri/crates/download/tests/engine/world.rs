use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hubdesk_cache::{Cache, LinkSupport, RepoCache};
use hubdesk_core::{Backoff, RepoId, RepoKind, Revision, SystemClock, Token};
use hubdesk_download::{
    Ctx, Error, Into, Listings, Outcome, Overwrite, Parts, Request, Select, Snapshot, Tuning, run,
};
use hubdesk_hub::{Endpoint, Hub, Profile, TokenSource};
use hubdesk_standin::{Builder, Content, RepoSeed, StandIn};
use hubdesk_xet::{Options, Xet};

/// The large file of [`seed`]: more than twenty requests long.
pub(crate) const LARGE: u64 = 3 << 20;
/// How much of it is asked of a chunk store at once.
pub(crate) const BLOCK: u64 = 128 << 10;
/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// One Hub, one cache, and an engine with small numbers.
pub(crate) struct World {
    pub(crate) hub: StandIn,
    pub(crate) parts: Parts,
    pub(crate) dir: tempfile::TempDir,
}

/// A model with one large file and one small one.
pub(crate) fn seed() -> RepoSeed {
    RepoSeed::model("org/m")
        .file("config.json", "{}")
        .large("w.bin", large())
}

pub(crate) fn large() -> Content {
    Content::random(3, LARGE)
}

pub(crate) fn id() -> RepoId {
    RepoId::new(RepoKind::Model, "org/m").unwrap()
}

pub(crate) fn everything() -> Request {
    Request {
        repo: id(),
        revision: Revision::main(),
        select: Select::All,
        into: Into::Cache,
        overwrite: Overwrite::Never,
        force: false,
    }
}

impl World {
    pub(crate) async fn start(builder: Builder) -> Self {
        Self::with_links(builder, LinkSupport::Probe).await
    }

    pub(crate) async fn with_links(builder: Builder, links: LinkSupport) -> Self {
        let hub = builder.start().await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        let parts = parts(&hub, Cache::open(dir.path().join("hub"), links));
        Self { hub, parts, dir }
    }

    /// A Hub with a chunk store, and an engine that uses it.
    pub(crate) async fn in_chunks(builder: Builder) -> Self {
        let mut world = Self::start(builder.xet()).await;
        let profile = Profile {
            stall: Duration::from_secs(60),
            ..Profile::default()
        };
        let clock = Arc::new(SystemClock::default());
        let mut options = Options::new(world.dir.path().join("xet"), profile);
        (options.block_bytes, options.memory_bytes) = (BLOCK, 4 * BLOCK);
        world.parts.xet = Some(Xet::new(options, clock).unwrap());
        world
    }

    /// The same Hub, by an engine that gives up connections that fall silent for a second.
    pub(crate) fn impatient(&mut self) {
        let profile = Profile {
            stall: Duration::from_secs(1),
            ..self.parts.hub.profile().clone()
        };
        self.parts.hub = self.parts.hub.with_profile(profile).unwrap();
    }

    /// The engine as after a new start of the program: it remembers nothing.
    pub(crate) fn new_start(&mut self) {
        let cache = Cache::open(self.dir.path().join("hub"), LinkSupport::Probe);
        self.parts = parts(&self.hub, cache);
    }

    pub(crate) fn repo(&self) -> RepoCache {
        self.parts.cache.repo(&id())
    }

    pub(crate) async fn run(&self, request: &Request) -> Result<Snapshot, Error> {
        match self.run_in(request, &Ctx::default()).await? {
            Outcome::Done(snapshot) => Ok(snapshot),
            Outcome::Cancelled => panic!("nobody stopped it"),
        }
    }

    pub(crate) async fn run_in(&self, request: &Request, ctx: &Ctx) -> Result<Outcome, Error> {
        let run = tokio::time::timeout(PATIENCE, run(request, &self.parts, ctx));
        run.await.expect("a run ends")
    }

    /// Runs `request`, and `act` as soon as `bytes` of it have arrived; see [`meanwhile`].
    pub(crate) async fn run_with(
        &self,
        request: &Request,
        bytes: u64,
        act: impl AsyncFnOnce(&Ctx),
    ) -> Result<Outcome, Error> {
        let ctx = Ctx::default();
        let then = async {
            while ctx.progress.meter.read().bytes_moved < bytes {
                tokio::task::yield_now().await;
            }
            act(&ctx).await;
        };
        meanwhile(self.run_in(request, &ctx), then).await.0
    }

    /// The files of the cache's snapshots.
    pub(crate) fn visible(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.repo().folder().join("snapshots")];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            let Ok(entries) = std::fs::read_dir(folder) else {
                continue;
            };
            for path in entries.map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path)
                } else {
                    files.push(path)
                }
            }
        }
        files
    }

    pub(crate) fn has_ref(&self) -> bool {
        self.repo().read_ref(&Revision::main()).unwrap().is_some()
    }

    /// Whether the large file is at its place, with the right content.
    pub(crate) fn has_large(&self) -> bool {
        let is_large = |path: &PathBuf| path.ends_with("w.bin");
        let Some(path) = self.visible().into_iter().find(is_large) else {
            return false;
        };
        std::fs::read(path).unwrap() == large().read(0, LARGE)
    }

    pub(crate) fn blobs(&self) -> PathBuf {
        self.repo().folder().join("blobs")
    }
}

/// What `run` and `act` give. `act` waits for what happens on the way: when the run ends first, that
/// never came, and waiting on would be for ever.
pub(crate) async fn meanwhile<R: Debug, T>(
    run: impl Future<Output = R>,
    act: impl Future<Output = T>,
) -> (R, T) {
    let mut run = std::pin::pin!(run);
    tokio::select! {
        biased;
        given = act => (run.await, given),
        end = &mut run => panic!("it ended before what was waited for: {end:?}"),
    }
}

fn parts(hub: &StandIn, cache: Cache) -> Parts {
    let tokens: Arc<dyn TokenSource> = Arc::new(None::<Token>);
    let backoff = Backoff {
        retries: 3,
        first: Duration::from_millis(1),
        longest: Duration::from_millis(4),
    };
    let profile = Profile {
        backoff,
        // Longer than a busy machine keeps anything from coming.
        stall: Duration::from_secs(15),
        ..Profile::default()
    };
    Parts {
        hub: Hub::new(Endpoint::parse(&hub.endpoint()).unwrap(), tokens, profile).unwrap(),
        xet: None,
        cache,
        listings: Arc::new(Listings::default()),
        tuning: Tuning {
            small_bytes: 4 << 10,
            range_bytes: 128 << 10,
            write_bytes: 16 << 10,
            save_every: 64 << 10,
            backoff,
            ..Tuning::default()
        },
    }
}
