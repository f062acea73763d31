use std::sync::Arc;

use hubdesk_core::Token;
use hubdesk_disk::unique_suffix;
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use zeroize::Zeroizing;

use crate::vault::check;
use crate::{Purpose, Slot, Vault, VaultError};

#[cfg(target_os = "macos")]
use apple_native_keyring_store::keychain::Store;
#[cfg(windows)]
use windows_native_keyring_store::Store;
#[cfg(all(unix, not(target_os = "macos")))]
use zbus_secret_service_keyring_store::Store;

/// The system's own place for secrets: the Secret Service of Linux desktops, the login Keychain of
/// macOS, the Credential Manager of Windows. Nothing else is tried: the kernel's keyring loses its
/// content at the next start, and a file is no place for a token.
///
/// Every call makes its own connection (some milliseconds), so that a service which was started
/// again, or only now, is simply found.
#[derive(Debug)]
pub struct Keychain(());

impl Keychain {
    /// The keychain, if it really works: a probe is written, read and deleted. That a service
    /// answers says little, for one without a keychain or with a locked one answers as well.
    ///
    /// Blocks like every [`Vault`] method; a locked keychain may ask the person here.
    pub fn probe() -> Result<Self, VaultError> {
        let keychain = Self(());
        // No Hub has this address, and programs that start at the same time must not delete each
        // other's probe.
        let slot = Slot {
            endpoint: "probe".into(),
            account: format!("probe-{}", unique_suffix()),
            purpose: Purpose::AccessToken,
        };
        let probe = Token::new("hubdesk-probe").ok_or(VaultError::Spoilt)?;
        keychain.put(&slot, &probe)?;
        let found = keychain.get(&slot);
        keychain.delete(&slot)?;
        if found?.as_ref() == Some(&probe) {
            Ok(keychain)
        } else {
            Err(VaultError::Spoilt)
        }
    }
}

impl Vault for Keychain {
    fn get(&self, slot: &Slot) -> Result<Option<Token>, VaultError> {
        let Some(entry) = entry(slot)? else {
            return Ok(None);
        };
        let secret = match entry.get_secret() {
            Ok(secret) => Zeroizing::new(secret),
            Err(Error::NoEntry) => return Ok(None),
            Err(error) => return Err(classify(error)),
        };
        let token = str::from_utf8(&secret).ok().and_then(Token::new);
        token.map(Some).ok_or(VaultError::Spoilt)
    }

    fn put(&self, slot: &Slot, token: &Token) -> Result<(), VaultError> {
        check(slot, token)?;
        // Bytes, not a "password": Windows would store that with two bytes a character.
        let entry = entry(slot)?.ok_or(VaultError::NoAccount)?;
        let secret = token.expose().as_bytes();
        entry.set_secret(secret).map_err(classify)
    }

    fn delete(&self, slot: &Slot) -> Result<(), VaultError> {
        let Some(entry) = entry(slot)? else {
            return Ok(());
        };
        match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(classify(error)),
        }
    }
}

/// Where `slot` is in the keychain; nowhere without an account, which some systems take for any.
fn entry(slot: &Slot) -> Result<Option<Entry>, VaultError> {
    if slot.account.is_empty() {
        return Ok(None);
    }
    let store: Arc<Store> = Store::new().map_err(|source| VaultError::NoService {
        source: Box::new(source),
    })?;
    build(&store, slot).map(Some).map_err(classify)
}

/// On Linux a secret has a label besides, which programs for passwords show to people.
#[cfg(all(unix, not(target_os = "macos")))]
fn build(store: &Store, slot: &Slot) -> Result<Entry, Error> {
    let label = format!("Hubdesk: {} at {}", slot.account, slot.endpoint);
    let with_label = [("label", label.as_str())].into();
    store.build(&slot.service(), &slot.account, Some(&with_label))
}

#[cfg(any(windows, target_os = "macos"))]
fn build(store: &Store, slot: &Slot) -> Result<Entry, Error> {
    store.build(&slot.service(), &slot.account, None)
}

fn classify(error: Error) -> VaultError {
    match error {
        Error::NoStorageAccess(source) | Error::PlatformFailure(source)
            if is_missing_keychain(&*source) =>
        {
            VaultError::NoKeychain { source }
        }
        Error::PlatformFailure(source) if is_refusal(&*source) => VaultError::Locked { source },
        Error::NoStorageAccess(source) => VaultError::Locked { source },
        Error::PlatformFailure(source) => VaultError::Failed { source },
        // These two carry the secret itself in their `Debug` form.
        Error::BadEncoding(_) | Error::BadDataFormat(..) => VaultError::Spoilt,
        other => VaultError::Failed {
            source: Box::new(other),
        },
    }
}

type Cause = dyn std::error::Error + Send + Sync + 'static;

/// The Secret Service answers `NoResult` when it has no default collection.
#[cfg(all(unix, not(target_os = "macos")))]
fn is_missing_keychain(cause: &Cause) -> bool {
    use secret_service::Error;
    matches!(cause.downcast_ref(), Some(Error::NoResult))
}

#[cfg(all(unix, not(target_os = "macos")))]
fn is_refusal(cause: &Cause) -> bool {
    use secret_service::Error;
    matches!(
        cause.downcast_ref(),
        Some(Error::Locked | Error::Prompt | Error::PromptDisconnected)
    )
}

#[cfg(target_os = "macos")]
fn is_missing_keychain(cause: &Cause) -> bool {
    // errSecNoSuchKeychain, errSecInvalidKeychain, errSecNoDefaultKeychain
    matches!(status(cause), Some(-25294 | -25295 | -25307))
}

#[cfg(target_os = "macos")]
fn is_refusal(cause: &Cause) -> bool {
    // errSecUserCanceled, errSecAuthFailed, errSecInteractionNotAllowed
    matches!(status(cause), Some(-128 | -25293 | -25308))
}

#[cfg(target_os = "macos")]
fn status(cause: &Cause) -> Option<i32> {
    let error: &security_framework::base::Error = cause.downcast_ref()?;
    Some(error.code())
}

/// Every account of Windows has its store, and nothing there asks the person.
#[cfg(windows)]
fn is_missing_keychain(_cause: &Cause) -> bool {
    false
}

#[cfg(windows)]
fn is_refusal(_cause: &Cause) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_that_carries_the_secret_is_not_passed_on() {
        let secret = b"hf_secret\xff".to_vec();
        for error in [
            Error::BadEncoding(secret.clone()),
            Error::BadDataFormat(secret, "format".into()),
        ] {
            assert!(matches!(classify(error), VaultError::Spoilt));
        }
    }

    #[test]
    fn refused_access_and_a_failure_are_told_apart_and_keep_their_source() {
        let source = |error: &VaultError| std::error::Error::source(error).unwrap().to_string();
        let locked = classify(Error::NoStorageAccess("no logon session".into()));
        assert!(matches!(locked, VaultError::Locked { .. }));
        assert_eq!(source(&locked), "no logon session");
        let failed = classify(Error::PlatformFailure("out of memory".into()));
        assert!(matches!(failed, VaultError::Failed { .. }));
        assert_eq!(source(&failed), "out of memory");
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn a_missing_keychain_and_a_dismissed_prompt_are_told_apart() {
        let missing = Error::NoStorageAccess(Box::new(secret_service::Error::NoResult));
        assert!(matches!(classify(missing), VaultError::NoKeychain { .. }));
        let dismissed = Error::PlatformFailure(Box::new(secret_service::Error::Prompt));
        assert!(matches!(classify(dismissed), VaultError::Locked { .. }));
    }
}
