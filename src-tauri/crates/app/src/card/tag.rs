use super::elements::{ELEMENTS, place_of};

/// Longer values of attributes are left out.
const LONGEST_VALUE: usize = 4 << 10;

/// A tag as it was written.
pub(super) struct Tag<'a> {
    /// In small letters.
    pub(super) name: String,
    /// The attributes that may be shown, each once, with their values as they were written.
    pub(super) attributes: Vec<(&'static str, &'a str)>,
    /// What follows it.
    pub(super) rest: &'a str,
}

impl<'a> Tag<'a> {
    /// Reads a tag from its name on, as browsers do.
    pub(super) fn read(text: &'a str) -> Self {
        const BLANK: [char; 5] = [' ', '\t', '\n', '\r', '\u{c}'];
        let ends_name = |c: char| BLANK.contains(&c) || matches!(c, '/' | '>');
        let end = text.find(ends_name).unwrap_or(text.len());
        let name = text[..end].to_ascii_lowercase();
        let shown = place_of(&name).map_or(&[][..], |at| ELEMENTS[at].1);
        let (mut attributes, mut rest) = (Vec::new(), &text[end..]);
        loop {
            rest = rest.trim_start_matches(|c| BLANK.contains(&c) || c == '/');
            if let Some(rest) = rest.strip_prefix('>') {
                return Self {
                    name,
                    attributes,
                    rest,
                };
            }
            // A sign of equality at the start belongs to the name.
            let mut signs = rest.char_indices().skip(1);
            let end = signs.find(|(_, c)| ends_name(*c) || *c == '=');
            let (attribute, behind) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
            rest = behind.trim_start_matches(BLANK);
            let mut value = "";
            if let Some(given) = rest.strip_prefix('=') {
                let given = given.trim_start_matches(BLANK);
                let quote = given.chars().next().filter(|c| matches!(c, '"' | '\''));
                (value, rest) = match quote {
                    Some(quote) => given[1..].split_once(quote).unwrap_or_default(),
                    None => given.split_at(
                        given
                            .find(|c| BLANK.contains(&c) || c == '>')
                            .unwrap_or(given.len()),
                    ),
                };
            }
            let shown = shown
                .iter()
                .find(|name| name.eq_ignore_ascii_case(attribute));
            if let Some(name) = shown
                && value.len() <= LONGEST_VALUE
                && attributes.iter().all(|(given, _)| given != name)
            {
                attributes.push((*name, value));
            }
            if rest.is_empty() {
                // It never ends, so it is no tag.
                return Self {
                    name: String::new(),
                    attributes: Vec::new(),
                    rest,
                };
            }
        }
    }

    pub(super) fn value(&self, name: &str) -> Option<&'a str> {
        let found = self.attributes.iter().find(|(given, _)| *given == name);
        found.map(|(_, value)| *value)
    }
}
