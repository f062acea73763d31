//! The rules of Python's `configparser` (strict, interpolation off), as of 3.9 to 3.14.

use std::collections::{BTreeMap, HashMap};

use zeroize::Zeroizing;

use super::section::Section;

/// The section whose keys all others have as well.
const DEFAULT: &str = "DEFAULT";

/// The most that the keys of `DEFAULT` may grow to when every section gets them, in bytes. Only a
/// file that is made to fill the memory comes near.
const LARGEST_SPREAD: usize = 16 * super::LARGEST_FILE;

/// The sections of `text`; `None` if `configparser` would refuse it.
pub(super) fn sections(text: &str) -> Option<BTreeMap<String, Section>> {
    let mut reader = Reader::default();
    // As Python opens a text file: all three line ends count as one.
    let text = Zeroizing::new(text.replace("\r\n", "\n").replace('\r', "\n"));
    for line in text.split('\n') {
        reader.line(line)?;
    }
    reader.finish()
}

/// A section while it is read: its keys in order, each with its lines.
#[derive(Default)]
struct Draft {
    keys: Vec<(String, Zeroizing<String>)>,
    places: HashMap<String, usize>,
}

#[derive(Default)]
struct Reader {
    sections: HashMap<String, Draft>,
    current: Option<String>,
    /// Whether the current section has a key that a further line could belong to.
    has_key: bool,
    /// How far the last line that was not a further one was indented.
    indent: usize,
}

impl Reader {
    fn line(&mut self, line: &str) -> Option<()> {
        let content = line.trim_matches(is_blank);
        if content.starts_with(['#', ';']) {
            return Some(());
        }
        if content.is_empty() {
            self.go_on("");
            return Some(());
        }
        let indent = line.chars().take_while(|c| is_blank(*c)).count();
        if indent > self.indent && self.has_key {
            self.go_on(content);
            return Some(());
        }
        self.indent = indent;
        match section_header(content) {
            Some(name) => self.begin(name),
            None => self.key(content),
        }
    }

    /// A further line of the last value.
    fn go_on(&mut self, content: &str) {
        if let Some((_, value)) = self.draft().and_then(|draft| draft.keys.last_mut()) {
            value.push('\n');
            value.push_str(content);
        }
    }

    fn begin(&mut self, name: &str) -> Option<()> {
        // The default section may be opened again, though it may not repeat a key.
        if name != DEFAULT && self.sections.contains_key(name) {
            return None;
        }
        self.sections.entry(name.to_owned()).or_default();
        self.current = Some(name.to_owned());
        self.has_key = false;
        Some(())
    }

    fn key(&mut self, content: &str) -> Option<()> {
        let (key, value) = content.split_once(['=', ':'])?;
        let key = key.trim_end_matches(is_blank).to_lowercase();
        if key.is_empty() {
            return None;
        }
        // The key, or a key before any section, is refused where it stands.
        let draft = self.draft_for_key()?;
        let place = draft.keys.len();
        if draft.places.insert(key.clone(), place).is_some() {
            return None;
        }
        let value = value.trim_matches(is_blank).to_owned();
        draft.keys.push((key, Zeroizing::new(value)));
        self.has_key = true;
        Some(())
    }

    /// The section that further lines go to, once it has a key of its own since its header.
    fn draft(&mut self) -> Option<&mut Draft> {
        if self.has_key {
            self.draft_for_key()
        } else {
            None
        }
    }

    fn draft_for_key(&mut self) -> Option<&mut Draft> {
        self.sections.get_mut(self.current.as_ref()?)
    }

    fn finish(mut self) -> Option<BTreeMap<String, Section>> {
        let defaults = self.sections.remove(DEFAULT).unwrap_or_default();
        let size = |(key, value): &(String, Zeroizing<String>)| key.len() + value.len();
        let spread = defaults.keys.iter().map(size).sum::<usize>() * self.sections.len();
        (spread <= LARGEST_SPREAD).then(|| {
            let sections = self.sections.into_iter();
            sections
                .map(|(name, draft)| (name, draft.section(&defaults)))
                .collect()
        })
    }
}

impl Draft {
    /// The section with the keys of `defaults` first, and its own value where both have one.
    fn section(&self, defaults: &Self) -> Section {
        let inherited = defaults.keys.iter().map(|(key, value)| {
            let own = self.places.get(key).map(|place| &self.keys[*place].1);
            (key, own.unwrap_or(value))
        });
        let own = self.keys.iter().map(|(key, value)| (key, value));
        let own = own.filter(|(key, _)| !defaults.places.contains_key(*key));
        let trimmed = inherited.chain(own).map(|(key, value)| {
            let value = value.trim_end_matches(is_blank).to_owned();
            (key.clone(), Zeroizing::new(value))
        });
        Section::from_iter(trimmed)
    }
}

/// What is between the first bracket and the last one, if the line is a header at all.
fn section_header(content: &str) -> Option<&str> {
    let name = &content.strip_prefix('[')?;
    let name = &name[..name.rfind(']')?];
    (!name.is_empty()).then_some(name)
}

/// What Python takes for white space: four separators more than Unicode's property has.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}
