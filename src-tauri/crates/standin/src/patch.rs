//! The difference of two commits as text, in git's form.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::git::{Commit, File};

/// Lines around a change.
const CONTEXT: usize = 3;
/// A text longer than this is shown as a binary file would be.
const LONGEST_TEXT: u64 = 1 << 20;

/// What changed between two commits. Each file has one hunk, from its first changed line to its
/// last: correct, if not the shortest.
pub(crate) fn between(from: &Commit, to: &Commit) -> String {
    let (old, new) = (&from.tree.files, &to.tree.files);
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut patch = String::new();
    for path in paths {
        let (before, after) = (old.get(path), new.get(path));
        if before.map(|file| file.blob.id) != after.map(|file| file.blob.id) {
            write_file(&mut patch, path, before, after);
        }
    }
    patch
}

fn write_file(patch: &mut String, path: &str, before: Option<&File>, after: Option<&File>) {
    let id = |file: Option<&File>| file.map_or("0".repeat(40), |file| file.blob.id.to_string());
    // Writing to a string cannot fail.
    let _ = writeln!(patch, "diff --git a/{path} b/{path}");
    match (before, after) {
        (None, _) => patch.push_str("new file mode 100644\n"),
        (_, None) => patch.push_str("deleted file mode 100644\n"),
        _ => {}
    }
    let _ = writeln!(patch, "index {}..{} 100644", id(before), id(after));
    let name = |side, file: Option<&File>| match file {
        Some(_) => format!("{side}/{path}"),
        None => "/dev/null".to_owned(),
    };
    let (Some(old), Some(new)) = (text(before), text(after)) else {
        let (old, new) = (name("a", before), name("b", after));
        let _ = writeln!(patch, "Binary files {old} and {new} differ");
        return;
    };
    let _ = writeln!(patch, "--- {}\n+++ {}", name("a", before), name("b", after));
    write_hunk(patch, &lines(&old), &lines(&new));
}

fn write_hunk(patch: &mut String, old: &[&str], new: &[&str]) {
    let same_start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let same_end = old[same_start..]
        .iter()
        .rev()
        .zip(new[same_start..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let start = same_start.saturating_sub(CONTEXT);
    let after = same_end.min(CONTEXT);
    let (old_end, new_end) = (old.len() - same_end, new.len() - same_end);
    let range = |length: usize| {
        let first = if length == 0 { start } else { start + 1 };
        format!("{first},{length}")
    };
    let _ = writeln!(
        patch,
        "@@ -{} +{} @@",
        range(old_end + after - start),
        range(new_end + after - start)
    );
    let parts = [
        (' ', &old[start..same_start]),
        ('-', &old[same_start..old_end]),
        ('+', &new[same_start..new_end]),
        (' ', &old[old_end..old_end + after]),
    ];
    for (sign, lines) in parts {
        for line in lines {
            patch.push(sign);
            patch.push_str(line);
            if !line.ends_with('\n') {
                patch.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
}

/// The content as text; a missing file is an empty one. A large file is its pointer to git, which
/// says no more than that it changed.
fn text(file: Option<&File>) -> Option<String> {
    let Some(file) = file else {
        return Some(String::new());
    };
    let blob = &file.blob;
    if blob.lfs.is_some() || blob.content.size() > LONGEST_TEXT {
        return None;
    }
    let bytes = blob.content.read(0, u64::MAX);
    String::from_utf8(bytes.to_vec()).ok()
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

#[cfg(test)]
mod tests {
    use super::write_hunk;

    fn hunk(old: &str, new: &str) -> String {
        let mut patch = String::new();
        write_hunk(&mut patch, &super::lines(old), &super::lines(new));
        patch
    }

    #[test]
    fn a_hunk_names_its_lines_as_git_does() {
        assert_eq!(
            hunk("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nd\nX\nf\n"),
            "@@ -2,5 +2,5 @@\n b\n c\n d\n-e\n+X\n f\n"
        );
        assert_eq!(hunk("", "new\n"), "@@ -0,0 +1,1 @@\n+new\n");
        assert_eq!(
            hunk("a", "a\n"),
            "@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n"
        );
    }
}
