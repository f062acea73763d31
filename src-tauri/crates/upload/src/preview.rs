//! What an upload would do.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use hubdesk_core::{CommitId, RepoPath, Revision};
use hubdesk_hub::{Error as HubError, Mode, Repo, Target, What};

use crate::ask::{FILES_AT_ONCE, Reader, Task, chunks};
use crate::beside::{Beside, names_there, read_card};
use crate::halt::{Halt, blocking};
use crate::pace::{MOST_REGULAR, Pace};
use crate::preflight::findings;
use crate::remote::{Remote, failed};
use crate::secrets::Secret;
use crate::walk::walk;
use crate::{Ctx, Error, Fate, Finding, LeftOut, Onto, Parts, Request, Stage};

/// Threads that read at the same time.
const READERS: usize = 2;
/// What says what a repository is.
const CARD: &str = "README.md";

/// What an upload would do, and what to know before.
#[derive(Debug)]
pub struct Preview {
    /// The commit it was compared with; `None` if the repository or the branch is to be made.
    pub base: Option<CommitId>,
    /// All files, by their paths.
    pub files: Vec<Planned>,
    /// What stays here, and why.
    pub left_out: Vec<LeftOut>,
    /// What would go from the repository.
    pub to_remove: Vec<RepoPath>,
    /// What to know.
    pub findings: Vec<Finding>,
}

/// What would become of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Its path in the repository.
    pub path: RepoPath,
    /// Its length in bytes.
    pub size: u64,
    /// What it is for the tree.
    pub fate: Fate,
    /// How it would travel, as far as the Hub has been asked: not about what is the same, nor of
    /// a repository that is to be made.
    pub travel: Option<Travel>,
    /// A secret that it holds or is.
    pub secret: Option<Secret>,
}

/// How a file travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Travel {
    /// Within the commit.
    Regular,
    /// On its own, before the commit.
    Large,
    /// Not at all: the rules of the repository leave it out.
    Ignored,
}

impl Planned {
    /// Whether it would be sent.
    pub fn is_sent(&self) -> bool {
        self.fate != Fate::Same && self.travel != Some(Travel::Ignored)
    }
}

impl Preview {
    /// Bytes that would be sent.
    pub fn bytes_to_send(&self) -> u64 {
        let sent = self.files.iter().filter(|file| file.is_sent());
        sent.map(|file| file.size).sum()
    }

    /// Commits it would take, while the Hub takes none for too large and is quick about each.
    pub fn commits(&self) -> usize {
        let sent = self.files.iter().filter(|file| file.is_sent());
        let regular = |file: &Planned| match file.travel {
            Some(Travel::Large) => 0,
            Some(Travel::Regular | Travel::Ignored) | None => file.size,
        };
        let commits = commits(sent.map(regular));
        // What goes, goes with the first one.
        commits.max(usize::from(!self.to_remove.is_empty()))
    }
}

/// Commits for files of which so many bytes each travel within one.
fn commits(files: impl Iterator<Item = u64>) -> usize {
    let (mut pace, mut commits) = (Pace::new(), 0);
    let (mut changes, mut bytes) = (0, 0);
    for size in files {
        let has_room = changes < pace.most() && bytes + size <= MOST_REGULAR as u64;
        if commits == 0 || !has_room {
            pace.took(changes, Duration::ZERO);
            (changes, bytes, commits) = (0, 0, commits + 1);
        }
        changes += 1;
        bytes += size;
    }
    commits
}

/// What `request` would do. Changes nothing. `None` if it was stopped.
pub async fn preview(
    request: &Request,
    parts: &Parts,
    ctx: &Ctx,
) -> Result<Option<Preview>, Error> {
    match look(request, parts, ctx).await {
        Ok(preview) => Ok(Some(preview)),
        Err(Halt::Cancelled) => Ok(None),
        Err(Halt::Failed(error)) => Err(*error),
    }
}

async fn look(request: &Request, parts: &Parts, ctx: &Ctx) -> Result<Preview, Halt> {
    ctx.progress.enter(Stage::Walking);
    let (wanted, cancel) = (request.clone(), ctx.cancel.clone());
    let walked = blocking(move || walk(&wanted, &cancel)).await?;
    ctx.progress.enter(Stage::Listing);
    let repo = &parts.hub.repo(&request.repo);
    let asked = async {
        let base = base(request, repo).await?;
        let remote = match &base {
            Some((_, base)) => {
                Remote::look(repo, base, &walked.files, request.remove.as_ref()).await?
            }
            None => Remote::default(),
        };
        let has_card = match &base {
            Some((_, base)) => !repo
                .paths_info(base, &[CARD])
                .await
                .map_err(|source| failed(repo, source))?
                .is_empty(),
            None => false,
        };
        Ok::<_, Halt>((base, remote, has_card))
    };
    let (base, mut remote, has_card) = tokio::select! {
        biased;
        () = ctx.cancel.cancelled() => return Err(Halt::Cancelled),
        asked = asked => asked?,
    };
    let card = RepoPath::new(CARD).ok();
    let card = read_card(card.and_then(|card| walked.files.get(&card))).await?;
    ctx.progress.enter(Stage::Fingerprinting);
    let total = walked.files.values().map(|found| found.size).sum();
    let meter = &ctx.progress.meter;
    meter.begin((walked.files.len() as u64, total), (0, 0));
    let tasks: Vec<Task> = walked
        .files
        .into_iter()
        .map(|(path, found)| {
            let there = remote.there.remove(&path);
            (path, found, there)
        })
        .collect();
    let reader = &Arc::new(Reader {
        parts: parts.clone(),
        ctx: ctx.clone(),
    });
    let target = base.as_ref().map(|(target, _)| target);
    let files: Vec<Vec<Planned>> = stream::iter(chunks(tasks))
        .map(|chunk| planned(repo, target, reader, chunk))
        .buffered(READERS)
        .try_collect()
        .await?;
    let files: Vec<Planned> = files.into_iter().flatten().collect();
    let names = match &base {
        Some((_, base)) => names_there(repo, base, &files, &remote.to_remove).await?,
        None => Default::default(),
    };
    let beside = Beside {
        has_card,
        card,
        names,
    };
    let findings = findings(&request.repo, &files, &walked.left_out, &beside);
    Ok(Preview {
        base: base.map(|(_, base)| base),
        files,
        left_out: walked.left_out,
        to_remove: remote.to_remove,
        findings,
    })
}

/// Where a commit would go. `None` if that is to be made first.
async fn base(request: &Request, repo: &Repo) -> Result<Option<(Target, CommitId)>, Error> {
    let name = match &request.onto {
        Onto::Branch { name, .. } => name.clone(),
        Onto::PullRequest => Revision::main(),
    };
    let may_create = matches!(&request.onto, Onto::Branch { create: true, .. });
    let (name, head) = match repo.resolve(&name).await {
        Ok(head) => (name, head),
        Err(HubError::NotFound(What::Repo, _)) if request.create.is_some() => return Ok(None),
        // It will begin at `main`.
        Err(HubError::NotFound(What::Revision, _)) if may_create => {
            let main = repo.resolve(&Revision::main()).await;
            let head = main.map_err(|source| failed(repo, source))?;
            (Revision::main(), head)
        }
        Err(source) => return Err(failed(repo, source)),
    };
    let on = head.clone();
    let target = match &request.onto {
        Onto::Branch { .. } => Target::Branch { name, parent: on },
        // Who may not write to `main` may still open one.
        Onto::PullRequest => Target::PullRequest { base: on },
    };
    Ok(Some((target, head)))
}

async fn planned(
    repo: &Repo,
    target: Option<&Target>,
    reader: &Arc<Reader>,
    chunk: Vec<Task>,
) -> Result<Vec<Planned>, Halt> {
    let all: Vec<_> = chunk
        .iter()
        .map(|(path, found, there)| (path.clone(), found.size, there.is_some()))
        .collect();
    let thread = Arc::clone(reader);
    let items = blocking(move || {
        let read = chunk.into_iter().map(|task| thread.look(task));
        read.filter_map(Result::transpose)
            .collect::<Result<Vec<_>, _>>()
    })
    .await?;
    let mut travels = Vec::new();
    if let Some(target) = target {
        for some in items.chunks(FILES_AT_ONCE) {
            let candidates: Vec<_> = some.iter().map(|(item, _)| item.candidate()).collect();
            let modes = repo.upload_modes(target, &candidates, None).await;
            travels.extend(modes.map_err(|source| failed(repo, source))?);
        }
    }
    let mut sent = items.iter().zip(0..).peekable();
    let files = all.into_iter().map(|(path, size, is_there)| {
        let Some(((_, secret), n)) = sent.next_if(|((item, _), _)| item.path == path) else {
            return Planned {
                path,
                size,
                fate: Fate::Same,
                travel: None,
                secret: None,
            };
        };
        let travel = travels
            .get(n as usize)
            .map(
                |mode: &hubdesk_hub::UploadMode| match (mode.is_ignored, mode.mode) {
                    (true, _) => Travel::Ignored,
                    (false, Mode::Regular) => Travel::Regular,
                    (false, Mode::Large) => Travel::Large,
                },
            );
        Planned {
            path,
            size,
            fate: if is_there { Fate::Changed } else { Fate::New },
            travel,
            secret: *secret,
        }
    });
    Ok(files.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_hold_so_many_files_and_so_many_bytes() {
        let of = |count: usize, size: u64| commits(std::iter::repeat_n(size, count));
        assert_eq!([of(0, 0), of(1, 0), of(250, 0), of(251, 0)], [0, 1, 1, 2]);
        // They grow: 250, 400, 600, then a thousand each.
        assert_eq!([of(650, 0), of(1250, 0), of(1251, 0)], [2, 3, 4]);
        assert_eq!([of(2, MOST_REGULAR as u64), of(1, u64::MAX >> 1)], [2, 1]);
    }
}
