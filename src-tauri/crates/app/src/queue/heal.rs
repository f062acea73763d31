//! Whether what was in the way of a download is not any more. Quick looks at this machine only.

use std::path::Path;

use hubdesk_disk::{available_space, open_exclusive, remove_if_there, unique_suffix};
use hubdesk_transfers::request::{DownloadV1, IntoV1};
use hubdesk_transfers::{Reason, Transfer};

use super::volume::{folder_of, is_there};

/// Whether nothing of `reason` is in the way of `transfer`, which asks for `stored`, any more. Where
/// nobody has said how much room is missing, the next run finds out. Blocks.
pub(super) fn is_cleared(transfer: &Transfer, stored: &DownloadV1, reason: Reason) -> bool {
    let folder = folder_of(&stored.into);
    let volume = transfer.volume.as_deref().map(Path::new);
    match reason {
        Reason::NoSpace => transfer.room.as_ref().is_none_or(|room| {
            available_space(Path::new(&room.folder))
                .is_ok_and(|free| free > 0 && free >= room.bytes)
        }),
        Reason::ReadOnly => can_write(folder),
        Reason::VolumeGone => {
            // The cache is made anew on a volume that is there, a person's own folder is not.
            let is_made = matches!(stored.into, IntoV1::Cache { .. }) && volume.is_some();
            volume.is_none_or(is_there) && (is_made || folder.is_dir())
        }
        // These are the Hub's or a person's.
        Reason::SignedOut | Reason::Gated | Reason::Conflict | Reason::Secret => false,
    }
}

/// Tries it, since neither permissions nor mount options tell the whole truth. A folder that is not
/// there yet would be made in the nearest one that is.
fn can_write(folder: &Path) -> bool {
    let Some(nearest) = folder.ancestors().find(|folder| folder.is_dir()) else {
        return false;
    };
    let probe = nearest.join(format!(".hubdesk-{}", unique_suffix()));
    let is_made = matches!(open_exclusive(&probe), Ok(Some(_)));
    is_made && remove_if_there(&probe).is_ok()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use hubdesk_transfers::Room;
    use hubdesk_transfers::request::Request;

    use super::super::samples::row;
    use super::*;

    fn into(folder: &Path) -> (Transfer, DownloadV1) {
        let mut row = row(1);
        let Ok(Request::Download(stored)) = &mut row.request else {
            panic!("it is a download");
        };
        let path = folder.to_str().unwrap().to_owned();
        stored.into = IntoV1::Folder { path };
        let stored = stored.clone();
        (row, stored)
    }

    fn is_cleared(of: &(Transfer, DownloadV1), reason: Reason) -> bool {
        super::is_cleared(&of.0, &of.1, reason)
    }

    #[test]
    fn a_look_tells_when_a_disk_is_back_writable_or_has_room() {
        let home = tempfile::tempdir().unwrap();
        let missing = into(&home.path().join("missing"));
        let mut there = into(home.path());
        assert!(!is_cleared(&missing, Reason::VolumeGone));
        assert!(is_cleared(&there, Reason::VolumeGone));
        assert!(is_cleared(&there, Reason::ReadOnly));
        let left = std::fs::read_dir(home.path()).unwrap().count();
        assert_eq!(left, 0, "the look leaves nothing");
        assert!(is_cleared(&there, Reason::NoSpace), "the run finds out");
        for (bytes, has_room) in [(1, true), (u64::MAX, false)] {
            let folder = home.path().to_str().unwrap().to_owned();
            there.0.room = Some(Room { folder, bytes });
            assert_eq!(is_cleared(&there, Reason::NoSpace), has_room);
        }
        for reason in [Reason::SignedOut, Reason::Gated, Reason::Conflict] {
            assert!(!is_cleared(&there, reason), "{reason:?}");
        }
    }

    #[test]
    fn a_folder_in_the_place_of_a_disk_is_not_that_disk() {
        let home = tempfile::tempdir().unwrap();
        let mut own = into(home.path());
        own.0.volume = home.path().to_str().map(str::to_owned);
        assert!(!is_cleared(&own, Reason::VolumeGone));
        let path = home.path().join("cache").to_str().unwrap().to_owned();
        own.1.into = IntoV1::Cache { path };
        assert!(!is_cleared(&own, Reason::VolumeGone));
        let volume: PathBuf = hubdesk_disk::volume_of(home.path());
        own.0.volume = volume.to_str().map(str::to_owned);
        assert!(is_cleared(&own, Reason::VolumeGone), "a cache is made anew");
    }
}
