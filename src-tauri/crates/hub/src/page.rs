//! Lists come in pages; each names the next in its `Link` header.

use futures_util::{Stream, TryStreamExt, stream};
use reqwest::header::{HeaderMap, LINK};
use serde::de::DeserializeOwned;
use url::Url;

use crate::ask::Answer;
use crate::call::Call;
use crate::fault::malformed;
use crate::json::readable;
use crate::{Endpoint, Error, Exchange, Hub, redirect};

/// Pages of one list before we stop believing that it ends: two million tree entries, or a hundred
/// thousand commits.
const MOST_PAGES: usize = 2000;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the list goes on, if it does.
    pub next: Option<Cursor>,
}

/// A place in a list, made by the server. It may be kept as text; it is checked when it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl<T> Page<T> {
    /// What `read` makes of the items; those it makes nothing of are left out.
    pub(crate) fn filter_map<U>(self, read: impl FnMut(T) -> Option<U>) -> Page<U> {
        Page {
            items: readable(self.items, read),
            next: self.next,
        }
    }
}

impl Cursor {
    /// The cursor as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of the page, if it belongs to the list at `list`.
    pub(crate) fn of_list(&self, list: &Url) -> Option<Url> {
        let url = Url::parse(&self.0).ok()?;
        let is_same_list = url.origin() == list.origin() && url.path() == list.path();
        is_same_list.then_some(url)
    }
}

impl From<Url> for Cursor {
    fn from(url: Url) -> Self {
        Self(url.into())
    }
}

impl From<String> for Cursor {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// One page of the list at `list`: the one at `first`, or the one at `cursor`.
pub(crate) async fn one<T: DeserializeOwned>(
    hub: &Hub,
    list: &Url,
    first: Url,
    cursor: Option<&Cursor>,
) -> Result<Page<T>, Error> {
    let url = match cursor {
        None => first,
        Some(cursor) => cursor.of_list(list).ok_or_else(|| {
            let exchange = Exchange::new("GET", list, hub.endpoint());
            malformed("a cursor of another list", exchange, None)
        })?,
    };
    let answer: Answer<Vec<T>> = hub.ask(&Call::get(url, None)).await?;
    let next = next_page(&answer, hub.endpoint())?.map(Cursor::from);
    Ok(Page {
        items: answer.value,
        next,
    })
}

/// Every item of the list that begins with `first`, page by page as they are wanted. An error ends
/// the stream; what came before it was not everything.
pub(crate) fn items<T>(
    hub: Hub,
    first: Result<Call, Error>,
) -> impl Stream<Item = Result<T, Error>> + Send + 'static
where
    T: DeserializeOwned + Send + 'static,
{
    stream::try_unfold((Some(first), 0), move |(next, read)| {
        let hub = hub.clone();
        async move {
            let Some(mut call) = next.transpose()? else {
                return Ok(None);
            };
            let answer: Answer<Vec<T>> = hub.ask(&call).await?;
            let next = next_page(&answer, hub.endpoint())?;
            if next.is_some() && read == MOST_PAGES {
                return Err(malformed("a list without an end", answer.exchange, None));
            }
            let next = next.map(|url| {
                call.url = url;
                Ok(call)
            });
            Ok(Some((answer.value, (next, read + 1))))
        }
    })
    .map_ok(|page| stream::iter(page.into_iter().map(Ok)))
    .try_flatten()
}

/// The address of the page after this one, taken as it is, if it is at the endpoint: the token
/// will be sent there.
pub(crate) fn next_page<T>(answer: &Answer<T>, endpoint: &Endpoint) -> Result<Option<Url>, Error> {
    let Some(link) = link(&answer.headers, "next") else {
        return Ok(None);
    };
    let wrong = |what| malformed(what, answer.exchange.clone(), None);
    let url = answer
        .url
        .join(&link)
        .map_err(|_| wrong("a next page without an address"))?;
    let url = endpoint.localise(url);
    if url == answer.url {
        return Err(wrong("a page that comes after itself"));
    }
    if !endpoint.is_origin_of(&url) {
        let exchange = answer.exchange.clone();
        let token = answer.token.as_ref();
        return Err(redirect::unsafe_address(&url, exchange, token, endpoint));
    }
    Ok(Some(url))
}

/// The target of the first entry with `rel="…"` as asked in the `Link` headers.
pub(crate) fn link(headers: &HeaderMap, rel: &str) -> Option<String> {
    headers
        .get_all(LINK)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(|header| target_in(header, rel))
        .map(str::to_owned)
}

/// Reads `<target>; key=value; key="value", <target>…` (RFC 8288). A target may hold commas and
/// semicolons, a quoted value too; what cannot be read ends the search.
fn target_in<'a>(header: &'a str, rel: &str) -> Option<&'a str> {
    let mut rest = header;
    loop {
        let (_, from_target) = rest.split_once('<')?;
        let (target, parameters) = from_target.split_once('>')?;
        let end = end_of_entry(parameters);
        if parameters[..end].split(';').any(|one| is_rel(one, rel)) {
            return Some(target);
        }
        rest = &parameters[end..];
    }
}

/// Where the first comma outside of quotes is, or the end.
fn end_of_entry(parameters: &str) -> usize {
    let mut is_quoted = false;
    parameters
        .find(|c| {
            is_quoted ^= c == '"';
            c == ',' && !is_quoted
        })
        .unwrap_or(parameters.len())
}

fn is_rel(parameter: &str, rel: &str) -> bool {
    parameter.split_once('=').is_some_and(|(key, value)| {
        let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
        key.trim().eq_ignore_ascii_case("rel")
            && relations.any(|relation| relation.eq_ignore_ascii_case(rel))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn next_in(header: &str) -> Option<&str> {
        target_in(header, "next")
    }

    #[test]
    fn the_next_page_is_found_among_other_links() {
        for (header, expected) in [
            (r#"<https://h/a?c=1>; rel="next""#, Some("https://h/a?c=1")),
            ("</a>;rel=next", Some("/a")),
            (r#"</a>; rel="prev", </b>; rel="next""#, Some("/b")),
            (r#"</a,b;c>; title="x, y"; rel="next""#, Some("/a,b;c")),
            (r#"</a>; rel="last NEXT""#, Some("/a")),
            (r#"</a>; rel="prev""#, None),
            (r#"</a>; title="rel=next""#, None),
            (r#"</a>; rel="nextish""#, None),
            ("next", None),
            ("<", None),
            ("", None),
        ] {
            assert_eq!(next_in(header), expected, "{header}");
        }
    }

    #[test]
    fn a_cursor_of_another_list_or_host_is_not_followed() {
        let list = Url::parse("https://hub.example/api/models").unwrap();
        let is_taken = |text: &str| Cursor::from(text.to_owned()).of_list(&list).is_some();
        assert!(is_taken("https://hub.example/api/models?cursor=x"));
        assert!(!is_taken("https://hub.example/api/datasets?cursor=x"));
        assert!(!is_taken("https://evil.example/api/models?cursor=x"));
        assert!(!is_taken("http://hub.example/api/models?cursor=x"));
        assert!(!is_taken("cursor=x"));
    }

    proptest! {
        #[test]
        fn a_written_link_is_read_back(target in "[a-z/?=,;&% ]{1,20}", title in "[a-z,; ]{0,8}") {
            let header = format!(r#"</first>; rel="prev", <{target}>; title="{title}"; rel="next""#);
            prop_assert_eq!(next_in(&header), Some(target.as_str()));
        }

        #[test]
        fn no_header_is_too_odd_to_read(header in "[<>;,=\" relnxté]{0,40}") {
            next_in(&header);
        }
    }
}
