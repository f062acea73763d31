//! One program for each person: a second start shows the window of the first, and leaves.
//!
//! Who has the lock is the first. It listens on loopback, and says where and with which key in a
//! file that only its person can read. What can be asked of it is to show itself, nothing else.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hubdesk_disk::{ensure_dir, open_exclusive, read_up_to, write_private};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep, timeout};

/// How long a start waits for one that is just ending, or does not answer.
const PATIENCE: Duration = Duration::from_secs(6);
/// How long one look waits for the other side.
const LOOK: Duration = Duration::from_secs(2);
/// Time between two looks.
const PAUSE: Duration = Duration::from_millis(100);
/// What the first answers when it shows itself.
const SHOWN: &[u8] = b"shown\n";
/// Length of a key as it is written.
const KEY: usize = 32;

/// How a start of the program ends up.
#[derive(Debug)]
pub enum Start {
    /// It is the only one, and stays so while it keeps this.
    First(Instance),
    /// Another one has shown its window instead, or holds the place and does not answer.
    Second,
}

/// The place of the only program.
#[derive(Debug)]
pub struct Instance {
    _lock: Option<File>,
    listener: Option<TcpListener>,
    key: String,
}

/// Where the first one listens.
#[derive(Serialize, Deserialize)]
struct Address {
    port: u16,
    key: String,
}

impl Instance {
    /// Takes the place in `folder`, or hands over to whoever has it. Where no lock can be made,
    /// every start is the first: there is nothing to be shared then either.
    pub async fn claim(folder: &Path) -> Start {
        let (lock, address) = (folder.join("instance.lock"), folder.join("instance.json"));
        if let Err(error) = ensure_dir(folder) {
            tracing::warn!(%error, "nobody knows whether Hubdesk runs already");
            return Start::First(Self::alone(None));
        }
        let begun = Instant::now();
        loop {
            match open_exclusive(&lock) {
                Ok(Some(lock)) => return Start::First(Self::listening(lock, address).await),
                Err(error) => {
                    tracing::warn!(%error, "nobody knows whether Hubdesk runs already");
                    return Start::First(Self::alone(None));
                }
                Ok(None) => {}
            }
            let is_shown = matches!(timeout(LOOK, show(&address)).await, Ok(Some(())));
            if is_shown || begun.elapsed() > PATIENCE {
                return Start::Second;
            }
            // It is just beginning, or just ending.
            sleep(PAUSE).await;
        }
    }

    fn alone(lock: Option<File>) -> Self {
        Self {
            _lock: lock,
            listener: None,
            key: String::new(),
        }
    }

    async fn listening(lock: File, address: PathBuf) -> Self {
        let mut bytes = [0; KEY / 2];
        let Ok(()) = getrandom::fill(&mut bytes) else {
            return Self::alone(Some(lock));
        };
        let key: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let port = listener.as_ref().ok().and_then(|it| it.local_addr().ok());
        let (Ok(listener), Some(port)) = (listener, port.map(|at| at.port())) else {
            return Self::alone(Some(lock));
        };
        let told = Address {
            port,
            key: key.clone(),
        };
        let text = serde_json::to_vec(&told).expect("numbers and text are always JSON");
        if let Err(error) = write_private(&address, &text) {
            tracing::warn!(%error, "a second start will not find this one");
        }
        Self {
            _lock: Some(lock),
            listener: Some(listener),
            key,
        }
    }

    /// Waits until somebody starts the program again.
    pub async fn started_again(&self) {
        loop {
            let Some(listener) = &self.listener else {
                return std::future::pending().await;
            };
            let Ok((stream, _)) = listener.accept().await else {
                sleep(PAUSE).await;
                continue;
            };
            if matches!(timeout(LOOK, self.hear(stream)).await, Ok(Some(()))) {
                return;
            }
        }
    }

    /// Hears whether somebody knows the key.
    async fn hear(&self, mut stream: TcpStream) -> Option<()> {
        let mut said = [0; KEY];
        stream.read_exact(&mut said).await.ok()?;
        if said != *self.key.as_bytes() {
            return None;
        }
        stream.write_all(SHOWN).await.ok()
    }
}

/// Has the first one show itself.
async fn show(address: &Path) -> Option<()> {
    let text = read_up_to(address, 1000).ok()??;
    let at: Address = serde_json::from_slice(&text).ok()?;
    let mut stream = TcpStream::connect(("127.0.0.1", at.port)).await.ok()?;
    stream.write_all(at.key.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.take(16).read_to_end(&mut answer).await.ok()?;
    (answer == SHOWN).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn first(folder: &Path) -> Instance {
        match Instance::claim(folder).await {
            Start::First(instance) => instance,
            Start::Second => panic!("nobody else has the place"),
        }
    }

    #[tokio::test]
    async fn a_second_start_is_heard_by_the_first_and_leaves() {
        let home = tempfile::tempdir().unwrap();
        let instance = first(home.path()).await;
        let (second, ()) = tokio::join!(Instance::claim(home.path()), instance.started_again());
        assert!(matches!(second, Start::Second));
        drop(instance);
        first(home.path()).await;
    }

    #[tokio::test]
    async fn a_start_while_the_first_ends_takes_its_place() {
        let home = tempfile::tempdir().unwrap();
        let instance = first(home.path()).await;
        let ends = async {
            sleep(PAUSE).await;
            drop(instance);
        };
        let (second, ()) = tokio::join!(Instance::claim(home.path()), ends);
        assert!(matches!(second, Start::First(_)));
    }

    #[tokio::test]
    async fn who_does_not_know_the_key_is_not_heard() {
        let home = tempfile::tempdir().unwrap();
        let instance = first(home.path()).await;
        let text = std::fs::read(home.path().join("instance.json")).unwrap();
        let at: Address = serde_json::from_slice(&text).unwrap();
        let stranger = async {
            let mut stream = TcpStream::connect(("127.0.0.1", at.port)).await.unwrap();
            stream.write_all("0".repeat(KEY).as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer).await;
            assert!(answer.is_empty());
        };
        tokio::select! {
            () = instance.started_again() => panic!("a stranger was heard"),
            () = stranger => {}
        }
    }
}
