//! What taking back has to do at each path. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use hubdesk_core::RepoPath;

use crate::There;
use crate::edit::Edit;
use crate::stored::{Files, Stored, folders_above};

/// What one commit, or several, did at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Touch {
    pub(crate) path: RepoPath,
    pub(crate) before: Option<Stored>,
    pub(crate) after: Option<There>,
}

/// A path that is left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftAlone {
    /// Which.
    pub path: RepoPath,
    /// Why.
    pub why: WhyLeft,
}

/// Why a path is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyLeft {
    /// Others have changed it since.
    ChangedSince,
    /// Others have put a file where its folder was, or a folder where it was.
    InTheWay,
}

/// What there is to do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) edits: Vec<Edit>,
    pub(crate) left_alone: Vec<LeftAlone>,
    pub(crate) as_before: usize,
}

/// What commits did together, told in their order. What others did at a path between two of them
/// was replaced by the second, and is what comes back.
pub(crate) fn sum_up(touches: impl IntoIterator<Item = Touch>) -> BTreeMap<RepoPath, Touch> {
    let mut all: BTreeMap<RepoPath, Touch> = BTreeMap::new();
    for touch in touches {
        match all.get_mut(&touch.path) {
            Some(earlier) if earlier.after == there(touch.before.as_ref()) => {
                earlier.after = touch.after;
            }
            _ => {
                all.insert(touch.path.clone(), touch);
            }
        }
    }
    all.retain(|_, touch| there(touch.before.as_ref()) != touch.after);
    all
}

/// What is to be done about `touched`. `now` is what is at these paths, below and above them.
pub(crate) fn decide(touched: BTreeMap<RepoPath, Touch>, now: &Files) -> Decision {
    let mut decision = Decision::default();
    let mut edits = Vec::new();
    for (path, touch) in touched {
        let is_there = there(now.get(&path));
        if is_there == there(touch.before.as_ref()) {
            decision.as_before += 1;
        } else if is_there == touch.after {
            edits.push(Edit {
                path,
                now: is_there,
                then: touch.before,
            });
        } else {
            let why = WhyLeft::ChangedSince;
            decision.left_alone.push(LeftAlone { path, why });
        }
    }
    let (edits, in_the_way) = possible(edits, now);
    decision.edits = edits;
    let left = in_the_way.into_iter().map(|path| LeftAlone {
        path,
        why: WhyLeft::InTheWay,
    });
    decision.left_alone.extend(left);
    decision
        .left_alone
        .sort_by(|one, other| one.path.cmp(&other.path));
    decision
}

/// Parts `edits` into those that can be made together and the paths of those that cannot, since a
/// file cannot be where a folder is.
pub(crate) fn possible(edits: Vec<Edit>, now: &Files) -> (Vec<Edit>, Vec<RepoPath>) {
    let goes: BTreeSet<&RepoPath> = edits
        .iter()
        .filter(|edit| edit.then.is_none())
        .map(|edit| &edit.path)
        .collect();
    let stays = now.keys().filter(|path| !goes.contains(path));
    let comes = edits.iter().filter(|edit| edit.then.is_some());
    let after: BTreeSet<&str> = stays
        .clone()
        .chain(comes.map(|edit| &edit.path))
        .map(RepoPath::as_str)
        .collect();
    let stays: BTreeSet<&str> = stays.map(RepoPath::as_str).collect();
    let is_blocked = |edit: &Edit| {
        let is_folder = || {
            let folder = format!("{}/", edit.path);
            let from = (Bound::Included(folder.as_str()), Bound::Unbounded);
            let first = after.range::<str, _>(from).next();
            first.is_some_and(|first| first.starts_with(&folder))
        };
        let is_below_a_file = || folders_above(&edit.path).any(|folder| stays.contains(folder));
        edit.then.is_some() && (is_folder() || is_below_a_file())
    };
    let blocked: BTreeSet<RepoPath> = edits
        .iter()
        .filter(|edit| is_blocked(edit))
        .map(|edit| edit.path.clone())
        .collect();
    let possible = edits.into_iter();
    let possible = possible.filter(|edit| !blocked.contains(&edit.path));
    (possible.collect(), blocked.into_iter().collect())
}

fn there(file: Option<&Stored>) -> Option<There> {
    file.map(|file| file.there)
}

#[cfg(test)]
mod tests;
