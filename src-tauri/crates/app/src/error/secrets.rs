use hubdesk_secrets::{GitError, SignInError, VaultError};

use crate::api::{ApiError, ErrorCode, KeychainState};

/// How the keychain stands when it says this, and what that means: one sentence.
pub(crate) fn vault_words(error: &VaultError) -> (KeychainState, String) {
    let until = "so sign-ins last until Hubdesk is closed";
    match error {
        VaultError::NoService { .. } => (
            KeychainState::Missing,
            format!("There is no keychain on this computer, {until}."),
        ),
        VaultError::NoKeychain { .. } => (
            KeychainState::Missing,
            format!(
                "Nobody has made a keychain on this computer yet, {until}; the desktop's program for passwords makes one."
            ),
        ),
        VaultError::Locked { .. } => (
            KeychainState::Locked,
            format!("The keychain is locked or refuses access, {until}."),
        ),
        VaultError::TooLarge { .. } | VaultError::NoAccount | VaultError::Spoilt => (
            KeychainState::Failed,
            format!("The keychain does not give back what it is given, {until}."),
        ),
        _ => (
            KeychainState::Failed,
            format!("The keychain failed, {until}."),
        ),
    }
}

/// Words for a keychain that does not let go of a token.
pub(crate) fn keychain_error(error: &VaultError) -> ApiError {
    let (_, why) = vault_words(error);
    ApiError::new(
        ErrorCode::NotWritable,
        "The token cannot be removed from the keychain.",
        if why.contains("locked") {
            "Unlock the keychain, then try again."
        } else {
            "Try again; if it happens again, remove it with the system's program for passwords."
        },
    )
}

/// Words for trouble with the files of the command-line tools.
pub(crate) fn tools_error(error: &SignInError) -> ApiError {
    match error {
        SignInError::Disk(source) => ApiError::not_writable(format!(
            "The sign-ins of the command-line tools cannot be used: {source}: {}.",
            source.source
        )),
        SignInError::TooLarge { path } => ApiError::bad_input(format!(
            "{} is too large to be a file of tokens.",
            path.display()
        )),
        SignInError::Busy { path } => ApiError::new(
            ErrorCode::NotWritable,
            format!("Another program is using {}.", path.display()),
            "Let it finish, then try again.",
        ),
        SignInError::NoSuchName { name } => {
            ApiError::bad_input(format!("No token is stored under the name {name:?}."))
        }
        _ => ApiError::internal(format!(
            "The sign-ins of the command-line tools cannot be used: {error}."
        )),
    }
}

/// Words for trouble with git.
pub(crate) fn git_error(error: &GitError) -> ApiError {
    let (message, hint) = match error {
        GitError::NotInstalled => (
            "There is no git on this computer.".to_owned(),
            "Install it, then try again.",
        ),
        GitError::GaveUp => (
            "Git's credential helper did not answer in time.".to_owned(),
            "It may be asking you something: look at it, then try again.",
        ),
        error => (
            format!("Git did not do it: {error}."),
            "Look at git's credential helper, then try again.",
        ),
    };
    ApiError::new(ErrorCode::NotWritable, message, hint)
}
