//! What becomes of a transfer that stopped: again by itself, when a person has done something, or
//! not at all.

use hubdesk_core::Retry;
use hubdesk_download::Error as DownloadError;
use hubdesk_hub::Error as HubError;
use hubdesk_transfers::{Reason, Then};
use hubdesk_upload::Error as UploadError;

/// What becomes of a download that ended with `error`.
pub(crate) fn then(error: &DownloadError) -> Then {
    match error {
        DownloadError::Hub { source, .. } => of_hub(source),
        DownloadError::Cache { source, .. } => of_disk(source),
        DownloadError::RateLimited { after, .. } => Then::After(*after),
        DownloadError::NoSpace { .. } => Then::Blocked(Reason::NoSpace),
        DownloadError::Conflict { .. } => Then::Blocked(Reason::Conflict),
        // Another program is clearing the cache, and will have finished some day.
        DownloadError::Unsettled { .. } => Then::Soon,
        // Only asked for when nothing may be asked of the Hub.
        DownloadError::NotHere { .. } | DownloadError::Incomplete { .. } => Then::WhenOnline,
        DownloadError::Unusable { .. }
        | DownloadError::BadListing { .. }
        | DownloadError::NoSuchFile { .. }
        | DownloadError::NoSuchVariant { .. }
        | DownloadError::BadName { .. }
        | DownloadError::SameName { .. }
        | DownloadError::Corrupt { .. }
        | DownloadError::WrongLength { .. }
        | DownloadError::Changed { .. } => Then::Failed,
    }
}

/// What becomes of an upload that ended with `error`.
pub(crate) fn then_upload(error: &UploadError) -> Then {
    match error {
        // The next run looks whether it happened.
        UploadError::Hub {
            source: HubError::Unsure { .. },
            ..
        } => Then::Soon,
        UploadError::Hub { source, .. } => of_hub(source),
        // Somebody is writing to it, or to the branch, and will have finished some day.
        UploadError::Changed { .. } | UploadError::Unsettled { .. } => Then::Soon,
        UploadError::Xet { .. } => Then::Soon,
        UploadError::Overlap { .. } => Then::Blocked(Reason::Conflict),
        UploadError::Secret { .. } => Then::Blocked(Reason::Secret),
        UploadError::Source(_)
        | UploadError::NotAFile { .. }
        | UploadError::NoPlace
        | UploadError::Refused { .. }
        | UploadError::TooLargeForCommit { .. } => Then::Failed,
    }
}

fn of_hub(error: &HubError) -> Then {
    match error {
        HubError::SignedOut { .. } => Then::Blocked(Reason::SignedOut),
        HubError::Gated { .. } => Then::Blocked(Reason::Gated),
        // The proxy of another network may let us through, and the next start may be allowed to.
        HubError::OfflineMode { .. } | HubError::ProxyRefused { .. } => Then::WhenOnline,
        error => match error.retry() {
            Retry::No => Then::Failed,
            Retry::Soon => Then::Soon,
            Retry::After(pause) => Then::After(pause),
            Retry::WhenOnline => Then::WhenOnline,
        },
    }
}

fn of_disk(error: &hubdesk_cache::Error) -> Then {
    use hubdesk_cache::Error;
    match error {
        Error::NoSpace { .. } => Then::Blocked(Reason::NoSpace),
        Error::ReadOnly { .. } | Error::Denied { .. } => Then::Blocked(Reason::ReadOnly),
        Error::InTheWay { .. } => Then::Blocked(Reason::Conflict),
        Error::Gone { .. } => Then::Blocked(Reason::VolumeGone),
        Error::Held { .. } | Error::Pruned { .. } | Error::Stopped => Then::Soon,
        // A disk that fails may have been pulled out in the middle of it.
        Error::Io(_) => Then::Soon,
        Error::BadName { .. } | Error::LeadsOut { .. } => Then::Failed,
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::PathBuf;
    use std::time::Duration;

    use hubdesk_core::{ByteCount, RepoId, RepoKind};

    use super::*;

    fn repo() -> RepoId {
        RepoId::new(RepoKind::Model, "lab/m").unwrap()
    }

    fn disk(source: hubdesk_cache::Error) -> DownloadError {
        let repo = repo();
        DownloadError::Cache { repo, source }
    }

    #[test]
    fn an_upload_waits_for_a_person_only_where_a_person_has_to_decide() {
        let path = || hubdesk_core::RepoPath::new("a").unwrap();
        for (error, expected) in [
            (
                UploadError::Overlap {
                    repo: repo(),
                    paths: vec![path()],
                },
                Then::Blocked(Reason::Conflict),
            ),
            (
                UploadError::Secret {
                    path: path(),
                    secret: hubdesk_upload::Secret::Environment,
                },
                Then::Blocked(Reason::Secret),
            ),
            (
                UploadError::Changed {
                    path: PathBuf::from("/x"),
                },
                Then::Soon,
            ),
            (UploadError::Unsettled { repo: repo() }, Then::Soon),
            (UploadError::NoPlace, Then::Failed),
        ] {
            assert_eq!(then_upload(&error), expected, "{error}");
        }
    }

    #[test]
    fn who_has_to_do_what_is_told_apart() {
        let path = || PathBuf::from("/x");
        let source = || io::Error::from(io::ErrorKind::Other);
        use hubdesk_cache::Error as Disk;
        for (error, expected) in [
            (
                DownloadError::NoSpace {
                    folder: path(),
                    need: ByteCount(1),
                    free: ByteCount(0),
                },
                Then::Blocked(Reason::NoSpace),
            ),
            (
                disk(Disk::NoSpace {
                    path: path(),
                    source: source(),
                }),
                Then::Blocked(Reason::NoSpace),
            ),
            (
                disk(Disk::ReadOnly {
                    path: path(),
                    source: source(),
                }),
                Then::Blocked(Reason::ReadOnly),
            ),
            (
                disk(Disk::Denied {
                    path: path(),
                    source: source(),
                }),
                Then::Blocked(Reason::ReadOnly),
            ),
            (
                disk(Disk::Gone { path: path() }),
                Then::Blocked(Reason::VolumeGone),
            ),
            (
                disk(Disk::InTheWay { path: path() }),
                Then::Blocked(Reason::Conflict),
            ),
            (disk(Disk::LeadsOut { path: path() }), Then::Failed),
            (disk(Disk::Held { path: path() }), Then::Soon),
            (
                DownloadError::RateLimited {
                    repo: repo(),
                    after: Duration::from_secs(9),
                },
                Then::After(Duration::from_secs(9)),
            ),
            (DownloadError::Unsettled { repo: repo() }, Then::Soon),
        ] {
            let said = error.to_string();
            assert_eq!(then(&error), expected, "{said}");
        }
    }
}
