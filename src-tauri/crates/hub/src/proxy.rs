use std::fmt;

use url::Url;

/// Which way requests leave this machine. Nothing on this machine itself is asked through a proxy:
/// a proxy is elsewhere, and would look for the address there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Proxy {
    /// As the system and `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say.
    #[default]
    System,
    /// Straight, whatever the system says.
    None,
    /// Through this one, for every host.
    Manual(ProxyAddress),
    /// Through one that nobody knows how to use: nothing leaves this machine, since going straight
    /// is not what was asked for.
    Unusable,
}

/// The address of a proxy, with the name and password it may want. Neither is ever printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyAddress(Url);

/// A text that cannot be the address of a proxy. Does not repeat it: there may be a password in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a proxy is an http or https address with nothing after the port")]
pub struct BadProxy;

/// What is on this machine, in the form of `NO_PROXY`.
const HERE: &str = "localhost,127.0.0.0/8,::1";

impl ProxyAddress {
    /// Reads `http://proxy.example:3128` or `http://name:password@proxy.example:3128`. Without a
    /// scheme, as many write it, `http` is meant.
    pub fn parse(text: &str) -> Result<Self, BadProxy> {
        let text = text.trim();
        let url = if text.contains("://") {
            Url::parse(text)
        } else {
            Url::parse(&format!("http://{text}"))
        };
        let url = url.map_err(|_| BadProxy)?;
        let is_plain = matches!(url.path(), "" | "/") && url.query().is_none();
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        if is_plain && is_web && url.fragment().is_none() {
            Ok(Self(url))
        } else {
            Err(BadProxy)
        }
    }

    /// Whether it holds a name or a password.
    pub fn has_credentials(&self) -> bool {
        !self.0.username().is_empty() || self.0.password().is_some()
    }
}

impl Proxy {
    /// Has `builder` go this way.
    pub(crate) fn apply(
        &self,
        builder: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder, Box<dyn std::error::Error + Send + Sync>> {
        match self {
            Self::Unusable => Err("the proxy in the settings cannot be used".into()),
            Self::System => Ok(builder),
            Self::None => Ok(builder.no_proxy()),
            Self::Manual(address) => {
                let here = reqwest::NoProxy::from_string(HERE);
                let proxy = reqwest::Proxy::all(address.0.clone())?.no_proxy(here);
                Ok(builder.no_proxy().proxy(proxy))
            }
        }
    }
}

/// Without credentials, as it may be shown and kept.
impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0.clone();
        // These fail only for addresses that cannot have credentials to begin with.
        let _ = shown.set_username("");
        let _ = shown.set_password(None);
        f.write_str(shown.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_with_and_without_its_scheme() {
        for (text, shown) in [
            ("http://proxy.example:3128/", "http://proxy.example:3128"),
            (" proxy.example:3128 ", "http://proxy.example:3128"),
            ("https://proxy.example", "https://proxy.example"),
            ("10.0.0.1:8080", "http://10.0.0.1:8080"),
        ] {
            assert_eq!(ProxyAddress::parse(text).unwrap().to_string(), shown);
        }
        for text in [
            "",
            "socks5://proxy.example",
            "http://",
            "http://proxy.example/path",
            "http://proxy.example?x",
            "http://proxy.example#x",
            "a b",
        ] {
            assert_eq!(ProxyAddress::parse(text), Err(BadProxy), "{text:?}");
        }
    }

    #[test]
    fn the_password_is_used_and_never_printed() {
        let address = ProxyAddress::parse("http://mira:s3cret@proxy.example:3128").unwrap();
        assert!(address.has_credentials());
        assert_eq!(address.to_string(), "http://proxy.example:3128");
        let proxy = Proxy::Manual(address);
        let debug = format!("{proxy:?}");
        assert!(
            !debug.contains("s3cret") && !debug.contains("mira"),
            "{debug}"
        );
    }

    #[test]
    fn who_cannot_use_the_proxy_speaks_to_no_other_machine() {
        let hub = |address: &str| {
            let profile = crate::Profile {
                proxy: Proxy::Unusable,
                ..crate::Profile::default()
            };
            let endpoint = crate::Endpoint::parse(address).unwrap();
            crate::Hub::new(endpoint, std::sync::Arc::new(None), profile)
        };
        let error = hub("https://hub.example").unwrap_err();
        assert!(matches!(error, crate::Error::Setup { .. }), "{error:?}");
        assert!(hub("http://127.0.0.1:9").is_ok());
    }
}
