use std::path::PathBuf;
use std::time::Duration;

/// Why a job moves no bytes just now. Engines say it, the queue passes it on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wait {
    /// Another program is writing the same content.
    Lock {
        /// What it holds.
        path: PathBuf,
    },
    /// A connection gave nothing for so long that it was closed; a new one is tried.
    Stalled {
        /// Who fell silent.
        host: String,
    },
    /// The chunk store is no help just now; what is missing is fetched over plain HTTP.
    ChunkStore,
    /// Something failed that may pass; tried again after a pause.
    Fault {
        /// Attempts that brought nothing, in a row.
        attempt: u32,
        /// The pause.
        pause: Duration,
    },
    /// The server asked to be left alone for a while.
    Busy {
        /// How long.
        pause: Duration,
    },
}
