use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use hubdesk_core::Revision;
use hubdesk_hub::{Error as HubError, Repo, What};

/// Longer cards are cut: nobody reads them here, and rendering must stay quick.
pub(super) const LONGEST: usize = 128 << 10;

/// The text of a card, perhaps cut.
#[derive(Debug)]
pub(crate) struct Text {
    pub(super) markdown: String,
    pub(super) is_cut: bool,
}

impl Text {
    /// A text as it was read; one that is not UTF-8 throughout loses what is not.
    pub(super) fn new(bytes: &[u8], is_cut: bool) -> Self {
        Self {
            markdown: String::from_utf8_lossy(bytes).replace("\r\n", "\n"),
            is_cut,
        }
    }
}

/// Reads a `README.md` that is here. Blocks.
pub(crate) fn read(path: &Path) -> io::Result<Text> {
    let mut bytes = Vec::new();
    let most = u64::try_from(LONGEST + 1).unwrap_or(u64::MAX);
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    let is_cut = bytes.len() > LONGEST;
    bytes.truncate(LONGEST);
    Ok(Text::new(&bytes, is_cut))
}

/// Fetches `README.md`; `None` when there is none.
pub(crate) async fn fetch(repo: &Repo, revision: &Revision) -> Result<Option<Text>, HubError> {
    let commit = repo.resolve(revision).await?;
    let mut body = match repo.file(&commit, "README.md").get(None).await {
        Ok(body) => body,
        Err(HubError::NotFound(What::Entry, _)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    while let Some(chunk) = body.chunk().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LONGEST {
            return Ok(Some(Text::new(&bytes[..LONGEST], true)));
        }
    }
    Ok(Some(Text::new(&bytes, false)))
}
