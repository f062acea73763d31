//! A desktop session of its own for one test: a message bus, and gnome-keyring on it.
//!
//! A keychain is found through the environment of the process, so a test runs itself once more in
//! the session's: [`inside`] tells the two runs apart. What a session starts are its own children,
//! ended and waited for by it; [`Session::end`] looks that nothing else is left.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// Tells the inner run which step of which test it is: `<test>=<step>`.
const STEP: &str = "HUBDESK_TEST_STEP";
/// Where the session's files are.
const FOLDER: &str = "HUBDESK_TEST_FOLDER";

/// How often to look for a file, and how often to ask the bus, before giving up.
const LOOKS: u32 = 10_000_000;
const QUESTIONS: u32 = 3_000;

/// The bus starts nothing by itself: a system where gnome-keyring is installed would start it.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=FOLDER</listen>
  <policy context="default">
    <allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>
  </policy>
</busconfig>
"#;

/// The step of `test` that this process is to do, if it was started by a session.
pub(crate) fn inside(test: &str) -> Option<String> {
    let (name, step) = variable(STEP)?
        .split_once('=')
        .map(|(n, s)| (n.to_owned(), s.to_owned()))?;
    assert_eq!(name, test, "a session asks for one test");
    Some(step)
}

/// From inside: lets the session end gnome-keyring and start it again.
pub(crate) fn restart_keyring() {
    let folder = PathBuf::from(variable(FOLDER).unwrap());
    fs::write(folder.join("restart"), "").unwrap();
    wait_for("the restart", LOOKS, || {
        folder.join("restarted").try_exists().unwrap()
    });
}

#[expect(
    clippy::disallowed_methods,
    reason = "the only way to tell a test that it runs in a session"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

pub(crate) struct Session {
    folder: TempDir,
    bus: Option<(Child, String)>,
    keyring: Option<Child>,
}

impl Session {
    /// A session in which nothing runs.
    pub(crate) fn without_bus() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "data", "run"] {
            let path = folder.path().join(name);
            fs::create_dir(&path).unwrap();
            fs::set_permissions(path, Permissions::from_mode(0o700)).unwrap();
        }
        Self {
            folder,
            bus: None,
            keyring: None,
        }
    }

    /// A session with a message bus, and nobody on it.
    pub(crate) fn with_bus() -> Self {
        let mut session = Self::without_bus();
        let config = session.path("bus.conf");
        let run = session.path("run");
        fs::write(&config, BUS.replace("FOLDER", run.to_str().unwrap())).unwrap();
        let mut bus = session
            .command("dbus-daemon")
            .args(["--nofork", "--nosyslog", "--print-address"])
            .arg(format!("--config-file={}", config.display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon has to be installed");
        let mut address = String::new();
        let mut lines = BufReader::new(bus.stdout.take().unwrap());
        lines.read_line(&mut address).unwrap();
        session.bus = Some((bus, address.trim().to_owned()));
        session
    }

    /// gnome-keyring with its keychain made, if there is none yet, and unlocked with `password`.
    pub(crate) fn unlocked_keyring(&mut self, password: &str) {
        self.start_keyring(Some(password));
    }

    /// gnome-keyring that nobody has given a password.
    pub(crate) fn keyring_as_it_is(&mut self) {
        self.start_keyring(None);
    }

    fn start_keyring(&mut self, password: Option<&str>) {
        let mut command = self.command("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        command.args(password.map(|_| "--unlock"));
        let mut keyring = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring has to be installed");
        let mut stdin = keyring.stdin.take().unwrap();
        stdin
            .write_all(password.unwrap_or_default().as_bytes())
            .unwrap();
        drop(stdin);
        self.keyring = Some(keyring);
        wait_for("the service", QUESTIONS, || self.has_service());
    }

    pub(crate) fn end_keyring(&mut self) {
        self.keyring.take().iter_mut().for_each(end);
        wait_for("the service's end", QUESTIONS, || !self.has_service());
    }

    /// Asks the bus whether anybody is the Secret Service.
    fn has_service(&self) -> bool {
        let answer = self
            .command("dbus-send")
            .args([
                "--session",
                "--print-reply=literal",
                "--reply-timeout=2000",
                "--dest=org.freedesktop.DBus",
                "/",
            ])
            .args([
                "org.freedesktop.DBus.NameHasOwner",
                "string:org.freedesktop.secrets",
            ])
            .output()
            .unwrap();
        String::from_utf8_lossy(&answer.stdout).contains("true")
    }

    /// Does `step` of `test` in this session, in a process of its own.
    pub(crate) fn run(&self, test: &str, step: &str) {
        wait(self.inner(test, step));
    }

    /// The same, for a step that calls [`restart_keyring`].
    pub(crate) fn run_with_restart(&mut self, test: &str, password: &str) {
        let mut inner = self.inner(test, "all");
        let asked = self.path("restart");
        wait_for("the question for a restart", LOOKS, || {
            asked.try_exists().unwrap() || inner.try_wait().unwrap().is_some()
        });
        self.end_keyring();
        self.unlocked_keyring(password);
        fs::write(self.path("restarted"), "").unwrap();
        wait(inner);
    }

    fn inner(&self, test: &str, step: &str) -> Child {
        self.command(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(STEP, format!("{test}={step}"))
            .env(FOLDER, self.folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// All files of the session, with their content.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                let kind = entry.file_type().unwrap();
                if kind.is_dir() {
                    folders.push(entry.path());
                } else if kind.is_file() {
                    files.push((entry.path(), fs::read(entry.path()).unwrap()));
                }
            }
        }
        files
    }

    /// Ends the session, and fails if a process of it is left.
    pub(crate) fn end(mut self) {
        self.end_all();
        let left = processes_of(self.folder.path());
        assert!(left.is_empty(), "still running: {left:?}");
    }

    fn end_all(&mut self) {
        self.keyring.take().iter_mut().for_each(end);
        self.bus.take().iter_mut().for_each(|(bus, _)| end(bus));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A program in the session's environment, of which only the search path is not its own.
    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(variable("PATH").map(|path| ("PATH", path)))
            .env("HOME", self.path("home"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_RUNTIME_DIR", self.path("run"));
        if let Some((_, address)) = &self.bus {
            command.env("DBUS_SESSION_BUS_ADDRESS", address);
        }
        command
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.end_all();
    }
}

/// Waits for the inner run; its words are shown if it failed, or if it found no such test.
fn wait(inner: Child) {
    let output = inner.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn end(child: &mut Child) {
    let _ = child.kill();
    child.wait().unwrap();
}

/// Looks for `condition` often enough for some ten seconds, more on a machine that is busy: a look
/// starts a process, or gives way to others.
fn wait_for(what: &str, looks: u32, condition: impl FnMut() -> bool) {
    let mut condition = condition;
    let came = (0..looks).any(|_| {
        std::thread::yield_now();
        condition()
    });
    assert!(came, "waited in vain for {what}");
}

/// The processes whose environment names `folder`.
fn processes_of(folder: &Path) -> Vec<PathBuf> {
    let folder = folder.to_str().unwrap().as_bytes();
    let processes = fs::read_dir("/proc").unwrap();
    let paths = processes.map(|entry| entry.unwrap().path());
    let is_ours = |process: &PathBuf| {
        // A process may end while we look, and others are not ours to look at.
        let environment = fs::read(process.join("environ")).unwrap_or_default();
        environment.windows(folder.len()).any(|part| part == folder)
    };
    paths.filter(is_ours).collect()
}
