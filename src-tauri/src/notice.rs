//! Notices of the desktop, and whether it has a place for icons, over the session bus.

use std::io;

#[cfg(target_os = "linux")]
mod bus {
    use std::collections::HashMap;

    use zbus::blocking::Connection;
    use zbus::zvariant::Value;

    /// How long the desktop shows it, in milliseconds; -1 leaves that to the desktop.
    const AS_LONG_AS_USUAL: i32 = -1;

    /// By the Desktop Notifications Specification, 1.2.
    pub(super) fn notify(title: &str, body: &str) -> zbus::Result<()> {
        let (replaces, icon, actions) = (0u32, "hubdesk", Vec::<&str>::new());
        let hints: HashMap<&str, Value<'_>> = HashMap::new();
        // The body may hold markup, and nothing that came from a Hub is any.
        let body = escaped(body);
        Connection::session()?.call_method(
            Some("org.freedesktop.Notifications"),
            "/org/freedesktop/Notifications",
            Some("org.freedesktop.Notifications"),
            "Notify",
            &(
                "Hubdesk",
                replaces,
                icon,
                title,
                &*body,
                actions,
                hints,
                AS_LONG_AS_USUAL,
            ),
        )?;
        Ok(())
    }

    /// Whether somebody shows the icons of programs.
    pub(super) fn has_tray() -> bool {
        let has_owner = || -> zbus::Result<bool> {
            let answer = Connection::session()?.call_method(
                Some("org.freedesktop.DBus"),
                "/org/freedesktop/DBus",
                Some("org.freedesktop.DBus"),
                "NameHasOwner",
                &("org.kde.StatusNotifierWatcher"),
            )?;
            answer.body().deserialize()
        };
        has_owner().unwrap_or(false)
    }

    pub(super) fn escaped(text: &str) -> String {
        let text = text.replace('&', "&amp;");
        text.replace('<', "&lt;").replace('>', "&gt;")
    }
}

/// Shows a notice. Blocks.
#[cfg(target_os = "linux")]
pub(crate) fn show(title: &str, body: &str) -> io::Result<()> {
    bus::notify(title, body).map_err(io::Error::other)
}

/// Shows a notice: not here yet.
#[cfg(not(target_os = "linux"))]
pub(crate) fn show(_title: &str, _body: &str) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}

/// Whether an icon in the tray would be seen. Blocks.
#[cfg(target_os = "linux")]
pub(crate) fn has_tray() -> bool {
    bus::has_tray()
}

/// Whether an icon in the tray would be seen: these systems always have one.
#[cfg(not(target_os = "linux"))]
pub(crate) fn has_tray() -> bool {
    true
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn what_a_hub_names_is_no_markup_of_a_notice() {
        let escaped = super::bus::escaped("a & b: <img src=\"x\">");
        assert_eq!(escaped, "a &amp; b: &lt;img src=\"x\"&gt;");
    }
}
