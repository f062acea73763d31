//! An attempt to sign in, from the first click to an account. There is one at a time.

use std::sync::Arc;
use std::time::Duration;

use hubdesk_hub::{Endpoint, Grant, Hub, OAuth, SignInError};
use tokio_util::sync::CancellationToken;

use super::facts::facts_of;
use super::keep::{NewAccount, Renewable};
use super::limits::SCOPES;
use super::listener::Listener;
use super::{Accounts, EVERYTHING, no_client_id};
use crate::App;
use crate::api::{ApiError, How, SignIn, SignInState, Way};
use crate::error::{hub_error, sign_in_error};
use crate::session::check_line;
use crate::time::iso_after;

/// How long the browser is waited for.
const PATIENCE: Duration = Duration::from_secs(300);

/// The attempt under way, or the one that failed last.
pub(super) struct Attempt {
    turn: u64,
    view: SignIn,
    stop: CancellationToken,
    /// The account is being kept: it is too late to stop.
    is_settled: bool,
}

/// The right to speak for one attempt, as long as it is the last.
#[derive(Clone)]
pub(super) struct Voice {
    accounts: Arc<Accounts>,
    turn: u64,
}

impl App {
    /// Begins to sign in at `endpoint`, in the place of an attempt that is under way. What comes of
    /// it is told by events.
    pub(crate) fn start_sign_in(&self, way: Way, endpoint: Endpoint) -> Result<(), ApiError> {
        let accounts = self.accounts();
        let client_id = accounts
            .client_id(&endpoint)
            .ok_or_else(|| ApiError::bad_input(no_client_id(&endpoint)))?
            .to_owned();
        check_line(&endpoint, true)?;
        let (voice, stop) = accounts.begin(way, &endpoint);
        let app = self.clone();
        tokio::spawn(async move {
            let run = app.run_attempt(&voice, way, endpoint, &client_id);
            let ended = tokio::select! {
                () = stop.cancelled() => return,
                ended = run => ended,
            };
            voice.end(ended);
        });
        Ok(())
    }

    /// Ends the attempt that is under way, unless its account is being kept already.
    pub(crate) fn cancel_sign_in(&self) {
        self.accounts().stop_attempt();
    }

    async fn run_attempt(
        &self,
        voice: &Voice,
        way: Way,
        endpoint: Endpoint,
        client_id: &str,
    ) -> Result<(), ApiError> {
        let words = |error: hubdesk_hub::Error| hub_error("the sign-in", &error);
        let anonymous = self.accounts().hub(&endpoint, None).map_err(words)?;
        let oauth = OAuth::discover(&anonymous, client_id)
            .await
            .map_err(words)?;
        let (how, grant) = match way {
            Way::Browser => (How::Browser, self.by_browser(voice, &oauth).await?),
            Way::Device => (How::Device, self.by_device(voice, &oauth).await?),
        };
        voice.tell(|view| view.state = SignInState::Checking);
        let hub = self.accounts().hub(&endpoint, Some(grant.access.clone()));
        let new = self
            .of_grant(hub.map_err(words)?, endpoint, how, grant, client_id)
            .await?;
        // From here on the attempt is not stopped any more: the account is there or it is not.
        if !voice.settle() {
            return Ok(());
        }
        let (app, voice) = (self.clone(), voice.clone());
        let kept = self.accounts().tasks.spawn(async move {
            let entry = app.accounts().keep(new).await;
            // Who has begun another sign-in meanwhile waits for that one's Hub.
            let entered = match voice.is_last() {
                true => app.enter(&entry).await,
                false => Ok(()),
            };
            app.accounts().events.stale(&EVERYTHING);
            entered
        });
        match kept.await {
            Ok(kept) => kept,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    async fn by_browser(&self, voice: &Voice, oauth: &OAuth) -> Result<Grant, ApiError> {
        let listener = Listener::bind().await.map_err(|error| {
            ApiError::internal(format!(
                "Nothing can be listened for on this computer: {error}."
            ))
        })?;
        let authorization = oauth.authorize(listener.address(), &SCOPES);
        let url = authorization.url.to_string();
        let ends = iso_after(self.clock().now(), PATIENCE);
        voice.tell(|view| {
            view.state = SignInState::Waiting;
            view.url = Some(url.clone());
            view.expires_at = Some(ends);
        });
        // It can be opened by hand, too.
        if let Err(error) = self.blocking(move |app| app.host().open_link(&url)).await {
            tracing::warn!(%error, "the system cannot open the browser");
        }
        let code = tokio::time::timeout(PATIENCE, listener.code(&authorization)).await;
        let code = code.map_err(|_| sign_in_error(&SignInError::Expired))?;
        let code = code.map_err(|error| sign_in_error(&error))?;
        voice.tell(|view| view.state = SignInState::Checking);
        let grant = oauth.redeem(&authorization, &code).await;
        grant.map_err(|error| sign_in_error(&error))
    }

    /// The account a grant stands for.
    async fn of_grant(
        &self,
        hub: Hub,
        endpoint: Endpoint,
        how: How,
        grant: Grant,
        client_id: &str,
    ) -> Result<NewAccount, ApiError> {
        let expires = self.accounts().end_of(grant.lifetime);
        let client_id = client_id.to_owned();
        Ok(NewAccount {
            facts: facts_of(&hub).await?.granted(grant.scopes, expires),
            endpoint,
            how,
            access: grant.access,
            renewal: grant
                .refresh
                .map(|refresh| Renewable { refresh, client_id }),
            outside: None,
        })
    }
}

impl Accounts {
    /// The attempt as the window sees it.
    pub(crate) fn attempt(&self) -> Option<SignIn> {
        let state = self.lock();
        state.attempt.as_ref().map(|attempt| attempt.view.clone())
    }

    /// The Hub somebody is signing in at.
    pub(crate) fn signing_in_at(&self) -> Option<Endpoint> {
        Endpoint::parse(&self.attempt()?.endpoint).ok()
    }

    fn stop_attempt(&self) {
        let stopped = self.lock().attempt.take_if(|attempt| !attempt.is_settled);
        if let Some(attempt) = stopped {
            attempt.stop.cancel();
        }
    }

    fn begin(&self, way: Way, endpoint: &Endpoint) -> (Voice, CancellationToken) {
        let stop = CancellationToken::new();
        let mut state = self.lock();
        state.turn += 1;
        let turn = state.turn;
        let attempt = Attempt {
            turn,
            view: SignIn {
                way,
                endpoint: endpoint.to_string(),
                state: SignInState::Starting,
                url: None,
                user_code: None,
                qr: None,
                expires_at: None,
                error: None,
            },
            stop: stop.clone(),
            is_settled: false,
        };
        if let Some(before) = state.attempt.replace(attempt) {
            before.stop.cancel();
        }
        let accounts = self.me.upgrade().expect("whoever calls this holds it");
        (Voice { accounts, turn }, stop)
    }
}

impl Voice {
    /// Tells the window what is new of this attempt.
    pub(super) fn tell(&self, change: impl FnOnce(&mut SignIn)) {
        let mut state = self.accounts.lock();
        if let Some(attempt) = state.attempt.as_mut().filter(|one| one.turn == self.turn) {
            change(&mut attempt.view);
            drop(state);
            self.accounts.is_changed();
        }
    }

    /// From now on it is too late to stop the attempt; `false` if somebody has stopped it.
    fn settle(&self) -> bool {
        let mut state = self.accounts.lock();
        let attempt = state.attempt.as_mut().filter(|one| one.turn == self.turn);
        attempt.map(|attempt| attempt.is_settled = true).is_some()
    }

    fn is_last(&self) -> bool {
        let state = self.accounts.lock();
        state
            .attempt
            .as_ref()
            .is_some_and(|one| one.turn == self.turn)
    }

    fn end(&self, ended: Result<(), ApiError>) {
        match ended {
            Ok(()) => {
                let mut state = self.accounts.lock();
                state.attempt.take_if(|one| one.turn == self.turn);
                drop(state);
                self.accounts.events.stale(&EVERYTHING);
            }
            Err(error) => self.tell(|view| {
                tracing::info!(error.message, "a sign-in failed");
                view.state = SignInState::Failed;
                view.error = Some(error);
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::none_yet;
    use crate::events::Events;

    #[tokio::test]
    async fn an_attempt_can_be_stopped_until_its_account_is_being_kept() {
        let home = tempfile::tempdir().unwrap();
        let accounts = none_yet(home.path(), Events::default());
        let begin = || accounts.begin(Way::Browser, &Endpoint::default());
        let (voice, stop) = begin();
        accounts.stop_attempt();
        assert!(stop.is_cancelled() && !voice.settle());

        let (voice, stop) = begin();
        assert!(voice.settle());
        accounts.stop_attempt();
        assert!(!stop.is_cancelled() && accounts.attempt().is_some() && voice.is_last());
        begin();
        assert!(!voice.is_last());
    }
}
