//! What an upload has made so far, as it is kept from one run to the next. **Frozen**, as requests
//! are.

use futures_util::future::BoxFuture;
use hubdesk_core::CommitId;
use hubdesk_transfers::Memo;
use hubdesk_upload::{Keep, Made, Opening};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Stored {
    V1(MadeV1),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MadeV1 {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<String>,
    commits: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pull_request: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opening: Option<OpeningV1>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OpeningV1 {
    base: String,
    after: u64,
}

/// What was kept; `None` if this program cannot read it.
pub(crate) fn read_made(memo: Option<&str>) -> Option<Made> {
    let Some(memo) = memo else {
        return Some(Made::default());
    };
    let Stored::V1(made) = serde_json::from_str(memo).ok()?;
    let commits = made.commits.iter().map(|text| text.parse::<CommitId>());
    Some(Made {
        base: made.base.map(|text| text.parse()).transpose().ok()?,
        commits: commits.collect::<Result<_, _>>().ok()?,
        pull_request: made.pull_request,
        opening: match made.opening {
            Some(OpeningV1 { base, after }) => Some(Opening {
                base: base.parse().ok()?,
                after,
            }),
            None => None,
        },
    })
}

fn written(made: &Made) -> String {
    let stored = Stored::V1(MadeV1 {
        base: made.base.as_ref().map(ToString::to_string),
        commits: made.commits.iter().map(ToString::to_string).collect(),
        pull_request: made.pull_request,
        opening: made.opening.as_ref().map(|opening| OpeningV1 {
            base: opening.base.to_string(),
            after: opening.after,
        }),
    });
    serde_json::to_string(&stored).expect("text and numbers are always JSON")
}

/// Keeps it in the memo of a transfer.
pub(super) struct InMemo(pub(super) Memo);

impl Keep for InMemo {
    fn keep<'a>(&'a self, made: &'a Made) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            // The tree of the branch still tells a later run what is there.
            if let Err(error) = self.0.put(written(made)).await {
                tracing::warn!(%error, "what was committed cannot be kept just now");
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "0123456789abcdef0123456789abcdef01234567";

    #[test]
    fn what_is_kept_is_read_as_it_was_and_written_the_same_way() {
        let made = Made {
            base: Some(HEX.parse().unwrap()),
            commits: vec![HEX.parse().unwrap()],
            pull_request: Some(3),
            opening: None,
        };
        let golden = format!(r#"{{"v1":{{"base":"{HEX}","commits":["{HEX}"],"pull_request":3}}}}"#);
        assert_eq!(written(&made), golden);
        assert_eq!(read_made(Some(&golden)), Some(made));
        assert_eq!(read_made(None), Some(Made::default()));
        let opening = Some(Opening {
            base: HEX.parse().unwrap(),
            after: 2,
        });
        let made = Made {
            opening,
            ..Made::default()
        };
        let golden = format!(r#"{{"v1":{{"commits":[],"opening":{{"base":"{HEX}","after":2}}}}}}"#);
        assert_eq!(written(&made), golden);
        assert_eq!(read_made(Some(&golden)), Some(made));
    }

    #[test]
    fn what_a_newer_program_has_kept_is_not_taken_for_nothing() {
        for text in ["", "{", r#"{"v2":{}}"#, r#"{"v1":{"commits":["x"]}}"#] {
            assert_eq!(read_made(Some(text)), None, "{text}");
        }
    }
}
