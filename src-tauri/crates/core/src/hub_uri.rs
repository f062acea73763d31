use std::fmt;

use percent_encoding::percent_decode_str;

use crate::{RepoId, RepoKind, RepoPath, Revision, web_link};

pub(crate) const SCHEME: &str = "hf://";

/// A place at the Hub as people and programs write it: `hf://[KIND/]OWNER/NAME[@REVISION][/PATH]`.
///
/// The grammar is the official client's. Stricter than there is what becomes part of an address or
/// of a path on disk: names, revisions and paths are checked by the rules of [`RepoId`],
/// [`Revision`] and [`RepoPath`], for buckets, too.
///
/// Its `Display` is the canonical form. It always names the kind, writes a slash inside a revision
/// as `%2F`, and reads back as the same place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HubUri {
    place: Place,
    name: String,
    revision: Option<Revision>,
    path: Option<RepoPath>,
}

/// What kind of thing a [`HubUri`] leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// A model, a dataset or a Space.
    Repo(RepoKind),
    /// A repository of compute kernels.
    Kernel,
    /// Storage without history: it has no revisions.
    Bucket,
}

/// A place at the Hub and where it is to appear in a file system:
/// `hf://…:/ABSOLUTE/PATH[:ro|:rw]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mount {
    /// What appears.
    pub source: HubUri,
    /// Where: an absolute path, of another system than this one. Not for the disk.
    pub path: String,
    /// Whether it may be changed there; `None` if that was not said.
    pub is_read_only: Option<bool>,
}

/// A text that leads to no place at the Hub.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} leads to no place at the Hub: {why}")]
pub struct BadUri {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

type Why = &'static str;

impl Place {
    const ALL: [Self; 5] = [
        Self::Repo(RepoKind::Model),
        Self::Repo(RepoKind::Dataset),
        Self::Repo(RepoKind::Space),
        Self::Kernel,
        Self::Bucket,
    ];

    /// The plural in addresses: `models`, `datasets`, `spaces`, `kernels`, `buckets`.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Repo(kind) => kind.plural(),
            Self::Kernel => "kernels",
            Self::Bucket => "buckets",
        }
    }

    pub(crate) fn from_plural(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.plural() == word)
    }

    fn is_singular(word: &str) -> bool {
        let mut plurals = Self::ALL.into_iter().map(Self::plural);
        plurals.any(|plural| plural.strip_suffix('s') == Some(word))
    }
}

impl HubUri {
    /// Reads an `hf://` text, or the address of a page of the public Hub with or without its
    /// scheme. `endpoint` is the Hub in use, whose pages are read as well.
    ///
    /// Pages are read when they show a repository, a bucket, a folder or a file, and refused when
    /// they show anything else: nothing is guessed.
    pub fn parse(text: &str, endpoint: Option<&str>) -> Result<Self, BadUri> {
        let parsed = match text.strip_prefix(SCHEME) {
            Some(body) => Self::read(body),
            None => web_link::body(text, endpoint).and_then(|body| Self::read(&body)),
        };
        parsed.map_err(|why| bad(text, why))
    }

    /// What kind of thing it is.
    pub fn place(&self) -> Place {
        self.place
    }

    /// `owner/name`, obeying the rules of [`RepoId`].
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The repository, if it is one Hubdesk knows how to open.
    pub fn repo(&self) -> Option<RepoId> {
        match self.place {
            Place::Repo(kind) => RepoId::new(kind, &self.name).ok(),
            Place::Kernel | Place::Bucket => None,
        }
    }

    /// The revision, if one is named.
    pub fn revision(&self) -> Option<&Revision> {
        self.revision.as_ref()
    }

    /// The file or folder, or `None` for all of it.
    pub fn path(&self) -> Option<&RepoPath> {
        self.path.as_ref()
    }

    fn read(body: &str) -> Result<Self, Why> {
        if body.is_empty() {
            return Err("nothing follows the scheme");
        }
        let first = body.split('/').next().unwrap_or_default();
        let (place, rest) = match Place::from_plural(first) {
            Some(place) => (place, &body[first.len()..]),
            None if Place::is_singular(first) => {
                return Err("the kind is written in the plural, such as `datasets/`");
            }
            None => (Place::Repo(RepoKind::Model), body),
        };
        let rest = rest.trim_matches('/');
        match place {
            Place::Bucket => Self::bucket(rest),
            Place::Repo(_) | Place::Kernel => Self::versioned(place, rest),
        }
    }

    fn bucket(rest: &str) -> Result<Self, Why> {
        let (name, path) = split_name(rest)?;
        if name.contains('@') {
            return Err("a bucket has no revisions");
        }
        Self::checked(Place::Bucket, name, None, path)
    }

    fn versioned(place: Place, rest: &str) -> Result<Self, Why> {
        // A later `@` belongs to the name of a file.
        let revised = rest
            .split_once('@')
            .filter(|(name, _)| name.matches('/').count() <= 1);
        let Some((name, rest)) = revised else {
            let (name, path) = split_name(rest)?;
            return Self::checked(place, name, None, path);
        };
        let (revision, path) = match special_ref(rest) {
            Some(length) => {
                let (revision, path) = rest.split_at(length);
                (revision, path.strip_prefix('/').unwrap_or(path))
            }
            None => rest.split_once('/').unwrap_or((rest, "")),
        };
        let revision = percent_decode_str(revision)
            .decode_utf8()
            .map_err(|_| "the revision is not UTF-8")?;
        if revision.is_empty() {
            return Err("no revision follows the `@`");
        }
        let revision = revision
            .parse()
            .map_err(|_| "what follows the `@` cannot be a revision")?;
        Self::checked(place, name, Some(revision), path)
    }

    fn checked(
        place: Place,
        name: &str,
        revision: Option<Revision>,
        path: &str,
    ) -> Result<Self, Why> {
        let is_name = name.contains('/') && RepoId::new(RepoKind::Model, name).is_ok();
        if !is_name {
            return Err("`owner/name` is missing or wrong");
        }
        let path = match path {
            "" => None,
            path => Some(RepoPath::new(path).map_err(|_| "the path cannot be that of a file")?),
        };
        Ok(Self {
            place,
            name: name.to_owned(),
            revision,
            path,
        })
    }
}

impl fmt::Display for HubUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}/{}", self.place.plural(), self.name)?;
        if let Some(revision) = &self.revision {
            let text = revision.as_str();
            if special_ref(text) == Some(text.len()) {
                write!(f, "@{text}")?;
            } else {
                // The official client leaves `%` as it is, and then reads `%2F` as a slash.
                let text = text.replace('%', "%25").replace('/', "%2F");
                write!(f, "@{text}")?;
            }
        }
        match &self.path {
            Some(path) => write!(f, "/{path}"),
            None => Ok(()),
        }
    }
}

impl Mount {
    /// Reads a mount. Only the `hf://` form can be one.
    pub fn parse(text: &str) -> Result<Self, BadUri> {
        Self::read(text).map_err(|why| bad(text, why))
    }

    fn read(text: &str) -> Result<Self, Why> {
        let body = text
            .strip_prefix(SCHEME)
            .ok_or("it is not an `hf://` text")?;
        let (body, is_read_only) = match (body.strip_suffix(":ro"), body.strip_suffix(":rw")) {
            (Some(body), _) => (body, Some(true)),
            (_, Some(body)) => (body, Some(false)),
            (None, None) => (body, None),
        };
        let colon = body.rfind(":/").ok_or("no `:/path` follows the place")?;
        let path = &body[colon + 1..];
        if path == "/" {
            return Err("nothing is mounted at the root");
        }
        Ok(Self {
            source: HubUri::read(&body[..colon])?,
            path: path.to_owned(),
            is_read_only,
        })
    }
}

impl fmt::Display for Mount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.source, self.path)?;
        f.write_str(match self.is_read_only {
            None => "",
            Some(true) => ":ro",
            Some(false) => ":rw",
        })
    }
}

fn bad(text: &str, why: Why) -> BadUri {
    BadUri {
        text: text.to_owned(),
        why,
    }
}

/// The first two parts, and what is left of them.
fn split_name(text: &str) -> Result<(&str, &str), Why> {
    let (owner, rest) = text.split_once('/').ok_or("`owner/name` is missing")?;
    let name = rest.split('/').next().unwrap_or_default();
    let end = owner.len() + 1 + name.len();
    let path = text[end..].strip_prefix('/').unwrap_or_default();
    Ok((&text[..end], path))
}

/// How long the pull-request or conversion ref is that `text` begins with. It ends where its last
/// character does, whatever follows.
fn special_ref(text: &str) -> Option<usize> {
    let length = |prefix: &str, is_part: fn(char) -> bool| {
        let rest = text.strip_prefix(prefix)?;
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        (end > 0).then_some(prefix.len() + end)
    };
    length("refs/pr/", |c| c.is_ascii_digit()).or_else(|| {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        length("refs/convert/", is_word)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<HubUri, BadUri> {
        HubUri::parse(text, Some("http://127.0.0.1:8080/hub"))
    }

    fn why(text: &str) -> &'static str {
        parse(text).unwrap_err().why
    }

    #[test]
    fn the_parts_of_a_place_are_read() {
        let uri = parse("hf://datasets/a/b@feat%2Fx/dir/f.json").unwrap();
        assert_eq!(uri.place(), Place::Repo(RepoKind::Dataset));
        assert_eq!(uri.repo(), RepoId::new(RepoKind::Dataset, "a/b").ok());
        assert_eq!(uri.revision().map(Revision::as_str), Some("feat/x"));
        assert_eq!(uri.path().map(RepoPath::as_str), Some("dir/f.json"));
        assert_eq!(parse("hf://kernels/a/b").unwrap().repo(), None);
    }

    #[test]
    fn the_reason_says_what_to_change() {
        assert!(why("hf://dataset/a/b").contains("plural"));
        assert!(why("hf://buckets/a/b@v1").contains("bucket"));
        assert!(why("hf://gpt2").contains("owner/name"));
        assert!(why("hf://a/b@").contains("revision"));
    }

    #[test]
    fn what_could_lead_elsewhere_is_refused() {
        for text in [
            "hf://a/b/../c",
            "hf://a/b/c/..",
            "hf://a/b@..%2F..%2Fx/f",
            "hf://a/b@%2E%2E/f",
            "hf://buckets/../b",
            "hf://a/b/C:\\x",
            "https://huggingface.co/a/b/blob/main/%2e%2e/x",
            "https://huggingface.co.evil.example/a/b",
            "https://huggingface.co@evil.example/a/b",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_read(text in r"(hf://|https://huggingface\.co/)?[a-b/@%:.?#~ 0-9F\\é-]{0,30}") {
            let _ = parse(&text);
            let _ = Mount::parse(&text);
        }

        #[test]
        fn the_canonical_form_reads_back_as_the_same_place(
            kind in "(models/|datasets/|spaces/|kernels/|buckets/)?",
            revision in "(@(refs/pr/1|refs/convert/|[a-z%25F./@-]){1,4})?",
            path in "(/[a-c@%:. ]{1,5}){0,3}",
            mount in "(:/m(:ro|:rw)?)?",
        ) {
            let text = format!("hf://{kind}o/n{revision}{path}{mount}");
            if let Ok(uri) = parse(&text) {
                prop_assert_eq!(parse(&uri.to_string()), Ok(uri));
            }
            if let Ok(mount) = Mount::parse(&text) {
                prop_assert_eq!(Mount::parse(&mount.to_string()), Ok(mount));
            }
        }
    }
}
