//! What a Hub wants people to know beside its answer: `X-HF-Warning: topic; message`.

use futures_util::{Stream, stream};
use hubdesk_core::Token;
use reqwest::header::HeaderMap;
use tokio::sync::watch;

use crate::exchange::clean;

/// Warnings that are kept; a Hub with more topics is not listened to any further.
const MOST_WARNINGS: usize = 50;
/// The longest topic and message, in characters.
const LONGEST_TOPIC: usize = 60;
const LONGEST_MESSAGE: usize = 500;

/// What Hubs have warned of, each topic of each Hub once. Cheap to clone; clones share what they
/// know, and one process has one.
#[derive(Debug, Clone, Default)]
pub struct Warnings(watch::Sender<Vec<Warning>>);

/// A Hub wants people to know this: a token that ends soon, a quota that is nearly full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Who says it, with the port if that is not the usual one.
    pub host: String,
    /// What it is about, in the Hub's word; empty if it did not say.
    pub topic: String,
    /// The Hub's words, cleaned, in one line. Never empty.
    pub message: String,
}

impl Warnings {
    /// Every warning once, those from before this call first, and later ones as they come.
    pub fn stream(&self) -> impl Stream<Item = Warning> + Send + use<> {
        let start = (self.0.subscribe(), 0);
        stream::unfold(start, async |(mut known, told)| {
            // Nobody is left who could hear of another one.
            let all = known.wait_for(|all| all.len() > told).await.ok()?;
            let next = all[told].clone();
            drop(all);
            Some((next, (known, told + 1)))
        })
    }

    /// Logs and keeps every warning of an answer of `host` whose topic is new.
    pub(crate) fn note(&self, host: &str, headers: &HeaderMap, token: Option<&Token>) {
        for value in headers.get_all("x-hf-warning") {
            let text = String::from_utf8_lossy(value.as_bytes());
            let (topic, message) = text.split_once(';').unwrap_or(("", &text));
            let warning = Warning {
                host: host.to_owned(),
                topic: clean(topic, LONGEST_TOPIC, token),
                message: clean(message, LONGEST_MESSAGE, token),
            };
            self.0.send_if_modified(|known| warning.join(known));
        }
    }
}

impl Warning {
    /// Whether it is new, and was added.
    fn join(self, known: &mut Vec<Self>) -> bool {
        let is_same = |other: &Self| other.host == self.host && other.topic == self.topic;
        if self.message.is_empty() || known.len() == MOST_WARNINGS || known.iter().any(is_same) {
            return false;
        }
        tracing::warn!(
            host = self.host,
            topic = self.topic,
            message = self.message,
            "the Hub warns"
        );
        known.push(self);
        true
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures_util::{FutureExt as _, StreamExt as _};

    use super::*;

    fn note(warnings: &Warnings, host: &str, values: &[&str]) {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("x-hf-warning", value.parse().unwrap());
        }
        warnings.note(host, &headers, Token::new("hf_secret").as_ref());
    }

    #[tokio::test]
    async fn a_topic_is_told_once_to_everybody_and_without_the_token() {
        let warnings = Warnings::default();
        let mut early = pin!(warnings.stream());
        note(&warnings, "hub", &["old; Renew hf_secret soon", "quota;"]);
        note(
            &warnings.clone(),
            "hub",
            &["old; Renew it now", "quota; Nearly full"],
        );
        note(&warnings, "other", &["old; Renew yours"]);
        note(&warnings, "hub", &["without a topic"]);
        let expected = [
            ("hub", "old", "Renew hf_… soon"),
            ("hub", "quota", "Nearly full"),
            ("other", "old", "Renew yours"),
            ("hub", "", "without a topic"),
        ];
        let mut late = pin!(warnings.stream());
        for (host, topic, message) in expected {
            let expected = Warning {
                host: host.to_owned(),
                topic: topic.to_owned(),
                message: message.to_owned(),
            };
            assert_eq!(early.next().await.as_ref(), Some(&expected));
            assert_eq!(late.next().await, Some(expected));
        }
        assert!(early.next().now_or_never().is_none(), "more may come");
    }

    #[test]
    fn a_hub_that_warns_of_everything_is_not_listened_to() {
        let warnings = Warnings::default();
        for n in 0..MOST_WARNINGS * 2 {
            note(&warnings, "hub", &[&format!("{n}; x")]);
        }
        assert_eq!(warnings.0.borrow().len(), MOST_WARNINGS);
    }
}
