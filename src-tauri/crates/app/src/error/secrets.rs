use hubdesk_secrets::{GitError, SignInError, VaultError};

use crate::api::{ApiError, ErrorCode, KeychainState};

const NOT_REMOVED: &str = "The token cannot be removed from the keychain.";

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
        VaultError::TooLarge { .. } => (
            KeychainState::Failed,
            format!("The token is longer than this computer's keychain can hold, {until}."),
        ),
        VaultError::NoAccount | VaultError::Spoilt => (
            KeychainState::Failed,
            format!("The keychain does not give back what it is given, {until}."),
        ),
        VaultError::Failed { .. } => (
            KeychainState::Failed,
            format!("The keychain failed, {until}."),
        ),
    }
}

/// Words for a keychain that does not let go of a token.
pub(crate) fn keychain_error(error: &VaultError) -> ApiError {
    match error {
        VaultError::NoService { .. }
        | VaultError::NoKeychain { .. }
        | VaultError::Locked { .. } => no_keychain_error(),
        VaultError::TooLarge { .. }
        | VaultError::NoAccount
        | VaultError::Spoilt
        | VaultError::Failed { .. } => ApiError::new(
            ErrorCode::NotWritable,
            NOT_REMOVED,
            "Try again; if it happens again, remove it with the system's program for passwords.",
        ),
    }
}

/// Words for a keychain that cannot be asked to let go of a token.
pub(crate) fn no_keychain_error() -> ApiError {
    ApiError::new(
        ErrorCode::NotWritable,
        NOT_REMOVED,
        "Unlock the keychain, then try again.",
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
        GitError::BadEndpoint { .. } | GitError::Failed { .. } | GitError::Io(_) => (
            format!("Git did not do it: {error}."),
            "Look at git's credential helper, then try again.",
        ),
    };
    ApiError::new(ErrorCode::NotWritable, message, hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_keychain_says_how_it_lets_go_and_a_broken_one_where_else_to_look() {
        let hint = |error: VaultError| keychain_error(&error).hint.unwrap();
        let source = || "a test".into();
        let locked = VaultError::Locked { source: source() };
        assert_eq!(hint(locked), "Unlock the keychain, then try again.");
        let failed = VaultError::Failed { source: source() };
        assert!(hint(failed).contains("the system's program for passwords"));
        let (bytes, limit) = (9000, 2560);
        let (_, why) = vault_words(&VaultError::TooLarge { bytes, limit });
        assert!(why.starts_with("The token is longer than"), "{why}");
    }
}
