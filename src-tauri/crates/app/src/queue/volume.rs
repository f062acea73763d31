//! The volume a transfer goes to. When it is taken away its name leads to a folder of another one,
//! which must not be filled in its place.

use std::path::{Path, PathBuf};
use std::time::Duration;

use hubdesk_disk::volume_of;
use hubdesk_transfers::request::IntoV1;

/// Time between two looks while a run is at work: what is made in the wrong place meanwhile is
/// empty, or next to it.
const LOOK: Duration = Duration::from_secs(1);

/// The folder that `into` names.
pub(super) fn folder_of(into: &IntoV1) -> &Path {
    let (IntoV1::Cache { path } | IntoV1::Folder { path }) = into;
    Path::new(path)
}

/// The volume that holds `into`, or will hold it, if that can be told. Blocks.
pub(crate) fn holding(into: &IntoV1) -> Option<PathBuf> {
    let volume = volume_of(folder_of(into));
    is_there(&volume).then_some(volume)
}

/// Whether a volume begins at `volume` now: a folder in which one can be mounted is none. Blocks.
pub(super) fn is_there(volume: &Path) -> bool {
    volume.is_dir() && volume_of(volume) == volume
}

/// The same for who must not block; what cannot be told is there.
pub(super) async fn is_still_there(volume: &Path) -> bool {
    let volume = volume.to_owned();
    let look = tokio::task::spawn_blocking(move || is_there(&volume));
    look.await.unwrap_or(true)
}

/// Waits until `volume` is not there any more; for ever if none is known.
pub(super) async fn goes(volume: Option<&Path>) {
    let Some(volume) = volume else {
        return std::future::pending().await;
    };
    while is_still_there(volume).await {
        tokio::time::sleep(LOOK).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_in_a_folder_goes_to_the_volume_it_lies_on_and_that_is_there() {
        let home = tempfile::tempdir().unwrap();
        let into = IntoV1::Cache {
            path: home.path().join("not/yet").to_str().unwrap().to_owned(),
        };
        let volume = holding(&into).unwrap();
        assert!(home.path().canonicalize().unwrap().starts_with(&volume));
        assert!(is_there(&volume));
        assert!(!is_there(home.path()), "nothing is mounted there");
        assert!(!is_there(&home.path().join("not/there")));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_mounted_file_system_is_a_volume_of_its_own() {
        let into = IntoV1::Folder {
            path: "/proc/self".to_owned(),
        };
        assert_eq!(holding(&into), Some(PathBuf::from("/proc")));
    }
}
