use std::fmt;

use url::{Host, Url};

/// The base address of a Hub, such as `https://huggingface.co`; a path in it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint(Url);

/// A text that cannot be the address of a Hub. Does not repeat it: there may be a password in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an endpoint is an http or https address without credentials, query or fragment")]
pub struct BadEndpoint;

/// Where the public Hub lives.
const PUBLIC: &str = "https://huggingface.co";
/// Where its dataset viewer lives; no setting of the official client moves it.
const PUBLIC_VIEWER: &str = "https://datasets-server.huggingface.co";
/// Where the stand-in has its own. No repository can have this name.
const LOCAL_VIEWER: &str = "/_viewer";
/// Where it is tried out.
const STAGING: &str = "https://hub-ci.huggingface.co";

impl Endpoint {
    /// Reads an address as a person or `HF_ENDPOINT` gives it; slashes at the end go.
    pub fn parse(text: &str) -> Result<Self, BadEndpoint> {
        let mut url = Url::parse(text.trim()).map_err(|_| BadEndpoint)?;
        let has_extras = !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some();
        if !matches!(url.scheme(), "http" | "https") || has_extras {
            return Err(BadEndpoint);
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// Its own page.
    pub(crate) fn address(&self) -> &Url {
        &self.0
    }

    /// Whether it is on this machine, where no proxy may stand in between.
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }

    /// Whether `url` has this endpoint's scheme, host and port. Only then may it see the token.
    pub(crate) fn is_origin_of(&self, url: &Url) -> bool {
        self.0.origin() == url.origin()
    }

    /// Whether a request to `url` may carry the token: to this endpoint, and from the public Hub to
    /// its own dataset viewer, a service at another host that shows private datasets to who may see
    /// them. A Hub that is not the public one has no such second host.
    pub(crate) fn may_see_token(&self, url: &Url) -> bool {
        let is_viewer = || {
            self.viewer()
                .is_some_and(|viewer| viewer.origin() == url.origin())
        };
        self.is_origin_of(url) || is_viewer()
    }

    /// The base of the dataset viewer. It belongs to the public Hub; the stand-in has one, too, and
    /// a Hub on this machine is taken for it: another one there answers that there is no such page.
    pub(crate) fn viewer(&self) -> Option<Url> {
        let base = if self.0.as_str().trim_end_matches('/') == PUBLIC {
            PUBLIC_VIEWER.to_owned()
        } else if self.is_loopback() {
            format!("{self}{LOCAL_VIEWER}")
        } else {
            return None;
        };
        Url::parse(&base).ok()
    }

    /// What stands before every path; empty for a Hub that has its host for itself.
    pub(crate) fn path(&self) -> &str {
        self.0.path().trim_end_matches('/')
    }

    /// The same place at this endpoint, for an address at the public Hub or its staging host:
    /// mirrors pass on the links of the Hub they mirror.
    pub(crate) fn localise(&self, url: Url) -> Url {
        let own = self.to_string();
        if own == PUBLIC {
            return url;
        }
        let rest = [PUBLIC, STAGING]
            .iter()
            .find_map(|base| url.as_str().strip_prefix(base));
        match rest {
            Some(rest) if rest.starts_with('/') => {
                Url::parse(&format!("{own}{rest}")).unwrap_or(url)
            }
            _ => url,
        }
    }
}

impl Default for Endpoint {
    fn default() -> Self {
        Self::parse(PUBLIC).expect("the constant is a good address")
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_at_the_end_go_and_a_path_stays() {
        for (text, shown) in [
            ("https://huggingface.co/", "https://huggingface.co"),
            (" http://127.0.0.1:8080 ", "http://127.0.0.1:8080"),
            ("https://proxy.example/hub//", "https://proxy.example/hub"),
            ("https://HF.example:443", "https://hf.example"),
        ] {
            assert_eq!(Endpoint::parse(text).unwrap().to_string(), shown);
        }
        assert_eq!(Endpoint::default().to_string(), PUBLIC);
    }

    #[test]
    fn what_is_not_a_plain_web_address_is_refused() {
        for text in [
            "",
            "huggingface.co",
            "ftp://huggingface.co",
            "file:///etc",
            "https://me:secret@huggingface.co",
            "https://huggingface.co?x=1",
            "https://huggingface.co#x",
            "https://",
        ] {
            assert_eq!(Endpoint::parse(text), Err(BadEndpoint), "{text:?}");
        }
    }

    #[test]
    fn loopback_is_recognised_in_every_form() {
        for (text, expected) in [
            ("http://localhost:1", true),
            ("http://hub.localhost", true),
            ("http://127.3.2.1", true),
            ("http://[::1]:80", true),
            ("https://huggingface.co", false),
            ("http://10.0.0.1", false),
            ("http://localhost.example", false),
        ] {
            assert_eq!(
                Endpoint::parse(text).unwrap().is_loopback(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn another_port_or_scheme_is_another_origin() {
        let endpoint = Endpoint::parse("https://hub.example/base").unwrap();
        for (url, expected) in [
            ("https://hub.example/x", true),
            ("https://HUB.example:443/x", true),
            ("http://hub.example/x", false),
            ("https://hub.example:8443/x", false),
            ("https://hub.example.evil/x", false),
        ] {
            assert_eq!(
                endpoint.is_origin_of(&Url::parse(url).unwrap()),
                expected,
                "{url}"
            );
        }
    }

    #[test]
    fn the_token_goes_to_the_endpoint_and_to_the_viewer_of_the_public_hub() {
        for (endpoint, url, expected) in [
            ("https://huggingface.co", "https://huggingface.co/api", true),
            (
                "https://huggingface.co",
                "https://datasets-server.huggingface.co/rows",
                true,
            ),
            (
                "https://huggingface.co",
                "http://datasets-server.huggingface.co/rows",
                false,
            ),
            (
                "https://huggingface.co",
                "https://cdn-lfs.huggingface.co/x",
                false,
            ),
            (
                "https://hub.example",
                "https://datasets-server.huggingface.co/rows",
                false,
            ),
            (
                "http://127.0.0.1:1",
                "http://127.0.0.1:1/_viewer/rows",
                true,
            ),
            (
                "http://127.0.0.1:1",
                "http://127.0.0.1:2/_viewer/rows",
                false,
            ),
        ] {
            let endpoint = Endpoint::parse(endpoint).unwrap();
            let url = Url::parse(url).unwrap();
            assert_eq!(endpoint.may_see_token(&url), expected, "{endpoint} {url}");
        }
        let other = Endpoint::parse("https://hub.example").unwrap();
        assert_eq!(other.viewer(), None);
    }

    #[test]
    fn a_mirror_replaces_the_public_hub_in_links() {
        let mirror = Endpoint::parse("https://mirror.example/hub").unwrap();
        let localised = |url: &str| mirror.localise(Url::parse(url).unwrap()).to_string();
        assert_eq!(
            localised("https://huggingface.co/api/models?cursor=x"),
            "https://mirror.example/hub/api/models?cursor=x"
        );
        assert_eq!(
            localised("https://hub-ci.huggingface.co/api/x"),
            "https://mirror.example/hub/api/x"
        );
        assert_eq!(
            localised("https://huggingface.co.evil/api"),
            "https://huggingface.co.evil/api"
        );
        let staging = Url::parse("https://hub-ci.huggingface.co/api").unwrap();
        assert_eq!(Endpoint::default().localise(staging.clone()), staging);
    }
}
