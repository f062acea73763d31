//! The keychain against a real Secret Service: gnome-keyring on a message bus of its own.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a helper of tests may fail the test")]

mod session;

use hubdesk_core::Token;
use hubdesk_secrets::{Keychain, LARGEST_BYTES, Memory, Purpose, Slot, Vault, VaultError};
use session::{Session, inside};

/// Marked, so that it is found wherever it should not be.
const SECRET: &str = "hf_marked_in_the_keyring";

fn slot(account: &str, purpose: Purpose) -> Slot {
    Slot {
        endpoint: "https://huggingface.co".into(),
        account: account.into(),
        purpose,
    }
}

fn alice() -> Slot {
    slot("alice", Purpose::AccessToken)
}

fn token(text: &str) -> Token {
    Token::new(text).unwrap()
}

/// What every form of a vault does.
fn keeps_the_promises(vault: &dyn Vault) {
    let others = [
        slot("alice", Purpose::RefreshToken),
        slot("bob", Purpose::AccessToken),
        Slot {
            endpoint: "https://hub.example".into(),
            ..alice()
        },
    ];
    assert_eq!(vault.get(&alice()).unwrap(), None);
    vault.delete(&alice()).unwrap();

    vault.put(&alice(), &token("hf_old")).unwrap();
    vault.put(&alice(), &token("hf_new")).unwrap();
    assert_eq!(vault.get(&alice()).unwrap(), Some(token("hf_new")));
    for other in &others {
        assert_eq!(vault.get(other).unwrap(), None, "{other:?}");
    }

    let longest = token(&"x".repeat(LARGEST_BYTES));
    vault.put(&others[0], &longest).unwrap();
    assert_eq!(vault.get(&others[0]).unwrap(), Some(longest));
    let too_long = token(&"x".repeat(LARGEST_BYTES + 1));
    let error = vault.put(&alice(), &too_long).unwrap_err();
    assert!(matches!(error, VaultError::TooLarge { bytes, limit } if bytes == limit + 1));
    let nobody = slot("", Purpose::AccessToken);
    let error = vault.put(&nobody, &token("hf_x"));
    assert!(matches!(error, Err(VaultError::NoAccount)));
    assert_eq!(vault.get(&nobody).unwrap(), None);
    vault.delete(&nobody).unwrap();

    vault.delete(&alice()).unwrap();
    assert_eq!(vault.get(&alice()).unwrap(), None);
    assert!(vault.get(&others[0]).unwrap().is_some(), "only that one");
}

#[test]
fn memory_keeps_the_promises_of_a_vault() {
    keeps_the_promises(&Memory::default());
}

#[test]
fn the_keychain_keeps_the_promises_of_a_vault() {
    const NAME: &str = "the_keychain_keeps_the_promises_of_a_vault";
    if inside(NAME).is_some() {
        // As the application does it: its connection must not mind the other runtime.
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let check = || keeps_the_promises(&Keychain::probe().unwrap());
        let checked = runtime.spawn_blocking(check);
        return runtime.block_on(checked).unwrap();
    }
    let mut session = Session::with_bus();
    session.unlocked_keyring("password");
    session.run(NAME, "all");
    session.end();
}

#[test]
fn a_token_survives_the_service_and_is_nowhere_in_the_clear() {
    const NAME: &str = "a_token_survives_the_service_and_is_nowhere_in_the_clear";
    match inside(NAME).as_deref() {
        Some("put") => {
            let keychain = Keychain::probe().unwrap();
            return keychain.put(&alice(), &token(SECRET)).unwrap();
        }
        Some(_) => {
            let keychain = Keychain::probe().unwrap();
            return assert_eq!(keychain.get(&alice()).unwrap(), Some(token(SECRET)));
        }
        None => {}
    }
    let mut session = Session::with_bus();
    session.unlocked_keyring("password");
    session.run(NAME, "put");
    session.end_keyring();
    session.unlocked_keyring("password");
    session.run(NAME, "get");
    let files = session.files();
    let clear = |bytes: &[u8]| bytes.windows(SECRET.len()).any(|w| w == SECRET.as_bytes());
    assert!(
        files
            .iter()
            .any(|(path, _)| path.ends_with("login.keyring"))
    );
    for (path, bytes) in files {
        assert!(!clear(&bytes), "{}", path.display());
    }
    session.end();
}

#[test]
fn a_service_that_is_started_again_is_found_by_the_same_keychain() {
    const NAME: &str = "a_service_that_is_started_again_is_found_by_the_same_keychain";
    if inside(NAME).is_some() {
        let keychain = Keychain::probe().unwrap();
        keychain.put(&alice(), &token(SECRET)).unwrap();
        session::restart_keyring();
        return assert_eq!(keychain.get(&alice()).unwrap(), Some(token(SECRET)));
    }
    let mut session = Session::with_bus();
    session.unlocked_keyring("password");
    session.run_with_restart(NAME, "password");
    session.end();
}

#[test]
fn without_a_message_bus_there_is_no_keychain() {
    const NAME: &str = "without_a_message_bus_there_is_no_keychain";
    if inside(NAME).is_some() {
        return no_service();
    }
    let session = Session::without_bus();
    session.run(NAME, "all");
    session.end();
}

#[test]
fn on_a_message_bus_without_the_service_there_is_no_keychain() {
    const NAME: &str = "on_a_message_bus_without_the_service_there_is_no_keychain";
    if inside(NAME).is_some() {
        return no_service();
    }
    let session = Session::with_bus();
    session.run(NAME, "all");
    session.end();
}

fn no_service() {
    let error = Keychain::probe().unwrap_err();
    assert!(matches!(error, VaultError::NoService { .. }), "{error:?}");
    assert!(std::error::Error::source(&error).is_some());
    assert_eq!(
        error.to_string(),
        "there is no keychain service on this machine"
    );
}

#[test]
fn a_service_in_which_nobody_has_made_a_keychain_fails_the_probe() {
    const NAME: &str = "a_service_in_which_nobody_has_made_a_keychain_fails_the_probe";
    if inside(NAME).is_some() {
        let error = Keychain::probe().unwrap_err();
        return assert!(matches!(error, VaultError::NoKeychain { .. }), "{error:?}");
    }
    let mut session = Session::with_bus();
    session.keyring_as_it_is();
    session.run(NAME, "all");
    session.end();
}

#[test]
fn a_locked_keychain_that_nobody_can_unlock_says_that_it_is_locked() {
    const NAME: &str = "a_locked_keychain_that_nobody_can_unlock_says_that_it_is_locked";
    match inside(NAME).as_deref() {
        Some("make") => return Keychain::probe().map(|_| ()).unwrap(),
        Some(_) => {
            let error = Keychain::probe().unwrap_err();
            return assert!(matches!(error, VaultError::Locked { .. }), "{error:?}");
        }
        None => {}
    }
    let mut session = Session::with_bus();
    session.unlocked_keyring("password");
    session.run(NAME, "make");
    session.end_keyring();
    session.keyring_as_it_is();
    session.run(NAME, "locked");
    session.end();
}
