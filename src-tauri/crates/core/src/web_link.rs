//! Addresses of the Hub's pages, made into what stands behind `hf://`.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::hub_uri::Place;

/// The public Hub, its short name, and the host it is tried out on.
const HOSTS: [&str; 3] = ["huggingface.co", "hf.co", "hub-ci.huggingface.co"];

/// Pages of a repository that show a folder or a file at a revision.
const OF_REPO: [&str; 5] = ["blob", "raw", "resolve", "tree", "blame"];
/// The same of a bucket.
const OF_BUCKET: [&str; 2] = ["resolve", "tree"];

/// What stands behind `hf://` for the page at `link`, or why there is nothing.
pub(crate) fn body(link: &str, endpoint: Option<&str>) -> Result<String, &'static str> {
    let (scheme, rest) = match link.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, link),
    };
    let is_web =
        |scheme: &str| scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    if !scheme.is_none_or(is_web) {
        return Err("it is neither an `hf://` text nor the address of a page");
    }
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let (host, path) = split_host(&rest[..end]);
    let path = below(&host, path, endpoint).ok_or("it is not a page of this Hub")?;
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let (kind, parts) = match parts.split_first() {
        Some((first, rest)) if Place::from_plural(first).is_some() => (Some(*first), rest),
        _ => (None, parts.as_slice()),
    };
    let [owner, name, page @ ..] = parts else {
        return Err("the page is not one of a repository or bucket");
    };
    let kind = kind.unwrap_or("models");
    let place = format!("{kind}/{owner}/{name}");
    match page {
        [] => Ok(place),
        [word, path @ ..] if kind == Place::Bucket.plural() && OF_BUCKET.contains(word) => {
            Ok([place, decoded(path)?].join("/"))
        }
        [word] if kind != Place::Bucket.plural() && OF_REPO.contains(word) => Ok(place),
        [word, revision, path @ ..] if kind != Place::Bucket.plural() && OF_REPO.contains(word) => {
            // It is decoded once more when the whole is read.
            let revision = decode(revision)?.replace('%', "%25").replace('/', "%2F");
            Ok([format!("{place}@{revision}"), decoded(path)?].join("/"))
        }
        _ => Err("the page shows neither a folder nor a file"),
    }
}

/// The host in lower case, without the port its scheme has anyway, and the path.
fn split_host(text: &str) -> (String, &str) {
    let end = text.find('/').unwrap_or(text.len());
    let host = text[..end].to_ascii_lowercase();
    let bare = host.strip_suffix(":443").or(host.strip_suffix(":80"));
    (bare.unwrap_or(&host).to_owned(), &text[end..])
}

/// `path` below the root of the Hub at `host`, if there is one.
fn below<'a>(host: &str, path: &'a str, endpoint: Option<&str>) -> Option<&'a str> {
    if let Some((_, address)) = endpoint.and_then(|endpoint| endpoint.split_once("://")) {
        let (own, root) = split_host(address.trim_end_matches('/'));
        if own == host && !HOSTS.contains(&host) {
            let below = path.strip_prefix(root)?;
            return (below.is_empty() || below.starts_with('/')).then_some(below);
        }
    }
    HOSTS.contains(&host).then_some(path)
}

/// The parts of a path without their escapes. A slash that was escaped stays so: it was part of a
/// name.
fn decoded(parts: &[&str]) -> Result<String, &'static str> {
    let mut path = Vec::new();
    for part in parts {
        path.push(decode(part)?.replace('/', "%2F"));
    }
    Ok(path.join("/"))
}

fn decode(part: &str) -> Result<Cow<'_, str>, &'static str> {
    percent_decode_str(part)
        .decode_utf8()
        .map_err(|_| "the address is not UTF-8")
}
