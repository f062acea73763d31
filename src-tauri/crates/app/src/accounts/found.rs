//! The sign-ins of the command-line tools: noticed without being read, read when a person says so.

use std::path::Path;

use hubdesk_core::Token;
use hubdesk_hub::Endpoint;

use super::Accounts;
use super::record::{Outside, Record};
use crate::App;
use crate::api::{ApiError, Found, FoundSource, How, Inside, StoredName, TokenReport};
use crate::endpoint::endpoint;
use crate::error::tools_error;

impl Accounts {
    /// What is there, unless it is there because it was shared. Looks at files without reading
    /// them. Blocks.
    pub(super) fn found(&self, is_sharing: bool) -> Vec<Found> {
        let mut found = Vec::new();
        if let Some(variable) = self.env.token_variable() {
            found.push(Found::Environment {
                variable: variable.to_owned(),
            });
        }
        if is_sharing {
            return found;
        }
        let (token, stored) = (self.env.token_path(), self.env.stored_tokens_path());
        if has_content(&token) {
            let path = token.display().to_string();
            found.push(Found::TokenFile { path });
        }
        if has_content(&stored) {
            let path = stored.display().to_string();
            found.push(Found::StoredTokens { path });
        }
        found
    }

    /// The token of an account that is kept elsewhere, and when it ends. A person has agreed to that
    /// when it was first read. It belongs to the Hub the tools speak to, which may be another today.
    pub(super) async fn read_outside(
        &self,
        record: &Record,
    ) -> Result<Option<(Token, Option<u64>)>, ApiError> {
        let Some(outside) = &record.outside else {
            return Ok(None);
        };
        let theirs = self.tools_endpoint()?.to_string();
        if theirs != record.endpoint {
            return Err(ApiError::bad_input(format!(
                "The command-line tools speak to {theirs}, so their token is not sent to {}.",
                record.endpoint
            )));
        }
        self.read_from(outside.clone()).await
    }

    /// The token at `outside`, and when it ends.
    async fn read_from(&self, outside: Outside) -> Result<Option<(Token, Option<u64>)>, ApiError> {
        if outside == Outside::Environment {
            return Ok(self.env.token_of_environment().map(|token| (token, None)));
        }
        let tools = self.tools();
        let read = move || match outside {
            Outside::StoredTokens { name } => {
                let stored = tools.read(&name)?;
                let end = |at: i64| u64::try_from(at).ok();
                Ok(stored.map(|stored| (stored.token, stored.expires_at.and_then(end))))
            }
            _ => Ok(tools.active()?.map(|token| (token, None))),
        };
        let read = tokio::task::spawn_blocking(read).await;
        match read {
            Ok(read) => read.map_err(|error| tools_error(&error)),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    /// The Hub the command-line tools speak to. Their tokens belong to it, and no other may see
    /// them.
    pub(super) fn tools_endpoint(&self) -> Result<Endpoint, ApiError> {
        endpoint(&self.env, &[])
    }
}

impl App {
    /// The names in the file with all tokens.
    pub(crate) async fn names_inside(&self, source: FoundSource) -> Result<Inside, ApiError> {
        if source != FoundSource::StoredTokens {
            return Err(ApiError::bad_input("Only the stored tokens have names."));
        }
        let names = self.blocking(|app| app.accounts().tools().names()).await;
        let names = names.map_err(|error| tools_error(&error))?.into_iter();
        Ok(Inside {
            names: names
                .map(|one| StoredName {
                    name: one.name,
                    is_active: one.is_active,
                })
                .collect(),
        })
    }

    /// Reads what was found and asks the Hub whose it is.
    pub(crate) async fn check_found(
        &self,
        source: FoundSource,
        name: Option<String>,
    ) -> Result<TokenReport, ApiError> {
        let (outside, how) = match (source, name) {
            (FoundSource::Environment, _) => (Outside::Environment, How::Environment),
            (FoundSource::TokenFile, _) => (Outside::TokenFile, How::CommandLine),
            (FoundSource::StoredTokens, Some(name)) => {
                (Outside::StoredTokens { name }, How::CommandLine)
            }
            (FoundSource::StoredTokens, None) => {
                return Err(ApiError::bad_input("Choose one of the stored tokens."));
            }
        };
        let endpoint = self.accounts().tools_endpoint()?;
        let token = self.accounts().read_from(outside.clone()).await?;
        let (token, _) =
            token.ok_or_else(|| ApiError::bad_input("There is no token there any more."))?;
        self.check(endpoint, token, how, Some(outside)).await
    }
}

fn has_content(path: &Path) -> bool {
    // One that cannot be looked at cannot be offered either.
    std::fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() > 0)
}
