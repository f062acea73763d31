//! Strangers' words as plain text.

/// The longest text that is shown.
const LONGEST: usize = 4000;

/// `text` without tags and control characters, cut if it is very long; `None` if nothing is left.
/// It is shown as text, so this is for looks and not for safety.
pub(super) fn plain(text: &str) -> Option<String> {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        plain.push_str(&rest[..start]);
        // A tag begins with a letter or a slash; anything else is the sign "less than".
        let after = &rest[start + 1..];
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        match after.find('>').filter(|_| is_tag) {
            Some(end) => rest = &after[end + 1..],
            None => {
                plain.push('<');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    let is_shown = |c: &char| *c == '\n' || !c.is_control();
    let plain: String = plain.chars().filter(is_shown).take(LONGEST).collect();
    let plain = plain.trim();
    (!plain.is_empty()).then(|| plain.to_owned())
}

/// The beginning of `text`, of at most `most` characters in one line; what is cut ends in `…`.
pub(super) fn cut(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let start: String = line.chars().take(most - 1).collect();
    format!("{}…", start.trim_end())
}

#[cfg(test)]
mod tests {
    use super::{cut, plain};

    #[test]
    fn a_heading_is_one_line_of_a_length_that_can_be_shown() {
        assert_eq!(cut("Be\n kind", 20), "Be kind");
        assert_eq!(cut("ünder thé séa", 9), "ünder th…");
        assert_eq!(cut("four more", 6), "four…");
    }

    #[test]
    fn tags_go_and_words_stay() {
        for (text, expected) in [
            ("<b>Be</b> nice<br/>", Some("Be nice")),
            ("a < b and c > d", Some("a < b and c > d")),
            ("<unfinished", Some("<unfinished")),
            ("\u{7}one\r\ntwo\n", Some("one\ntwo")),
            (" <p></p> ", None),
        ] {
            assert_eq!(plain(text).as_deref(), expected, "{text:?}");
        }
        assert_eq!(plain(&"ü".repeat(9000)).unwrap().chars().count(), 4000);
    }
}
