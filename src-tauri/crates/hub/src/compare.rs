//! What changed between two commits.

use std::fmt;

use hubdesk_core::{Digest, Revision};

use crate::call::Call;
use crate::fault::malformed;
use crate::{Error, Repo, route};

/// The longest list of changed files, in bytes: some hundred thousand lines.
const LONGEST_LIST: usize = 32 << 20;

/// What is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// A commit with the one before it.
    Commit(Revision),
    /// Two revisions.
    Between {
        /// The older one.
        base: Revision,
        /// The newer one.
        head: Revision,
    },
}

/// One file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Its path, where it is now or last was. As the server says: not checked, not for the disk.
    pub path: String,
    /// Where it came from, if it was renamed or copied.
    pub from: Option<String>,
    /// What happened to it.
    pub kind: ChangeKind,
    /// Whether it cannot be shown as text.
    pub is_binary: bool,
    /// The size of the newer content in bytes.
    pub size: u64,
    /// The older content, by its git blob id.
    pub old: Option<Digest>,
    /// The newer content. `None` also where the Hub did not compute it.
    pub new: Option<Digest>,
}

/// What happened to a file; the letters of git.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is a copy of another.
    Copied,
    /// It is gone.
    Deleted,
    /// Its content is another.
    Modified,
    /// It was elsewhere.
    Renamed,
    /// It became a link, or is none any more.
    TypeChanged,
    /// Something else.
    Other,
}

/// The changes as a patch, for reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// Unified hunks; bytes that are not UTF-8 are replaced.
    pub text: String,
    /// Whether this is all of it.
    pub is_whole: bool,
}

impl Repo {
    /// Which files differ.
    pub async fn changed_files(&self, span: &Span) -> Result<Vec<FileChange>, Error> {
        let mut url = route::compare(self.hub.endpoint(), &self.id, &span.to_string());
        url.query_pairs_mut().append_pair("raw", "true");
        let call = Call::get(url, Some(&self.id));
        let answer = self.hub.ask_text(&call, LONGEST_LIST).await?;
        let lines = answer.value.split('\n').filter(|line| !line.is_empty());
        lines
            .map(|line| {
                parse(line).ok_or_else(|| {
                    let what = format!("a changed file that is not one: {line}");
                    malformed(&what, answer.exchange.clone(), answer.token.as_ref())
                })
            })
            .collect()
    }

    /// How they differ: the first `most` bytes of it.
    pub async fn patch(&self, span: &Span, most: usize) -> Result<Patch, Error> {
        let url = route::compare(self.hub.endpoint(), &self.id, &span.to_string());
        let call = Call::get(url, Some(&self.id));
        let (text, is_whole) = self.hub.ask_start(&call, most).await?;
        Ok(Patch { text, is_whole })
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commit(revision) => write!(f, "{revision}"),
            Self::Between { base, head } => write!(f, "{base}..{head}"),
        }
    }
}

/// One line of git's raw format after the Hub's own words:
/// `T 12\t:100644 100644 <40 hex>... <40 hex>... M\tpath`, a second path after a rename.
fn parse(line: &str) -> Option<FileChange> {
    let (word, rest) = line.split_once(' ')?;
    let is_binary = match word {
        "T" => false,
        "B" => true,
        _ => return None,
    };
    let (size, rest) = rest.split_once('\t')?;
    let (facts, paths) = rest.strip_prefix(':')?.split_once('\t')?;
    let [_, _, old, new, status] = facts.split(' ').collect::<Vec<_>>().try_into().ok()?;
    let kind = match status.chars().next()? {
        'A' => ChangeKind::Added,
        'C' => ChangeKind::Copied,
        'D' => ChangeKind::Deleted,
        'M' => ChangeKind::Modified,
        'R' => ChangeKind::Renamed,
        'T' => ChangeKind::TypeChanged,
        _ => ChangeKind::Other,
    };
    let (from, path) = match (kind, paths.split_once('\t')) {
        (ChangeKind::Copied | ChangeKind::Renamed, Some((from, to))) => (Some(from), to),
        _ => (None, paths),
    };
    (!path.is_empty()).then_some(())?;
    Some(FileChange {
        path: path.to_owned(),
        from: from.map(str::to_owned),
        kind,
        is_binary,
        size: size.parse().ok()?,
        old: blob(old)?,
        new: blob(new)?,
    })
}

/// `Some(None)` for the zeros that stand for no content.
fn blob(id: &str) -> Option<Option<Digest>> {
    let id = id.trim_end_matches('.');
    match Digest::parse(id)? {
        Digest::GitBlob(bytes) if bytes == [0; 20] => Some(None),
        blob @ Digest::GitBlob(_) => Some(Some(blob)),
        Digest::Sha256(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const A: &str = "97e7432a448baa9e97ec5e4f03c57b09b8e116ed";
    const NONE: &str = "0000000000000000000000000000000000000000";

    #[test]
    fn a_line_says_what_happened_to_a_file() {
        let change = parse(&format!(
            "T 23\t:100644 100644 {A}... {A}... M\tdir/ä b.txt"
        ))
        .unwrap();
        assert_eq!(
            (change.path.as_str(), change.kind),
            ("dir/ä b.txt", ChangeKind::Modified)
        );
        assert_eq!((change.size, change.is_binary), (23, false));
        assert_eq!(change.old, Digest::parse(A));
        let change = parse(&format!("B 0\t:000000 100644 {NONE}... {A}... A\tw")).unwrap();
        assert_eq!((change.old, change.new), (None, Digest::parse(A)));
        let renamed = parse(&format!("T 9\t:100644 100644 {A} {A} R100\told\tnew")).unwrap();
        assert_eq!(
            (renamed.from.as_deref(), renamed.path.as_str()),
            (Some("old"), "new")
        );
    }

    #[test]
    fn half_a_line_is_none() {
        for line in [
            "T".to_owned(),
            "X 1\t:a".to_owned(),
            format!("T x\t:1 1 {A} {A} M\tp"),
            format!("T 1\t:1 1 {A} {A} M"),
            format!("T 1\t:1 1 {A} {A} M\t"),
            format!("T 1\t:1 1 {A} M\tp"),
            "T 1\t:1 1 short short M\tp".to_owned(),
        ] {
            assert_eq!(parse(&line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_line_is_too_odd_to_read(line in "[TB]? ?[0-9]{0,21}\t?:?[0-9a-f. ]{0,100}[AMR]?[\ta-z0é]{0,9}") {
            let _ = parse(&line);
        }
    }
}
