//! Which discussions, and in which order.

use url::Url;

use crate::{Repo, route};

/// Which discussions to list. The default is all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DiscussionFilter {
    /// Only discussions, or only pull requests.
    pub kind: Option<DiscussionKind>,
    /// Only those that go on, or only those that are over.
    pub is_open: Option<bool>,
    /// Only what this account opened.
    pub author: Option<String>,
    /// Words to be found in them.
    pub search: Option<String>,
    /// The order; the Hub's own when `None`.
    pub sort: Option<DiscussionSort>,
}

/// What kind of discussion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiscussionKind {
    /// One without a proposal.
    Discussion,
    /// A proposal.
    PullRequest,
}

/// The order of a list. The words are those of a repository's own setting; unverified for lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiscussionSort {
    /// The newest first.
    Created,
    /// What people look at now.
    Trending,
    /// What people react to.
    Reactions,
}

impl DiscussionFilter {
    /// Where the list of `repo` is, but for the page.
    pub(crate) fn address(&self, repo: &Repo) -> Url {
        let mut url = route::of_repo(repo.hub.endpoint(), &repo.id, "discussions");
        let kind = self.kind.map(|kind| match kind {
            DiscussionKind::Discussion => "discussion",
            DiscussionKind::PullRequest => "pull_request",
        });
        let status = self
            .is_open
            .map(|open| if open { "open" } else { "closed" });
        let sort = self.sort.map(|sort| match sort {
            DiscussionSort::Created => "recently-created",
            DiscussionSort::Trending => "trending",
            DiscussionSort::Reactions => "reactions",
        });
        let pairs = [
            ("type", kind),
            ("status", status),
            ("author", self.author.as_deref()),
            ("search", self.search.as_deref()),
            ("sort", sort),
        ];
        for (key, value) in pairs {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(key, value);
            }
        }
        url
    }
}
