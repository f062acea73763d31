use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use ammonia::UrlRelative;
use url::Url;

use super::elements::{ELEMENTS, SILENT};
use crate::links::plain_mail;

/// Cleans tidied HTML to the allow-list. Relative links lead to `base`.
pub(super) fn clean(html: &str, base: &str) -> String {
    let attributes = ELEMENTS
        .iter()
        .filter(|(name, shown)| !shown.is_empty() && *name != "input");
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(ELEMENTS.iter().map(|(name, _)| *name).collect())
        .clean_content_tags(HashSet::from(SILENT))
        .tag_attributes(
            attributes
                .map(|(name, shown)| (*name, shown.iter().copied().collect()))
                .collect(),
        )
        .tag_attribute_values(HashMap::from([(
            "input",
            HashMap::from([
                ("type", HashSet::from(["checkbox"])),
                ("disabled", HashSet::from([""])),
                ("checked", HashSet::from([""])),
            ]),
        )]))
        .url_schemes(HashSet::from(["https", "mailto"]))
        .attribute_filter(keep_attribute)
        .link_rel(Some("noopener noreferrer"));
    if let Ok(base) = Url::parse(base) {
        cleaner.url_relative(UrlRelative::RewriteWithBase(base));
    }
    cleaner.clean(html).to_string()
}

/// A link that writes a mail must not do more than that.
fn keep_attribute<'v>(_element: &str, name: &str, value: &'v str) -> Option<Cow<'v, str>> {
    match (name, Url::parse(value)) {
        ("href", Ok(url)) if url.scheme() == "mailto" => {
            plain_mail(&url).map(|url| Cow::Owned(url.into()))
        }
        _ => Some(Cow::Borrowed(value)),
    }
}
