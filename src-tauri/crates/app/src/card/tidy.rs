//! Makes HTML that anybody may have written easy to clean.
//!
//! The cleaner builds the tree a browser would build, and that takes time and room that grow with
//! depth, with unclosed elements and with attributes, each times the length of the text. This pass
//! takes one look at each byte. What leaves it has only elements of the allow-list, properly
//! nested and not deep, with only the attributes that are shown. It decides nothing about safety:
//! that is the cleaner's.

use super::elements::{ELEMENTS, SILENT, ends_before, is_table_part, place_of};
use super::tag::Tag;

/// Elements below each other at most; deeper ones are left out, their text stays.
const DEEPEST: usize = 50;
/// The most that is shown: four times the longest card. Only tables of tiny cells grow by more.
const LARGEST: usize = 512 << 10;

/// A text longer than this is ended where a letter stands that is written in another way as HTML:
/// the cleaner looks at all of the rest of a text at each of them.
const LONGEST_TEXT: usize = 1 << 10;
/// What ends a text and shows nothing; the cleaner drops it.
const BREAK: &str = "<!---->";

/// The result, and whether it is shorter than it would have been.
pub(super) struct Tidied {
    pub(super) html: String,
    pub(super) is_cut: bool,
}

/// Tidies `html`.
pub(super) fn tidy(html: &str) -> Tidied {
    let mut out = Out {
        html: String::with_capacity(html.len().min(LARGEST)),
        open: Vec::with_capacity(DEEPEST),
        left_out: [0; ELEMENTS.len()],
        since_break: 0,
        is_cut: false,
    };
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.text(&rest[..at]);
        rest = &rest[at..];
        rest = match (rest.as_bytes().get(1), rest.as_bytes().get(2)) {
            (Some(b'!'), Some(b'-')) if rest.starts_with("<!--") => after(&rest[2..], "-->"),
            (Some(b'/'), Some(letter)) if letter.is_ascii_alphabetic() => {
                let tag = Tag::read(&rest[2..]);
                out.end(&tag.name);
                tag.rest
            }
            (Some(b'!' | b'?' | b'/'), _) => after(rest, ">"),
            (Some(letter), _) if letter.is_ascii_alphabetic() => {
                let tag = Tag::read(&rest[1..]);
                out.start(&tag);
                if SILENT.contains(&&*tag.name) {
                    before_end_of(&tag.name, tag.rest)
                } else {
                    tag.rest
                }
            }
            _ => {
                out.text("&lt;");
                &rest[1..]
            }
        };
        if out.is_cut {
            break;
        }
    }
    if !out.is_cut {
        out.text(rest);
    }
    out.close_down_to(0);
    Tidied {
        html: out.html,
        is_cut: out.is_cut,
    }
}

/// What was written so far.
struct Out {
    html: String,
    /// Elements that are open, the outermost first.
    open: Vec<usize>,
    /// Elements that were left out and whose end is to be left out, too.
    left_out: [usize; ELEMENTS.len()],
    /// Length of the text that was written last.
    since_break: usize,
    is_cut: bool,
}

impl Out {
    fn text(&mut self, text: &str) {
        let room = LARGEST.saturating_sub(self.html.len());
        self.is_cut |= text.len() > room;
        let mut rest = &text[..text.floor_char_boundary(room.min(text.len()))];
        while self.since_break + rest.len() > LONGEST_TEXT {
            let from = LONGEST_TEXT.saturating_sub(self.since_break);
            let is_special = |byte: &u8| *byte == b'&' || *byte >= 0xC0;
            let Some(at) = rest.as_bytes()[from..].iter().position(is_special) else {
                break;
            };
            let (before, behind) = rest.split_at(from + at);
            self.html.push_str(before);
            self.html.push_str(BREAK);
            (self.since_break, rest) = (0, behind);
        }
        self.html.push_str(rest);
        self.since_break += rest.len();
    }

    fn tag(&mut self, tag: &str) {
        self.html.push_str(tag);
        self.is_cut |= self.html.len() > LARGEST;
        self.since_break = 0;
    }

    fn start(&mut self, tag: &Tag<'_>) {
        let Some(place) = place_of(&tag.name) else {
            return;
        };
        while self
            .open
            .last()
            .is_some_and(|last| ends_before(ELEMENTS[*last].0, &tag.name))
        {
            self.close_down_to(self.open.len() - 1);
        }
        match &*tag.name {
            "br" | "hr" => self.tag(&format!("<{}>", tag.name)),
            // The boxes of task lists, which cannot be pressed.
            "input" if tag.value("type") == Some("checkbox") && tag.value("disabled").is_some() => {
                let checked = tag.value("checked").map_or("", |_| " checked=\"\"");
                self.tag(&format!("<input type=\"checkbox\"{checked} disabled=\"\">"));
            }
            "input" => {}
            _ if self.open.len() == DEEPEST => self.left_out[place] += 1,
            _ => {
                let mut written = format!("<{}", ELEMENTS[place].0);
                for (name, value) in &tag.attributes {
                    let is_class = *name == "class";
                    if !is_class || (self.is_in_pre() && is_language(value)) {
                        let value = value.replace('"', "&quot;");
                        written.push_str(&format!(" {name}=\"{value}\""));
                    }
                }
                written.push('>');
                self.tag(&written);
                self.open.push(place);
            }
        }
    }

    fn end(&mut self, name: &str) {
        let Some(place) = place_of(name) else { return };
        if self.left_out[place] > 0 {
            self.left_out[place] -= 1;
            return;
        }
        // From within a cell only parts of the table can be ended.
        let is_cell = |place: &usize| matches!(ELEMENTS[*place].0, "td" | "th" | "caption");
        let from = if is_table_part(name) {
            0
        } else {
            self.open.iter().rposition(is_cell).unwrap_or(0)
        };
        if let Some(at) = self.open[from..].iter().rposition(|open| *open == place) {
            self.close_down_to(from + at);
        }
    }

    fn close_down_to(&mut self, depth: usize) {
        while self.open.len() > depth
            && let Some(place) = self.open.pop()
        {
            self.tag(&format!("</{}>", ELEMENTS[place].0));
        }
    }

    fn is_in_pre(&self) -> bool {
        self.open
            .last()
            .is_some_and(|last| ELEMENTS[*last].0 == "pre")
    }
}

/// What follows the first `end`; nothing when there is none.
fn after<'a>(text: &'a str, end: &str) -> &'a str {
    text.find(end).map_or("", |at| &text[at + end.len()..])
}

/// What begins with the end tag of `name`.
fn before_end_of<'a>(name: &str, text: &'a str) -> &'a str {
    let is_end = |at: &usize| {
        let found = text.as_bytes().get(at + 2..at + 2 + name.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
    };
    let end = text.match_indices("</").map(|(at, _)| at).find(is_end);
    end.map_or("", |at| &text[at..])
}

fn is_language(class: &str) -> bool {
    class.starts_with("language-") && !class.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        tidy(text).html
    }

    #[test]
    fn what_is_well_formed_stays_as_it_is() {
        for text in [
            "<p>a <em>b <strong>c</strong></em> &amp; &lt;d&gt;</p>\n",
            "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>",
            "<table><thead><tr><th align=\"left\">a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>",
            "<pre><code class=\"language-rust\">let x;</code></pre>",
            "<p><a href=\"https://a.example/?b&amp;c\" title=\"d\">e</a><br></p>",
        ] {
            assert_eq!(html(text), text);
        }
    }

    #[test]
    fn what_is_not_ended_ends_and_what_ends_nothing_goes() {
        assert_eq!(html("<p>a<p>b"), "<p>a</p><p>b</p>");
        assert_eq!(html("<ul><li>a<li>b</ul>"), "<ul><li>a</li><li>b</li></ul>");
        assert_eq!(html("<b><div>a</b></div>c"), "<b><div>a</div></b>c");
        assert_eq!(html("</p></div>a"), "a");
        assert_eq!(
            html("<div><table><tr><td></div>a</table>b"),
            "<div><table><tr><td>a</td></tr></table>b</div>"
        );
    }

    #[test]
    fn tags_are_read_as_browsers_read_them() {
        assert_eq!(
            html("<A\nHREF='x\"y' href=z x=1/>b</A >"),
            "<a href=\"x&quot;y\">b</a>"
        );
        assert_eq!(
            html("<a href=x>b<!-- <a title=\"-->c"),
            "<a href=\"x\">bc</a>"
        );
        assert_eq!(html("a<script>\"<b title='</SCRIPT>c"), "ac");
        assert_eq!(html("1 < 2 <3 <!doctype x><?y?></ z>"), "1 &lt; 2 &lt;3 ");
        assert_eq!(html("a<b title=\"c"), "a");
    }

    #[test]
    fn nothing_is_deep_or_large() {
        let deep = html(&format!(
            "{}a{}b",
            "<div>".repeat(1000),
            "</div>".repeat(1000)
        ));
        assert_eq!(
            deep,
            format!("{}a{}b", "<div>".repeat(DEEPEST), "</div>".repeat(DEEPEST))
        );
        let large = tidy(&"<p>ü</p>".repeat(LARGEST));
        assert!(large.is_cut && large.html.len() < LARGEST + 100);
        assert!(tidy(&"<br>".repeat(LARGEST)).html.len() < LARGEST + 100);
        assert!(!tidy("<p>a</p>").is_cut);
    }

    #[test]
    fn the_only_field_is_a_box_that_cannot_be_pressed() {
        let boxes = html("<input type=\"checkbox\" checked=\"\" disabled=\"\" />");
        assert_eq!(
            boxes,
            "<input type=\"checkbox\" checked=\"\" disabled=\"\">"
        );
        for raw in [
            "<input>",
            "<input type=text>",
            "<input type=checkbox>",
            "<input disabled>",
        ] {
            assert_eq!(html(raw), "", "{raw}");
        }
    }

    #[test]
    fn a_class_is_the_language_of_code_or_nothing() {
        assert_eq!(html("<code class=\"btn\">a</code>"), "<code>a</code>");
        assert_eq!(
            html("<pre><code class=\"language-x hidden\">a</code></pre>"),
            "<pre><code>a</code></pre>"
        );
    }
}
