use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use futures_util::TryStreamExt as _;
use futures_util::future::BoxFuture;
use hubdesk_core::{
    Backoff, Clock, CommitId, Patterns, RepoId, RepoKind, RepoPath, Revision, SystemClock, Token,
};
use hubdesk_disk::Stamp;
use hubdesk_hub::{Endpoint, Hub, Message, Profile, Repo, TokenSource};
use hubdesk_standin::{Builder, StandIn};
use hubdesk_upload::{
    Ctx, Error, Fingerprint, Fingerprints, Keep, LeaveOut, Made, Onto, Outcome, Parts, Request,
    Source, Tuning, Uploaded, What, run,
};
use hubdesk_xet::{Options, Xet};

/// How long a test waits for what must happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
const TOKEN: &str = "hf_mira";

/// A Hub, a folder, and an engine that may write to `mira/m`.
pub(crate) struct World {
    pub(crate) hub: StandIn,
    pub(crate) parts: Parts,
    pub(crate) seen: Arc<Seen>,
    pub(crate) dir: tempfile::TempDir,
}

/// Fingerprints, and how many were made.
#[derive(Default)]
pub(crate) struct Seen {
    kept: Mutex<HashMap<(PathBuf, Stamp), Fingerprint>>,
    pub(crate) put: Mutex<usize>,
}

impl Fingerprints for Seen {
    fn get(&self, path: &Path, stamp: &Stamp) -> Option<Fingerprint> {
        let kept = self.kept.lock().unwrap();
        kept.get(&(path.to_owned(), *stamp)).cloned()
    }

    fn put(&self, path: &Path, stamp: &Stamp, fingerprint: &Fingerprint) {
        let mut kept = self.kept.lock().unwrap();
        kept.insert((path.to_owned(), *stamp), fingerprint.clone());
        *self.put.lock().unwrap() += 1;
    }
}

/// A clock by which the files of a test were written long ago.
struct Later(SystemClock);

impl Clock for Later {
    fn now(&self) -> SystemTime {
        self.0.now() + Duration::from_secs(60)
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Keeps what a run has done, for the next one.
#[derive(Default)]
pub(crate) struct Kept(pub(crate) Mutex<Made>);

impl Keep for Kept {
    fn keep<'a>(&'a self, made: &'a Made) -> BoxFuture<'a, ()> {
        *self.0.lock().unwrap() = made.clone();
        Box::pin(std::future::ready(()))
    }
}

impl World {
    pub(crate) async fn start(builder: Builder) -> Self {
        let hub = builder.user("mira", TOKEN).start().await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("up")).unwrap();
        let seen = Arc::new(Seen::default());
        let parts = parts(&hub, seen.clone());
        Self {
            hub,
            parts,
            seen,
            dir,
        }
    }

    /// A Hub with a chunk store, and an engine that uses it.
    pub(crate) async fn in_chunks(builder: Builder) -> Self {
        let mut world = Self::start(builder.xet()).await;
        let options = Options::new(world.dir.path().join("xet"), Profile::default());
        world.parts.xet = Some(Xet::new(options, Arc::new(SystemClock::default())).unwrap());
        world
    }

    /// The folder that is uploaded.
    pub(crate) fn folder(&self) -> PathBuf {
        self.dir.path().join("up")
    }

    /// Writes a file of the folder that is uploaded.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.folder().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub(crate) fn repo(&self) -> Repo {
        self.parts.hub.repo(&id())
    }

    pub(crate) async fn head(&self) -> CommitId {
        self.repo().resolve(&Revision::main()).await.unwrap()
    }

    pub(crate) async fn upload(&self, request: &Request) -> Uploaded {
        match self.run(request, &Ctx::default()).await.unwrap() {
            Outcome::Done(uploaded) => uploaded,
            Outcome::Cancelled => panic!("nobody stopped it"),
        }
    }

    pub(crate) async fn run(&self, request: &Request, ctx: &Ctx) -> Result<Outcome, Error> {
        let run = tokio::time::timeout(PATIENCE, run(request, &self.parts, ctx));
        run.await.expect("a run ends")
    }

    /// The files at a revision, with what is in them.
    pub(crate) async fn files(&self, revision: &str) -> BTreeMap<String, Vec<u8>> {
        let repo = self.repo();
        let commit = repo.resolve(&revision.parse().unwrap()).await.unwrap();
        let entries: Vec<_> = repo.tree(&commit, None, true).try_collect().await.unwrap();
        let mut files = BTreeMap::new();
        for entry in entries.iter().filter(|entry| entry.digest().is_some()) {
            let mut body = repo.file(&commit, &entry.path).get(None).await.unwrap();
            let mut content = Vec::new();
            while let Some(chunk) = body.chunk().await.unwrap() {
                content.extend_from_slice(&chunk);
            }
            files.insert(entry.path.clone(), content);
        }
        files
    }

    /// The titles of the commits at a revision, the latest first.
    pub(crate) async fn titles(&self, revision: &str) -> Vec<String> {
        let commits = self.repo().commits(&revision.parse().unwrap());
        let commits: Vec<_> = commits.try_collect().await.unwrap();
        commits.into_iter().map(|commit| commit.title).collect()
    }

    /// Requests whose paths have `part`.
    pub(crate) fn asked(&self, part: &str) -> usize {
        let records = self.hub.log().records();
        records.iter().filter(|one| one.path.contains(part)).count()
    }
}

pub(crate) fn id() -> RepoId {
    RepoId::new(RepoKind::Model, "mira/m").unwrap()
}

pub(crate) fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

/// All of a folder onto `main`.
pub(crate) fn all_of(folder: PathBuf) -> Request {
    Request {
        repo: id(),
        create: None,
        onto: Onto::Branch {
            name: Revision::main(),
            create: false,
        },
        sources: vec![Source {
            what: What::Folder(folder),
            to: None,
        }],
        select: Patterns::default(),
        leave_out: LeaveOut::USUAL,
        remove: None,
        acknowledged: None,
        message: Message {
            title: "Upload".to_owned(),
            description: String::new(),
        },
        expect: None,
        overwrite: false,
    }
}

/// Bytes without a pattern.
pub(crate) fn noise(seed: u32, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_769).max(1);
    let next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    // The zero is what makes it a large file for the stand-in.
    std::iter::once(0)
        .chain(std::iter::repeat_with(next).take(length - 1))
        .collect()
}

fn parts(hub: &StandIn, fingerprints: Arc<Seen>) -> Parts {
    let token = Token::new(TOKEN).unwrap();
    let tokens: Arc<dyn TokenSource> = Arc::new(Some(token));
    let profile = Profile {
        backoff: Backoff {
            retries: 3,
            first: Duration::from_millis(1),
            longest: Duration::from_millis(4),
        },
        ..Profile::default()
    };
    let endpoint = Endpoint::parse(&hub.endpoint()).unwrap();
    Parts {
        hub: Hub::new(endpoint, tokens, profile).unwrap(),
        xet: None,
        fingerprints,
        clock: Arc::new(Later(SystemClock::default())),
        tuning: Tuning {
            opening_patience: Duration::ZERO,
            ..Tuning::default()
        },
    }
}
