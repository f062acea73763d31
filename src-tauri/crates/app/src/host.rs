use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::env::TOKENS;

/// What only the desktop can do. Tests and the dev server bring their own. May block.
pub trait Host: Send + Sync {
    /// Opens a link in the person's browser or mail program. It was checked before.
    fn open_link(&self, url: &str) -> io::Result<()>;
    /// Opens a folder in the file manager.
    fn open_folder(&self, path: &Path) -> io::Result<()>;
}

/// The desktop this program runs on.
#[derive(Debug, Default)]
pub struct SystemHost;

impl Host for SystemHost {
    fn open_link(&self, url: &str) -> io::Result<()> {
        start(open::commands(url))
    }

    fn open_folder(&self, path: &Path) -> io::Result<()> {
        start(open::commands(path))
    }
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
