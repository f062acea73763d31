//! Uploads: what is asked for, and their runs.

mod made;
mod request;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hubdesk_hub::Hub;
use hubdesk_transfers::request::{SourceV1, UploadV1};
use hubdesk_transfers::{Ctx, Outcome, Reason, Then};
use hubdesk_upload::{Error as UploadError, Parts, Request, Tuning};

use self::made::InMemo;
pub(crate) use self::made::read_made;
pub(crate) use self::request::{Said, checked_message, live_upload, place, stored_upload};
use self::watch::{Shown, Told};
use super::worker::{Engines, Refusal, gone, until_gone};
use crate::App;
use crate::api::ApiError;
use crate::error::{queue_error, then_upload, unreadable_words, upload_error};
use crate::fingerprints::Known;

impl Engines {
    /// Runs an upload to its end, as the account and the network are now.
    pub(super) async fn upload(&self, stored: &UploadV1, ctx: &Ctx) -> Result<Outcome, Refusal> {
        let request = live_upload(stored).map_err(Refusal::failed)?;
        let volume = ctx.volume.as_deref();
        if let Some(volume) = gone(volume).await {
            return Err(Refusal::source_gone(volume));
        }
        let memo = ctx.memo.get().await;
        let memo = memo.map_err(|error| Refusal::new(queue_error(&error), Then::Soon))?;
        let made = read_made(memo.as_deref()).ok_or_else(|| {
            let why = hubdesk_transfers::request::Unreadable::Newer;
            Refusal::failed(unreadable_words(why))
        })?;
        let Some(app) = self.app().upgrade() else {
            return Ok(Outcome::Cancelled);
        };
        let known = Arc::new(Known::of(app.queue().store(), &request).await);
        let hub = app.hub_to_send(stored).await?;
        let parts = app.upload_parts(hub, Arc::clone(&known));
        // A run may take days, and must not keep the program.
        drop(app);
        let run = hubdesk_upload::Ctx {
            cancel: ctx.cancel.child_token(),
            progress: Arc::default(),
            share: ctx.share.clone(),
            made,
            keep: Some(Arc::new(InMemo(ctx.memo.clone()))),
            files: Some(Arc::new(Told(ctx.files.clone()))),
        };
        let shown = Shown(Arc::clone(&run.progress));
        ctx.progress.show(Arc::new(shown));
        let running = hubdesk_upload::run(&request, &parts, &run);
        let ended = until_gone(running, &run.cancel, volume).await;
        known.keep().await;
        match ended {
            Ok(hubdesk_upload::Outcome::Done(_)) => Ok(Outcome::Done { folder: None }),
            Ok(hubdesk_upload::Outcome::Cancelled) => match gone(volume).await {
                Some(volume) => Err(Refusal::source_gone(volume)),
                None => Ok(Outcome::Cancelled),
            },
            Err(error) => {
                tracing::info!(%error, id = %ctx.id, "an upload stopped");
                Err(refusal(&error, volume).await)
            }
        }
    }
}

async fn refusal(error: &UploadError, volume: Option<&Path>) -> Refusal {
    let words = upload_error(error);
    match error {
        UploadError::Source(_) => match gone(volume).await {
            Some(volume) => Refusal::source_gone(volume),
            None => Refusal::new(words, then_upload(error)),
        },
        _ => Refusal::new(words, then_upload(error)),
    }
}

impl App {
    /// The Hub an upload goes to, as its account; what people look at comes before it. Without its
    /// token nothing can be sent, and the Hub might say that there is no such repository.
    pub(super) async fn hub_to_send(&self, stored: &UploadV1) -> Result<Hub, Refusal> {
        let account = stored.account.as_deref();
        let (hub, _) = self.hub_for(&stored.endpoint, account).await?;
        match self.lost(&stored.endpoint, account) {
            Some(refusal) => Err(refusal),
            None => Ok(hub.in_background()),
        }
    }

    /// The Hub an upload has gone to, as its account.
    pub(crate) async fn hub_of_upload(&self, stored: &UploadV1) -> Result<Hub, ApiError> {
        let account = stored.account.as_deref();
        match self.hub_for(&stored.endpoint, account).await {
            Ok((hub, _)) => Ok(hub),
            Err(refusal) => Err(refusal.error),
        }
    }

    /// What an upload works with.
    pub(crate) fn upload_parts(&self, hub: Hub, known: Arc<Known>) -> Parts {
        Parts {
            hub,
            xet: self.connection().xet(),
            fingerprints: known,
            clock: self.shared_clock(),
            tuning: Tuning::default(),
        }
    }

    /// What is known of the files of `request`.
    pub(crate) async fn known_of(&self, request: &Request) -> Arc<Known> {
        Arc::new(Known::of(self.queue().store(), request).await)
    }
}

/// Where the sources of `stored` are.
pub(super) fn paths(stored: &UploadV1) -> impl Iterator<Item = &Path> {
    stored.sources.iter().map(|source| match source {
        SourceV1::File { path, .. } | SourceV1::Folder { path, .. } => Path::new(path),
    })
}

/// The volume that holds the sources, if they lie on one and that can be told. Blocks.
pub(crate) fn holding_sources(stored: &UploadV1) -> Option<PathBuf> {
    let mut volumes = paths(stored).map(hubdesk_disk::volume_of);
    let first = volumes.next()?;
    (volumes.all(|other| other == first) && super::volume::is_there(&first)).then_some(first)
}

/// Whether nothing of `reason` is in the way of an upload any more. Blocks.
pub(super) fn is_cleared(volume: Option<&Path>, stored: &UploadV1, reason: Reason) -> bool {
    // Everything else is the Hub's or a person's.
    reason == Reason::VolumeGone
        && volume.is_none_or(super::volume::is_there)
        && paths(stored).all(|path| std::fs::metadata(path).is_ok())
}

#[cfg(test)]
mod tests {
    use super::super::samples::upload;
    use super::*;

    #[test]
    fn a_look_tells_when_what_is_uploaded_is_there_again() {
        let home = tempfile::tempdir().unwrap();
        let there = upload(home.path().to_str().unwrap());
        let gone = upload(home.path().join("gone").to_str().unwrap());
        let volume = holding_sources(&there).unwrap();
        let is_cleared = |stored, reason| is_cleared(Some(&volume), stored, reason);
        assert!(is_cleared(&there, Reason::VolumeGone));
        assert!(!is_cleared(&gone, Reason::VolumeGone));
        assert!(!super::is_cleared(
            Some(home.path()),
            &there,
            Reason::VolumeGone
        ));
        for reason in [Reason::Conflict, Reason::Secret, Reason::SignedOut] {
            assert!(!is_cleared(&there, reason), "{reason:?}");
        }
    }
}
