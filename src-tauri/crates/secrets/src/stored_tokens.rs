//! The file in which the official command line keeps its sign-ins, as text.
//!
//! It is INI as Python's `configparser` reads and writes it with interpolation off, one section a
//! token. Whatever that reads, this reads the same, and what this writes is byte for byte what it
//! would write: `tests/golden` holds files of the official client, and `tests/conformance` lets it
//! read ours.

mod read;
mod section;

use std::collections::BTreeMap;
use std::fmt::Write as _;

pub(crate) use section::Section;
pub use section::Stored;

/// The most a file may have, in bytes: thousands of sign-ins. A larger one is not a file of tokens.
pub(crate) const LARGEST_FILE: usize = 1 << 20;

/// All stored sign-ins, by name. Its `Debug` form has the names alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredTokens {
    sections: BTreeMap<String, Section>,
}

impl StoredTokens {
    /// Reads the text of the file. `None` if the official client could not read it either; it then
    /// goes on as if the file were empty, and its next sign-in overwrites it.
    pub fn parse(text: &str) -> Option<Self> {
        read::sections(text).map(|sections| Self { sections })
    }

    /// The text of the file: sections sorted by name, a blank line after each.
    pub fn to_text(&self) -> zeroize::Zeroizing<String> {
        let mut text = zeroize::Zeroizing::new(String::new());
        for (name, section) in &self.sections {
            let _ = writeln!(text, "[{name}]");
            for (key, value) in section.entries() {
                // A line break in a value is written as a line that is indented.
                let _ = writeln!(text, "{key} = {}", value.replace('\n', "\n\t"));
            }
            text.push('\n');
        }
        text
    }

    /// The names of all sign-ins, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sections.keys().map(String::as_str)
    }

    /// What is stored under `name`; `None` if there is no such section, or none with a token.
    pub fn get(&self, name: &str) -> Option<Stored> {
        self.sections.get(name).and_then(Section::stored)
    }

    /// Stores `stored` under [`section_name`]`(name)`, which is returned. A section of that name is
    /// replaced with all its keys, so that nothing stays of the old token.
    pub fn insert(&mut self, name: &str, stored: &Stored) -> String {
        let name = section_name(name);
        self.sections.insert(name.clone(), Section::of(stored));
        name
    }

    /// Forgets the section `name`, and says whether there was one.
    pub fn remove(&mut self, name: &str) -> bool {
        self.sections.remove(name).is_some()
    }
}

/// The name under which a token called `name` can be stored: without line breaks and other control
/// characters, not empty, and not `DEFAULT`, which in this format means all sections.
pub fn section_name(name: &str) -> String {
    let clean: String = name
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    match clean.trim() {
        "" => "token".to_owned(),
        "DEFAULT" => "DEFAULT token".to_owned(),
        clean => clean.to_owned(),
    }
}

#[cfg(test)]
mod tests;
