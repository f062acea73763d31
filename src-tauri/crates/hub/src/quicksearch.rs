use hubdesk_core::{RepoId, RepoKind};
use serde::Deserialize;
use serde_json::Value;

use crate::call::Call;
use crate::json::{each, lenient, or_default};
use crate::people::AccountWire;
use crate::search::add_all;
use crate::words::words;
use crate::{Account, CollectionSlug, Endpoint, Error, Hub, route};

/// The most hits of one kind the Hub gives at once.
pub const MOST_HITS: u8 = 20;

/// What to look for while somebody types.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QuickQuery {
    /// What was typed so far.
    pub text: String,
    /// What may be found; everything when empty.
    pub kinds: Vec<QuickKind>,
    /// Hits of each kind, at most [`MOST_HITS`]; the Hub's own number when `None`.
    pub limit: Option<u8>,
    /// Only repositories of this owner.
    pub namespace: Option<String>,
    /// Repositories that are not wanted.
    pub exclude: Vec<RepoId>,
}

words! {
    /// What a quick search finds.
    pub enum QuickKind {
        /// Models.
        Model = "model",
        /// Datasets.
        Dataset = "dataset",
        /// Spaces.
        Space = "space",
        /// Organisations.
        Org = "org",
        /// People.
        User = "user",
        /// Papers.
        Paper = "paper",
        /// Collections.
        Collection = "collection",
        /// Flat storage.
        Bucket = "bucket",
        /// Compute kernels.
        Kernel = "kernel",
    }
}

/// What a quick search found, the best of each kind first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct QuickHits {
    /// Models.
    pub models: Hits<QuickRepo>,
    /// Datasets.
    pub datasets: Hits<QuickRepo>,
    /// Spaces.
    pub spaces: Hits<QuickRepo>,
    /// People.
    pub users: Hits<Account>,
    /// Organisations.
    pub orgs: Hits<Account>,
    /// Papers.
    pub papers: Hits<QuickPaper>,
    /// Collections.
    pub collections: Hits<QuickCollection>,
    /// Names of buckets. As the server says, not checked.
    pub buckets: Hits<String>,
    /// Names of kernels. As the server says, not checked.
    pub kernels: Hits<String>,
}

/// The best hits of a kind, and how many there are in all.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits<T> {
    /// The best.
    pub best: Vec<T>,
    /// How many there are.
    pub total: u64,
}

/// A repository that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct QuickRepo {
    /// Its kind and name.
    pub id: RepoId,
    /// Whether only some accounts see it.
    pub is_private: bool,
    /// How much people look at it now.
    pub trending_weight: Option<f64>,
    /// A Space's own sign.
    pub emoji: Option<String>,
}

/// A paper that was found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct QuickPaper {
    /// Its number at arXiv. As the server says, not checked.
    pub id: String,
    /// Its title, if the Hub said it.
    #[serde(default, deserialize_with = "lenient")]
    pub title: Option<String>,
}

/// A collection that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuickCollection {
    /// The part of its slug that never changes.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it says about itself.
    pub description: Option<String>,
    /// Its name in addresses, if the Hub said it; a quick search is not known to (unverified).
    pub slug: Option<CollectionSlug>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RepoWire {
    id: String,
    #[serde(default, deserialize_with = "or_default")]
    private: bool,
    #[serde(default, deserialize_with = "lenient")]
    trending_weight: Option<f64>,
    #[serde(default, deserialize_with = "lenient")]
    emoji: Option<String>,
}

#[derive(Deserialize)]
struct CollectionWire {
    #[serde(rename = "_id")]
    id: String,
    #[serde(default, deserialize_with = "or_default")]
    title: String,
    #[serde(default, deserialize_with = "lenient")]
    description: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    slug: Option<String>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

/// The answer: `models`, `modelsCount`, and so on for each kind.
#[derive(Deserialize)]
struct Wire(serde_json::Map<String, Value>);

impl Hub {
    /// What fits what somebody types, of every kind at once: one answer, no pages.
    pub async fn quicksearch(&self, query: &QuickQuery) -> Result<QuickHits, Error> {
        let mut url = route::below_api(self.endpoint(), "quicksearch");
        let limit = query
            .limit
            .map(|limit| limit.clamp(1, MOST_HITS).to_string());
        let kinds: Vec<_> = query.kinds.iter().map(QuickKind::as_str).collect();
        let exclude: Vec<_> = query.exclude.iter().map(plural_name).collect();
        let mut pairs = url.query_pairs_mut();
        pairs.append_pair("q", &query.text);
        add_all(&mut pairs, "limit", &limit);
        add_all(&mut pairs, "type", &kinds);
        add_all(&mut pairs, "namespace", &query.namespace);
        add_all(&mut pairs, "exclude", &exclude);
        drop(pairs);
        let wire: Wire = self.ask(&Call::get(url, None)).await?.value;
        Ok(wire.read(self.endpoint()))
    }
}

/// `models/owner/name`, as parameters name a repository.
pub(crate) fn plural_name(repo: &RepoId) -> String {
    format!("{}/{}", repo.kind().plural(), repo.name())
}

impl Wire {
    fn read(mut self, endpoint: &Endpoint) -> QuickHits {
        let account = |wire: AccountWire| Some(wire.read(endpoint));
        QuickHits {
            models: self.hits("models", |wire| repo(RepoKind::Model, wire)),
            datasets: self.hits("datasets", |wire| repo(RepoKind::Dataset, wire)),
            spaces: self.hits("spaces", |wire| repo(RepoKind::Space, wire)),
            users: self.hits("users", account),
            orgs: self.hits("orgs", account),
            papers: self.hits("papers", Some),
            collections: self.hits("collections", collection),
            buckets: self.hits("buckets", |named: Named| Some(named.id)),
            kernels: self.hits("kernels", |named: Named| Some(named.id)),
        }
    }

    /// What was found of one kind; what cannot be read is left out.
    fn hits<W, T>(&mut self, kind: &str, read: impl Fn(W) -> Option<T>) -> Hits<T>
    where
        W: serde::de::DeserializeOwned,
    {
        let found = self.0.remove(kind).unwrap_or_default();
        let found: Vec<W> = each(found).unwrap_or_default();
        let best: Vec<T> = found.into_iter().filter_map(read).collect();
        let total = self.0.get(&format!("{kind}Count")).and_then(Value::as_u64);
        Hits {
            total: total.unwrap_or(best.len() as u64),
            best,
        }
    }
}

fn repo(kind: RepoKind, wire: RepoWire) -> Option<QuickRepo> {
    Some(QuickRepo {
        id: RepoId::new(kind, &wire.id).ok()?,
        is_private: wire.private,
        trending_weight: wire.trending_weight,
        emoji: wire.emoji,
    })
}

fn collection(wire: CollectionWire) -> Option<QuickCollection> {
    Some(QuickCollection {
        id: wire.id,
        title: wire.title,
        description: wire.description,
        slug: wire.slug.and_then(|slug| slug.parse().ok()),
    })
}

impl<T> Default for Hits<T> {
    fn default() -> Self {
        Self {
            best: Vec::new(),
            total: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_odd_is_left_out_and_the_rest_is_found() {
        let json = r#"{"models":[{"id":"a/b","trendingWeight":3},{"id":"../c"},{"no":1}],
            "modelsCount":9,"users":[{"user":"ada","avatarUrl":"javascript:x"}],
            "orgs":[{"name":"lab","fullname":"The Lab"}],"papers":null,
            "collections":[{"_id":"x","title":"T","slug":"../../x"}],"lenses":[1]}"#;
        let wire: Wire = serde_json::from_str(json).unwrap();
        let hits = wire.read(&Endpoint::default());
        assert_eq!((hits.models.best.len(), hits.models.total), (1, 9));
        assert_eq!(hits.models.best[0].trending_weight, Some(3.0));
        assert_eq!(hits.users.best[0].avatar, None);
        assert_eq!(
            (hits.orgs.best[0].name.as_str(), hits.orgs.total),
            ("lab", 1)
        );
        assert_eq!(hits.collections.best[0].slug, None);
        assert_eq!(
            (hits.papers, hits.kernels),
            (Hits::default(), Hits::default())
        );
    }
}
