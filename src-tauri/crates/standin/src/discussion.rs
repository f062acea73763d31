//! Discussions and pull requests of one repository: what was said, and what became of it.

use std::collections::BTreeMap;

use hubdesk_core::CommitId;

use crate::discussion_seed::DiscussionSeed;
use crate::model::Repo;
use crate::repo::object_id;

/// Seconds between what people say in a seed.
const STEP: u64 = 3600;

/// Everything people talk about in one repository. Discussions and pull requests are counted
/// together, from 1.
#[derive(Clone, Default)]
pub(crate) struct Discussions {
    last: u64,
    all: BTreeMap<u64, Discussion>,
}

#[derive(Clone)]
pub(crate) struct Discussion {
    pub(crate) num: u64,
    pub(crate) title: String,
    /// `None` is an account that is no more.
    pub(crate) author: Option<String>,
    pub(crate) created: u64,
    pub(crate) status: Status,
    pub(crate) pull: Option<Pull>,
    pub(crate) is_locked: bool,
    pub(crate) events: Vec<Event>,
}

/// What makes a discussion a pull request.
#[derive(Clone)]
pub(crate) struct Pull {
    /// Where its ref began.
    pub(crate) fork: CommitId,
    /// Where it was merged: the new head of `main`.
    pub(crate) merged: Option<CommitId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Draft,
    Open,
    Closed,
    Merged,
}

#[derive(Clone)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) author: Option<String>,
    pub(crate) date: u64,
    pub(crate) what: Happening,
}

#[derive(Clone)]
pub(crate) enum Happening {
    Comment {
        /// The newest first.
        versions: Vec<Version>,
    },
    Status(Status),
    Title {
        from: String,
        to: String,
    },
}

/// A comment's text as it was at one time.
#[derive(Clone)]
pub(crate) struct Version {
    pub(crate) text: String,
    pub(crate) date: u64,
}

/// A discussion to be.
pub(crate) struct Opening<'a> {
    pub(crate) title: &'a str,
    pub(crate) author: Option<&'a str>,
    /// The first comment.
    pub(crate) text: &'a str,
    pub(crate) date: u64,
}

impl Discussions {
    pub(crate) fn get(&self, num: u64) -> Option<&Discussion> {
        self.all.get(&num)
    }

    pub(crate) fn get_mut(&mut self, num: u64) -> Option<&mut Discussion> {
        self.all.get_mut(&num)
    }

    /// The newest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Discussion> {
        self.all.values().rev()
    }
}

impl Repo {
    /// Opens a discussion; its number.
    pub(crate) fn open_discussion(&mut self, opening: &Opening<'_>) -> u64 {
        let num = self.discussions.last + 1;
        self.put_discussion(num, opening, Status::Open, None)
    }

    /// Opens a pull request on a ref of its own, `refs/pr/{number}`, which begins at `fork`; its
    /// number. Commits to the ref show up by themselves.
    pub(crate) fn open_pull_request(
        &mut self,
        fork: CommitId,
        opening: &Opening<'_>,
        status: Status,
    ) -> u64 {
        let num = self.discussions.last + 1;
        self.refs.insert(pull_ref(num), fork.clone());
        let pull = Pull { fork, merged: None };
        self.put_discussion(num, opening, status, Some(pull))
    }

    /// Every ref of a pull request belongs to one: opens those that a seed made refs for.
    pub(crate) fn adopt_pull_requests(&mut self) {
        let nums = self.refs.keys().filter_map(|name| {
            let num = name.strip_prefix("refs/pr/")?.parse().ok()?;
            self.discussions.get(num).is_none().then_some(num)
        });
        for num in nums.collect::<Vec<u64>>() {
            let (Some(head), Some(main)) = (self.resolve(&pull_ref(num)), self.resolve("main"))
            else {
                continue;
            };
            let fork = self.merge_base(&main, &head).unwrap_or(main);
            let own = self.history(head.clone()).take_while(|c| c.id != fork.id);
            let first = own.last().unwrap_or(head);
            let opening = Opening {
                title: &first.title,
                author: Some(&first.author),
                text: &first.title,
                date: first.date,
            };
            let pull = Pull {
                fork: fork.id.clone(),
                merged: None,
            };
            self.put_discussion(num, &opening, Status::Open, Some(pull));
        }
    }

    /// Makes the discussion a seed describes. It follows the commits: one an hour, from the last.
    pub(crate) fn take_up(&mut self, seed: &DiscussionSeed) {
        let [(author, text), replies @ ..] = &*seed.said else {
            return;
        };
        let latest = self.discussions.all.values().map(|one| one.created).max();
        let head = self.resolve("main").map_or(0, |head| head.date);
        let mut date = latest.unwrap_or_default().max(head) + STEP;
        let num = self.open_discussion(&Opening {
            title: &seed.title,
            author: author.as_deref(),
            text,
            date,
        });
        let place = self.id.to_string();
        let owner = self.id.owner().map(str::to_owned);
        let Some(one) = self.discussions.get_mut(num) else {
            return;
        };
        for (author, text) in replies {
            date += STEP;
            one.say(&place, author.as_deref(), text, date);
        }
        if seed.is_closed {
            one.status = Status::Closed;
            let what = Happening::Status(Status::Closed);
            one.record(&place, owner.as_deref(), what, date + STEP);
        }
        one.is_locked = seed.is_locked;
    }

    fn put_discussion(
        &mut self,
        num: u64,
        opening: &Opening<'_>,
        status: Status,
        pull: Option<Pull>,
    ) -> u64 {
        let mut discussion = Discussion {
            num,
            title: opening.title.to_owned(),
            author: opening.author.map(str::to_owned),
            created: opening.date,
            status,
            pull,
            is_locked: false,
            events: Vec::new(),
        };
        discussion.say(
            &self.id.to_string(),
            opening.author,
            opening.text,
            opening.date,
        );
        self.discussions.all.insert(num, discussion);
        self.discussions.last = self.discussions.last.max(num);
        num
    }
}

impl Discussion {
    /// Adds a comment. `repo` makes its id one of its own.
    pub(crate) fn say(
        &mut self,
        repo: &str,
        author: Option<&str>,
        text: &str,
        date: u64,
    ) -> &Event {
        let version = Version {
            text: text.to_owned(),
            date,
        };
        let versions = vec![version];
        self.record(repo, author, Happening::Comment { versions }, date)
    }

    /// Adds what happened.
    pub(crate) fn record(
        &mut self,
        repo: &str,
        author: Option<&str>,
        what: Happening,
        date: u64,
    ) -> &Event {
        let id = object_id(&format!("{repo}/{}/{}", self.num, self.events.len()));
        self.events.push(Event {
            id,
            author: author.map(str::to_owned),
            date,
            what,
        });
        self.events.last().expect("one was just added")
    }

    pub(crate) fn comments(&self) -> usize {
        let events = self.events.iter();
        events
            .filter(|event| matches!(event.what, Happening::Comment { .. }))
            .count()
    }
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Merged => "merged",
        }
    }
}

/// The ref a pull request's commits are on.
pub(crate) fn pull_ref(num: u64) -> String {
    format!("refs/pr/{num}")
}
