//! Signing out: what goes, what stays, and doing so.

use std::sync::Arc;

use hubdesk_secrets::GitError;
use hubdesk_transfers::{Transfer, TransferId};

use super::record::Record;
use super::{Accounts, Entry};
use crate::App;
use crate::api::{ApiError, Kept, KeychainState, SignOutPlan};
use crate::error::{git_error, keychain_error, no_keychain_error};

impl App {
    /// What signing the account out would do. Blocks.
    pub(crate) fn sign_out_plan(&self, id: &str) -> Result<SignOutPlan, ApiError> {
        let entry = self.accounts().listed(id)?;
        Ok(SignOutPlan {
            goes: self.what_goes(&entry),
            stays: self.what_stays(&entry),
        })
    }

    fn what_goes(&self, Entry { record, tokens, .. }: &Entry) -> Vec<String> {
        let has_keychain = self.accounts().keychain().state == KeychainState::Works;
        let mut goes = vec![match record.kept {
            Kept::Keychain if !has_keychain => {
                "The token is removed from the keychain, which has to be unlocked first.".to_owned()
            }
            Kept::Keychain => "The token is removed from the keychain.".to_owned(),
            Kept::Memory => "The token is forgotten.".to_owned(),
            Kept::Outside => "Hubdesk no longer reads the token where it is.".to_owned(),
        }];
        if let Some(shared) = record.shared.as_ref().filter(|shared| !shared.was_there) {
            goes.push(format!(
                "It is taken back from the command-line tools, who know it as {:?}.",
                shared.name
            ));
        }
        if record.is_in_git {
            goes.push("Git's credential helper forgets it.".to_owned());
        }
        match self.transfers_of(tokens.id()).len() {
            0 => {}
            1 => goes.push("A transfer that uses it is stopped; what arrived is kept.".to_owned()),
            many => goes.push(format!(
                "{many} transfers that use it are stopped; what arrived is kept."
            )),
        }
        goes
    }

    fn what_stays(&self, Entry { record, .. }: &Entry) -> Vec<String> {
        let accounts = self.accounts();
        let cache = self.describe_session().cache;
        let repos = match cache.repos {
            1 => "1 repository".to_owned(),
            many => format!("{many} repositories"),
        };
        let mut stays = vec![
            format!("What was downloaded stays: {repos} in {}.", cache.path),
            "Your settings stay.".to_owned(),
            format!(
                "At the Hub the token stays good until it is revoked there: {}/settings/tokens.",
                record.endpoint
            ),
        ];
        if record.kept == Kept::Outside || record.shared.as_ref().is_some_and(|one| one.was_there) {
            stays.push("The command-line tools stay signed in.".to_owned());
        }
        if let Some(variable) = accounts.env.token_variable() {
            stays.push(format!(
                "{variable} is set, so the command-line tools go on with that: unset it to sign them out."
            ));
        }
        stays
    }

    /// Signs the account out. A keychain that does not let go of the token stops it: otherwise the
    /// token would stay where nobody knows of it.
    pub(crate) async fn sign_out(&self, id: &str) -> Result<(), ApiError> {
        let accounts = self.accounts();
        if accounts.listed(id)?.record.kept == Kept::Keychain {
            accounts.ask_again().await;
        }
        // What a renewal under way keeps is to go, too.
        let _flight = accounts.listed(id)?.tokens.hold().await;
        let Entry { record, tokens, .. } = accounts.listed(id)?;
        if record.kept == Kept::Keychain {
            accounts.take_out(&record).await?;
        } else if accounts.keychain().state == KeychainState::Works {
            // A write that failed half-way, or ended too late, may have left something.
            let _ = accounts.keychain.remove(&record).await;
        }
        let _alone = accounts.alone_giving().await;
        accounts.unshare(record.clone()).await?;
        if record.is_in_git {
            match accounts.git().reject(&record.endpoint).await {
                // Without git nobody has it any more.
                Ok(()) | Err(GitError::NotInstalled) => {}
                Err(error) => return Err(git_error(&error)),
            }
        }
        for transfer in self.transfers_of(tokens.id()) {
            if let Some(transfers) = self.queue().if_open() {
                // One that has ended meanwhile needs no stop.
                let _ = transfers.cancel(transfer).await;
            }
        }
        if self.active().as_ref() == Some(tokens.id()) {
            self.sessions().close();
        }
        tokens.clear();
        self.forget_answers(tokens.id()).await;
        accounts
            .lock()
            .entries
            .retain(|entry| entry.tokens.id() != tokens.id());
        let id = tokens.id().clone();
        accounts.change_list(move |list| list.remove(&id)).await;
        Ok(())
    }
}

impl App {
    /// Transfers that have not ended and use the token of `account`.
    fn transfers_of(&self, account: &str) -> Vec<TransferId> {
        let board = self.queue_board();
        let rows = board.iter().flat_map(|board| board.transfers.values());
        let is_its = |row: &&Arc<Transfer>| {
            let request = row.request.as_ref().ok();
            let whose = request.and_then(|request| request.account());
            let id = whose.map(|(endpoint, name)| format!("{name}@{endpoint}"));
            !row.state.has_ended() && id.as_deref() == Some(account)
        };
        rows.filter(is_its).map(|row| row.id).collect()
    }
}

impl Accounts {
    /// The keychain may have been unlocked since it was last asked.
    async fn ask_again(&self) {
        if self.keychain().state != KeychainState::Works {
            self.keychain.check_soon().await;
            self.is_changed();
        }
    }

    /// Takes the token out of the keychain.
    async fn take_out(&self, record: &Record) -> Result<(), ApiError> {
        match self.keychain.remove(record).await {
            Some(Ok(())) => Ok(()),
            Some(Err(error)) => Err(keychain_error(&error)),
            None => Err(no_keychain_error()),
        }
    }
}
