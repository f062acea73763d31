//! What copies, moves and deletions come to, path by path. Pure.

use std::collections::{BTreeMap, BTreeSet};

use hubdesk_core::RepoPath;

use crate::There;
use crate::edit::{Edit, Group};
use crate::stored::{Files, Stored};
use crate::take_back::possible;
use crate::walk::is_workings;

/// A file that an act is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) file: Stored,
    /// Where it comes to.
    pub(crate) to: Option<RepoPath>,
    /// Whether it is no longer where it was.
    pub(crate) goes: bool,
}

/// Why nothing can be done as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obstacle {
    /// There is nothing to copy, move or delete at this path.
    Missing(RepoPath),
    /// This would come to lie in itself, or where it is.
    IntoItself(RepoPath),
    /// Another file is at this path, and it was not said that it may be replaced.
    Occupied(RepoPath),
    /// A folder is at this path, or a file is where a folder above it would have to be.
    InTheWay(RepoPath),
    /// Two files would come to this path.
    Twice(RepoPath),
    /// The Hub takes no file of this name.
    Name(RepoPath),
}

/// What there is to do, and how much it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Arranged {
    pub(crate) groups: Vec<Group>,
    pub(crate) counts: Counts,
}

/// How many files there are of what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// That stay, and are at another place as well.
    pub copied: usize,
    /// That are at another place.
    pub moved: usize,
    /// That are gone.
    pub deleted: usize,
    /// That others take the place of.
    pub replaced: usize,
    /// That are at their new place already.
    pub same: usize,
}

/// What comes of `sources`, all at once, where `here` is what there is. The obstacles are in order.
pub(crate) fn arrange(
    sources: &[Source],
    here: &Files,
    overwrite: bool,
) -> Result<Arranged, Vec<Obstacle>> {
    let mut obstacles = BTreeSet::new();
    let mut comes: BTreeMap<&RepoPath, &Source> = BTreeMap::new();
    for source in sources {
        let Some(to) = &source.to else { continue };
        if is_workings(to) {
            obstacles.insert(Obstacle::Name(to.clone()));
        }
        if comes.insert(to, source).is_some() {
            obstacles.insert(Obstacle::Twice(to.clone()));
        }
    }
    let goes: BTreeSet<&RepoPath> = sources
        .iter()
        .filter(|source| source.goes)
        .map(|source| &source.file.path)
        .collect();
    let mut counts = Counts::default();
    let mut edits: BTreeMap<&RepoPath, Edit> = BTreeMap::new();
    for (&to, source) in &comes {
        let now = here.get(to).map(|file| file.there);
        let is_replaced = now.is_some() && !goes.contains(to);
        if now == Some(source.file.there) {
            counts.same += 1;
            continue;
        }
        if is_replaced && !overwrite {
            obstacles.insert(Obstacle::Occupied(to.clone()));
        }
        counts.replaced += usize::from(is_replaced);
        edits.insert(to, edit(to, now, Some(&source.file)));
    }
    for source in sources.iter().filter(|source| source.goes) {
        let path = &source.file.path;
        if !comes.contains_key(path) {
            edits.insert(path, edit(path, Some(source.file.there), None));
        }
    }
    let (_, blocked) = possible(edits.values().cloned().collect(), here);
    obstacles.extend(blocked.into_iter().map(Obstacle::InTheWay));
    if !obstacles.is_empty() {
        return Err(obstacles.into_iter().collect());
    }
    for source in sources {
        match (&source.to, source.goes) {
            (None, _) => counts.deleted += 1,
            (Some(_), true) => counts.moved += 1,
            (Some(to), false) => counts.copied += usize::from(edits.contains_key(to)),
        }
    }
    let groups = sources.iter().map(|source| group(source, &mut edits));
    let groups = groups.filter(|group| !group.is_empty()).collect();
    Ok(Arranged { groups, counts })
}

/// What comes of one file goes into one commit, so that a move is never half of one.
fn group(source: &Source, edits: &mut BTreeMap<&RepoPath, Edit>) -> Group {
    let comes = source.to.as_ref().and_then(|to| edits.remove(to));
    let goes = match source.goes {
        true => edits
            .get(&source.file.path)
            .filter(|edit| edit.then.is_none()),
        false => None,
    };
    let goes = goes.cloned();
    if goes.is_some() {
        edits.remove(&source.file.path);
    }
    comes.into_iter().chain(goes).collect()
}

fn edit(path: &RepoPath, now: Option<There>, then: Option<&Stored>) -> Edit {
    Edit {
        path: path.clone(),
        now,
        then: then.cloned(),
    }
}

#[cfg(test)]
mod tests;
