use hubdesk_core::{RepoId, RepoKind, Revision, Token};
use hubdesk_hub::Hub;

use super::token::{quiet_accounts, token_source};
use crate::Setup;
use crate::api::ApiError;
use crate::endpoint::endpoint;
use crate::env::Env;
use crate::error::hub_error;
use crate::session::check_line;

/// The Hub that the environment names, with `token` or else whoever is signed in. This is how every
/// use case without a window comes to its Hub.
pub(super) async fn hub(env: &Env, token: Option<&Token>) -> Result<Hub, ApiError> {
    if env.is_offline() {
        return Err(ApiError::told_offline());
    }
    let endpoint = endpoint(env, &[])?;
    let accounts = quiet_accounts(&Setup::desktop(env.clone()));
    let tokens = token_source(&accounts, env, token.cloned(), &endpoint).await?;
    check_line(&endpoint, tokens.token().await.is_some())?;
    Hub::new(endpoint, tokens, accounts.profile()).map_err(|error| hub_error("the Hub", &error))
}

/// The repository that was named.
pub(super) fn repo_id(kind: RepoKind, name: &str) -> Result<RepoId, ApiError> {
    RepoId::new(kind, name).map_err(|error| ApiError::bad_input(format!("{error}.")))
}

/// The revision that was named; `main` when none was.
pub(super) fn revision(text: Option<&str>) -> Result<Revision, ApiError> {
    text.map_or_else(
        || Ok(Revision::main()),
        |text| {
            text.parse()
                .map_err(|error| ApiError::bad_input(format!("{error}.")))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn offline_says_so_in_words() {
        let env = Env::of([("HF_HUB_OFFLINE", "1")]);
        let error = hub(&env, None).await.unwrap_err();
        assert!(error.message.starts_with("HF_HUB_OFFLINE is set"));
    }

    #[tokio::test]
    async fn a_token_goes_over_no_open_line() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path().to_str().unwrap();
        let env = Env::of([("HOME", home), ("HF_ENDPOINT", "http://hub.example")]);
        assert!(hub(&env, None).await.is_ok());
        let token = Token::new("hf_a");
        let error = hub(&env, token.as_ref()).await.unwrap_err();
        assert!(error.message.contains("not encrypted"));
    }
}
