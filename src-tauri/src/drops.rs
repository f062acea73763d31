//! What is dragged onto the window.

use std::path::PathBuf;

use hubdesk_app::App;
use tauri::{AppHandle, DragDropEvent, Manager as _};

/// The page is never given a path: the program gives out names for what was dropped.
pub(crate) fn dragged(shell: &AppHandle, event: DragDropEvent) {
    let app = shell.state::<App>().inner().clone();
    match event {
        DragDropEvent::Enter { paths, .. } => app.dragged(files(paths).len()),
        DragDropEvent::Leave => app.dragged(0),
        DragDropEvent::Drop { paths, .. } => {
            app.dragged(0);
            let files = files(paths);
            if !files.is_empty() {
                tauri::async_runtime::spawn(async move { app.dropped(files).await });
            }
        }
        // It moves about; and whatever a later toolkit tells.
        _ => {}
    }
}

/// Links that are dragged out of a browser come as if they were paths.
fn files(mut paths: Vec<PathBuf>) -> Vec<PathBuf> {
    paths.retain(|path| path.is_absolute());
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_is_dragged_is_no_file() {
        let file = std::env::temp_dir().join("a b.txt");
        let dragged = vec![PathBuf::from("https://huggingface.co/a/b"), file.clone()];
        assert_eq!(files(dragged), [file]);
    }
}
