use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::env::TOKENS;

/// What only the desktop can do. Tests and the dev server bring their own. May block.
pub trait Host: Send + Sync {
    /// Opens a link in the person's browser or mail program. It was checked before.
    fn open_link(&self, url: &str) -> io::Result<()>;
    /// Opens a folder in the file manager.
    fn open_folder(&self, path: &Path) -> io::Result<()>;
    /// Lets a person choose a folder; `None` when they choose none.
    fn pick_folder(&self) -> io::Result<Option<PathBuf>>;
    /// Lets a person choose files to upload; none when they choose none.
    fn pick_files(&self) -> io::Result<Vec<PathBuf>>;
    /// Lets a person choose a folder to upload; `None` when they choose none.
    fn pick_source_folder(&self) -> io::Result<Option<PathBuf>>;
    /// Files and folders that were copied in a file manager; none when something else was.
    fn copied_files(&self) -> io::Result<Vec<PathBuf>>;
    /// Shows a notice, which goes by itself.
    fn notify(&self, title: &str, body: &str) -> io::Result<()>;
    /// Whether a person looks at the window.
    fn is_in_front(&self) -> bool;
    /// Memory there is, used or not, in bytes; `None` when the system does not say.
    fn memory_bytes(&self) -> Option<u64>;
}

/// The desktop this program runs on, as far as it can be used without a window.
#[derive(Debug, Default)]
pub struct SystemHost;

impl Host for SystemHost {
    fn open_link(&self, url: &str) -> io::Result<()> {
        start(open::commands(url))
    }

    fn open_folder(&self, path: &Path) -> io::Result<()> {
        start(open::commands(path))
    }

    fn pick_folder(&self) -> io::Result<Option<PathBuf>> {
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }

    fn pick_files(&self) -> io::Result<Vec<PathBuf>> {
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }

    fn pick_source_folder(&self) -> io::Result<Option<PathBuf>> {
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }

    fn copied_files(&self) -> io::Result<Vec<PathBuf>> {
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }

    fn notify(&self, _title: &str, _body: &str) -> io::Result<()> {
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }

    fn is_in_front(&self) -> bool {
        false
    }

    fn memory_bytes(&self) -> Option<u64> {
        total_memory(&std::fs::read_to_string("/proc/meminfo").ok()?)
    }
}

/// `MemTotal` of `/proc/meminfo` (proc_meminfo(5)), which is in KiB. Other systems have no such file.
fn total_memory(meminfo: &str) -> Option<u64> {
    let total = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = total.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

/// Starts the first of `commands` that is there, and leaves it to itself.
fn start(commands: Vec<Command>) -> io::Result<()> {
    let mut end = Err(io::Error::from(io::ErrorKind::NotFound));
    for mut command in commands {
        match without_tokens(&mut command).spawn() {
            Ok(mut child) => {
                // Some wait for the program they have started; who ends must be waited for.
                std::thread::spawn(move || child.wait());
                return Ok(());
            }
            Err(error) => end = Err(error),
        }
    }
    end
}

/// A browser and what is started from it need no token of ours, nor our input and output.
fn without_tokens(command: &mut Command) -> &mut Command {
    for name in TOKENS {
        command.env_remove(name);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_this_machine_is_read_where_the_system_tells_it() {
        let text = "MemTotal:       16315436 kB\nMemFree:         1213 kB\n";
        assert_eq!(total_memory(text), Some(16_315_436 * 1024));
        assert_eq!(total_memory("MemTotal: lots"), None);
        assert_eq!(
            SystemHost.memory_bytes().is_some(),
            cfg!(target_os = "linux")
        );
    }

    #[test]
    fn no_program_of_the_desktop_inherits_a_token() {
        let mut command = Command::new("a-browser");
        let removed: Vec<_> = without_tokens(&mut command)
            .get_envs()
            .filter(|(_, value)| value.is_none())
            .map(|(name, _)| name.to_owned())
            .collect();
        assert_eq!(removed, ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"]);
    }

    #[test]
    fn the_next_program_is_tried_where_one_is_not_there() {
        let missing = || Command::new("/nowhere/a-browser");
        let there = Command::new(std::env::current_exe().unwrap());
        let mut there = there;
        there.arg("--list");
        assert!(start(vec![missing(), there]).is_ok());
        assert!(start(vec![missing()]).is_err());
    }
}
