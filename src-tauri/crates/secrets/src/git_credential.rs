use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use hubdesk_core::Token;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// The user's name with every token: the Hub does not look at it, the official client sends this.
const USERNAME: &str = "hf_user";
/// How long git and its helper may take. Helpers that keep secrets answer at once; one that asks
/// the person behind our back is not worth the wait.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most that is read of what git answers, in bytes.
const LARGEST_ANSWER: u64 = 64 * 1024;

/// Hands tokens to git's credential helper, so that `git push` to the Hub does not ask.
///
/// The token goes through a pipe, never into arguments or the environment; what git and the helper
/// print is thrown away. Never asks the person anything.
#[derive(Debug, Clone)]
pub struct GitCredential {
    program: PathBuf,
    environment: Vec<(OsString, OsString)>,
}

/// Why git did not do it. A variant is a different thing to do about it; none holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no git on this machine.
    #[error("git is not installed")]
    NotInstalled,
    /// An address with a line break or another control character would be read as something else.
    #[error("{endpoint:?} is not an address")]
    BadEndpoint {
        /// What was given.
        endpoint: String,
    },
    /// Git or its helper did not end in time, and was ended.
    #[error("git's credential helper did not answer within {} s", PATIENCE.as_secs())]
    GaveUp,
    /// Git itself refused; it says no more than its exit status here.
    #[error("git failed with {status}")]
    Failed {
        /// How it ended.
        status: ExitStatus,
    },
    /// Git could not be started or talked to.
    #[error("cannot run git")]
    Io(#[source] io::Error),
}

impl GitCredential {
    /// The `git` that is found first.
    pub fn new() -> Self {
        Self::at(PathBuf::from("git"))
    }

    /// The git at `program`.
    pub fn at(program: PathBuf) -> Self {
        Self {
            program,
            environment: Vec::new(),
        }
    }

    /// Adds a variable to the environment git runs in.
    #[must_use]
    pub fn with_env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Whether git has a credential helper for every address, without which nothing is kept. One
    /// that is set for a single address is not seen, as by the official client.
    pub async fn is_configured(&self) -> Result<bool, GitError> {
        let arguments = ["config", "--null", "--get-all", "credential.helper"];
        let mut child = self.start(&arguments, Stdio::null(), Stdio::piped())?;
        let answer = child.stdout.take();
        let mut helpers = Vec::new();
        let read = async {
            if let Some(answer) = answer {
                let mut answer = answer.take(LARGEST_ANSWER);
                answer.read_to_end(&mut helpers).await?;
            }
            Ok(())
        };
        let status = bounded(&mut child, read).await?;
        // Status 1 means that there is no such setting.
        if !status.success() && status.code() != Some(1) {
            return Err(GitError::Failed { status });
        }
        // An empty value takes back all before it.
        let last = helpers.split(|byte| *byte == 0).rev().nth(1);
        Ok(last.is_some_and(|helper| !helper.is_empty()))
    }

    /// Gives `token` to the helper, for `endpoint`.
    pub async fn approve(&self, endpoint: &str, token: &Token) -> Result<(), GitError> {
        self.tell("approve", endpoint, Some(token)).await
    }

    /// Makes the helper forget what it has for `endpoint`.
    pub async fn reject(&self, endpoint: &str) -> Result<(), GitError> {
        self.tell("reject", endpoint, None).await
    }

    async fn tell(
        &self,
        verb: &str,
        endpoint: &str,
        token: Option<&Token>,
    ) -> Result<(), GitError> {
        if endpoint.chars().any(char::is_control) {
            return Err(GitError::BadEndpoint {
                endpoint: endpoint.to_owned(),
            });
        }
        let mut child = self.start(&["credential", verb], Stdio::piped(), Stdio::null())?;
        let question = child.stdin.take();
        let write = async {
            if let Some(mut pipe) = question {
                let head = format!("url={endpoint}\nusername={USERNAME}\n");
                pipe.write_all(head.as_bytes()).await?;
                if let Some(token) = token {
                    pipe.write_all(b"password=").await?;
                    pipe.write_all(token.expose().as_bytes()).await?;
                    pipe.write_all(b"\n").await?;
                }
                pipe.write_all(b"\n").await?;
            }
            Ok(())
        };
        let status = bounded(&mut child, write).await?;
        if status.success() {
            Ok(())
        } else {
            Err(GitError::Failed { status })
        }
    }

    fn start(&self, arguments: &[&str], stdin: Stdio, stdout: Stdio) -> Result<Child, GitError> {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .env("GIT_TERMINAL_PROMPT", "0")
            // A helper that is set in the folder we happen to run in is nobody's choice.
            .env("GIT_DIR", if cfg!(windows) { "NUL" } else { "/dev/null" })
            // They hold a token, and neither git nor a helper needs them.
            .env_remove("HF_TOKEN")
            .env_remove("HUGGING_FACE_HUB_TOKEN")
            .stdin(stdin)
            .stdout(stdout)
            .stderr(Stdio::null())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => GitError::NotInstalled,
            _ => GitError::Io(error),
        })
    }
}

impl Default for GitCredential {
    fn default() -> Self {
        Self::new()
    }
}

/// Talks to `child` and waits for its end, both within the limit.
async fn bounded(
    child: &mut Child,
    talk: impl Future<Output = io::Result<()>>,
) -> Result<ExitStatus, GitError> {
    let ended = timeout(PATIENCE, async {
        match talk.await {
            // It ended without listening to the end: its status says more.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
            _ => {}
        }
        child.wait().await
    });
    match ended.await {
        Ok(status) => status.map_err(GitError::Io),
        Err(_) => {
            end(child).await;
            Err(GitError::GaveUp)
        }
    }
}

/// Ends git, and on Unix the helper it waits for: git alone would leave that behind.
async fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = child.id().and_then(|id| i32::try_from(id).ok()) {
        let group = rustix::process::Pid::from_raw(group);
        if let Some(group) = group {
            // It may have ended by itself in the meantime.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
    let _ = child.kill().await;
}
