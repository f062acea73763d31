//! What servers say may hold characters that move a terminal's cursor, or turn text around.

use std::borrow::Cow;

/// `text` as one line that does to a terminal nothing but fill it: other characters are escaped.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    escaped(text, is_odd, |c| c.escape_unicode().to_string())
}

/// The same for JSON, which means the same afterwards. Line ends between its parts stay.
pub(crate) fn json(text: &str) -> Cow<'_, str> {
    // Every odd character is one code unit of UTF-16.
    let is_odd = |c| c != '\n' && is_odd(c);
    escaped(text, is_odd, |c| format!("\\u{:04x}", u32::from(c)))
}

fn escaped(
    text: &str,
    is_odd: impl Fn(char) -> bool,
    escape: impl Fn(char) -> String,
) -> Cow<'_, str> {
    if !text.contains(&is_odd) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_odd(c) {
            clean.push_str(&escape(c));
        } else {
            clean.push(c);
        }
    }
    Cow::Owned(clean)
}

/// Controls, what separates lines, what turns text around, and what takes no room. The joiners
/// stay: scripts and emoji are written with them.
fn is_odd(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_fool_a_terminal_is_escaped_and_nothing_else() {
        assert_eq!(line("a\u{1b}[2J\n\u{9b}1m"), r"a\u{1b}[2J\u{a}\u{9b}1m");
        assert_eq!(line("txt.\u{202e}gpj"), r"txt.\u{202e}gpj");
        for plain in ["naïve — ünïcode", "👩\u{200d}🚀", "日本"] {
            assert_eq!(line(plain), plain);
        }
    }

    #[test]
    fn json_means_the_same_afterwards() {
        let value = serde_json::json!({"a": "\u{1b}[2J\u{9b}\u{202e}\u{7f}\n", "b": [1]});
        let text = format!("{value:#}");
        let clean = json(&text);
        assert!(!clean.contains(['\u{9b}', '\u{202e}', '\u{7f}']));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&clean).unwrap(),
            value
        );
    }
}
