//! With what a stored request is run: as the account and the network are now.

use std::path::PathBuf;
use std::sync::Arc;

use hubdesk_cache::Cache;
use hubdesk_download::{Listings, Parts, Tuning};
use hubdesk_hub::{Endpoint, Hub};
use hubdesk_transfers::request::{DownloadV1, IntoV1};
use hubdesk_transfers::{Reason, Then};

use super::worker::Refusal;
use crate::App;
use crate::accounts::Tokens;
use crate::api::{ApiError, ErrorCode, Kept};
use crate::error::hub_error;
use crate::session::check_line;

/// The address under which the Hub that ships with the program is stored: it has another one at
/// each start.
pub(crate) const DEMO: &str = "demo:";

impl App {
    /// What a run of `stored` works with, as `account` of its Hub.
    pub(super) async fn parts_for(
        &self,
        stored: &DownloadV1,
        account: Option<&str>,
    ) -> Result<Parts, Refusal> {
        let (hub, tokens) = self.hub_for(&stored.endpoint, account).await?;
        let cache = match &stored.into {
            IntoV1::Cache { path } => Cache::open(PathBuf::from(path), self.cache_links()),
            IntoV1::Folder { .. } => self.cache().clone(),
        };
        Ok(Parts {
            listings: self.listings_of(&hub, tokens.as_ref()),
            // People who look at something come first when the Hub allows little.
            hub: hub.in_background(),
            xet: self.connection().xet(),
            cache,
            tuning: Tuning {
                backoff: self.profile().backoff,
                ..Tuning::default()
            },
        })
    }

    /// The Hub of `stored`, as whoever it would be asked; `None` if that cannot be said now.
    pub(crate) async fn hub_of(&self, stored: &DownloadV1) -> Option<Hub> {
        // The Hub that ships with the program is not started just to be asked.
        if stored.endpoint == DEMO && self.sessions().demo_address().is_none() {
            return None;
        }
        let account = stored.account.clone();
        let account = account.or_else(|| self.somebody_at(&stored.endpoint));
        let found = self.hub_for(&stored.endpoint, account.as_deref()).await;
        found.ok().map(|(hub, _)| hub.in_background())
    }

    pub(super) async fn hub_for(
        &self,
        endpoint: &str,
        account: Option<&str>,
    ) -> Result<(Hub, Option<Tokens>), Refusal> {
        if endpoint == DEMO {
            let hub = self.sessions().demo_hub(self.profile_of_demo()).await;
            return Ok((hub.map_err(Refusal::failed)?, None));
        }
        let at = Endpoint::parse(endpoint)
            .map_err(|error| Refusal::failed(ApiError::bad_input(format!("{error}."))))?;
        let words = |error| Refusal::failed(hub_error("the Hub", &error));
        let Some(account) = account else {
            let hub = Hub::new(at, Arc::new(None), self.profile()).map_err(words)?;
            return Ok((hub, None));
        };
        let entry = self.accounts().entry(&format!("{account}@{at}"));
        let Some(entry) = entry else {
            return Err(Refusal::signed_out(account, &at));
        };
        check_line(&at, true).map_err(Refusal::failed)?;
        self.accounts().load_soon(&entry).await;
        let tokens = Arc::new(entry.tokens.clone());
        let hub = Hub::new(at, tokens, self.profile()).map_err(words)?;
        Ok((hub, Some(entry.tokens)))
    }

    /// That `account` is known, and its token is not there: its keychain has it no more, or cannot
    /// be read. What becomes of one that is kept outside is for other programs to say.
    pub(super) fn lost(&self, endpoint: &str, account: Option<&str>) -> Option<Refusal> {
        let (account, at) = (account?, Endpoint::parse(endpoint).ok()?);
        let entry = self.accounts().entry(&format!("{account}@{at}"))?;
        let is_ours = entry.record.kept != Kept::Outside;
        let is_lost = is_ours && entry.tokens.held().access.is_none();
        is_lost.then(|| Refusal::signed_out(account, &at))
    }

    /// What was seen lately of the Hub, if it is the one that is open.
    fn listings_of(&self, hub: &Hub, tokens: Option<&Tokens>) -> Arc<Listings> {
        let open = self.sessions().open().ok();
        let is_same = |open: &Arc<crate::session::Open>| {
            open.hub.endpoint() == hub.endpoint()
                && open.account().as_ref() == tokens.map(Tokens::id)
        };
        open.filter(is_same)
            .map_or_else(Arc::default, |open| Arc::clone(&open.listings))
    }

    /// Somebody who has signed in at `endpoint`, by the name; the one whose Hub is open first.
    pub(super) fn somebody_at(&self, endpoint: &str) -> Option<String> {
        let mut entries = self.accounts().entries();
        let active = self.active();
        entries.retain(|entry| {
            entry.endpoint.to_string() == endpoint && !entry.tokens.needs_sign_in()
        });
        entries.sort_by_key(|entry| Some(entry.tokens.id()) != active.as_ref());
        entries.first().map(|entry| entry.record.facts.name.clone())
    }
}

impl Refusal {
    fn signed_out(account: &str, at: &Endpoint) -> Self {
        let error = ApiError {
            code: ErrorCode::SignedOut,
            message: format!("{account} is not signed in at {at} any more."),
            hint: Some("Sign in again, and it goes on.".to_owned()),
            request_id: None,
        };
        Self::new(error, Then::Blocked(Reason::SignedOut))
    }
}
