//! Which addresses leave the program, and in what form.

use hubdesk_hub::Endpoint;
use url::Url;

use crate::api::ApiError;

/// Takes an address that came from a card or a person: the web, mail, and the Hubs that are in use,
/// which may be without a certificate.
pub(crate) fn checked_link(text: &str, hubs: &[Endpoint]) -> Result<Url, ApiError> {
    let refuse = || ApiError::bad_input("Only web and mail addresses are opened.");
    let url = Url::parse(text).map_err(|_| refuse())?;
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    match url.scheme() {
        "https" if !has_credentials => Ok(url),
        "http" if !has_credentials && hubs.iter().any(|hub| is_of(hub, &url)) => Ok(url),
        "mailto" => plain_mail(&url).ok_or_else(refuse),
        _ => Err(refuse()),
    }
}

fn is_of(hub: &Endpoint, url: &Url) -> bool {
    Url::parse(&hub.to_string()).is_ok_and(|hub| hub.origin() == url.origin())
}

/// A mail's address, subject, text and copies; mail programs know headers that do more, such as
/// attaching a file. `None` when the address holds a line end, which would begin a header.
pub(crate) fn plain_mail(url: &Url) -> Option<Url> {
    let breaks_line = |text: &str| {
        let text = text.to_ascii_lowercase();
        ["%0a", "%0d", "%00"].iter().any(|code| text.contains(code))
    };
    if breaks_line(url.path()) {
        return None;
    }
    let is_plain = |header: &&str| {
        let (name, value) = header.split_once('=').unwrap_or((header, ""));
        match name.to_ascii_lowercase().as_str() {
            "body" => true,
            "subject" | "cc" => !breaks_line(value),
            _ => false,
        }
    };
    let headers = url.query().unwrap_or_default().split('&').filter(is_plain);
    let headers = headers.collect::<Vec<_>>().join("&");
    let mut plain = url.clone();
    plain.set_fragment(None);
    plain.set_query((!headers.is_empty()).then_some(&headers));
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_and_mail_addresses_go_outside() {
        for good in ["https://example.org/a?b#c", "mailto:a@example.org"] {
            assert_eq!(checked_link(good, &[]).unwrap().as_str(), good);
        }
        for bad in [
            "http://example.org",
            "http://127.0.0.1:8080/x",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/html,x",
            "smb://host/x",
            "https://user:pass@example.org",
            "vscode://x",
            "/etc/passwd",
            "-a",
            "",
            "mailto:a@example.org%0D%0Abcc:b@example.org",
        ] {
            assert!(checked_link(bad, &[]).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_hub_in_use_may_be_one_without_a_certificate() {
        let hub = Endpoint::parse("http://127.0.0.1:8080/base").unwrap();
        let hubs = [hub];
        let is_good = |text: &str| checked_link(text, &hubs).is_ok();
        assert!(is_good("http://127.0.0.1:8080/org/m"));
        for bad in [
            "http://127.0.0.1:8081/org/m",
            "http://127.0.0.1.example.org:8080",
            "http://me@127.0.0.1:8080/",
            "http://localhost:8080/",
        ] {
            assert!(!is_good(bad), "{bad}");
        }
    }

    #[test]
    fn a_mail_has_an_address_a_subject_a_text_and_copies() {
        for (text, plain) in [
            (
                "mailto:a@example.org?Subject=x&attach=/etc/passwd&body=y%0Az&bcc=b@example.org&cc=c@example.org#f",
                "mailto:a@example.org?Subject=x&body=y%0Az&cc=c@example.org",
            ),
            ("mailto:a@example.org?attachment=/x", "mailto:a@example.org"),
            (
                "mailto:a@example.org?subject=x%0d%0aBcc:b",
                "mailto:a@example.org",
            ),
            ("mailto:?body=x", "mailto:?body=x"),
        ] {
            assert_eq!(checked_link(text, &[]).unwrap().as_str(), plain);
        }
    }
}
