use hubdesk_core::{RepoId, RepoKind, RepoPath};
use serde_json::{Map, Value, json};

use crate::about::{About, Gate};
use crate::content::Content;
use crate::discussion_seed::DiscussionSeed;
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
