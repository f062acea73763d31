//! Files on their way from the disk to a batch: read as far as needed, dropped where the tree
//! holds them, and asked about.

use std::collections::BTreeSet;

use bytes::Bytes;
use hubdesk_core::RepoPath;
use hubdesk_hub::{Candidate, Mode};

use crate::compare::{by_size, fate};
use crate::fingerprint::{Reading, SAMPLE, fingerprint, read_whole};
use crate::halt::{Halt, blocking};
use crate::remote::failed;
use crate::run::Step;
use crate::secrets::{self, Secret};
use crate::{Content, Error, Fate, Fingerprint, Found, There};

/// Files in one question; the Hub's own limit.
pub(crate) const FILES_AT_ONCE: usize = 256;
/// Bytes that one thread reads before it hands on what it has.
const BYTES_AT_ONCE: u64 = 32 << 20;

/// A file that is sent.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) path: RepoPath,
    pub(crate) found: Found,
    /// What it is, as far as it had to be read.
    pub(crate) fingerprint: Option<Fingerprint>,
    /// All of it, if it is small.
    pub(crate) bytes: Option<Bytes>,
    pub(crate) sample: Bytes,
    pub(crate) mode: Mode,
    /// Its bytes were counted as done.
    pub(crate) is_counted: bool,
}

impl Item {
    /// As the Hub is asked about it.
    pub(crate) fn candidate(&self) -> Candidate<'_> {
        Candidate {
            path: &self.path,
            size: self.found.size,
            head: &self.sample,
        }
    }

    fn name(&self) -> &str {
        let path = self.path.as_str();
        path.rsplit_once('/').map_or(path, |(_, name)| name)
    }
}

/// A file and what is at its place.
pub(crate) type Task = (RepoPath, Found, Option<There>);

/// Cuts `tasks` into what is read by one thread and asked in one question.
pub(crate) fn chunks(tasks: Vec<Task>) -> Vec<Vec<Task>> {
    let mut chunks: Vec<Vec<Task>> = Vec::new();
    let mut bytes = 0;
    for task in tasks {
        let size = task.1.size;
        match chunks.last_mut() {
            Some(last) if last.len() < FILES_AT_ONCE && bytes + size <= BYTES_AT_ONCE => {
                last.push(task);
                bytes += size;
            }
            _ => {
                chunks.push(vec![task]);
                bytes = size;
            }
        }
    }
    chunks
}

impl Step<'_> {
    /// What of a chunk has to be sent, and how. What the repository's rules leave out is noted.
    pub(crate) async fn prepare(&self, chunk: Vec<Task>) -> Result<Vec<Item>, Halt> {
        let (reader, acknowledged) = (self.reader(), self.request.acknowledged.clone());
        let items = blocking(move || {
            let read = chunk.into_iter().map(|task| reader.read(task));
            let items: Vec<_> = read
                .filter_map(Result::transpose)
                .collect::<Result<_, _>>()?;
            if let Some(acknowledged) = acknowledged {
                check_secrets(&items, &acknowledged)?;
            }
            Ok::<_, Halt>(items)
        })
        .await?;
        if items.is_empty() {
            return Ok(items);
        }
        let candidates: Vec<_> = items.iter().map(Item::candidate).collect();
        let target = self.target();
        let asked = self
            .repo
            .upload_modes(&target, &candidates, self.git_ignore);
        let modes = self.unless_cancelled(asked).await?;
        let modes = modes.map_err(|source| failed(&self.repo, source))?;
        let mut sent = Vec::with_capacity(items.len());
        for (mut item, mode) in items.into_iter().zip(modes) {
            if mode.is_ignored {
                self.skip(&item);
                self.note_ignored(item.path);
            } else {
                item.mode = mode.mode;
                sent.push(item);
            }
        }
        Ok(sent)
    }
}

/// What a thread that reads needs of a run.
pub(crate) struct Reader {
    pub(crate) parts: crate::Parts,
    pub(crate) ctx: crate::Ctx,
}

impl Reader {
    /// As [`Reader::read`], and whether the file holds a secret. Its bytes are not kept.
    pub(crate) fn look(&self, task: Task) -> Result<Option<(Item, Option<Secret>)>, Halt> {
        let Some(mut item) = self.read(task)? else {
            return Ok(None);
        };
        let secret = secret(&item)?;
        item.bytes = None;
        self.ctx.progress.meter.tally(0).set(item.found.size);
        self.ctx.progress.meter.add_file();
        Ok(Some((item, secret)))
    }

    /// `None` if the tree holds it.
    fn read(&self, (path, found, there): Task) -> Result<Option<Item>, Halt> {
        if self.ctx.cancel.is_cancelled() {
            return Err(Halt::Cancelled);
        }
        let known = self.known(&found);
        if let Some(known) = &known
            && fate(known, there.as_ref()) == Fate::Same
        {
            return Ok(self.drop_same(&path, &found));
        }
        let item = |path, fingerprint, bytes, sample| Item {
            path,
            found: found.clone(),
            fingerprint,
            bytes,
            sample,
            mode: Mode::Regular,
            is_counted: false,
        };
        if found.size <= self.parts.tuning.small_bytes {
            let bytes = read_whole(&found)?;
            let fingerprint = Fingerprint::of(&bytes);
            self.remember(&found, &fingerprint);
            if fate(&fingerprint, there.as_ref()) == Fate::Same {
                return Ok(self.drop_same(&path, &found));
            }
            let sample = bytes.slice(..bytes.len().min(SAMPLE));
            return Ok(Some(item(path, Some(fingerprint), Some(bytes), sample)));
        }
        if known.is_none() && by_size(found.size, there.as_ref()).is_some() {
            let sample = sample(&found)?;
            return Ok(Some(item(path, None, None, sample)));
        }
        let fingerprint = match known {
            Some(known) => known,
            None => self.fingerprint(&found)?,
        };
        if fate(&fingerprint, there.as_ref()) == Fate::Same {
            return Ok(self.drop_same(&path, &found));
        }
        let sample = fingerprint.sample.clone();
        Ok(Some(item(path, Some(fingerprint), None, sample)))
    }

    fn drop_same<T>(&self, path: &RepoPath, found: &Found) -> Option<T> {
        self.ctx.tell_skipped(path);
        self.ctx.progress.meter.tally(0).set(found.size);
        self.ctx.progress.meter.add_file();
        None
    }

    fn known(&self, found: &Found) -> Option<Fingerprint> {
        match &found.content {
            Content::File { path, stamp } => self.parts.fingerprints.get(path, stamp),
            Content::Bytes(_) => None,
        }
    }

    /// Reads the file, and keeps what it is.
    pub(crate) fn fingerprint(&self, found: &Found) -> Result<Fingerprint, Halt> {
        let fingerprint = match &found.content {
            Content::Bytes(bytes) => Fingerprint::of(bytes),
            Content::File { path, stamp } => fingerprint(path, stamp, &self.ctx.cancel, &|_| ())?,
        };
        self.remember(found, &fingerprint);
        Ok(fingerprint)
    }

    /// Keeps what a file is, if its stamp will tell when it is something else.
    pub(crate) fn remember(&self, found: &Found, fingerprint: &Fingerprint) {
        if let Content::File { path, stamp } = &found.content
            && stamp.had_rested(self.parts.clock.now())
        {
            self.parts.fingerprints.put(path, stamp, fingerprint);
        }
    }
}

/// What a person has not said may be published stays here, and everything that would go with it.
fn check_secrets(items: &[Item], acknowledged: &BTreeSet<RepoPath>) -> Result<(), Error> {
    for item in items
        .iter()
        .filter(|item| !acknowledged.contains(&item.path))
    {
        if let Some(secret) = secret(item)? {
            let path = item.path.clone();
            return Err(Error::Secret { path, secret });
        }
    }
    Ok(())
}

/// The secret that a file holds or is.
fn secret(item: &Item) -> Result<Option<Secret>, Error> {
    let by_name = secrets::by_name(item.name());
    let is_searched = by_name.is_none()
        && item.found.size <= secrets::LONGEST_TEXT
        && secrets::is_text(&item.sample);
    Ok(match &item.bytes {
        _ if !is_searched => by_name,
        Some(bytes) => secrets::in_text(bytes),
        None => secrets::in_text(&read_whole(&item.found)?),
    })
}

fn sample(found: &Found) -> Result<Bytes, Error> {
    match &found.content {
        Content::Bytes(bytes) => Ok(bytes.slice(..bytes.len().min(SAMPLE))),
        Content::File { path, stamp } => {
            let mut reading = Reading::open(path, stamp)?;
            let mut sample = vec![0; SAMPLE];
            let count = reading.fill(&mut sample)?;
            sample.truncate(count);
            Ok(sample.into())
        }
    }
}
