//! A repository's card: fetched within bounds, rendered, and cleaned to an allow-list.
//!
//! Whatever the text holds, what leaves here has no script, no style, no form, and no address that
//! a browser would load by itself. Pictures become their description.

use std::collections::{HashMap, HashSet};

use ammonia::UrlRelative;
use comrak::nodes::{NodeHtmlBlock, NodeValue};
use comrak::{Arena, Options, format_html, parse_document};
use hubdesk_core::Revision;
use hubdesk_hub::{Error as HubError, Repo, What};
use serde_json::Value;
use url::Url;

use crate::api::{Card, Fact};

/// Longer cards are cut: nobody reads them here, and rendering must stay quick.
const LONGEST: usize = 512 << 10;
/// Facts and values shown at most.
const MOST_FACTS: usize = 60;
const MOST_VALUES: usize = 60;
const LONGEST_VALUE: usize = 300;

/// The text of a card, perhaps cut.
#[derive(Debug)]
pub(crate) struct Text {
    markdown: String,
    is_cut: bool,
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
            bytes.truncate(LONGEST);
            return Ok(Some(Text {
                markdown: lossy(&bytes),
                is_cut: true,
            }));
        }
    }
    Ok(Some(Text {
        markdown: lossy(&bytes),
        is_cut: false,
    }))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n")
}

/// Renders a card. Relative links lead to `base`.
pub(crate) fn render(text: &Text, base: &str) -> Card {
    let (front, markdown) = split_front_matter(&text.markdown);
    let facts = front.map(facts).unwrap_or_default();
    Card {
        html: clean(&to_html(markdown), base),
        facts,
        is_cut: text.is_cut,
    }
}

/// Front matter stands between two lines `---`, the first of which is the first of the file.
fn split_front_matter(text: &str) -> (Option<&str>, &str) {
    let Some(rest) = text.trim_start_matches('\u{feff}').strip_prefix("---\n") else {
        return (None, text);
    };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "---" {
            return (Some(&rest[..at]), &rest[at + line.len()..]);
        }
        at += line.len();
    }
    (None, text)
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

fn clean(html: &str, base: &str) -> String {
    let tags = HashSet::from([
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "center",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "input",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
        "var",
    ]);
    let attributes = HashMap::from([
        ("a", HashSet::from(["href", "title"])),
        ("code", HashSet::from(["class"])),
        ("ol", HashSet::from(["start"])),
        ("td", HashSet::from(["align", "colspan", "rowspan"])),
        ("th", HashSet::from(["align", "colspan", "rowspan"])),
    ]);
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(tags)
        .clean_content_tags(HashSet::from([
            "script", "style", "title", "textarea", "iframe", "noscript", "svg", "math",
        ]))
        .tag_attributes(attributes)
        .tag_attribute_values(HashMap::from([(
            "input",
            // The boxes of task lists, which cannot be pressed.
            HashMap::from([
                ("type", HashSet::from(["checkbox"])),
                ("disabled", HashSet::from([""])),
                ("checked", HashSet::from([""])),
            ]),
        )]))
        .url_schemes(HashSet::from(["https", "mailto"]))
        .link_rel(Some("noopener noreferrer"));
    if let Ok(base) = Url::parse(base) {
        cleaner.url_relative(UrlRelative::RewriteWithBase(base));
    }
    cleaner.clean(html).to_string()
}

/// The lines of front matter, the ones people look for first, first.
fn facts(front: &str) -> Vec<Fact> {
    const FIRST: [&str; 9] = [
        "license",
        "license_name",
        "pipeline_tag",
        "library_name",
        "language",
        "base_model",
        "datasets",
        "metrics",
        "tags",
    ];
    let Ok(Value::Object(fields)) = serde_saphyr::from_str::<Value>(front) else {
        return Vec::new();
    };
    let mut facts: Vec<Fact> = fields
        .into_iter()
        .filter_map(|(name, value)| {
            let values = values(value);
            (!values.is_empty()).then(|| Fact {
                name: cut(&name),
                values,
            })
        })
        .collect();
    facts.sort_by_key(|fact| {
        FIRST
            .iter()
            .position(|name| *name == fact.name)
            .unwrap_or(FIRST.len())
    });
    facts.truncate(MOST_FACTS);
    facts
}

/// A value, or the values of a list; what is nested deeper is not shown.
fn values(value: Value) -> Vec<String> {
    let one = |value: Value| match value {
        Value::String(text) => Some(cut(&text)),
        Value::Bool(is) => Some(is.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    match value {
        Value::Array(list) => list.into_iter().filter_map(one).take(MOST_VALUES).collect(),
        value => one(value).into_iter().collect(),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST_VALUE).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BASE: &str = "https://hub.example/a/b/blob/main/";

    fn html(markdown: &str) -> String {
        render(
            &Text {
                markdown: markdown.to_owned(),
                is_cut: false,
            },
            BASE,
        )
        .html
    }

    #[test]
    fn markdown_becomes_plain_html_one_heading_lower() {
        assert_eq!(
            html("# Title\n\nSome *text*."),
            "<h2>Title</h2>\n<p>Some <em>text</em>.</p>\n"
        );
        assert!(html("|a|b|\n|-|-|\n|1|2|").contains("<td>1</td>"));
        assert!(html("```rust\nlet x;\n```").contains("<code class=\"language-rust\">"));
        assert!(html("- [x] done").contains("checkbox"));
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
        ] {
            let html = html(attack).to_lowercase();
            for trace in [
                "alert", "script", "onerror", "onload", "src", "style", "<img", "<svg", "<form",
                "data:", "tracker", "url(",
            ] {
                assert!(!html.contains(trace), "{attack} left {trace} in {html}");
            }
        }
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
    fn front_matter_becomes_facts_in_the_order_people_look_for_them() {
        let text =
            "---\ntags:\n- one\n- 2\nlicense: mit\nmodel-index:\n- name: x\nempty: []\n---\n# T\n";
        let card = render(
            &Text {
                markdown: text.to_owned(),
                is_cut: false,
            },
            BASE,
        );
        let names: Vec<_> = card.facts.iter().map(|fact| fact.name.as_str()).collect();
        assert_eq!(names, ["license", "tags"]);
        assert_eq!(card.facts[1].values, ["one", "2"]);
        assert_eq!(card.html, "<h2>T</h2>\n");
    }

    #[test]
    fn front_matter_that_is_no_yaml_is_left_out_and_a_bomb_is_refused() {
        assert_eq!(facts("a: [b"), []);
        let bomb = (0..12).fold("a0: &a0 [x]\n".to_owned(), |text, n| {
            let aliases = vec![format!("*a{n}"); 12].join(",");
            format!("{text}a{}: &a{} [{aliases}]\n", n + 1, n + 1)
        });
        assert_eq!(facts(&bomb), []);
    }

    #[test]
    fn deep_nesting_ends_in_time() {
        for text in [
            ">".repeat(20_000),
            "[".repeat(20_000),
            "- ".repeat(5_000),
            "<div>".repeat(20_000),
            "*a ".repeat(20_000),
        ] {
            html(&text);
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
