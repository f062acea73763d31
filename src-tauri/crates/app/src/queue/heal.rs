//! Whether what was in the way of a download is not any more. Quick looks at this machine only.

use std::path::Path;

use hubdesk_disk::{available_space, open_exclusive, remove_if_there, unique_suffix};
use hubdesk_transfers::Reason;
use hubdesk_transfers::request::{DownloadV1, IntoV1};

use super::worker::Need;

/// Whether nothing of `reason` is in the way of `stored` any more. How much room was missing is not
/// known after a new start; then the next run finds out. Blocks.
pub(super) fn is_cleared(stored: &DownloadV1, reason: Reason, need: Option<&Need>) -> bool {
    let (IntoV1::Cache { path } | IntoV1::Folder { path }) = &stored.into;
    let folder = Path::new(path);
    match reason {
        Reason::NoSpace => need.is_none_or(|need| {
            available_space(&need.folder).is_ok_and(|free| free > 0 && free >= need.bytes)
        }),
        Reason::ReadOnly => can_write(folder),
        Reason::VolumeGone => folder.is_dir(),
        // These are the Hub's or a person's.
        Reason::SignedOut | Reason::Gated | Reason::Conflict => false,
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
    use hubdesk_transfers::request::{KindV1, OverwriteV1, RepoV1, SelectV1};

    use super::*;

    fn into(folder: &Path) -> DownloadV1 {
        DownloadV1 {
            endpoint: "https://hub.example".to_owned(),
            account: None,
            repo: RepoV1 {
                kind: KindV1::Model,
                name: "lab/m".to_owned(),
            },
            revision: "main".to_owned(),
            commit: None,
            select: SelectV1::All,
            into: IntoV1::Folder {
                path: folder.to_str().unwrap().to_owned(),
            },
            overwrite: OverwriteV1::Changed,
        }
    }

    #[test]
    fn a_look_tells_when_a_disk_is_back_writable_or_has_room() {
        let home = tempfile::tempdir().unwrap();
        let missing = into(&home.path().join("missing"));
        let there = into(home.path());
        assert!(!is_cleared(&missing, Reason::VolumeGone, None));
        assert!(is_cleared(&there, Reason::VolumeGone, None));
        assert!(is_cleared(&there, Reason::ReadOnly, None));
        let left = std::fs::read_dir(home.path()).unwrap().count();
        assert_eq!(left, 0, "the look leaves nothing");
        let need = |bytes| Need {
            folder: home.path().to_owned(),
            bytes,
        };
        assert!(is_cleared(&there, Reason::NoSpace, Some(&need(1))));
        assert!(!is_cleared(&there, Reason::NoSpace, Some(&need(u64::MAX))));
        assert!(
            is_cleared(&there, Reason::NoSpace, None),
            "the run finds out"
        );
        for reason in [Reason::SignedOut, Reason::Gated, Reason::Conflict] {
            assert!(!is_cleared(&there, reason, None), "{reason:?}");
        }
    }
}
