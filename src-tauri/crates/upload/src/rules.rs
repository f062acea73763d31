use std::fs::DirEntry;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// In the order in which they are asked.
const FILES: [&str; 2] = [".hfignore", ".gitignore"];

/// What the ignore files of a folder and of those above it say. The nearest one that says
/// something counts, as git has it.
#[derive(Clone, Default)]
pub(crate) struct Rules(Option<Arc<Level>>);

struct Level {
    files: Vec<Gitignore>,
    above: Rules,
}

impl Rules {
    /// None.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The rules within `folder`, which has these entries. Lines that cannot be understood are
    /// passed over, as git does.
    pub(crate) fn within(&self, folder: &Path, entries: &[DirEntry]) -> Self {
        let is_there = |name: &&&str| entries.iter().any(|entry| entry.file_name() == **name);
        let read = |name: &&str| {
            let mut builder = GitignoreBuilder::new(folder);
            if let Some(error) = builder.add(folder.join(name)) {
                tracing::debug!(%error, "a rule was passed over");
            }
            builder.build().ok().filter(|rules| !rules.is_empty())
        };
        let files: Vec<_> = FILES.iter().filter(is_there).filter_map(read).collect();
        if files.is_empty() {
            return self.clone();
        }
        let above = self.clone();
        Self(Some(Arc::new(Level { files, above })))
    }

    /// The file whose rule leaves `path` out, if one does.
    pub(crate) fn ignores(&self, path: &Path, is_folder: bool) -> Option<PathBuf> {
        let level = self.0.as_ref()?;
        for file in &level.files {
            match file.matched(path, is_folder) {
                Match::None => {}
                Match::Ignore(rule) => return rule.from().map(Path::to_owned),
                Match::Whitelist(_) => return None,
            }
        }
        level.above.ignores(path, is_folder)
    }
}

#[cfg(test)]
mod tests;
