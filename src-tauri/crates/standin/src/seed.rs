use hubdesk_core::{RepoId, RepoKind, RepoPath};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::content::Content;
use crate::table::Table;

/// A repository to be: its files, its history, and what the Hub says about it.
///
/// Files are put into the commit that [`RepoSeed::commit`] closes; what is left open at the end, or
/// when a ref is made, becomes a commit of its own. A seed is written by a programmer: names that
/// cannot be panic.
#[derive(Clone)]
pub struct RepoSeed {
    pub(crate) id: RepoId,
    pub(crate) steps: Vec<Step>,
    pub(crate) about: About,
    pub(crate) old_names: Vec<RepoId>,
    pub(crate) discussions: Vec<DiscussionSeed>,
}

#[derive(Clone)]
pub(crate) enum Step {
    Change(Change),
    Commit(String),
    Branch(String),
    Tag(String),
    PullRequest(u64),
    Convert(String),
}

/// A discussion to be.
#[derive(Clone)]
pub struct DiscussionSeed {
    pub(crate) title: String,
    pub(crate) said: Vec<(Option<String>, String)>,
    pub(crate) is_closed: bool,
    pub(crate) is_locked: bool,
}

/// One difference to the tree before.
#[derive(Clone)]
pub struct Change {
    pub(crate) path: String,
    pub(crate) what: What,
    pub(crate) is_raw: bool,
}

#[derive(Clone)]
pub(crate) enum What {
    Regular(Content),
    Large(Content),
    Remove,
}

/// Who may see and read a repository, and the numbers around it.
#[derive(Clone)]
pub(crate) struct About {
    pub(crate) is_private: bool,
    /// A Space whose app everyone sees, and whose files are private.
    pub(crate) is_protected: bool,
    /// Whoever made it; contributors of an organisation may change what they made.
    pub(crate) creator: Option<String>,
    pub(crate) discussions_disabled: bool,
    /// What was set and changes nothing here.
    pub(crate) settings: Map<String, Value>,
    pub(crate) is_disabled: bool,
    pub(crate) gate: Option<Gate>,
    pub(crate) readers: Vec<String>,
    pub(crate) created: u64,
    pub(crate) downloads: u64,
    pub(crate) likes: u64,
    /// Likes of the last 30 days; a twelfth of all without it.
    pub(crate) recent_likes: Option<u64>,
    /// Programs that run it.
    pub(crate) apps: Vec<String>,
    /// Rows, of a dataset.
    pub(crate) rows: Option<u64>,
    pub(crate) properties: Vec<(String, Value)>,
    pub(crate) tables: Vec<Table>,
}

/// How access to a gated repository is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gate {
    Auto,
    Manual,
}

/// Who sees a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Visibility {
    Public,
    Private,
    Protected,
}

impl Visibility {
    /// As it is asked for, in the new form or the old one.
    pub(crate) fn of(word: Option<Self>, is_private: Option<bool>) -> Option<Self> {
        word.or(is_private.map(|is_private| match is_private {
            true => Self::Private,
            false => Self::Public,
        }))
    }
}

impl About {
    pub(crate) fn show_to(&mut self, visibility: Visibility) {
        self.is_private = visibility != Visibility::Public;
        self.is_protected = visibility == Visibility::Protected;
    }

    pub(crate) fn visibility(&self) -> Visibility {
        match (self.is_private, self.is_protected) {
            (false, _) => Visibility::Public,
            (true, false) => Visibility::Private,
            (true, true) => Visibility::Protected,
        }
    }
}

impl RepoSeed {
    /// A model. Panics if `name` is not a repository's name; so do its two siblings.
    pub fn model(name: &str) -> Self {
        Self::new(RepoKind::Model, name)
    }

    /// A dataset.
    pub fn dataset(name: &str) -> Self {
        Self::new(RepoKind::Dataset, name)
    }

    /// A Space.
    pub fn space(name: &str) -> Self {
        Self::new(RepoKind::Space, name)
    }

    fn new(kind: RepoKind, name: &str) -> Self {
        Self::of(id(kind, name))
    }

    pub(crate) fn of(id: RepoId) -> Self {
        Self {
            id,
            steps: Vec::new(),
            about: About {
                is_private: false,
                is_protected: false,
                creator: None,
                discussions_disabled: false,
                settings: Map::new(),
                is_disabled: false,
                gate: None,
                readers: Vec::new(),
                created: 1_735_725_600,
                downloads: 0,
                likes: 0,
                recent_likes: None,
                apps: Vec::new(),
                rows: None,
                properties: Vec::new(),
                tables: Vec::new(),
            },
            old_names: Vec::new(),
            discussions: Vec::new(),
        }
    }

    /// Adds or replaces a regular file: content and etag are git's.
    pub fn file(self, path: &str, content: impl Into<Content>) -> Self {
        self.change(Change::file(path, content))
    }

    /// Adds or replaces a large file: kept by the storage host, named by its sha256.
    pub fn large(self, path: &str, content: impl Into<Content>) -> Self {
        self.change(Change::large(path, content))
    }

    /// Adds a regular file under a name no sane Hub would list, exactly as it is given.
    pub fn raw_entry(self, path: &str, content: impl Into<Content>) -> Self {
        self.change(Change {
            path: path.to_owned(),
            what: What::Regular(content.into()),
            is_raw: true,
        })
    }

    /// Removes a file of the commit before.
    pub fn remove(self, path: &str) -> Self {
        self.change(Change::remove(path))
    }

    pub(crate) fn change(self, change: Change) -> Self {
        self.step(Step::Change(change))
    }

    /// Commits what was changed since the last commit.
    pub fn commit(self, title: &str) -> Self {
        self.step(Step::Commit(title.to_owned()))
    }

    /// Goes on on this branch, which begins here if it is new. A seed begins on `main`.
    pub fn branch(self, name: &str) -> Self {
        self.step(Step::Branch(name.to_owned()))
    }

    /// Names this commit.
    pub fn tag(self, name: &str) -> Self {
        self.step(Step::Tag(name.to_owned()))
    }

    /// Goes on on `refs/pr/<number>`, which begins here.
    pub fn pull_request(self, number: u64) -> Self {
        self.step(Step::PullRequest(number))
    }

    /// Goes on on `refs/convert/<name>`, which begins with nothing.
    pub fn convert(self, name: &str) -> Self {
        self.step(Step::Convert(name.to_owned()))
    }

    fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// People talk about it. Discussions get the numbers after those of its pull requests, in the
    /// order they are added.
    pub fn discussion(mut self, discussion: DiscussionSeed) -> Self {
        self.discussions.push(discussion);
        self
    }

    /// Only `owner` sees that it exists.
    pub fn private(mut self, owner: &str) -> Self {
        self.about.is_private = true;
        self.grant(owner)
    }

    /// Everyone sees it, files are for those whom the author [granted](Self::grant) access.
    pub fn gated(mut self) -> Self {
        self.about.gate = Some(Gate::Manual);
        self
    }

    /// As [`RepoSeed::gated`], but it says that everyone who asks is let in.
    pub fn gated_auto(mut self) -> Self {
        self.about.gate = Some(Gate::Auto);
        self
    }

    /// Lets `user` read the files of a private or gated repository.
    pub fn grant(mut self, user: &str) -> Self {
        self.about.readers.push(user.to_owned());
        self
    }

    /// Taken down: every request is refused.
    pub fn disabled(mut self) -> Self {
        self.about.is_disabled = true;
        self
    }

    /// It was once called `name`, and requests under that name are redirected.
    pub fn renamed_from(mut self, name: &str) -> Self {
        self.old_names.push(id(self.id.kind(), name));
        self
    }

    /// When it was made, in Unix seconds. Its commits follow, about a day apart.
    pub fn created(mut self, seconds: u64) -> Self {
        self.about.created = seconds;
        self
    }

    /// Downloads of the last 30 days.
    pub fn downloads(mut self, count: u64) -> Self {
        self.about.downloads = count;
        self
    }

    /// Likes.
    pub fn likes(mut self, count: u64) -> Self {
        self.about.likes = count;
        self
    }

    /// Likes of the last 30 days.
    pub fn recent_likes(mut self, count: u64) -> Self {
        self.about.recent_likes = Some(count);
        self
    }

    /// Programs on a person's own machine that run it, such as `ollama`.
    pub fn apps(mut self, apps: &[&str]) -> Self {
        self.about.apps = apps.iter().map(|&app| app.to_owned()).collect();
        self
    }

    /// Rows of a dataset.
    pub fn rows(mut self, count: u64) -> Self {
        self.about.rows = Some(count);
        self
    }

    /// Providers that serve the model now, such as `groq`.
    pub fn served_by(self, providers: &[&str]) -> Self {
        let name = self.id.name().to_owned();
        let served = |provider: &&str| {
            json!({
                "provider": provider,
                "providerId": name,
                "status": "live",
                "task": "conversational",
            })
        };
        let mapping = providers.iter().map(served).collect();
        self.property("inference", json!("warm"))
            .property("inferenceProviderMapping", mapping)
    }

    /// What the dataset viewer shows of it, once per table.
    pub fn table(mut self, table: Table) -> Self {
        self.about.tables.push(table);
        self
    }

    /// Anything else the Hub says about it (`safetensors`, `config`, `runtime`, …).
    pub fn property(mut self, name: &str, value: Value) -> Self {
        self.about.properties.push((name.to_owned(), value));
        self
    }
}

impl DiscussionSeed {
    /// `author` opens it with `text`.
    pub fn new(title: &str, author: &str, text: &str) -> Self {
        Self {
            title: title.to_owned(),
            said: vec![(Some(author.to_owned()), text.to_owned())],
            is_closed: false,
            is_locked: false,
        }
    }

    /// The same, by an account that is no more.
    pub fn by_nobody(title: &str, text: &str) -> Self {
        let mut seed = Self::new(title, "", text);
        seed.said[0].0 = None;
        seed
    }

    /// `author` answers.
    pub fn reply(mut self, author: &str, text: &str) -> Self {
        self.said.push((Some(author.to_owned()), text.to_owned()));
        self
    }

    /// It is closed in the end, by the repository's owner.
    pub fn closed(mut self) -> Self {
        self.is_closed = true;
        self
    }

    /// Only who may change the repository still takes part.
    pub fn locked(mut self) -> Self {
        self.is_locked = true;
        self
    }
}

impl Change {
    /// Adds or replaces a regular file. Panics on a path that leads anywhere else.
    pub fn file(path: &str, content: impl Into<Content>) -> Self {
        Self::checked(path, What::Regular(content.into()))
    }

    /// Adds or replaces a large file. Panics as [`Change::file`] does.
    pub fn large(path: &str, content: impl Into<Content>) -> Self {
        Self::checked(path, What::Large(content.into()))
    }

    /// Removes a file.
    pub fn remove(path: &str) -> Self {
        Self::checked(path, What::Remove)
    }

    fn checked(path: &str, what: What) -> Self {
        if let Err(why) = RepoPath::new(path) {
            panic!("{path:?} cannot be a file of a repository: {why}");
        }
        Self {
            path: path.to_owned(),
            what,
            is_raw: false,
        }
    }
}

fn id(kind: RepoKind, name: &str) -> RepoId {
    RepoId::new(kind, name).unwrap_or_else(|why| panic!("{why}"))
}
