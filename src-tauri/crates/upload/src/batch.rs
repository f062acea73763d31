//! What goes into one commit. Pure.

use hubdesk_hub::Mode;

use crate::ask::Item;
use crate::pace::MOST_REGULAR;

/// Files of the next commit, in order, as they come in.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) items: Vec<Item>,
    regular: usize,
}

impl Batch {
    /// Whether `item` still belongs into this commit, of at most `most` files.
    pub(crate) fn has_room(&self, item: &Item, most: usize) -> bool {
        let is_within = self.items.len() < most && self.regular + regular(item) <= MOST_REGULAR;
        is_within || self.items.is_empty()
    }

    /// Takes a file.
    pub(crate) fn push(&mut self, item: Item) {
        self.regular += regular(&item);
        self.items.push(item);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

/// What of a file travels within the commit, in bytes.
fn regular(item: &Item) -> usize {
    match item.mode {
        Mode::Regular => item.found.size as usize,
        Mode::Large => 0,
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use hubdesk_core::RepoPath;

    use super::*;
    use crate::{Content, Found};

    fn item(size: usize, mode: Mode) -> Item {
        Item {
            path: RepoPath::new("a").unwrap(),
            found: Found {
                content: Content::Bytes(Bytes::new()),
                size: size as u64,
            },
            fingerprint: None,
            bytes: None,
            sample: Bytes::new(),
            mode,
            is_counted: false,
        }
    }

    fn with(items: impl IntoIterator<Item = Item>) -> Batch {
        let mut batch = Batch::default();
        items.into_iter().for_each(|item| batch.push(item));
        batch
    }

    #[test]
    fn a_batch_ends_with_its_number_of_files_or_its_bytes() {
        let one = || item(1, Mode::Regular);
        assert!(with([one()]).has_room(&one(), 2));
        assert!(!with([one(), one()]).has_room(&one(), 2));
        let full = with([item(MOST_REGULAR, Mode::Regular)]);
        assert!(full.has_room(&item(MOST_REGULAR, Mode::Large), 9));
        assert!(!full.has_room(&one(), 9));
    }

    #[test]
    fn what_is_too_much_for_any_is_alone() {
        let whole = || item(MOST_REGULAR + 1, Mode::Regular);
        assert!(with([]).has_room(&whole(), 9));
        assert!(!with([whole()]).has_room(&item(1, Mode::Regular), 9));
    }
}
