//! The one window.

use hubdesk_app::api::Appearance;
use tauri::{App, AppHandle, Manager as _, Theme, Url, WebviewUrl, WebviewWindowBuilder};

/// The one window.
pub(crate) const MAIN: &str = "main";

/// Opens the window. It never shows anything but our own pages.
pub(crate) fn open(shell: &App, appearance: Appearance) -> tauri::Result<()> {
    let theme = match appearance {
        Appearance::System => None,
        Appearance::Light => Some(Theme::Light),
        Appearance::Dark => Some(Theme::Dark),
    };
    let window = WebviewWindowBuilder::new(shell, MAIN, WebviewUrl::default())
        .title("Hubdesk")
        .inner_size(1200.0, 800.0)
        .min_inner_size(640.0, 480.0)
        .theme(theme)
        .on_navigation(is_ours);
    #[cfg(target_os = "linux")]
    {
        let window = window.disable_drag_drop_handler().build()?;
        crate::drop_target::watch(&window)
    }
    #[cfg(not(target_os = "linux"))]
    window.build().map(drop)
}

/// Brings the window to the front, wherever it is. That it cannot be is the desktop's decision.
pub(crate) fn show(shell: &AppHandle) {
    if let Some(window) = shell.get_webview_window(MAIN) {
        let _ = window.show();
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

/// Hides the window; the program goes on.
pub(crate) fn hide(shell: &AppHandle) {
    if let Some(window) = shell.get_webview_window(MAIN) {
        let _ = window.hide();
    }
}

/// The pages inside the program, or the development server's when built without them.
fn is_ours(url: &Url) -> bool {
    let is_development = cfg!(not(feature = "custom-protocol"))
        && url.scheme() == "http"
        && url.host_str() == Some("127.0.0.1")
        && url.port() == Some(1420);
    let is_inside = url.scheme() == "tauri" && url.host_str() == Some("localhost");
    // WebView2 and Android know no own schemes and use this name for them.
    let is_inside_on_windows = cfg!(windows) && url.host_str() == Some("tauri.localhost");
    is_inside || is_inside_on_windows || is_development
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_shows_nothing_but_our_own_pages() {
        let is_ours = |url: &str| is_ours(&url.parse().unwrap());
        assert!(is_ours("tauri://localhost/models/a/b"));
        for foreign in [
            "https://huggingface.co",
            "file:///etc/passwd",
            "data:text/html,x",
            "tauri://evil/",
        ] {
            assert!(!is_ours(foreign), "{foreign}");
        }
    }
}
