//! What is shown of HTML, and what is known about it.

/// Every element that is shown, with its attributes.
pub(super) const ELEMENTS: [(&str, &[&str]); 47] = [
    ("a", &["href", "title"]),
    ("abbr", &[]),
    ("b", &[]),
    ("blockquote", &[]),
    ("br", &[]),
    ("caption", &[]),
    ("center", &[]),
    ("code", &["class"]),
    ("dd", &[]),
    ("del", &[]),
    ("details", &[]),
    ("div", &[]),
    ("dl", &[]),
    ("dt", &[]),
    ("em", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("hr", &[]),
    ("i", &[]),
    ("input", &["type", "disabled", "checked"]),
    ("ins", &[]),
    ("kbd", &[]),
    ("li", &[]),
    ("mark", &[]),
    ("ol", &["start"]),
    ("p", &[]),
    ("pre", &[]),
    ("q", &[]),
    ("s", &[]),
    ("samp", &[]),
    ("small", &[]),
    ("span", &[]),
    ("strong", &[]),
    ("sub", &[]),
    ("summary", &[]),
    ("sup", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", TD),
    ("tfoot", &[]),
    ("th", TD),
    ("thead", &[]),
    ("tr", &[]),
    ("ul", &[]),
];
const TD: &[&str] = &["align", "colspan", "rowspan"];

/// Elements whose content is no text for people, or no HTML at all: it goes with them.
pub(super) const SILENT: [&str; 12] = [
    "iframe",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "plaintext",
    "script",
    "style",
    "svg",
    "textarea",
    "title",
    "xmp",
];

/// Where `name` stands in [`ELEMENTS`].
pub(super) fn place_of(name: &str) -> Option<usize> {
    ELEMENTS.binary_search_by_key(&name, |(name, _)| name).ok()
}

pub(super) fn is_table_part(name: &str) -> bool {
    matches!(
        name,
        "table" | "caption" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th"
    )
}

/// Whether an open element ends where `next` begins, as people rely on who never end them.
pub(super) fn ends_before(open: &str, next: &str) -> bool {
    match (open, next) {
        (
            "p",
            "a" | "abbr" | "b" | "br" | "code" | "del" | "em" | "i" | "input" | "ins" | "kbd",
        ) => false,
        ("p", "mark" | "q" | "s" | "samp" | "small" | "span" | "strong" | "sub" | "sup") => false,
        ("p", _) | ("li", "li") | ("dt" | "dd", "dt" | "dd") | ("td" | "th", "td" | "th") => true,
        ("td" | "th", "tr") | ("tr", "tr") => true,
        ("td" | "th" | "tr" | "thead" | "tbody" | "tfoot", "thead" | "tbody" | "tfoot") => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_elements_are_in_the_order_they_are_searched_by() {
        assert!(ELEMENTS.is_sorted_by_key(|(name, _)| *name));
    }
}
