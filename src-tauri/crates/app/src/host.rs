use std::io;
use std::path::Path;

/// What only the desktop can do. Tests and the dev server bring their own. May block.
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
