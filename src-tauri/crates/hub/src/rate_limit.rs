//! When a server wants to be asked again.

use std::time::Duration;

use reqwest::header::HeaderMap;

use crate::exchange::text;

/// How long the server asks to be left alone, or `None` when it does not say.
///
/// `RateLimit: "api";r=0;t=55` counts when nothing remains; with something remaining it stands on
/// every answer and is not the cause. `Retry-After` counts in seconds; its date form is ignored,
/// as the official client does. One second is added to both, because both are rounded down.
pub(crate) fn wanted_pause(headers: &HeaderMap) -> Option<Duration> {
    let exhausted = text(headers, "ratelimit").and_then(|limit| seconds_to_reset(&limit));
    let seconds = exhausted.or_else(|| text(headers, "retry-after")?.trim().parse().ok())?;
    Some(Duration::from_secs(seconds).saturating_add(Duration::from_secs(1)))
}

/// The longest `t` among the limits of this header that have `r=0`.
fn seconds_to_reset(header: &str) -> Option<u64> {
    header.split(',').filter_map(exhausted_limit).max()
}

/// `t` of one limit, if nothing of it remains.
fn exhausted_limit(limit: &str) -> Option<u64> {
    let parameter = |name: &str| {
        limit.split(';').skip(1).find_map(|part| {
            let (key, value) = part.split_once('=')?;
            (key.trim() == name).then(|| value.trim().parse::<u64>().ok())?
        })
    };
    (parameter("r")? == 0).then(|| parameter("t"))?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pause(headers: &[(&'static str, &str)]) -> Option<u64> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        wanted_pause(&map).map(|pause| pause.as_secs())
    }

    #[test]
    fn an_exhausted_limit_says_when_to_come_back() {
        for (limit, expected) in [
            (r#""api";r=0;t=55"#, Some(56)),
            (r#""api" ; r = 0 ; t = 55"#, Some(56)),
            (r#""api";r=3;t=55"#, None),
            (r#""api";r=3;t=5, "pages";r=0;t=9"#, Some(10)),
            (r#""api";r=0"#, None),
            (r#""api";r=0;t=soon"#, None),
            ("", None),
        ] {
            assert_eq!(pause(&[("ratelimit", limit)]), expected, "{limit}");
        }
    }

    #[test]
    fn retry_after_counts_in_seconds_only_and_after_the_limit() {
        assert_eq!(pause(&[("retry-after", "7")]), Some(8));
        assert_eq!(
            pause(&[("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT")]),
            None
        );
        assert_eq!(pause(&[("retry-after", "-7")]), None);
        assert_eq!(
            pause(&[("ratelimit", r#""api";r=0;t=3"#), ("retry-after", "7")]),
            Some(4)
        );
        assert_eq!(
            pause(&[("ratelimit", r#""api";r=9;t=3"#), ("retry-after", "7")]),
            Some(8)
        );
        assert_eq!(pause(&[]), None);
    }

    proptest! {
        #[test]
        fn no_header_is_too_odd_to_read(text in "[ -~]{0,40}", number in any::<u64>()) {
            pause(&[("ratelimit", &text), ("retry-after", &number.to_string())]);
        }
    }
}
