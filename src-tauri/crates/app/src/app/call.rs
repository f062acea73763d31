//! Commands: JSON in, JSON out, and what is answered when the Hub cannot be asked.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use serde_json::Value;

use super::App;
use crate::answers::is_kept;
use crate::api::{AccountId, ApiError, Reply, Tag, table};
use crate::cached;
use crate::error::reported;

impl App {
    /// Runs a command: JSON in, JSON out, as `api` declares it. What cannot be asked of the Hub now
    /// is answered with what it said last, and since when that is known.
    pub async fn call(&self, name: &str, request: Value) -> Result<Reply, ApiError> {
        // Before the command, which may open another Hub.
        let account = self.0.sessions.asked_as().filter(|_| is_kept(name));
        let asked = account.map(|account| (account, request.clone()));
        let routed = AssertUnwindSafe(table::route(self, name, request)).catch_unwind();
        let result = match routed.await {
            Ok(result) => result,
            Err(panic) => Err(reported(&*panic, name)),
        };
        match &result {
            Ok((_, stales)) => {
                self.0.events.stale(stales);
                if asks_hub(name) {
                    self.0.network.answered();
                }
            }
            Err(error) => {
                tracing::debug!(command = name, ?error.code, error.message, "refused");
                self.0.network.failed(error);
            }
        }
        let result = result.map(|(answer, _)| Reply {
            answer,
            as_of: None,
        });
        match asked {
            Some((account, request)) => self.remembered(account, name, request, result).await,
            None => result,
        }
    }

    /// `result`, kept if it is an answer, or the answer before it if the Hub could not be asked.
    async fn remembered(
        &self,
        account: String,
        name: &str,
        request: Value,
        result: Result<Reply, ApiError>,
    ) -> Result<Reply, ApiError> {
        let command = name.to_owned();
        let question = request.clone();
        let remember = move |app: &Self| {
            let answers = &app.0.answers;
            // Somebody may have signed out in the meantime, or be asking as somebody else.
            let is_current = || app.is_asked_as(&account);
            match &result {
                Ok(reply) => {
                    let now = app.clock().now();
                    answers.keep(&account, &command, &request, &reply.answer, now, is_current);
                    result
                }
                Err(error) if error.code.is_without_network() && is_current() => {
                    let known = answers.find(&account, &command, &request);
                    known.map_or(result, Ok)
                }
                Err(_) => result,
            }
        };
        match self.blocking(remember).await {
            Err(error) if error.code.is_without_network() => {
                cached::answer(self, name, question).await.ok_or(error)
            }
            result => result,
        }
    }

    /// Whether the open Hub is asked as `whom` ([`crate::session::Open::asked_as`]), who has not
    /// signed out.
    fn is_asked_as(&self, whom: &str) -> bool {
        let is_listed = || match self.0.sessions.account() {
            Some(account) => self.0.accounts.entry(&account).is_some(),
            None => true,
        };
        self.0.sessions.asked_as().as_deref() == Some(whom) && is_listed()
    }

    /// Forgets what Hubs have answered this account.
    pub(crate) async fn forget_answers(&self, account: &AccountId) {
        let account = account.clone();
        self.blocking(move |app| app.0.answers.forget(&account))
            .await;
    }
}

/// Whether an answer of this command has come from the Hub just now.
fn asks_hub(name: &str) -> bool {
    let command = table::COMMANDS.iter().find(|command| command.name == name);
    let reads = command.map_or(&[][..], |command| command.reads);
    let is_repo = reads.contains(&Tag::Repo) && !reads.contains(&Tag::Cache);
    is_repo || reads.contains(&Tag::RepoList)
}
