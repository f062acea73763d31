//! What changed between two commits: git's raw list, or a patch.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use axum::http::Method;
use hubdesk_core::RepoId;

use crate::answer::Answer;
use crate::ask::{self, Ask};
use crate::error::Refusal;
use crate::git::{Blob, File};

/// Lines around a change.
const CONTEXT: usize = 3;
const NOTHING: &str = "0000000000000000000000000000000000000000";

/// A file before and after; `None` where it is not.
struct Change<'a> {
    letter: &'static str,
    old: Option<(&'a str, &'a Blob)>,
    new: Option<(&'a str, &'a Blob)>,
}

/// `GET …/compare/{revision}` and `…/compare/{base}..{head}`, with `raw=true` as a list.
pub(crate) fn answer(ask: &Ask<'_>, id: &RepoId, rest: &[&str]) -> Option<Result<Answer, Refusal>> {
    match (&ask.method, rest) {
        (&Method::GET, ["compare", spec]) => Some(compare(ask, id, spec)),
        _ => None,
    }
}

fn compare(ask: &Ask<'_>, id: &RepoId, spec: &str) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    ask.check_gate(&repo)?;
    let (base, head) = match spec.split_once("..") {
        Some((base, head)) => (Some(ask::commit(&repo, base)?), ask::commit(&repo, head)?),
        None => {
            let head = ask::commit(&repo, spec)?;
            let parent = head.parent.as_ref();
            let base = parent.and_then(|parent| repo.resolve(parent.as_str()));
            (base, head)
        }
    };
    let nothing = BTreeMap::new();
    let base = base.as_ref().map_or(&nothing, |base| &base.tree.files);
    let changes = changes(base, &head.tree.files);
    let mut text = String::new();
    for change in &changes {
        if ask.query.is_true("raw") {
            text += &change.raw();
        } else {
            text += &change.patch();
        }
    }
    Ok(Answer::text(text))
}

/// Files that differ, by path. One that is gone and another that is new with the same content are
/// one that was renamed.
fn changes<'a>(
    base: &'a BTreeMap<String, File>,
    head: &'a BTreeMap<String, File>,
) -> Vec<Change<'a>> {
    let paths: BTreeSet<&str> = base.keys().chain(head.keys()).map(String::as_str).collect();
    let side = |files: &'a BTreeMap<String, File>, path: &'a str| {
        files.get(path).map(|file| (path, &*file.blob))
    };
    let mut changes: Vec<Change<'a>> = paths
        .into_iter()
        .filter_map(|path| {
            let (old, new) = (side(base, path), side(head, path));
            let letter = match (old, new) {
                (Some((_, old)), Some((_, new))) if old.id == new.id => return None,
                (Some(_), Some(_)) => "M",
                (None, _) => "A",
                (_, None) => "D",
            };
            Some(Change { letter, old, new })
        })
        .collect();
    for at in 0..changes.len() {
        let Some((_, new)) = changes[at].new.filter(|_| changes[at].letter == "A") else {
            continue;
        };
        let gone = changes.iter().position(|change| {
            change.letter == "D" && change.old.is_some_and(|(_, old)| old.id == new.id)
        });
        if let Some(gone) = gone {
            changes[at].old = changes[gone].old.take();
            changes[at].letter = "R100";
            changes[gone].letter = "";
        }
    }
    changes.retain(|change| !change.letter.is_empty());
    changes
}

impl Change<'_> {
    /// As the official Rust client reads it. Large files count as text, with the size of their
    /// content, since git knows the pointer only.
    fn raw(&self) -> String {
        let is_binary = self
            .new
            .or(self.old)
            .is_some_and(|(_, blob)| lines(blob).is_none());
        let size = self.new.map_or(0, |(_, blob)| blob.content.size());
        let mode = |side: Option<_>| if side.is_some() { "100644" } else { "000000" };
        let id = |side: Option<(&str, &Blob)>| {
            side.map_or_else(|| NOTHING.to_owned(), |(_, blob)| blob.id.to_string())
        };
        let mut paths = [self.old, self.new]
            .into_iter()
            .flatten()
            .map(|(path, _)| path);
        let first = paths.next().unwrap_or_default();
        let second = paths.next().filter(|second| *second != first);
        let second = second.map_or_else(String::new, |path| format!("\t{path}"));
        format!(
            "{} {size}\t:{} {} {}... {}... {}\t{first}{second}\n",
            if is_binary { "B" } else { "T" },
            mode(self.old),
            mode(self.new),
            id(self.old),
            id(self.new),
            self.letter,
        )
    }

    /// The exact form of the Hub's patches is unverified; this is git's, with one hunk a file.
    fn patch(&self) -> String {
        let name = |side: Option<(&str, &Blob)>, letter: char| {
            side.map_or_else(
                || "/dev/null".to_owned(),
                |(path, _)| format!("{letter}/{path}"),
            )
        };
        let (old_name, new_name) = (name(self.old, 'a'), name(self.new, 'b'));
        let shown = self.new.or(self.old).map_or("", |(path, _)| path);
        let from = self.old.map_or(shown, |(path, _)| path);
        let mut text = format!("diff --git a/{from} b/{shown}\n");
        if from != shown {
            let _ = write!(
                text,
                "similarity index 100%\nrename from {from}\nrename to {shown}\n"
            );
            return text;
        }
        if self.old.is_none() {
            text += "new file mode 100644\n";
        }
        if self.new.is_none() {
            text += "deleted file mode 100644\n";
        }
        let side = |side: Option<(&str, &Blob)>| side.map_or(Some(Vec::new()), |(_, b)| lines(b));
        match (side(self.old), side(self.new)) {
            (Some(old), Some(new)) => {
                let _ = write!(text, "--- {old_name}\n+++ {new_name}\n");
                text += &hunk(&old, &new);
            }
            _ => {
                let _ = writeln!(text, "Binary files {old_name} and {new_name} differ");
            }
        }
        text
    }
}

/// What git knows of a file, line by line with their ends; `None` if it is not text.
fn lines(blob: &Blob) -> Option<Vec<String>> {
    let text = match &blob.lfs {
        Some(_) => blob.pointer(),
        None => String::from_utf8(blob.content.read(0, u64::MAX).to_vec()).ok()?,
    };
    let is_text = !text.contains('\0');
    is_text.then(|| text.split_inclusive('\n').map(str::to_owned).collect())
}

/// Everything between the first and the last line that differ, in one hunk.
fn hunk(old: &[String], new: &[String]) -> String {
    let same = |(a, b): &(&String, &String)| a == b;
    let before = old.iter().zip(new).take_while(same).count();
    let (old_rest, new_rest) = (&old[before..], &new[before..]);
    let after = old_rest
        .iter()
        .rev()
        .zip(new_rest.iter().rev())
        .take_while(same)
        .count();
    let start = before.saturating_sub(CONTEXT);
    let (old_end, new_end) = (old.len() - after, new.len() - after);
    let tail = after.min(CONTEXT);
    let place = |end: usize| {
        let count = end + tail - start;
        format!("{},{count}", if count == 0 { start } else { start + 1 })
    };
    let mut text = format!("@@ -{} +{} @@\n", place(old_end), place(new_end));
    let mut put = |mark: char, lines: &[String]| {
        for line in lines {
            text.push(mark);
            text += line;
            if !line.ends_with('\n') {
                text += "\n\\ No newline at end of file\n";
            }
        }
    };
    put(' ', &old[start..before]);
    put('-', &old[before..old_end]);
    put('+', &new[before..new_end]);
    put(' ', &old[old_end..old_end + tail]);
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::Content;

    fn files(files: &[(&str, &'static str)]) -> BTreeMap<String, File> {
        let file = |text: &'static str| File {
            blob: Arc::new(Blob::regular(Content::bytes(text))),
            is_raw: false,
        };
        files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), file(text)))
            .collect()
    }

    fn letters(base: &[(&str, &'static str)], head: &[(&str, &'static str)]) -> Vec<String> {
        let (base, head) = (files(base), files(head));
        let path = |change: &Change<'_>| {
            change
                .new
                .or(change.old)
                .map_or("", |(path, _)| path)
                .to_owned()
        };
        changes(&base, &head)
            .iter()
            .map(|change| format!("{} {}", change.letter, path(change)))
            .collect()
    }

    #[test]
    fn files_are_added_changed_moved_and_deleted() {
        let base = [("a", "1"), ("b", "2"), ("c", "3"), ("e", "same")];
        let head = [("b", "two"), ("d", "3"), ("e", "same"), ("f", "new")];
        assert_eq!(letters(&base, &head), ["D a", "M b", "R100 d", "A f"]);
    }

    #[test]
    fn a_patch_is_one_that_git_applies() {
        let old: Vec<String> = (0..9).map(|n| format!("{n}\n")).collect();
        let mut new = old.clone();
        new[5] = "five\n".to_owned();
        let expected = "@@ -3,7 +3,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n";
        assert_eq!(hunk(&old, &new), expected);
        let end = ["end".to_owned()];
        assert_eq!(
            hunk(&[], &end),
            "@@ -0,0 +1,1 @@\n+end\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn a_blob_that_is_not_text_is_binary() {
        let blob = Blob::regular(Content::bytes(&b"\0\xff"[..]));
        assert_eq!(lines(&blob), None);
    }
}
