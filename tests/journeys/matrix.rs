//! Distance × loss × bandwidth × fault, for every way files come and every place they go: each
//! download ends well, or in a state that says what it waits for or what was wrong, and goes on
//! from there when nothing is wrong any more. None hangs: a watchdog outside the runtime names the
//! cell that does.
//!
//! The stand-in is a server and no network: no packet is lost here. What a client sees of lost
//! packets is a connection that breaks or falls silent, and that is what is lost here.
//!
//! The four forms take turns, so that each fault meets each of them. `HUBDESK_CELLS` tries all cells
//! whose name contains it, in all forms: ` × ` is every one of them.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use hubdesk_app::App;
use hubdesk_core::{Clock as _, SystemClock};
use hubdesk_standin::{Builder, Content, Effect, Fault, RepoSeed, Route, Shape, StandIn};
use hubdesk_tests::{World, call, download_of, end_of, ok, said, until};
use serde_json::{Value, json};

const LARGE: u64 = 2 << 20;
const SMALL: u64 = 4;
/// Cells at the same time: most of their time they wait.
const AT_ONCE: usize = 12;
/// After this a cell hangs.
const LIMIT: Duration = Duration::from_secs(100);
/// What a program waits for a silent connection. Longer than a busy machine keeps it from reading.
const STALL: Duration = Duration::from_millis(1500);

/// Where files go, and how the large one comes.
#[derive(Debug, Clone, Copy)]
enum Form {
    Cache,
    Folder,
    CacheInChunks,
    FolderInChunks,
}

/// What becomes of connections that carry a large file.
#[derive(Debug, Clone, Copy)]
enum Loss {
    None,
    /// Each breaks after some hundred KiB.
    Cuts,
    /// Some fall silent.
    Stalls,
}

/// What is wrong with the Hub.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    None,
    Burst,
    Busy,
    ExpiredLinks,
    WrongBytes,
    HalfAListing,
    Gated,
    SignedOut,
    Missing,
    Down,
    LongPause,
    Silence,
}

/// How a download has to end.
type End = Option<(&'static str, &'static str)>;

#[derive(Debug, Clone, Copy)]
struct Cell {
    form: Form,
    latency_ms: u64,
    loss: Loss,
    bytes_per_second: Option<u64>,
    trouble: Trouble,
}

const TROUBLES: [Trouble; 12] = [
    Trouble::Silence,
    Trouble::Busy,
    Trouble::ExpiredLinks,
    Trouble::Burst,
    Trouble::None,
    Trouble::WrongBytes,
    Trouble::HalfAListing,
    Trouble::Gated,
    Trouble::SignedOut,
    Trouble::Missing,
    Trouble::Down,
    Trouble::LongPause,
];

const FORMS: [Form; 4] = [
    Form::Cache,
    Form::Folder,
    Form::CacheInChunks,
    Form::FolderInChunks,
];

/// The slow ones first, so that nobody waits for them at the end.
fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    let only = said("HUBDESK_CELLS");
    for trouble in TROUBLES {
        let mut turn = trouble as usize;
        for loss in [Loss::Stalls, Loss::Cuts, Loss::None] {
            for bytes_per_second in [None, Some(4 << 20)] {
                for latency_ms in [0, 50] {
                    turn += 1;
                    let forms = FORMS.iter().enumerate();
                    cells.extend(forms.filter_map(|(at, &form)| {
                        let cell = Cell {
                            form,
                            latency_ms,
                            loss,
                            bytes_per_second,
                            trouble,
                        };
                        let is_meant = match &only {
                            Some(only) => cell.to_string().contains(only),
                            None => turn % FORMS.len() == at,
                        };
                        is_meant.then_some(cell)
                    }));
                }
            }
        }
    }
    cells
}

#[test]
fn every_download_ends_well_or_in_a_state_with_a_name_and_none_hangs() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let clock = SystemClock::default();
    let (tell, told) = channel();
    let cells = cells();
    let count = cells.len();
    let mut waiting = cells.into_iter().enumerate();
    let mut running = BTreeMap::new();
    let mut ends: BTreeMap<String, u32> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut slowest = (Duration::ZERO, String::new());
    loop {
        while running.len() < AT_ONCE
            && let Some((at, cell)) = waiting.next()
        {
            running.insert(at, (cell, clock.elapsed() + LIMIT));
            let tell = tell.clone();
            let work = runtime.spawn(cell.try_out());
            runtime.spawn(async move {
                let end = work.await.unwrap_or_else(|panic| Err(panic.to_string()));
                // Nobody listens any more when another cell has hung.
                let _ = tell.send((at, end));
            });
        }
        let Some((hung, limit)) = running.values().min_by_key(|(_, limit)| *limit) else {
            break;
        };
        match told.recv_timeout(limit.saturating_sub(clock.elapsed())) {
            Ok((at, end)) => {
                let (cell, limit) = running.remove(&at).unwrap();
                let took = LIMIT.saturating_sub(limit.saturating_sub(clock.elapsed()));
                slowest = slowest.max((took, cell.to_string()));
                match end {
                    Ok(end) => *ends.entry(end).or_default() += 1,
                    Err(error) => wrong.push(format!("{cell}: {error}")),
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                let hung = hung.to_string();
                // What hangs may not be waited for, and that is what dropping does.
                runtime.shutdown_background();
                panic!("{hung}: it hangs; wrong so far: {wrong:#?}");
            }
            Err(RecvTimeoutError::Disconnected) => unreachable!("one end of it is kept here"),
        }
    }
    let time = clock.elapsed();
    println!("{count} cells in {time:?}: {ends:#?}; the slowest: {slowest:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

impl Cell {
    /// Downloads under everything that is wrong, and again when nothing is. Gives how it ended.
    async fn try_out(self) -> Result<String, String> {
        let world = World::start(self.hub()).await;
        world.set_stall(STALL);
        let app = world.app();
        ok(&app, "open_hub", json!({ "endpoint": null })).await;
        let id = self.start(&world, &app).await;
        let end = end_of(&app, &id).await;
        let result = self.judge(&world, &app, &id, &end).await;
        app.close().await;
        result.map_err(|error| format!("{error}: {end:#}"))
    }

    async fn judge(
        self,
        world: &World,
        app: &App,
        id: &Value,
        end: &Value,
    ) -> Result<String, String> {
        let state = end["state"].as_str().unwrap_or_default();
        let code = end["error"]["code"].as_str();
        let name = format!("{state} {}", code.unwrap_or_default());
        let (state_expected, code_expected) = self.end().unzip();
        if (state, code) != (state_expected.unwrap_or("done"), code_expected) {
            return Err(format!("it ended {name}"));
        }
        if state != "done" {
            self.check(world, false)?;
            if end["error"]["message"].as_str().is_none_or(str::is_empty) {
                return Err("it does not say why".to_owned());
            }
            world.hub.faults().clear();
            // What waits may have seen for itself that nothing is wrong any more.
            let _ = call(app, "retry_transfer", json!({ "id": id })).await;
            until(app, id, |transfer| transfer["state"] == "done").await;
        }
        self.check(world, true)?;
        Ok(name)
    }

    /// Every visible file is right, and all are there if they have to be.
    fn check(self, world: &World, is_done: bool) -> Result<(), String> {
        let expected: HashMap<String, Content> = files().collect();
        let (root, visible) = self.visible(world);
        for path in &visible {
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
            let expected = expected.get(name).map(|file| file.read(0, file.size()));
            if expected.is_none_or(|bytes| std::fs::read(path).unwrap() != bytes) {
                return Err(format!("{name} is visible and wrong"));
            }
        }
        if is_done && visible.len() != expected.len() {
            return Err(format!("only {visible:?} are there"));
        }
        let is_moved = world.cache().join("models--org--m/refs/main").is_file();
        if !self.form.is_folder() && is_moved != is_done {
            return Err(format!("that the ref is there is {is_moved}"));
        }
        Ok(())
    }

    fn visible(self, world: &World) -> (PathBuf, Vec<PathBuf>) {
        if !self.form.is_folder() {
            let files = world.visible_files();
            let root = files.iter().find_map(|path| {
                let mut above = path.ancestors();
                above.find(|path| path.parent().is_some_and(|up| up.ends_with("snapshots")))
            });
            return (root.unwrap_or(Path::new("")).to_owned(), files);
        }
        let root = mine(world);
        let entries = std::fs::read_dir(&root).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let files = paths.filter(|path| path.is_file()).collect();
        (root, files)
    }

    async fn start(self, world: &World, app: &App) -> Value {
        let mut request = download_of("org/m", None);
        if self.form.is_folder() {
            let mine = mine(world);
            std::fs::create_dir(&mine).unwrap();
            world.opened.picks(&mine);
            let picked = ok(app, "pick_folder", Value::Null).await;
            request["into"] = json!({ "type": "folder", "folder": picked["id"] });
        }
        ok(app, "start_download", request).await
    }

    fn hub(self) -> Builder {
        let repo = files().fold(RepoSeed::model("org/m"), |repo, (path, content)| match path
            .as_str()
        {
            "w.bin" => repo.large(&path, content),
            _ => repo.file(&path, content),
        });
        let mut hub = StandIn::builder().repo(repo).shape(Shape {
            latency: Duration::from_millis(self.latency_ms),
            bytes_per_second: None,
        });
        if self.form.is_in_chunks() {
            hub = hub.xet();
        }
        if let Some(speed) = self.bytes_per_second {
            hub = hub.bandwidth(speed);
        }
        let faults = [self.loss.faults(), self.trouble.faults()];
        faults.into_iter().flatten().fold(hub, Builder::fault)
    }

    /// What must become of it.
    fn end(self) -> End {
        match self.trouble {
            Trouble::None | Trouble::Burst | Trouble::Busy | Trouble::ExpiredLinks => None,
            Trouble::WrongBytes | Trouble::HalfAListing => Some(("failed", "badAnswer")),
            Trouble::Gated => Some(("blocked", "gated")),
            Trouble::SignedOut => Some(("blocked", "signedOut")),
            Trouble::Missing => Some(("failed", "notFound")),
            Trouble::Down => Some(("waiting", "hubDown")),
            Trouble::LongPause => Some(("waiting", "rateLimited")),
            Trouble::Silence => Some(("waiting", "offline")),
        }
    }
}

/// The folder of a person's own.
fn mine(world: &World) -> PathBuf {
    world.home().join("mine")
}

fn files() -> impl Iterator<Item = (String, Content)> {
    let small = (1..=SMALL).map(|n| (format!("{n}.txt"), Content::random(n, 1000 * n)));
    small.chain([("w.bin".to_owned(), Content::random(0, LARGE))])
}

impl Form {
    fn is_folder(self) -> bool {
        matches!(self, Self::Folder | Self::FolderInChunks)
    }

    fn is_in_chunks(self) -> bool {
        matches!(self, Self::CacheInChunks | Self::FolderInChunks)
    }
}

/// On the large file's bytes, however they come.
fn on_bytes(effect: Effect) -> [Fault; 2] {
    [Route::Storage, Route::XetBytes].map(|route| Fault::on(route, effect.clone()))
}

impl Loss {
    fn faults(self) -> Vec<Fault> {
        match self {
            Self::None => Vec::new(),
            Self::Cuts => on_bytes(Effect::Cut { after: 300 << 10 }).to_vec(),
            Self::Stalls => on_bytes(Effect::Stall { after: 200 << 10 })
                .map(|fault| fault.times(2))
                .to_vec(),
        }
    }
}

impl Trouble {
    fn faults(self) -> Vec<Fault> {
        let small = |effect| Fault::on(Route::Resolve, effect).matching("1.txt");
        let trouble = |route| Fault::on(route, Effect::status(503));
        match self {
            Self::None => Vec::new(),
            Self::Burst => [
                Route::Repo,
                Route::Tree,
                Route::Resolve,
                Route::Storage,
                Route::Xet,
                Route::XetBytes,
            ]
            .map(|route| trouble(route).times(1))
            .to_vec(),
            Self::Busy => vec![
                small(Effect::TooMany {
                    retry_after: Some(1),
                    reset: None,
                })
                .times(1),
            ],
            Self::ExpiredLinks => on_bytes(Effect::ExpiredLink)
                .map(|fault| fault.times(2))
                .to_vec(),
            Self::WrongBytes => on_bytes(Effect::Flip { at: 70_000 }).to_vec(),
            Self::HalfAListing => vec![Fault::on(Route::Tree, Effect::MalformedJson)],
            Self::Gated => vec![small(Effect::Gated)],
            Self::SignedOut => vec![small(Effect::Unauthorized)],
            Self::Missing => vec![small(Effect::coded(404, "EntryNotFound"))],
            Self::Down => vec![small(Effect::status(503))],
            Self::LongPause => vec![small(Effect::TooMany {
                retry_after: Some(3600),
                reset: None,
            })],
            Self::Silence => vec![small(Effect::Stall { after: 0 })],
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let speed = self
            .bytes_per_second
            .map_or("a free line".to_owned(), |bytes| {
                format!("{} MiB/s", bytes >> 20)
            });
        write!(
            f,
            "{:?} × {} ms × loss {:?} × {speed} × trouble {:?}",
            self.form, self.latency_ms, self.loss, self.trouble
        )
    }
}
