use futures_util::{Stream, TryStreamExt};
use serde::Deserialize;
use url::Url;

use crate::account::OrgRole;
use crate::avatar::RawPicture;
use crate::call::Call;
use crate::json::{each, lenient, or_default};
use crate::{Avatar, Endpoint, Error, Hub, page, route};

/// A person's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserOverview {
    /// The account's name, as in addresses.
    pub name: String,
    /// The name the person shows.
    pub full_name: String,
    /// The person's picture.
    pub avatar: Option<Avatar>,
    /// What they say about themselves.
    pub details: Option<String>,
    /// Whether the account is a paying one.
    pub is_pro: bool,
    /// Since when, as the Hub writes times.
    pub created_at: Option<String>,
    /// The organisations they show.
    pub orgs: Vec<Account>,
    /// How much there is of each.
    pub counts: Counts,
    /// Whether whoever asks follows them; `None` when nobody is signed in.
    pub is_followed: Option<bool>,
}

/// An organisation's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgOverview {
    /// Its name, as in addresses.
    pub name: String,
    /// The name it shows.
    pub full_name: String,
    /// Its picture.
    pub avatar: Option<Avatar>,
    /// What it says about itself.
    pub details: Option<String>,
    /// Whether the Hub has checked who it is.
    pub is_verified: bool,
    /// What it pays for, such as `team` or `enterprise`.
    pub plan: Option<String>,
    /// How much there is of each.
    pub counts: Counts,
    /// Whether whoever asks follows it; `None` when nobody is signed in.
    pub is_followed: Option<bool>,
}

/// How much an account has. What the Hub does not say is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub struct Counts {
    /// Models that whoever asks may see.
    #[serde(default, rename = "numModels", deserialize_with = "lenient")]
    pub models: Option<u64>,
    /// Datasets, likewise.
    #[serde(default, rename = "numDatasets", deserialize_with = "lenient")]
    pub datasets: Option<u64>,
    /// Spaces, likewise.
    #[serde(default, rename = "numSpaces", deserialize_with = "lenient")]
    pub spaces: Option<u64>,
    /// Discussions a person opened.
    #[serde(default, rename = "numDiscussions", deserialize_with = "lenient")]
    pub discussions: Option<u64>,
    /// Papers.
    #[serde(default, rename = "numPapers", deserialize_with = "lenient")]
    pub papers: Option<u64>,
    /// Upvotes a person gave.
    #[serde(default, rename = "numUpvotes", deserialize_with = "lenient")]
    pub upvotes: Option<u64>,
    /// Likes a person gave.
    #[serde(default, rename = "numLikes", deserialize_with = "lenient")]
    pub likes: Option<u64>,
    /// Who follows them.
    #[serde(default, rename = "numFollowers", deserialize_with = "lenient")]
    pub followers: Option<u64>,
    /// Whom a person follows.
    #[serde(default, rename = "numFollowing", deserialize_with = "lenient")]
    pub following: Option<u64>,
    /// Members of an organisation.
    #[serde(default, rename = "numUsers", deserialize_with = "lenient")]
    pub members: Option<u64>,
}

/// A person or an organisation in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account's name, as in addresses.
    pub name: String,
    /// The name it shows.
    pub full_name: String,
    /// Its picture.
    pub avatar: Option<Avatar>,
    /// What a member may do; in lists of members, and only for those who may know.
    pub role: Option<OrgRole>,
}

/// An account as lists, overviews and searches write it. Persons are called `user`, organisations
/// `name`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountWire {
    #[serde(alias = "name")]
    user: String,
    #[serde(default, rename = "fullname", deserialize_with = "or_default")]
    full_name: String,
    #[serde(default, deserialize_with = "or_default")]
    avatar_url: RawPicture,
    #[serde(default, deserialize_with = "lenient")]
    role: Option<OrgRole>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OverviewWire {
    #[serde(flatten)]
    account: AccountWire,
    #[serde(flatten)]
    counts: Counts,
    #[serde(default, deserialize_with = "lenient")]
    details: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    is_pro: bool,
    #[serde(default, deserialize_with = "or_default")]
    is_verified: bool,
    #[serde(default, deserialize_with = "lenient")]
    plan: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    created_at: Option<String>,
    #[serde(default, deserialize_with = "each")]
    orgs: Vec<AccountWire>,
    #[serde(default, deserialize_with = "lenient")]
    is_following: Option<bool>,
}

impl AccountWire {
    pub(crate) fn read(self, endpoint: &Endpoint) -> Account {
        Account {
            avatar: endpoint.picture(&self.avatar_url),
            name: self.user,
            full_name: self.full_name,
            role: self.role,
        }
    }
}

impl Hub {
    /// A person's page.
    pub async fn user_overview(&self, name: &str) -> Result<UserOverview, Error> {
        let wire = self.overview(route::user(self.endpoint(), name, "overview")?);
        let wire = wire.await?;
        let account = wire.account.read(self.endpoint());
        let orgs = wire.orgs.into_iter();
        Ok(UserOverview {
            name: account.name,
            full_name: account.full_name,
            avatar: account.avatar,
            details: wire.details,
            is_pro: wire.is_pro,
            created_at: wire.created_at,
            orgs: orgs.map(|org| org.read(self.endpoint())).collect(),
            counts: wire.counts,
            is_followed: wire.is_following,
        })
    }

    /// An organisation's page. [`Error::NotFound`] for a person's name.
    pub async fn org_overview(&self, name: &str) -> Result<OrgOverview, Error> {
        let wire = self.overview(route::organization(self.endpoint(), name, "overview")?);
        let wire = wire.await?;
        let account = wire.account.read(self.endpoint());
        Ok(OrgOverview {
            name: account.name,
            full_name: account.full_name,
            avatar: account.avatar,
            details: wire.details,
            is_verified: wire.is_verified,
            plan: wire.plan,
            counts: wire.counts,
            is_followed: wire.is_following,
        })
    }

    async fn overview(&self, url: Url) -> Result<OverviewWire, Error> {
        Ok(self.ask(&Call::get(url, None)).await?.value)
    }

    /// Who follows a person.
    pub fn user_followers(&self, name: &str) -> impl Stream<Item = Result<Account, Error>> + use<> {
        self.accounts(route::user(self.endpoint(), name, "followers"))
    }

    /// Whom a person follows.
    pub fn user_following(&self, name: &str) -> impl Stream<Item = Result<Account, Error>> + use<> {
        self.accounts(route::user(self.endpoint(), name, "following"))
    }

    /// Who follows an organisation.
    pub fn org_followers(&self, name: &str) -> impl Stream<Item = Result<Account, Error>> + use<> {
        self.accounts(route::organization(self.endpoint(), name, "followers"))
    }

    /// Who belongs to an organisation.
    pub fn org_members(&self, name: &str) -> impl Stream<Item = Result<Account, Error>> + use<> {
        self.accounts(route::organization(self.endpoint(), name, "members"))
    }

    /// A list of accounts, page by page as it is wanted. An error ends the stream.
    fn accounts(
        &self,
        url: Result<Url, Error>,
    ) -> impl Stream<Item = Result<Account, Error>> + Send + use<> {
        let endpoint = self.endpoint().clone();
        page::items(self.clone(), url.map(|url| Call::get(url, None)))
            .map_ok(move |wire: AccountWire| wire.read(&endpoint))
    }
}
