use crate::{Illegal, TransferId};

/// Why the queue has not done what it was told. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such transfer, or not any more.
    #[error("there is no transfer {id}")]
    Unknown {
        /// Which.
        id: TransferId,
    },
    /// It cannot happen to a transfer that stands so.
    #[error(transparent)]
    Illegal(#[from] Illegal),
    /// Only what has ended can be removed.
    #[error("transfer {id} has not ended")]
    NotEnded {
        /// Which.
        id: TransferId,
    },
    /// There are too many already.
    #[error("the queue holds {limit} transfers and takes no more")]
    TooMany {
        /// How many it holds at most.
        limit: usize,
    },
    /// The database cannot keep it.
    #[error("cannot keep the queue")]
    Store(#[from] hubdesk_store::Error),
    /// The program ends.
    #[error("the queue is closed")]
    Closed,
}
