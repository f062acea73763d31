//! The icon in the tray, by which a window that was hidden comes back.

use hubdesk_app::App;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager as _};

use crate::{notice, window};

const SHOW: &str = "show";
const QUIT: &str = "quit";

/// Whether there is an icon in the tray that a person sees.
pub(crate) struct Tray(pub(crate) bool);

/// Makes the icon where there is a place for it. Without one the window is never hidden.
pub(crate) fn open(shell: &AppHandle) -> Tray {
    if !has_library() || !notice::has_tray() {
        return Tray(false);
    }
    match icon(shell) {
        Ok(()) => Tray(true),
        Err(_) => Tray(false),
    }
}

fn icon(shell: &AppHandle) -> tauri::Result<()> {
    let show = MenuItem::with_id(shell, SHOW, "Show Hubdesk", true, None::<&str>)?;
    let quit = MenuItem::with_id(shell, QUIT, "Quit", true, None::<&str>)?;
    let menu = Menu::with_items(shell, &[&show, &quit])?;
    let mut tray = TrayIconBuilder::with_id("hubdesk")
        .tooltip("Hubdesk")
        .menu(&menu)
        .show_menu_on_left_click(false)
        .on_menu_event(|shell, event| match event.id().as_ref() {
            SHOW => window::show(shell),
            QUIT => shell.exit(0),
            _ => {}
        })
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                window::show(tray.app_handle());
            }
        });
    if let Some(icon) = shell.default_window_icon() {
        tray = tray.icon(icon.clone());
    }
    tray.build(shell)?;
    Ok(())
}

/// Whether a hidden window could be brought back.
pub(crate) fn is_there(shell: &AppHandle) -> bool {
    shell.try_state::<Tray>().is_some_and(|tray| tray.0)
}

/// The tray is a library of the desktop that is loaded when it is used, and without it the toolkit
/// would panic.
#[cfg(target_os = "linux")]
fn has_library() -> bool {
    const FOLDERS: [&str; 6] = [
        "/usr/lib",
        "/usr/lib64",
        "/usr/local/lib",
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/usr/lib/riscv64-linux-gnu",
    ];
    const NAMES: [&str; 2] = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];
    let has_one = |folder: &str| {
        let folder = std::path::Path::new(folder);
        NAMES.iter().any(|name| folder.join(name).is_file())
    };
    FOLDERS.iter().any(|folder| has_one(folder))
}

#[cfg(not(target_os = "linux"))]
fn has_library() -> bool {
    true
}

/// The close button was pressed: asks what becomes of what is at work.
pub(crate) fn closing(shell: &AppHandle) {
    let shell = shell.clone();
    tauri::async_runtime::spawn(async move {
        let app = shell.state::<App>().inner().clone();
        match app.closing(is_there(&shell)).await {
            hubdesk_app::Closing::Quit => shell.exit(0),
            hubdesk_app::Closing::Hide => window::hide(&shell),
            hubdesk_app::Closing::Stay => {}
        }
    });
}
