//! What the headers of an answer say about how much may still be asked, and when.

use std::time::Duration;

use reqwest::header::HeaderMap;

use crate::exchange::text;

/// No server holds us back for longer than this, whatever it writes.
const LONGEST: Duration = Duration::from_secs(3600);

/// What one answer says about one quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit {
    /// Requests that remain in this window.
    pub(crate) remaining: u64,
    /// Time to the end of the window, if it is said. Rounded up, so that it is never too early.
    pub(crate) resets_in: Option<Duration>,
    /// Requests of a whole window, if it is said.
    pub(crate) quota: Option<u64>,
    /// How long a window is, if it is said.
    pub(crate) window: Option<Duration>,
}

impl Limit {
    /// What the headers say about the quota called `name`: `RateLimit: "api";r=17;t=55` and
    /// `RateLimit-Policy: "fixed window";"api";q=500;w=300`. One without a name is about this one.
    pub(crate) fn of(headers: &HeaderMap, name: &str) -> Option<Self> {
        let limit = text(headers, "ratelimit")?;
        let limit = limit.split(',').find(|limit| is_about(limit, name))?;
        let policy = text(headers, "ratelimit-policy").unwrap_or_default();
        let policy = policy.split(',').find(|policy| is_about(policy, name));
        let policy = policy.unwrap_or_default();
        Some(Self {
            remaining: parameter(limit, "r")?,
            resets_in: parameter(limit, "t").map(rounded_up),
            quota: parameter(policy, "q"),
            window: parameter(policy, "w").map(|seconds| Duration::from_secs(seconds).min(LONGEST)),
        })
    }
}

/// How long the server asks to be left alone, or `None` when it does not say.
///
/// `RateLimit: "api";r=0;t=55` counts when nothing remains; with something remaining it stands on
/// every answer and is not the cause. `Retry-After` counts in seconds; its date form is ignored,
/// as the official client does. One second is added to both, because both are rounded down.
pub(crate) fn wanted_pause(headers: &HeaderMap) -> Option<Duration> {
    exhausted(headers).or_else(|| {
        let seconds = text(headers, "retry-after")?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds).saturating_add(Duration::from_secs(1)))
    })
}

/// How long everything of the quota called `name` has to wait after a refusal with these headers:
/// not at all if the quota is not what it was refused for.
pub(crate) fn wanted_hold(headers: &HeaderMap, name: &str) -> Option<Duration> {
    let is_other_cause = Limit::of(headers, name).is_some_and(|limit| limit.remaining > 0);
    let pause = match exhausted(headers) {
        None if is_other_cause => None,
        Some(pause) => Some(pause),
        None => wanted_pause(headers),
    };
    pause.map(|pause| pause.min(LONGEST))
}

/// The longest time to a reset among the limits of which nothing remains.
fn exhausted(headers: &HeaderMap) -> Option<Duration> {
    let header = text(headers, "ratelimit")?;
    let limits = header.split(',');
    let exhausted = limits.filter(|limit| parameter(limit, "r") == Some(0));
    let seconds = exhausted.filter_map(|limit| parameter(limit, "t")).max()?;
    Some(Duration::from_secs(seconds).saturating_add(Duration::from_secs(1)))
}

/// Whether one item of either header is about the quota called `name`: it names it, or none.
fn is_about(item: &str, name: &str) -> bool {
    const KINDS: [&str; 2] = ["", "fixed window"];
    let mut names = item.split(';').map(|part| part.trim().trim_matches('"'));
    let mut is_nameless = true;
    let is_named = names.any(|part| {
        is_nameless &= part.contains('=') || KINDS.contains(&part);
        part == name
    });
    is_named || is_nameless
}

fn parameter(item: &str, name: &str) -> Option<u64> {
    item.split(';').find_map(|part| {
        let (key, value) = part.split_once('=')?;
        (key.trim() == name).then(|| value.trim().parse().ok())?
    })
}

fn rounded_up(seconds: u64) -> Duration {
    Duration::from_secs(seconds.saturating_add(1)).min(LONGEST)
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

    fn limit(limit: &str, policy: &str) -> Option<(u64, Option<u64>, Option<u64>)> {
        let mut map = HeaderMap::new();
        map.insert("ratelimit", limit.parse().unwrap());
        map.insert("ratelimit-policy", policy.parse().unwrap());
        let found = Limit::of(&map, "api")?;
        let seconds = found.resets_in.map(|time| time.as_secs());
        Some((found.remaining, seconds, found.quota))
    }

    #[test]
    fn the_quota_of_a_name_is_found_among_others() {
        for (of, policy, expected) in [
            (
                r#""api";r=17;t=55"#,
                r#""fixed window";"api";q=500;w=300"#,
                Some((17, Some(56), Some(500))),
            ),
            (r#""pages";r=1;t=5, "api";r=2"#, "", Some((2, None, None))),
            ("r=3;t=9", "q=10;w=60", Some((3, Some(10), Some(10)))),
            (r#""pages";r=1;t=5"#, "", None),
            (r#""api";r=x;t=5"#, "", None),
            (
                r#""api";r=1;t=99999999999999999999"#,
                "",
                Some((1, None, None)),
            ),
            (
                r#""api";r=1;t=18446744073709551615"#,
                "",
                Some((1, Some(3600), None)),
            ),
        ] {
            assert_eq!(limit(of, policy), expected, "{of} {policy}");
        }
    }

    #[test]
    fn all_wait_only_for_the_quota_that_is_used_up() {
        let hold = |limit: &str, after: &str| {
            let mut map = HeaderMap::new();
            map.insert("ratelimit", limit.parse().unwrap());
            map.insert("retry-after", after.parse().unwrap());
            wanted_hold(&map, "api").map(|hold| hold.as_secs())
        };
        assert_eq!(hold(r#""api";r=0;t=4"#, "99"), Some(5));
        assert_eq!(hold("", "9"), Some(10), "there is no other word about it");
        assert_eq!(
            hold(r#""api";r=7;t=4"#, "99"),
            None,
            "one call was too much, not all"
        );
        assert_eq!(hold("", "99999999"), Some(3600));
    }

    proptest! {
        #[test]
        fn no_header_is_too_odd_to_read(text in "[ -~]{0,40}", number in any::<u64>()) {
            pause(&[("ratelimit", &text), ("retry-after", &number.to_string())]);
            limit(&text, &text);
        }
    }
}
