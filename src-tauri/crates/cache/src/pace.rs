use std::fmt;
use std::sync::Arc;

use crate::Error;

/// A piece of work on local files that takes long, as whoever waits for it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// So many bytes were read to compare them.
    Read(u64),
    /// So many bytes were copied.
    Copied(u64),
}

/// Is told after every few MiB that are read or copied, and says whether to go on; by default it
/// always does. What is stopped ends with [`Error::Stopped`] and leaves nothing visible.
#[derive(Clone, Default)]
pub struct Pace(Option<Arc<dyn Fn(Did) -> bool + Send + Sync>>);

impl Pace {
    /// Asks `go_on`, which is called on the thread that works.
    pub fn new(go_on: impl Fn(Did) -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(go_on)))
    }

    pub(crate) fn is_to_go_on(&self, did: Did) -> bool {
        self.0.as_ref().is_none_or(|go_on| go_on(did))
    }

    pub(crate) fn tell(&self, did: Did) -> Result<(), Error> {
        match self.is_to_go_on(did) {
            true => Ok(()),
            false => Err(Error::Stopped),
        }
    }
}

impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pace")
    }
}
