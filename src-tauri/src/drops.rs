//! What is dragged onto the window. The page is never given a path: the program gives out names for
//! what was dropped.

use std::path::PathBuf;

use hubdesk_app::App;
use tauri::{AppHandle, Manager as _};

/// Something a person does with files over the window.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Drag {
    /// So many are held over it; none any more with 0.
    Over(usize),
    /// They were dropped.
    Dropped(Vec<PathBuf>),
}

/// Tells the program.
pub(crate) fn tell(shell: &AppHandle, drag: Drag) {
    // Nothing can be dropped before there is a program.
    let Some(app) = shell.try_state::<App>() else {
        return;
    };
    match drag {
        Drag::Over(count) => app.dragged(count),
        Drag::Dropped(files) => {
            app.dragged(0);
            let app = app.inner().clone();
            tauri::async_runtime::spawn(async move { app.dropped(files).await });
        }
    }
}

/// What Tauri says of it, where it can be relied on.
#[cfg(not(target_os = "linux"))]
pub(crate) fn told(event: tauri::DragDropEvent) -> Option<Drag> {
    use tauri::DragDropEvent::{Drop, Enter, Leave};

    match event {
        Enter { paths, .. } => Some(Drag::Over(paths.len())),
        Leave => Some(Drag::Over(0)),
        Drop { paths, .. } => Some(Drag::Dropped(paths)),
        // It moves about; and whatever a later toolkit tells.
        _ => None,
    }
}
