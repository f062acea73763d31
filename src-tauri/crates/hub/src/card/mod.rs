//! Cards: a `README.md` whose front matter says what the repository is. Text only, nothing is
//! asked or sent.
//!
//! ```text
//! ---                 ┐
//! license: mit        │ front matter: a YAML mapping      Card::metadata
//! # a remark          │                                   Card::set, remove, merge
//! ---                 ┘
//! # Title               body
//! ```
//!
//! What must stay true: a change of one key changes the lines of that key and nothing else. Order,
//! remarks, keys nobody knows and line ends are as they were. Every change is read back before it
//! counts, and one that would change anything else is refused ([`BadCard::Entangled`]): such a
//! card is edited as text.

mod block;
mod edit;
mod merge;
mod model_index;
mod read;
mod results;
mod template;
mod value;
mod write;

use block::Block;

pub use block::split;
pub use merge::Overwrite;
pub use read::read;
pub use results::{EvalResult, ResultSource, read_results, write_results};
pub use template::template;
pub use value::{Mapping, Value};

/// The text of a card, and changes to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    text: String,
}

/// Why a card's front matter cannot be read or changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BadCard {
    /// It is no YAML, or more than anybody writes.
    #[error("the front matter cannot be read: {0}")]
    Unreadable(String),
    /// It is YAML, and no mapping.
    #[error("the front matter is not a mapping")]
    NotAMapping,
    /// It can be read, and is written so that this key cannot be changed without the rest.
    #[error("{0:?} cannot be changed without the rest of the front matter")]
    Entangled(String),
    /// The key, or the measurement, has another value, and it was not to be overwritten.
    #[error("{0:?} has another value already")]
    Differs(String),
    /// Something the form needs is missing, or of the wrong kind.
    #[error("{0} is missing or of the wrong kind")]
    Incomplete(String),
}

impl Card {
    /// A card of this text. A byte-order mark at its start is dropped: with it no reader finds
    /// the front matter.
    pub fn new(text: &str) -> Self {
        Self {
            text: block::without_mark(text).to_owned(),
        }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What stands between the two lines `---`, if there is front matter.
    pub fn front_matter(&self) -> Option<&str> {
        split(&self.text).0
    }

    /// What comes after the front matter.
    pub fn body(&self) -> &str {
        split(&self.text).1
    }

    /// What the front matter says; nothing if there is none.
    pub fn metadata(&self) -> Result<Mapping, BadCard> {
        self.front_matter().map_or_else(|| Ok(Mapping::new()), read)
    }

    /// Makes `key` say `value`, where it stands or at the end. Without front matter there is some
    /// afterwards.
    pub fn set(&mut self, key: &str, value: &Value) -> Result<(), BadCard> {
        let mut wanted = self.metadata()?;
        if wanted.get(key) == Some(value) {
            return Ok(());
        }
        wanted.set(key, value.clone());
        self.replace(key, wanted, |front, end| edit::set(front, key, value, end))
    }

    /// Takes `key` away, if it is there.
    pub fn remove(&mut self, key: &str) -> Result<(), BadCard> {
        let mut wanted = self.metadata()?;
        if wanted.remove(key).is_none() {
            return Ok(());
        }
        self.replace(key, wanted, |front, _| edit::remove(front, key))
    }

    /// Replaces the front matter by what `edit` makes of it, if it then says what is `wanted`.
    fn replace(
        &mut self,
        key: &str,
        wanted: Mapping,
        edit: impl FnOnce(&str, &str) -> Option<String>,
    ) -> Result<(), BadCard> {
        let entangled = || BadCard::Entangled(key.to_owned());
        let end = block::line_end(&self.text);
        let text = match Block::find(&self.text) {
            Some(block) => {
                let front = edit(&self.text[block.front.clone()], end).ok_or_else(entangled)?;
                let (before, after) = (
                    &self.text[..block.front.start],
                    &self.text[block.front.end..],
                );
                format!("{before}{front}{after}")
            }
            None => {
                let front = edit("", end).ok_or_else(entangled)?;
                format!("---{end}{front}{end}---{end}{}", self.text)
            }
        };
        let changed = Self { text };
        let is_same = changed.body() == self.body() && changed.metadata().as_ref() == Ok(&wanted);
        if !is_same {
            return Err(entangled());
        }
        *self = changed;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
