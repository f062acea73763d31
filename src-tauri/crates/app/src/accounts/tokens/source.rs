use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use hubdesk_core::Token;
use hubdesk_hub::TokenSource;

use super::{End, Tokens};

impl TokenSource for Tokens {
    fn token(&self) -> BoxFuture<'_, Option<Token>> {
        async {
            if let Some(old) = self.is_due() {
                self.renew(&old, false).await;
            }
            // One that was refused is sent all the same: without it a private repository would
            // look like a missing one, and nobody would know that signing in helps.
            let state = self.lock();
            let access = state.held.access.clone();
            access.filter(|_| !state.is_unknown())
        }
        .boxed()
    }

    fn refused<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, bool> {
        async {
            let is_renewable = {
                let state = self.lock();
                if state.held.access.as_ref() != Some(token) {
                    return state.held.access.is_some();
                }
                state.is_renewable()
            };
            if is_renewable {
                return self.renew(token, true).await == End::Changed;
            }
            self.is_refused();
            false
        }
        .boxed()
    }
}
