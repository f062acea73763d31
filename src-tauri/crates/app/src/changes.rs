//! Changes of what the Hub holds that were planned, and wait for a person's word: what takes an
//! upload back, and copies, moves and deletions. What was shown is what is done, or nothing.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use hubdesk_core::RepoId;
use hubdesk_hub::{DiscussionStatus, Hub, Message};
use hubdesk_transfers::request::UploadV1;
use hubdesk_upload::{
    Error, Made, Outcome, Progress, Rearrange, RearrangePlan, Undo, UndoPlan, Uploaded,
    run_rearrange, run_undo,
};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use crate::api::{ApiError, ChangeId};
use crate::error::{change_error, hub_error, reported};
use crate::queue::live_upload;

/// Plans that are kept; each may be about very many files.
const MOST: usize = 8;

/// The plans of this run of the program.
#[derive(Default)]
pub(crate) struct Changes {
    last: AtomicU64,
    kept: Mutex<VecDeque<(ChangeId, Arc<Change>)>>,
}

/// A change that was planned.
pub(crate) struct Change {
    hub: Hub,
    what: What,
    cancel: CancellationToken,
    /// What it has led to. While one tries, others wait for it.
    made: OnceCell<Made>,
}

/// What there is to do.
pub(crate) enum What {
    /// Takes an upload back.
    Undo(Undo, UndoPlan),
    /// Copies, moves and deletes.
    Rearrange(Rearrange, RearrangePlan),
}

impl Changes {
    /// A name for what is planned.
    pub(crate) fn name(&self) -> ChangeId {
        self.last.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Keeps what was planned at `hub` as `id`.
    pub(crate) fn keep(&self, id: ChangeId, hub: Hub, what: What) {
        let change = Arc::new(Change {
            hub,
            what,
            cancel: CancellationToken::new(),
            made: OnceCell::new(),
        });
        let mut kept = self.lock();
        kept.push_back((id, change));
        // One that is under way goes on; it is only not named any more.
        while kept.len() > MOST {
            kept.pop_front();
        }
    }

    /// What was named `id`.
    pub(crate) fn get(&self, id: ChangeId) -> Result<Arc<Change>, ApiError> {
        let kept = self.lock();
        let found = kept.iter().find(|(kept, _)| *kept == id);
        found
            .map(|(_, change)| Arc::clone(change))
            .ok_or_else(|| ApiError::bad_input("That plan is not there any more: look again."))
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(ChangeId, Arc<Change>)>> {
        self.kept
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

/// What is under way when the program ends is stopped behind its next commit.
impl Drop for Changes {
    fn drop(&mut self) {
        for (_, change) in self.lock().iter() {
            change.cancel.cancel();
        }
    }
}

impl Change {
    /// Where it was planned.
    pub(crate) fn hub(&self) -> &Hub {
        &self.hub
    }

    /// What it is about.
    pub(crate) fn repo(&self) -> &RepoId {
        match &self.what {
            What::Undo(undo, _) => &undo.repo,
            What::Rearrange(request, _) => &request.repo,
        }
    }

    /// Makes it, or says what it has led to. It goes on although nobody waits for it any more.
    pub(crate) async fn run(self: Arc<Self>) -> Result<Made, ApiError> {
        let running = tokio::spawn(async move {
            let made = self.made.get_or_try_init(|| self.make()).await;
            made.cloned()
        });
        match running.await {
            Ok(made) => made,
            Err(error) => Err(match error.try_into_panic() {
                Ok(panic) => reported(&*panic, "a change"),
                Err(_) => stopped(),
            }),
        }
    }

    async fn make(&self) -> Result<Made, ApiError> {
        let progress = Progress::default();
        let ended: Result<Outcome, Error> = match &self.what {
            What::Undo(undo, plan) => {
                run_undo(undo, plan, &self.hub, &self.cancel, &progress).await
            }
            What::Rearrange(request, plan) => {
                run_rearrange(request, plan, &self.hub, &self.cancel, &progress).await
            }
        };
        match ended {
            Ok(Outcome::Done(uploaded)) => Ok(Made {
                base: Some(uploaded.base),
                commits: uploaded.commits,
                pull_request: uploaded.pull_request,
                opening: None,
            }),
            Ok(Outcome::Cancelled) => Err(stopped()),
            Err(error) => Err(change_error(&error)),
        }
    }
}

fn stopped() -> ApiError {
    ApiError::bad_input("It was stopped, since Hubdesk is closed.")
}

/// What takes back what `stored` has led to. What came to `main` by a pull request is taken back
/// there.
pub(crate) async fn undo_of(stored: &UploadV1, made: &Made, hub: &Hub) -> Result<Undo, ApiError> {
    let request = live_upload(stored)?;
    let (Some(base), Some(head)) = (&made.base, made.commits.last()) else {
        return Err(ApiError::bad_input(
            "Nothing was committed, so there is nothing to take back.",
        ));
    };
    let uploaded = Uploaded {
        base: base.clone(),
        head: head.clone(),
        commits: made.commits.clone(),
        pull_request: match made.pull_request {
            Some(number) if is_merged(hub, &request.repo, number).await? => None,
            number => number,
        },
        ignored: Vec::new(),
    };
    let message = Message {
        title: format!("Undo \"{}\"", request.message.title),
        description: taken_back(made),
    };
    Ok(Undo::of(&request.repo, &request.onto, &uploaded, message))
}

async fn is_merged(hub: &Hub, id: &RepoId, number: u64) -> Result<bool, ApiError> {
    let discussion = hub.repo(id).discussion(number).await;
    let discussion = discussion.map_err(|error| hub_error(&id.to_string(), &error))?;
    Ok(discussion.summary.status == DiscussionStatus::Merged)
}

/// Which commits, for those who read the history.
fn taken_back(made: &Made) -> String {
    match made.commits.as_slice() {
        [one] => format!("This takes back commit {one}."),
        many => {
            let ids: Vec<String> = many.iter().map(|id| format!("- {id}")).collect();
            format!("This takes back these commits:\n\n{}", ids.join("\n"))
        }
    }
}
