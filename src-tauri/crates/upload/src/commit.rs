//! Commits, one after the other, each on its parent.

use std::collections::BTreeMap;

use hubdesk_core::{RepoPath, Revision};
use hubdesk_hub::{Error as HubError, Message, Mode, Operation, Operations, Target};
use tokio::time::Instant;

use crate::ask::Item;
use crate::compare::fate;
use crate::fingerprint::read_whole;
use crate::halt::{Halt, blocking};
use crate::remote::{Remote, failed};
use crate::run::Step;
use crate::{Error, Fate, Found, Made, Opening};

/// How often a branch may move on under a commit.
const ROUNDS: u32 = 20;
/// Batches that do not fit the Hub are cut down to this many files, and no further.
const FEWEST: usize = 20;

/// What of a commit is asked for at once of a bound, in bytes.
const PIECE: u64 = 64 << 10;

/// Changes that go together, with what they are made of, should the branch move.
pub(crate) struct Change {
    pub(crate) items: Vec<Item>,
    pub(crate) remove: Vec<RepoPath>,
}

impl Step<'_> {
    /// Commits a batch. One that is too much for the Hub is cut in two, again and again.
    pub(crate) async fn commit(&self, change: Change) -> Result<(), Halt> {
        let mut left = vec![change];
        while let Some(change) = left.pop() {
            let files = change.items.len();
            match self.commit_one(change).await {
                Ok(()) => {}
                Err(Refused::Halt(halt)) => return Err(halt),
                Err(Refused::TooMuch(mut change, source)) => {
                    self.pace().slower();
                    if files <= FEWEST {
                        return Err(failed(&self.repo, source).into());
                    }
                    let second = change.items.split_off(files / 2);
                    left.push(Change {
                        items: second,
                        remove: Vec::new(),
                    });
                    left.push(change);
                }
            }
        }
        Ok(())
    }

    async fn commit_one(&self, mut change: Change) -> Result<(), Refused> {
        for _ in 0..ROUNDS {
            let operations = self.operations(&change).await?;
            if operations.is_empty() {
                return Ok(());
            }
            let target = self.target();
            let message = self.message();
            self.pay(&mut change).await?;
            self.note_opening(&target).await?;
            let begun = Instant::now();
            let progress = self.ctx.progress.committing();
            let committing = self.repo.commit(&target, &message, &operations);
            // Not to be dropped on the way: whether it happened must be known.
            let committed = committing.await;
            drop(progress);
            match committed {
                Ok(committed) => {
                    let changes = change.items.len();
                    self.pace().took(changes, begun.elapsed());
                    self.committed(committed).await;
                    self.count_done(&change);
                    return Ok(());
                }
                Err(HubError::HeadMoved { .. }) => self.follow(&mut change).await?,
                Err(source @ (HubError::TooLarge { .. } | HubError::Timeout { .. })) => {
                    return Err(Refused::TooMuch(change, source));
                }
                Err(source) => return Err(Halt::from(failed(&self.repo, source)).into()),
            }
            if self.ctx.cancel.is_cancelled() {
                return Err(Halt::Cancelled.into());
            }
        }
        let repo = self.repo.id().clone();
        Err(Halt::from(Error::Unsettled { repo }).into())
    }

    /// Waits until the bytes that travel within the commit may go out, and counts them.
    async fn pay(&self, change: &mut Change) -> Result<(), Halt> {
        let regular = change.items.iter_mut();
        for item in regular.filter(|item| item.mode == Mode::Regular) {
            let size = item.found.size;
            // As they travel: three bytes are four letters.
            let mut left = size.div_ceil(3) * 4;
            while left > 0 {
                let piece = left.min(PIECE);
                self.unless_cancelled(self.ctx.share.acquire(piece)).await?;
                left -= piece;
            }
            let meter = &self.ctx.progress.meter;
            meter.add_moved(size);
            if !std::mem::replace(&mut item.is_counted, true) {
                meter.tally(0).set(size);
            }
        }
        Ok(())
    }

    /// Keeps by what a pull request will be found, should nobody be left to note its number.
    async fn note_opening(&self, target: &Target) -> Result<(), Halt> {
        let Target::PullRequest { base } = target else {
            return Ok(());
        };
        let after = self.repo.last_pull_request().await;
        let after = after.map_err(|source| failed(&self.repo, source))?;
        let base = base.clone();
        self.note_made(|made| made.opening = Some(Opening { base, after }))
            .await;
        Ok(())
    }

    async fn operations(&self, change: &Change) -> Result<Operations, Halt> {
        let mut operations = Operations::new();
        let remove = change.remove.iter().cloned();
        for operation in remove.map(|path| Operation::RemoveFile { path }) {
            let _ = operations.push(operation);
        }
        for item in &change.items {
            let operation = match item.mode {
                Mode::Large => {
                    let fingerprint = item.fingerprint.as_ref().expect("it was sent");
                    Operation::PutLarge {
                        path: item.path.clone(),
                        sha256: fingerprint.sha256,
                        size: Some(fingerprint.size),
                    }
                }
                Mode::Regular => Operation::Put {
                    path: item.path.clone(),
                    content: match &item.bytes {
                        Some(bytes) => bytes.clone(),
                        None => {
                            let found = item.found.clone();
                            blocking(move || read_whole(&found)).await?
                        }
                    },
                },
            };
            if operations.push(operation).is_err() {
                let (path, size) = (item.path.clone(), item.found.size);
                return Err(Error::TooLargeForCommit { path, size }.into());
            }
        }
        Ok(operations)
    }

    /// The branch is elsewhere: looks at it again, drops what is there by now, and stops if others
    /// have changed the same.
    async fn follow(&self, change: &mut Change) -> Result<(), Halt> {
        let Target::Branch { name, parent } = self.target() else {
            // A new pull request begins wherever `main` is by now.
            return self.follow_main().await;
        };
        let head = self.resolve(&name).await?;
        let files: BTreeMap<RepoPath, Found> = change
            .items
            .iter()
            .map(|item| (item.path.clone(), item.found.clone()))
            .collect();
        let before = Remote::look(&self.repo, &parent, &files, None).await?;
        let now = Remote::look(&self.repo, &head, &files, None).await?;
        let mut overlap = Vec::new();
        change.items.retain(|item| {
            let there = now.there.get(&item.path);
            let is_same = item
                .fingerprint
                .as_ref()
                .is_some_and(|ours| fate(ours, there) == Fate::Same);
            if !is_same && there != before.there.get(&item.path) {
                overlap.push(item.path.clone());
            }
            if is_same {
                self.ctx.progress.meter.add_file();
                self.ctx.tell_skipped(&item.path);
            }
            !is_same
        });
        if !overlap.is_empty() && !self.request.overwrite {
            let repo = self.repo.id().clone();
            return Err(Error::Overlap {
                repo,
                paths: overlap,
            }
            .into());
        }
        self.stand_on(Target::Branch { name, parent: head });
        Ok(())
    }

    async fn follow_main(&self) -> Result<(), Halt> {
        let main = Revision::main();
        let base = self.resolve(&main).await?;
        self.stand_on(Target::PullRequest { base });
        Ok(())
    }

    /// What the next commit says.
    fn message(&self) -> Message {
        let message = &self.request.message;
        let number = self.made().commits.len();
        Message {
            title: match number {
                0 => message.title.clone(),
                _ => format!("{} (part {})", message.title, number + 1),
            },
            description: message.description.clone(),
        }
    }

    async fn committed(&self, committed: hubdesk_hub::Committed) {
        let hubdesk_hub::Committed { id, pull_request } = committed;
        let name = match (self.target(), pull_request) {
            (Target::Branch { name, .. }, _) => name,
            (Target::PullRequest { .. }, Some(number)) => Revision::pull_request(number),
            (Target::PullRequest { .. }, None) => unreachable!("the client says which it opened"),
        };
        let parent = id.clone();
        self.stand_on(Target::Branch { name, parent });
        self.note_made(|made: &mut Made| {
            made.commits.push(id);
            made.pull_request = made.pull_request.or(pull_request);
            made.opening = None;
        })
        .await;
    }

    fn count_done(&self, change: &Change) {
        for item in &change.items {
            self.ctx.progress.meter.add_file();
            self.ctx.tell_done(&item.path);
        }
    }
}

/// Why a commit did not happen.
enum Refused {
    Halt(Halt),
    TooMuch(Change, HubError),
}

impl From<Halt> for Refused {
    fn from(halt: Halt) -> Self {
        Self::Halt(halt)
    }
}
