//! Which way the network is used, by what a person has set.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use hubdesk_core::Clock;
use hubdesk_disk::read_if_there;
use hubdesk_hub::{Certificates, Profile, Proxy, ProxyAddress, Waits};
use hubdesk_xet::{Options, Unfit, Xet};

use crate::api::{ApiError, ProxyUse, Settings, TransferSettings};

/// The owner of the profile that new connections are made by.
pub(crate) struct Connection {
    /// Without what a person has set.
    base: Profile,
    now: Mutex<Profile>,
    /// Where the chunk store's client keeps what it remembers, if it may be used at all.
    xet_cache: Option<PathBuf>,
    clock: Arc<dyn Clock>,
    /// Made anew with the profile: it keeps to the one it was made with.
    xet: Mutex<Option<Xet>>,
    /// How it may be used.
    xet_use: Mutex<XetUse>,
}

/// How the chunk store's client may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct XetUse {
    memory_mib: u32,
    may_report: bool,
}

impl From<&TransferSettings> for XetUse {
    fn from(settings: &TransferSettings) -> Self {
        Self {
            memory_mib: settings.xet_memory_mib,
            may_report: settings.may_report_xet,
        }
    }
}

impl Connection {
    /// By `settings` as far as they can be followed: a certificate file may be gone, and then the
    /// test of the connection says so. A proxy that cannot be used closes the way out. Blocks.
    pub(crate) fn new(
        base: Profile,
        settings: &Settings,
        xet_cache: Option<PathBuf>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let connection = Self {
            now: Mutex::new(base.clone()),
            base,
            xet_cache,
            clock,
            xet: Mutex::default(),
            xet_use: Mutex::new(XetUse::from(&settings.transfers)),
        };
        let told = |error: &ApiError| tracing::warn!(error.message, "a setting cannot be followed");
        let proxy = connection.proxy(settings).inspect_err(told);
        let certificates = certificates(&settings.certificates).inspect_err(told);
        connection.put(Profile {
            proxy: proxy.unwrap_or(Proxy::Unusable),
            certificates: certificates.unwrap_or_default(),
            ..connection.base.clone()
        });
        connection
    }

    /// What new connections are made by.
    pub(crate) fn profile(&self) -> Profile {
        self.now().clone()
    }

    /// What `settings` ask for, if it can be done. Blocks.
    pub(crate) fn plan(&self, settings: &Settings) -> Result<Profile, ApiError> {
        Ok(Profile {
            proxy: self.proxy(settings)?,
            certificates: certificates(&settings.certificates)?,
            ..self.base.clone()
        })
    }

    fn proxy(&self, settings: &Settings) -> Result<Proxy, ApiError> {
        Ok(match settings.proxy {
            ProxyUse::System => Proxy::System,
            ProxyUse::None => Proxy::None,
            ProxyUse::Manual => Proxy::Manual(self.address(&settings.proxy_address)?),
        })
    }

    /// New connections are made by `profile` from now on.
    pub(crate) fn put(&self, profile: Profile) {
        *self.xet_now() = self.chunk_store(&profile);
        *self.now() = profile;
    }

    /// The chunk store's client is used as `settings` say from now on; what runs goes on as it began.
    pub(crate) fn use_xet(&self, settings: &TransferSettings) {
        let wanted = XetUse::from(settings);
        if std::mem::replace(&mut *self.xet_use(), wanted) != wanted {
            let profile = self.profile();
            *self.xet_now() = self.chunk_store(&profile);
        }
    }

    fn chunk_store(&self, profile: &Profile) -> Option<Xet> {
        let XetUse {
            memory_mib,
            may_report,
        } = *self.xet_use();
        // What the file of the settings says may be anything.
        let memory_bytes = u64::from(memory_mib.clamp(4, 256)) << 20;
        let options = Options {
            may_report,
            ..Options::new(self.xet_cache.clone()?, profile.clone()).with_memory(memory_bytes)
        };
        chunk_store(options, &self.clock)
    }

    fn xet_use(&self) -> MutexGuard<'_, XetUse> {
        self.xet_use
            .lock()
            .expect("nothing panics while it holds this lock")
    }

    /// The chunk store's client, where it can be used as the network is to be used.
    pub(crate) fn xet(&self) -> Option<Xet> {
        self.xet_now().clone()
    }

    /// Whether anything waits for a Hub's limit.
    pub(crate) fn waits(&self) -> Waits {
        self.base.budget.waits()
    }

    /// A name and a password that were typed once hold as long as the address stays.
    fn address(&self, typed: &str) -> Result<ProxyAddress, ApiError> {
        let typed = proxy_address(typed)?;
        match &self.now().proxy {
            Proxy::Manual(known)
                if !typed.has_credentials() && known.to_string() == typed.to_string() =>
            {
                Ok(known.clone())
            }
            _ => Ok(typed),
        }
    }

    fn xet_now(&self) -> MutexGuard<'_, Option<Xet>> {
        self.xet
            .lock()
            .expect("nothing panics while it holds this lock")
    }

    fn now(&self) -> MutexGuard<'_, Profile> {
        self.now
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

/// The chunk store's client. Where it cannot do what the profile asks for, everything comes over
/// plain HTTP.
pub(crate) fn chunk_store(options: Options, clock: &Arc<dyn Clock>) -> Option<Xet> {
    let told = |why: &Unfit| tracing::info!(%why, "large files come over plain HTTP");
    Xet::new(options, Arc::clone(clock)).inspect_err(told).ok()
}

/// `settings` as they may be kept and shown: trimmed, and without the password of a proxy.
pub(crate) fn cleaned(settings: Settings) -> Result<Settings, ApiError> {
    let proxy_address = match (settings.proxy, settings.proxy_address.trim()) {
        (ProxyUse::System | ProxyUse::None, "") => String::new(),
        (ProxyUse::System | ProxyUse::None, typed) => {
            ProxyAddress::parse(typed).map_or_else(|_| String::new(), |address| address.to_string())
        }
        (ProxyUse::Manual, typed) => proxy_address(typed)?.to_string(),
    };
    Ok(Settings {
        endpoint: settings.endpoint.trim().to_owned(),
        certificates: settings.certificates.trim().to_owned(),
        proxy_address,
        ..settings
    })
}

fn proxy_address(typed: &str) -> Result<ProxyAddress, ApiError> {
    // What was typed is not repeated: there may be a password in it.
    ProxyAddress::parse(typed)
        .map_err(|error| ApiError::bad_input(format!("That is not a proxy: {error}.")))
}

fn certificates(path: &str) -> Result<Certificates, ApiError> {
    let path = path.trim();
    if path.is_empty() {
        return Ok(Certificates::default());
    }
    let bad = |why: String| {
        ApiError::bad_input(format!("The certificates in {path} cannot be used: {why}."))
    };
    let pem = read_if_there(Path::new(path))
        .map_err(|error| bad(error.source.to_string()))?
        .ok_or_else(|| bad("there is no such file".to_owned()))?;
    Certificates::from_pem(&pem).map_err(|error| bad(error.to_string()))
}

#[cfg(test)]
mod tests {
    use hubdesk_core::ManualClock;

    use super::*;

    fn connected(settings: &Settings, xet_cache: Option<PathBuf>) -> Connection {
        let clock = Arc::new(ManualClock::default());
        Connection::new(Profile::default(), settings, xet_cache, clock)
    }

    fn manual(address: &str) -> Settings {
        Settings {
            proxy: ProxyUse::Manual,
            proxy_address: address.to_owned(),
            ..Settings::default()
        }
    }

    #[test]
    fn a_password_is_used_as_long_as_the_address_stays_and_kept_nowhere() {
        let connection = connected(&Settings::default(), None);
        let typed = manual("http://mira:s3cret@proxy.example:1");
        connection.put(connection.plan(&typed).unwrap());
        let kept = cleaned(typed).unwrap();
        assert_eq!(kept.proxy_address, "http://proxy.example:1");
        let has_credentials = |settings: &Settings| match connection.plan(settings).unwrap().proxy {
            Proxy::Manual(address) => address.has_credentials(),
            _ => false,
        };
        assert!(
            has_credentials(&kept),
            "the settings were saved for another reason"
        );
        assert!(!has_credentials(&manual("http://other.example:1")));
    }

    #[test]
    fn the_chunk_store_has_the_memory_a_person_gives_it_and_keeps_to_the_proxy() {
        let through = manual("http://proxy.example:1");
        let connection = connected(&through, Some(PathBuf::from("unused")));
        let more = TransferSettings {
            xet_memory_mib: 64,
            ..TransferSettings::default()
        };
        connection.use_xet(&more);
        assert_eq!(connection.xet_use().memory_mib, 64);
        assert!(connection.xet().is_none());
        connection.put(connection.plan(&Settings::default()).unwrap());
        assert!(connection.xet().is_some());
    }

    #[test]
    fn the_chunk_store_is_not_a_way_around_a_proxy() {
        let cache = || Some(PathBuf::from("unused"));
        let connection = connected(&Settings::default(), cache());
        assert!(connection.xet().is_some());
        let through = manual("http://proxy.example:1");
        connection.put(connection.plan(&through).unwrap());
        assert!(connection.xet().is_none());
        connection.put(connection.plan(&Settings::default()).unwrap());
        assert!(connection.xet().is_some());
        let without = connected(&Settings::default(), None);
        assert!(without.xet().is_none(), "it may be switched off");
    }

    #[test]
    fn what_cannot_be_a_proxy_is_refused_without_repeating_it() {
        let error = cleaned(manual("socks5://mira:s3cret@x")).unwrap_err();
        assert!(!error.message.contains("s3cret"), "{}", error.message);
        let unused = Settings {
            proxy: ProxyUse::System,
            ..manual("mira:s3cret@ x")
        };
        assert_eq!(cleaned(unused).unwrap().proxy_address, "");
    }

    #[test]
    fn what_cannot_be_followed_opens_no_way_around_the_proxy() {
        let without_file = Settings {
            certificates: "/nowhere/ca.pem".to_owned(),
            ..manual("http://proxy.example:1")
        };
        let connection = connected(&without_file, None);
        assert!(matches!(connection.profile().proxy, Proxy::Manual(_)));
        let broken = connected(&manual("socks5://x"), None);
        assert_eq!(broken.profile().proxy, Proxy::Unusable);
    }

    #[test]
    fn a_file_without_certificates_is_refused_and_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        let path = file.to_str().unwrap().to_owned();
        let settings = Settings {
            certificates: path.clone(),
            ..Settings::default()
        };
        let connection = connected(&settings, None);
        let why = || connection.plan(&settings).unwrap_err().message;
        assert!(why().contains("there is no such file"), "{}", why());
        std::fs::write(&file, "nothing").unwrap();
        assert!(why().contains("no certificate in it") && why().contains(&path));
    }
}
