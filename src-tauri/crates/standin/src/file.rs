//! Files: regular ones are sent, large ones are named and redirected to the storage host.

use axum::http::{Method, StatusCode, header};
use hubdesk_core::RepoId;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::answer::{Answer, Body, name};
use crate::ask::{self, Ask};
use crate::error::Refusal;
use crate::storage;

/// What a file name in a header is encoded by: everything but what needs none.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// `HEAD` and `GET /{prefix}{id}/resolve/{revision}/{path}`.
pub(crate) fn resolve(
    ask: &Ask<'_>,
    id: &RepoId,
    revision: &str,
    path: &str,
) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    let commit = ask::commit(&repo, revision)?;
    ask.check_gate(&repo)?;
    let file = commit.tree.files.get(path);
    let blob = &file.ok_or_else(|| ask::no_entry(path, &commit.id))?.blob;
    let etag = format!("\"{}\"", blob.digest());
    let file_name = path.rsplit('/').next().unwrap_or(path);
    let answer = match &blob.lfs {
        Some(lfs) => {
            let link = storage::link(ask.hub, &repo.id, &lfs.sha256, file_name);
            let answer = Answer::redirect(StatusCode::FOUND, &link)
                .with(name::LINKED_ETAG, &etag)
                .with(name::LINKED_SIZE, blob.content.size().to_string());
            match lfs.xet_hash.get() {
                Some(hash) => in_chunks(ask, &repo.id, commit.id.as_str(), hash, answer),
                None => answer,
            }
        }
        None => {
            let whole = Answer::content(blob.content.clone())
                .with(header::CONTENT_TYPE, content_type(path))
                .with(header::CONTENT_DISPOSITION, disposition(file_name));
            ranged(ask, whole, &etag)
        }
    };
    Ok(answer
        .with(header::ETAG, &etag)
        .with(header::ACCEPT_RANGES, "bytes")
        .with(name::REPO_COMMIT, commit.id.as_str()))
}

/// Says where the chunks are, and who gives a key to them. Said twice, as the Hub does.
fn in_chunks(ask: &Ask<'_>, id: &RepoId, commit: &str, hash: &str, answer: Answer) -> Answer {
    let (kind, name) = (id.kind().plural(), id.name());
    let keys = format!(
        "{}/api/{kind}/{name}/xet-read-token/{commit}",
        ask.hub.endpoint
    );
    answer
        .with(name::XET_HASH, hash)
        .with(header::LINK, format!("<{keys}>; rel=\"xet-auth\""))
        .with(name::XET_REFRESH_ROUTE, keys)
}

/// Cuts the answer down to the range that is asked for, if there is one. Several ranges, or words
/// that are none, get the whole, as the standard allows. Ranges are a matter of `GET` alone.
pub(crate) fn ranged(ask: &Ask<'_>, mut answer: Answer, etag: &str) -> Answer {
    let is_current = ask
        .header(header::IF_RANGE)
        .is_none_or(|known| known == etag);
    let (Body::Content { start, length, .. }, true) =
        (&mut answer.body, is_current && ask.method == Method::GET)
    else {
        return answer;
    };
    let total = *length;
    match ask
        .header(header::RANGE)
        .map_or(Range::Whole, |text| Range::parse(text, total))
    {
        Range::Whole => answer,
        Range::Outside => Refusal::Other(StatusCode::RANGE_NOT_SATISFIABLE)
            .answer()
            .with(header::CONTENT_RANGE, format!("bytes */{total}")),
        Range::Part(first, last) => {
            (*start, *length) = (first, last - first + 1);
            answer.status(StatusCode::PARTIAL_CONTENT).with(
                header::CONTENT_RANGE,
                format!("bytes {first}-{last}/{total}"),
            )
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Range {
    Whole,
    /// First and last byte.
    Part(u64, u64),
    Outside,
}

impl Range {
    fn parse(text: &str, total: u64) -> Self {
        Self::try_parse(text, total).unwrap_or(Self::Whole)
    }

    fn try_parse(text: &str, total: u64) -> Option<Self> {
        let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
        let (first, last) = match (first.trim(), last.trim()) {
            ("", suffix) => match suffix.parse().ok()? {
                0 => return Some(Self::Outside),
                suffix => (total.saturating_sub(suffix), u64::MAX),
            },
            (first, "") => (first.parse().ok()?, u64::MAX),
            (first, last) => (first.parse().ok()?, last.parse().ok()?),
        };
        if last < first {
            return None;
        }
        Some(if first < total {
            Self::Part(first, last.min(total - 1))
        } else {
            Self::Outside
        })
    }
}

pub(crate) fn disposition(file_name: &str) -> String {
    let encoded = utf8_percent_encode(file_name, NAME);
    format!("inline; filename*=UTF-8''{encoded}")
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("md" | "txt" | "py" | "csv" | "yaml" | "yml" | "html") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::Range;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        for (text, range) in [
            ("bytes=0-0", Range::Part(0, 0)),
            ("bytes=5-", Range::Part(5, 9)),
            ("bytes=5-99", Range::Part(5, 9)),
            ("bytes=-3", Range::Part(7, 9)),
            ("bytes=-99", Range::Part(0, 9)),
            ("bytes=10-", Range::Outside),
            ("bytes=-0", Range::Outside),
            ("bytes=5-4", Range::Whole),
            ("bytes=0-1,3-4", Range::Whole),
            ("lines=0-1", Range::Whole),
        ] {
            assert_eq!(Range::parse(text, 10), range, "{text}");
        }
    }
}
