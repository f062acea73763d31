//! What uploads would do, found out behind the scenes: a folder may have very many files. A window
//! asks how far it is, and then for the files page by page.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use futures_util::FutureExt as _;
use hubdesk_core::RepoPath;
use hubdesk_hub::Hub;
use hubdesk_transfers::request::UploadV1;
use hubdesk_upload::{Ctx, Fate, Finding, Planned, Preview, Progress, Stage, Travel};
use tokio_util::sync::CancellationToken;

use crate::App;
use crate::api::{
    ApiError, FateCount, FileFate, PreviewFile, PreviewFiles, PreviewFilesRequest, PreviewId,
    PreviewStage, UploadPlan, UploadPreview,
};
use crate::error::{finding_words, reported, secret_words, upload_error, why_words};
use crate::queue::live_upload;

/// Previews that are kept; each may hold very many files.
const MOST: usize = 4;
/// Files on a page, at most.
const PAGE: u32 = 1000;
/// Findings that are told, at most.
const FINDINGS: usize = 1000;

/// The previews of this run of the program.
#[derive(Default)]
pub(crate) struct Previews {
    last: AtomicU64,
    kept: Mutex<VecDeque<(PreviewId, Arc<One>)>>,
}

/// One of them.
struct One {
    cancel: CancellationToken,
    progress: Arc<Progress>,
    end: OnceLock<Result<Seen, ApiError>>,
}

/// What was found out.
struct Seen {
    plan: UploadPlan,
    files: Vec<PreviewFile>,
}

impl Previews {
    /// How far `id` is, and what it has found.
    pub(crate) fn look(&self, id: PreviewId) -> Result<UploadPreview, ApiError> {
        let one = self.get(id)?;
        Ok(match one.end.get() {
            Some(Ok(seen)) => UploadPreview::Ready {
                plan: seen.plan.clone(),
            },
            Some(Err(error)) => UploadPreview::Failed {
                error: error.clone(),
            },
            None => one.looking(),
        })
    }

    /// Some of the files of one that is ready.
    pub(crate) fn files(&self, request: &PreviewFilesRequest) -> Result<PreviewFiles, ApiError> {
        let one = self.get(request.id)?;
        let Some(Ok(seen)) = one.end.get() else {
            return Err(ApiError::bad_input("That preview is not ready."));
        };
        let is_asked = |file: &&PreviewFile| request.fate.is_none_or(|fate| file.fate == fate);
        let files = || seen.files.iter().filter(is_asked);
        let page = files()
            .skip(request.after as usize)
            .take(request.limit.min(PAGE) as usize);
        Ok(PreviewFiles {
            files: page.cloned().collect(),
            total: files().count() as u64,
        })
    }

    /// Stops and forgets `id`, if it is there.
    pub(crate) fn close(&self, id: PreviewId) {
        self.lock().retain(|(kept, one)| {
            if *kept == id {
                one.cancel.cancel();
            }
            *kept != id
        });
    }

    fn add(&self) -> (PreviewId, Arc<One>) {
        let id = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let one = Arc::new(One {
            cancel: CancellationToken::new(),
            progress: Arc::default(),
            end: OnceLock::new(),
        });
        let mut kept = self.lock();
        kept.push_back((id, Arc::clone(&one)));
        while kept.len() > MOST {
            if let Some((_, oldest)) = kept.pop_front() {
                oldest.cancel.cancel();
            }
        }
        (id, one)
    }

    fn get(&self, id: PreviewId) -> Result<Arc<One>, ApiError> {
        let kept = self.lock();
        let found = kept.iter().find(|(kept, _)| *kept == id);
        found
            .map(|(_, one)| Arc::clone(one))
            .ok_or_else(|| ApiError::bad_input("That preview is not there any more."))
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(PreviewId, Arc<One>)>> {
        self.kept
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

/// What is not looked at any more when the program ends is stopped.
impl Drop for Previews {
    fn drop(&mut self) {
        self.lock().iter().for_each(|(_, one)| one.cancel.cancel());
    }
}

impl One {
    fn looking(&self) -> UploadPreview {
        let reading = self.progress.meter.read();
        UploadPreview::Looking {
            stage: match self.progress.stage() {
                Stage::Walking => PreviewStage::Walking,
                Stage::Listing => PreviewStage::Listing,
                Stage::Fingerprinting | Stage::Sending | Stage::Committing => PreviewStage::Reading,
            },
            files_total: reading.files_total,
            files_done: reading.files_done,
            bytes_total: reading.bytes_total,
            bytes_done: reading.bytes_done,
        }
    }
}

impl App {
    /// Begins to find out what `stored` would do at `hub`. What a person has acknowledged is no
    /// finding any more.
    pub(crate) async fn start_preview(
        &self,
        stored: &UploadV1,
        hub: Hub,
    ) -> Result<PreviewId, ApiError> {
        let request = live_upload(stored)?;
        let known = self.known_of(&request).await;
        let parts = self.upload_parts(hub, Arc::clone(&known));
        let (id, one) = self.previews().add();
        tokio::spawn(async move {
            let ctx = Ctx {
                cancel: one.cancel.clone(),
                progress: Arc::clone(&one.progress),
                ..Ctx::default()
            };
            let looking = AssertUnwindSafe(hubdesk_upload::preview(&request, &parts, &ctx));
            let end = match looking.catch_unwind().await {
                Ok(Ok(Some(preview))) => Ok(seen(preview, request.acknowledged.as_ref())),
                // Nobody wants to know.
                Ok(Ok(None)) => return,
                Ok(Err(error)) => Err(upload_error(&error)),
                Err(panic) => Err(reported(&*panic, "a preview")),
            };
            known.keep().await;
            let _ = one.end.set(end);
        });
        Ok(id)
    }
}

fn seen(mut preview: Preview, acknowledged: Option<&BTreeSet<RepoPath>>) -> Seen {
    preview.findings.retain(|finding| match finding {
        Finding::Secret { path, .. } => !acknowledged.is_some_and(|known| known.contains(path)),
        _ => true,
    });
    let (to_send, bytes_to_send, commits) = {
        let sent = preview.files.iter().filter(|file| file.is_sent());
        let commits = preview.commits() as u64;
        (sent.count() as u64, preview.bytes_to_send(), commits)
    };
    preview
        .findings
        .sort_by_key(|finding| !finding.is_blocking());
    let told = preview.findings.iter().take(FINDINGS).map(finding_words);
    let findings = told.collect();
    let files = preview.files.into_iter().map(file);
    let left_out = preview.left_out.iter().map(|one| PreviewFile {
        path: one.path.display().to_string(),
        bytes: 0,
        fate: FileFate::LeftOut,
        is_large: false,
        why: Some(why_words(&one.why)),
    });
    let removed = preview.to_remove.iter().map(|path| PreviewFile {
        path: path.to_string(),
        bytes: 0,
        fate: FileFate::Removed,
        is_large: false,
        why: None,
    });
    let files: Vec<_> = files.chain(left_out).chain(removed).collect();
    Seen {
        plan: UploadPlan {
            base: preview.base.map(|base| base.to_string()),
            counts: counts(&files),
            files_to_send: to_send,
            bytes_to_send,
            commits,
            findings,
            findings_total: preview.findings.len() as u64,
        },
        files,
    }
}

fn file(planned: Planned) -> PreviewFile {
    PreviewFile {
        path: planned.path.to_string(),
        bytes: planned.size,
        fate: match (planned.travel, planned.fate) {
            (Some(Travel::Ignored), _) => FileFate::Ignored,
            (_, Fate::New) => FileFate::New,
            (_, Fate::Changed) => FileFate::Changed,
            (_, Fate::Same) => FileFate::Same,
        },
        is_large: planned.travel == Some(Travel::Large),
        why: planned.secret.map(secret_words),
    }
}

fn counts(files: &[PreviewFile]) -> Vec<FateCount> {
    let mut counts: BTreeMap<FileFate, FateCount> = BTreeMap::new();
    for file in files {
        let count = counts.entry(file.fate).or_insert(FateCount {
            fate: file.fate,
            files: 0,
            bytes: 0,
        });
        count.files += 1;
        count.bytes = count.bytes.saturating_add(file.bytes);
    }
    counts.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_that_nobody_looks_at_any_more_is_stopped() {
        let previews = Previews::default();
        let (first, one) = previews.add();
        assert!(matches!(
            previews.look(first),
            Ok(UploadPreview::Looking { .. })
        ));
        let (second, other) = previews.add();
        previews.close(second);
        assert!(other.cancel.is_cancelled() && !one.cancel.is_cancelled());
        for _ in 0..MOST {
            previews.add();
        }
        assert!(one.cancel.is_cancelled());
        assert!(previews.look(first).is_err());
    }
}
