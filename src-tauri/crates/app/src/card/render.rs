use comrak::nodes::{NodeHtmlBlock, NodeValue};
use comrak::{Arena, Options, format_html, parse_document};
use hubdesk_hub::card;

use super::clean::clean;
use super::facts::facts;
use super::fetch::Text;
use super::tidy::tidy;
use crate::api::Card;

/// Renders a card. Relative links lead to `base`.
pub(super) fn render(text: &Text, base: &str) -> Card {
    let (front, markdown) = card::split(&text.markdown);
    let tidied = tidy(&to_html(markdown));
    Card {
        html: clean(&tidied.html, base),
        facts: front.map(facts).unwrap_or_default(),
        is_cut: text.is_cut || tidied.is_cut,
    }
}

fn to_html(markdown: &str) -> String {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    // Raw HTML goes through here and is cleaned with the rest.
    options.render.r#unsafe = true;
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &options);
    for node in root.descendants() {
        let mut data = node.data.borrow_mut();
        match &mut data.value {
            // The page has its own first heading.
            NodeValue::Heading(heading) => heading.level = (heading.level + 1).min(6),
            // Only the description stays of a picture: its children.
            NodeValue::Image(_) => data.value = NodeValue::Emph,
            // An empty comment would end a list early in some browsers' eyes, and shows nothing.
            NodeValue::HtmlBlock(NodeHtmlBlock { literal, .. }) if literal.starts_with("<!--") => {
                literal.clear();
            }
            _ => {}
        }
    }
    let mut html = String::new();
    format_html(root, &options, &mut html).expect("writing to a string cannot fail");
    html
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::time::Duration;

    use hubdesk_core::{Clock as _, SystemClock};
    use proptest::prelude::*;

    use super::*;
    use crate::card::fetch::LONGEST;

    const BASE: &str = "https://hub.example/a/b/blob/main/";

    fn card(markdown: &str) -> Card {
        render(&Text::new(markdown.as_bytes(), false), BASE)
    }

    fn html(markdown: &str) -> String {
        card(markdown).html
    }

    #[test]
    fn markdown_becomes_plain_html_one_heading_lower() {
        assert_eq!(
            html("# Title\n\nSome *text*."),
            "<h2>Title</h2>\n<p>Some <em>text</em>.</p>\n"
        );
        assert!(html("|a|b|\n|-|-|\n|1|2|").contains("<td>1</td>"));
        assert!(html("```rust\nlet x;\n```").contains("<code class=\"language-rust\">"));
        let list = html("- [x] done");
        assert!(list.contains("<input type=\"checkbox\""), "{list}");
        assert!(list.contains("disabled"), "{list}");
    }

    #[test]
    fn nothing_that_runs_or_loads_survives() {
        for attack in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "![x](https://tracker.example/p.png)",
            "<a href=\"javascript:alert(1)\">x</a>",
            "[x](javascript:alert(1))",
            "[x](data:text/html,<script>alert(1)</script>)",
            "<svg onload=alert(1)><use href=\"https://x.example\"/></svg>",
            "<div style=\"background:url(https://x.example)\" onclick=\"alert(1)\">x</div>",
            "<iframe src=\"https://x.example\"></iframe>",
            "<form action=\"https://x.example\"><input type=text name=q><button>x</button></form>",
            "<link rel=stylesheet href=https://x.example><meta http-equiv=refresh content=0>",
            "<style>*{background:url(https://x.example)}</style>",
            "<math><mi xlink:href=\"data:x,alert(1)\">x</mi></math>",
            "<object data=x></object><embed src=x><video src=x></video><audio src=x></audio>",
            "<input><input type=password><textarea>x</textarea><select><option>x</select>",
            "<a href=\"&#106;avascript:alert(1)\">x</a>",
            "<p title='\"><script>alert(1)</script>'>x",
        ] {
            let html = html(attack).to_lowercase();
            for trace in [
                "alert", "script", "onerror", "onload", "src", "style", "<img", "<svg", "<form",
                "<input", "data:", "tracker", "url(",
            ] {
                assert!(!html.contains(trace), "{attack} left {trace} in {html}");
            }
        }
    }

    #[test]
    fn a_long_text_is_shown_whole() {
        let text = format!("<pre>{}</pre>", "é&amp;".repeat(5000));
        assert!(html(&text).trim_end() == text);
    }

    #[test]
    fn a_picture_leaves_its_description() {
        assert_eq!(
            html("![a *fine* plot](plot.png)"),
            "<p><em>a <em>fine</em> plot</em></p>\n"
        );
    }

    #[test]
    fn links_lead_to_the_web_and_relative_ones_to_the_repository() {
        let html = html("[a](docs/a.md) [b](https://example.org) [c](http://example.org)");
        assert!(
            html.contains("href=\"https://hub.example/a/b/blob/main/docs/a.md\""),
            "{html}"
        );
        assert!(html.contains("href=\"https://example.org\""), "{html}");
        assert!(!html.contains("http://"), "{html}");
    }

    #[test]
    fn a_link_writes_a_mail_and_attaches_nothing() {
        let html = html("[a](mailto:a@example.org?subject=x&attach=/etc/passwd&bcc=b@example.org)");
        assert!(
            html.contains("href=\"mailto:a@example.org?subject=x\""),
            "{html}"
        );
    }

    #[test]
    fn the_front_matter_is_not_part_of_the_text() {
        let card = card("---\nlicense: mit\n---\n# T\n");
        assert_eq!((card.facts.len(), &*card.html), (1, "<h2>T</h2>\n"));
    }

    /// Far from what a card takes, so that a busy machine does no harm, and from the minutes that
    /// one takes that nothing stops.
    const LONG: Duration = Duration::from_secs(15);

    /// Each grows with the square of its length somewhere, if nothing stops it.
    #[test]
    fn the_worst_card_ends_in_time() {
        let fill = |part: &str| part.repeat(LONGEST / part.len());
        let mut texts: Vec<String> = [
            ">",
            "> ",
            "&",
            "&#x",
            "<div>",
            "<b>",
            "<p><b>",
            "<table>",
            "<table><tr><td>",
            "<li>",
            "<a>",
            "<a href=x><div>",
            "<p",
            "<p ",
            "<div></b>",
            "<p><div></p>",
            "[^1]: [^1]\n",
            "[^1]",
            "[",
            "[a](",
            "![",
            "](",
            "*a ",
            "_a*",
            "*_",
            "a_",
            "~~a",
            "- ",
            "- a\n",
            "1. ",
            "`",
            "` ``",
            "|",
            "<!--",
            "</",
            "<a href=\"",
            "<svg>",
            "<script>",
            "<code class=a>",
            "<pre><code class=language-a>",
            "<h2>",
            "<summary>",
            "<ol start=1>",
            "x\n",
            "www.",
        ]
        .map(fill)
        .into();
        let half = LONGEST / 2;
        texts.push(format!("{}a{}", "+ - ".repeat(half / 4), "\n".repeat(half)));
        texts.push(format!(
            "{}a{}",
            "[^1]: ".repeat(half / 6),
            "\n".repeat(half)
        ));
        texts.push(format!(
            "{}\n{}\n{}",
            "|a".repeat(2000),
            "|-".repeat(2000),
            "a\n".repeat(half / 2)
        ));
        let many = |part: &str| {
            (0..half / 16).fold(String::new(), |mut text, n| {
                write!(text, "{}", part.replace('#', &n.to_string())).unwrap();
                text
            })
        };
        texts.push(format!("{}{}", many("<b id=#>"), "<p>x".repeat(half / 4)));
        texts.push(format!("<a {}>{}", many("a# "), "<p>x".repeat(half / 4)));
        texts.push(format!(
            "<p>{}{}",
            "<pre><code class=language-a>".repeat(25),
            "<div>x</div>".repeat(half / 12)
        ));
        texts.push(format!("<a href=\"{}\">", "&".repeat(LONGEST - 20)));
        texts.push(format!("<div>{}", "\u{a0}".repeat(half - 20)));
        texts.push(format!("---\n{}\n---\n", "[".repeat(LONGEST - 20)));
        let clock = SystemClock::default();
        for text in texts {
            let (begun, start) = (clock.elapsed(), text.chars().take(12).collect::<String>());
            card(&text);
            let time = clock.elapsed() - begun;
            assert!(time < LONG, "{start:?} took {time:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_renders_without_handlers(text in "[<>a-z=\"'!\\[\\]()/: \n#*`&;-]{0,200}") {
            let html = html(&text);
            prop_assert!(!html.contains("<script"));
            prop_assert!(!html.contains("<img"));
        }
    }
}
