use std::io;
use std::path::Path;

use url::Url;

use crate::api::ApiError;

/// What only the desktop can do. Tests and the dev server bring their own.
pub trait Host: Send + Sync {
    /// Opens a link in the person's browser or mail program. It was checked before.
    fn open_link(&self, url: &str) -> io::Result<()>;
    /// Opens a folder in the file manager.
    fn open_folder(&self, path: &Path) -> io::Result<()>;
}

/// The desktop this program runs on.
#[derive(Debug, Default)]
pub struct SystemHost;

impl Host for SystemHost {
    fn open_link(&self, url: &str) -> io::Result<()> {
        open::that_detached(url)
    }

    fn open_folder(&self, path: &Path) -> io::Result<()> {
        open::that_detached(path)
    }
}

/// Takes an address that came from a card or a person; only the web and mail go outside.
pub(crate) fn checked_link(text: &str) -> Result<Url, ApiError> {
    let refuse = || ApiError::bad_input("Only web and mail addresses are opened.");
    let url = Url::parse(text).map_err(|_| refuse())?;
    match url.scheme() {
        "https" if url.username().is_empty() && url.password().is_none() => Ok(url),
        // The demo Hub has no certificate, and does not leave this computer.
        "http" if url.host_str() == Some("127.0.0.1") => Ok(url),
        "mailto" => Ok(url),
        _ => Err(refuse()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_and_mail_addresses_go_outside() {
        for good in [
            "https://example.org/a?b#c",
            "mailto:a@example.org",
            "http://127.0.0.1:8080/x",
        ] {
            assert!(checked_link(good).is_ok(), "{good}");
        }
        for bad in [
            "http://example.org",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/html,x",
            "smb://host/x",
            "https://user:pass@example.org",
            "vscode://x",
            "/etc/passwd",
            "-a",
            "",
            "http://127.0.0.1.example.org",
        ] {
            assert!(checked_link(bad).is_err(), "{bad}");
        }
    }
}
