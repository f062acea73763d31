//! Who hears and sees everything that leaves the program, and looks for tokens in it.
//!
//! Every journey runs before one: what the program answers, tells and logs, what the stand-in's
//! hosts were sent, the arguments and environments of processes, and at the end every file. A token
//! anywhere, be it in clear, in base64, percent-encoded or in hex, fails the test, unless the test
//! has declared the place.

use std::collections::BTreeSet;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use hubdesk_app::Token;
use hubdesk_secrets::{Memory, Slot, Vault, VaultError};
use tracing_subscriber::fmt::MakeWriter;

/// How often the processes are looked at: a short-lived one lives for some hundredths of a second.
const PERIOD: Duration = Duration::from_millis(5);

/// What was heard, and what to look for.
#[derive(Clone, Default)]
pub struct Witness(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// Who said it, and what.
    heard: Mutex<Vec<(&'static str, Vec<u8>)>>,
    secrets: Mutex<BTreeSet<String>>,
    /// How much of what was heard holds none of how many secrets. Not looked at again.
    clean: Mutex<(usize, usize)>,
    /// The one that looks at processes, while there is one.
    watch: Mutex<Weak<Watch>>,
    /// Files that may hold a token.
    files: Mutex<Vec<PathBuf>>,
    /// Processes may be given a token.
    has_bold_processes: AtomicBool,
}

impl Witness {
    /// Looks for `secret` from now on, and in what was heard before.
    pub fn mark(&self, secret: &str) {
        lock(&self.0.secrets).insert(secret.to_owned());
    }

    /// Hears `who` say `what`.
    pub fn hear(&self, who: &'static str, what: impl Into<Vec<u8>>) {
        lock(&self.0.heard).push((who, what.into()));
    }

    /// The file at `path` may hold a token.
    pub fn allow_file(&self, path: PathBuf) {
        lock(&self.0.files).push(path);
    }

    /// Processes may be given a token, as a person does who types it.
    pub fn allow_processes(&self) {
        self.0.has_bold_processes.store(true, Ordering::Relaxed);
    }

    /// Everything that holds a token and may not: what was heard, and the files below `home`.
    pub fn leaks(&self, home: &Path) -> Vec<String> {
        let secrets = lock(&self.0.secrets);
        let needles: Vec<(&str, String)> = secrets.iter().flat_map(|one| forms(one)).collect();
        let mut leaks = Vec::new();
        let (heard, mut clean) = (lock(&self.0.heard), lock(&self.0.clean));
        let known = if clean.1 == secrets.len() { clean.0 } else { 0 };
        for (who, what) in &heard[known..] {
            let is_bold = *who == PROCESS && self.0.has_bold_processes.load(Ordering::Relaxed);
            if let Some(form) = found(what, &needles).filter(|_| !is_bold) {
                leaks.push(format!("{who}: a token {form}"));
            }
        }
        if leaks.is_empty() {
            *clean = (heard.len(), secrets.len());
        }
        let allowed = lock(&self.0.files);
        let mut paths = Vec::new();
        crate::walk(home, &mut paths);
        for path in paths {
            let is_allowed = allowed.contains(&path);
            let name = path.to_string_lossy().into_owned().into_bytes();
            let form = found(&name, &needles).or_else(|| found_in(&path, &needles));
            if let Some(form) = form.filter(|_| !is_allowed) {
                leaks.push(format!("{}: a token {form}", path.display()));
            }
        }
        leaks.sort();
        leaks.dedup();
        leaks
    }

    /// A log that is heard.
    pub fn subscriber(&self) -> impl tracing::Subscriber + Send + Sync {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_ansi(false)
            .with_writer(self.clone())
            .finish()
    }

    /// Looks at the processes that this one and its children start, until everybody has dropped it.
    pub fn watch_processes(&self) -> Arc<Watch> {
        let mut there = lock(&self.0.watch);
        there.upgrade().unwrap_or_else(|| {
            let watch = Arc::new(self.watch());
            *there = Arc::downgrade(&watch);
            watch
        })
    }

    fn watch(&self) -> Watch {
        let stop = Arc::new(AtomicBool::new(false));
        let (witness, is_over) = (self.clone(), Arc::clone(&stop));
        let watch = move || {
            let mut seen = BTreeSet::new();
            while !is_over.load(Ordering::Relaxed) {
                witness.look_at_children_of(std::process::id(), &mut seen);
                std::thread::park_timeout(PERIOD);
            }
        };
        Watch {
            stop,
            thread: Some(std::thread::spawn(watch)),
        }
    }

    /// A process has its parent's arguments and environment until it begins to be itself, so it is
    /// heard again when they change.
    fn look_at_children_of(&self, parent: u32, seen: &mut BTreeSet<(u32, Vec<u8>)>) {
        for child in children_of(parent) {
            for what in ["cmdline", "environ"] {
                let read = std::fs::read(format!("/proc/{child}/{what}")).unwrap_or_default();
                if seen.insert((child, read.clone())) {
                    self.hear(PROCESS, read);
                }
            }
            self.look_at_children_of(child, seen);
        }
    }
}

/// How much of a file is looked at at once, in bytes.
const PART: usize = 1 << 20;

const PROCESS: &str = "a process";

/// Looks at processes as long as it lives.
pub struct Watch {
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It only reads; a panic in it is a fault of the test's.
            let _ = thread.join();
        }
    }
}

/// Nowhere but on Linux, where these files are: then processes are not looked at.
fn children_of(parent: u32) -> Vec<u32> {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{parent}/task")) else {
        return Vec::new();
    };
    let lists = threads
        .flatten()
        .map(|thread| std::fs::read_to_string(thread.path().join("children")));
    let lists: Vec<String> = lists.flatten().collect();
    let words = lists.iter().flat_map(|list| list.split_whitespace());
    words.filter_map(|word| word.parse().ok()).collect()
}

/// The same secret as others would write it.
fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let encoded: String = secret
        .chars()
        .map(|c| match c {
            c if c.is_ascii_alphanumeric() => c.to_string(),
            c => format!("%{:02X}", u32::from(c)),
        })
        .collect();
    let mut forms = vec![
        ("in clear", secret.to_owned()),
        ("in hex", hex.to_uppercase()),
        ("in hex", hex),
        ("percent-encoded", encoded.to_lowercase()),
        ("percent-encoded", encoded),
    ];
    // What stands before it shifts it in base64; what is mixed with its neighbours is left out.
    for before in 0..3 {
        let shifted = [&vec![b'x'; before][..], secret.as_bytes()].concat();
        let start = [0, 2, 3][before];
        let end = (shifted.len() * 8) / 6;
        for code in [
            STANDARD_NO_PAD.encode(&shifted),
            URL_SAFE_NO_PAD.encode(&shifted),
        ] {
            forms.push(("in base64", code[start..end].to_owned()));
        }
    }
    forms
}

/// The first form that is in `text`. All forms are ASCII, so what is no text may be replaced.
fn found<'a>(text: &[u8], needles: &'a [(&'static str, String)]) -> Option<&'a str> {
    let text = String::from_utf8_lossy(text);
    let mut needles = needles.iter();
    let found = needles.find(|(_, needle)| text.contains(needle));
    found.map(|(form, _)| *form)
}

/// The first form that is in the file at `path`, which is read in parts. One that is gone by now
/// holds nothing, and a link nothing of its own.
fn found_in<'a>(path: &Path, needles: &'a [(&'static str, String)]) -> Option<&'a str> {
    let is_link = std::fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink());
    let mut file = std::fs::File::open(path).ok().filter(|_| !is_link)?;
    let overlap = needles.iter().map(|(_, needle)| needle.len()).max()?;
    let mut part = Vec::with_capacity(PART + overlap);
    loop {
        let count = io::copy(&mut (&mut file).take(PART as u64), &mut part).ok()?;
        if let Some(form) = found(&part, needles) {
            return Some(form);
        }
        if count == 0 {
            return None;
        }
        part.drain(..part.len().saturating_sub(overlap));
    }
}

/// Hears the log.
impl<'a> MakeWriter<'a> for Witness {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl io::Write for Witness {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.hear("the log", text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A keychain that has its tokens looked for everywhere else.
#[derive(Default)]
pub struct Keychain {
    memory: Memory,
    witness: Witness,
}

impl Keychain {
    /// An empty one.
    pub fn before(witness: &Witness) -> Self {
        Self {
            memory: Memory::default(),
            witness: witness.clone(),
        }
    }
}

impl Vault for Keychain {
    fn get(&self, slot: &Slot) -> Result<Option<Token>, VaultError> {
        self.memory.get(slot)
    }

    fn put(&self, slot: &Slot, token: &Token) -> Result<(), VaultError> {
        self.witness.mark(token.expose());
        self.memory.put(slot, token)
    }

    fn delete(&self, slot: &Slot) -> Result<(), VaultError> {
        self.memory.delete(slot)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .expect("nothing panics while it holds this lock")
}
