//! What a request asks for, read from its address.

use axum::http::Method;
use hubdesk_core::{RepoId, RepoKind};
use percent_encoding::percent_decode_str;

use crate::fault::Route;

/// One request, understood.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Home,
    Whoami,
    Quicksearch,
    Trending,
    List(RepoKind),
    TagsByType(RepoKind),
    SemanticSearch,
    /// A person's name, and what of them.
    User(String, Vec<String>),
    /// An organisation's name, and what of it.
    Organization(String, Vec<String>),
    /// Where a picture is.
    Avatar(String),
    /// The picture itself.
    Picture(String),
    /// What the caller has stored.
    Stored,
    /// The words after `collections`.
    Collections(Vec<String>),
    SpaceHardware,
    SpaceTemplates,
    CreateRepo,
    DeleteRepo,
    MoveRepo,
    ValidateCard,
    Repo(RepoId, OfRepo),
    /// What the dataset viewer is asked.
    Viewer(String),
    Unknown,
}

/// One request about one repository.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum OfRepo {
    Info {
        revision: Option<String>,
    },
    Tree {
        revision: String,
        path: String,
    },
    TreeSize {
        revision: String,
        path: String,
    },
    Paths {
        revision: String,
    },
    Refs,
    Commits {
        revision: String,
    },
    AuthCheck {
        is_write: bool,
    },
    Resolve {
        revision: String,
        path: String,
    },
    /// What a family knows by the words after the name, the first of which is one of [`WORDS`].
    Family(Vec<String>),
}

/// Words of the API that can follow a repository's name. None of them is ever a name, so the first
/// one ends the name: `gpt/tree/main` is about `gpt`, `org/gpt/tree/main` about `org/gpt`.
const WORDS: &[&str] = &[
    "revision",
    "tree",
    "treesize",
    "paths-info",
    "refs",
    "commits",
    "auth-check",
    "branch",
    "tag",
    "like",
    "compare",
    "scan",
    "discussions",
    "runtime",
    "restart",
    "pause",
    "hardware",
    "sleeptime",
    "secrets",
    "variables",
    "logs",
    "settings",
    "duplicate",
    "super-squash",
    "lfs-files",
    "commit",
    "preupload",
    "user-access-request",
    "xet-read-token",
    "xet-write-token",
];

impl Call {
    /// Reads a path as it stands in the request line. Segments are decoded one by one, so that an
    /// encoded slash stays inside its segment.
    pub(crate) fn parse(method: &Method, path: &str) -> Self {
        let segments: Vec<String> = path
            .trim_start_matches('/')
            .split('/')
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let is_read = matches!(*method, Method::GET | Method::HEAD);
        match segments.as_slice() {
            [""] if is_read => Self::Home,
            ["api", "whoami-v2"] if is_read => Self::Whoami,
            ["api", "quicksearch"] if is_read => Self::Quicksearch,
            ["api", "trending"] if is_read => Self::Trending,
            ["api", "models-tags-by-type"] if is_read => Self::TagsByType(RepoKind::Model),
            ["api", "datasets-tags-by-type"] if is_read => Self::TagsByType(RepoKind::Dataset),
            ["api", "spaces", "semantic-search"] if is_read => Self::SemanticSearch,
            ["api", "users", name, what @ ..] if is_read => Self::User(owned(name), all(what)),
            ["api", "organizations", name, what @ ..] if is_read => {
                Self::Organization(owned(name), all(what))
            }
            ["api", "avatars", name] if is_read => Self::Avatar(owned(name)),
            ["avatars", file] if is_read => Self::Picture(owned(file.trim_end_matches(".svg"))),
            ["api", "settings", "repositories"] if is_read => Self::Stored,
            ["api", "collections", rest @ ..] => Self::Collections(all(rest)),
            ["_viewer", word] if is_read => Self::Viewer((*word).to_owned()),
            ["api", "spaces", "hardware"] if is_read => Self::SpaceHardware,
            ["api", "spaces", "templates"] if is_read => Self::SpaceTemplates,
            ["api", "repos", "create"] if *method == Method::POST => Self::CreateRepo,
            ["api", "repos", "delete"] if *method == Method::DELETE => Self::DeleteRepo,
            ["api", "repos", "move"] if *method == Method::POST => Self::MoveRepo,
            ["api", "validate-yaml"] if *method == Method::POST => Self::ValidateCard,
            ["api", plural, rest @ ..] => match kind(plural) {
                Some(kind) if rest.is_empty() && is_read => Self::List(kind),
                Some(kind) => api(method, kind, rest).unwrap_or(Self::Unknown),
                None => Self::Unknown,
            },
            [plural @ ("datasets" | "spaces"), rest @ ..] if is_read => kind(plural)
                .and_then(|kind| resolve(kind, rest))
                .unwrap_or(Self::Unknown),
            rest if is_read => resolve(RepoKind::Model, rest).unwrap_or(Self::Unknown),
            [plural @ ("datasets" | "spaces"), rest @ ..] => kind(plural)
                .and_then(|kind| page(kind, rest))
                .unwrap_or(Self::Unknown),
            rest => page(RepoKind::Model, rest).unwrap_or(Self::Unknown),
        }
    }

    pub(crate) fn route(&self) -> Route {
        match self {
            Self::Whoami | Self::Repo(_, OfRepo::AuthCheck { .. }) => Route::Account,
            Self::User(..) | Self::Organization(..) | Self::Avatar(_) | Self::Picture(_) => {
                Route::Account
            }
            Self::Quicksearch | Self::Trending | Self::List(_) | Self::TagsByType(_) => Route::List,
            Self::SemanticSearch | Self::Stored | Self::SpaceHardware | Self::SpaceTemplates => {
                Route::List
            }
            Self::Collections(_) => Route::Change,
            Self::Repo(_, OfRepo::Info { .. }) => Route::Repo,
            Self::Repo(_, OfRepo::Tree { .. } | OfRepo::TreeSize { .. }) => Route::Tree,
            Self::Repo(_, OfRepo::Paths { .. }) => Route::Paths,
            Self::Repo(_, OfRepo::Refs) => Route::Refs,
            Self::Repo(_, OfRepo::Commits { .. }) => Route::Commits,
            Self::Repo(_, OfRepo::Resolve { .. }) => Route::Resolve,
            Self::Repo(_, OfRepo::Family(_))
            | Self::CreateRepo
            | Self::DeleteRepo
            | Self::MoveRepo
            | Self::ValidateCard => Route::Change,
            Self::Viewer(_) => Route::Viewer,
            Self::Home | Self::Unknown => Route::Other,
        }
    }
}

fn owned(text: &str) -> String {
    text.to_owned()
}

fn all(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| owned(word)).collect()
}

fn kind(plural: &str) -> Option<RepoKind> {
    RepoKind::ALL
        .into_iter()
        .find(|kind| kind.plural() == plural)
}

fn api(method: &Method, kind: RepoKind, rest: &[&str]) -> Option<Call> {
    let end = rest
        .iter()
        .position(|part| WORDS.contains(part))
        .unwrap_or(rest.len());
    let id = RepoId::new(kind, &rest[..end].join("/")).ok()?;
    let of_repo = match (method.as_str(), &rest[end..]) {
        ("GET" | "HEAD", []) => OfRepo::Info { revision: None },
        ("GET" | "HEAD", ["revision", revision]) => OfRepo::Info {
            revision: Some((*revision).to_owned()),
        },
        ("GET", ["tree", revision, path @ ..]) => OfRepo::Tree {
            revision: (*revision).to_owned(),
            path: path.join("/"),
        },
        ("GET", ["treesize", revision, path @ ..]) => OfRepo::TreeSize {
            revision: (*revision).to_owned(),
            path: path.join("/"),
        },
        ("POST", ["paths-info", revision]) => OfRepo::Paths {
            revision: (*revision).to_owned(),
        },
        ("GET", ["refs"]) => OfRepo::Refs,
        ("GET", ["commits", revision]) => OfRepo::Commits {
            revision: (*revision).to_owned(),
        },
        ("GET", ["auth-check"]) => OfRepo::AuthCheck { is_write: false },
        ("GET", ["auth-check", "write"]) => OfRepo::AuthCheck { is_write: true },
        (_, []) => return None,
        (_, rest) => OfRepo::Family(rest.iter().map(|part| (*part).to_owned()).collect()),
    };
    Some(Call::Repo(id, of_repo))
}

fn resolve(kind: RepoKind, segments: &[&str]) -> Option<Call> {
    let end = segments.iter().position(|part| *part == "resolve")?;
    let [_, revision, path @ ..] = &segments[end..] else {
        return None;
    };
    let id = RepoId::new(kind, &segments[..end].join("/")).ok()?;
    let of_repo = OfRepo::Resolve {
        revision: (*revision).to_owned(),
        path: path.join("/"),
    };
    Some(Call::Repo(id, of_repo))
}

/// What is sent to a repository's page: a request for access, and git's for large files.
fn page(kind: RepoKind, segments: &[&str]) -> Option<Call> {
    let (name, words) = match segments {
        [name @ .., "ask-access"] => (name.join("/"), vec!["ask-access"]),
        [name @ .., "info", "lfs", "objects", what] => {
            let name = name.join("/").strip_suffix(".git")?.to_owned();
            (name, vec!["lfs", *what])
        }
        _ => return None,
    };
    let id = RepoId::new(kind, &name).ok()?;
    let words = words.into_iter().map(str::to_owned).collect();
    Some(Call::Repo(id, OfRepo::Family(words)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str) -> Call {
        Call::parse(&Method::GET, path)
    }

    fn model(name: &str) -> RepoId {
        RepoId::new(RepoKind::Model, name).unwrap()
    }

    #[test]
    fn names_with_and_without_an_owner_are_told_apart() {
        let revision = || "main".to_owned();
        for name in ["gpt", "org/gpt"] {
            let tree = OfRepo::Tree {
                revision: revision(),
                path: "a/tree".to_owned(),
            };
            let path = format!("/api/models/{name}/tree/main/a/tree");
            assert_eq!(get(&path), Call::Repo(model(name), tree));
            let file = OfRepo::Resolve {
                revision: revision(),
                path: "resolve/x".to_owned(),
            };
            let path = format!("/{name}/resolve/main/resolve/x");
            assert_eq!(get(&path), Call::Repo(model(name), file));
        }
    }

    #[test]
    fn an_encoded_slash_stays_in_the_revision() {
        let call = get("/datasets/o/d/resolve/refs%2Fpr%2F1/dir%2Fsub/a%20b.txt");
        let id = RepoId::new(RepoKind::Dataset, "o/d").unwrap();
        let file = OfRepo::Resolve {
            revision: "refs/pr/1".to_owned(),
            path: "dir/sub/a b.txt".to_owned(),
        };
        assert_eq!(call, Call::Repo(id, file));
    }

    #[test]
    fn what_is_no_address_of_a_hub_is_unknown() {
        for path in [
            "/api",
            "/api/kernels/a/b",
            "/a/b/c",
            "/a--b/resolve/main/x",
            "/a/resolve",
        ] {
            assert_eq!(get(path), Call::Unknown, "{path}");
        }
        assert_eq!(
            Call::parse(&Method::POST, "/api/models/a/b/nonsense"),
            Call::Unknown
        );
    }
}
