//! What a Hub wants people to know beside its answer: `X-HF-Warning: topic; message`.

use std::collections::HashSet;
use std::sync::Mutex;

use hubdesk_core::Token;
use reqwest::header::HeaderMap;

use crate::exchange::clean;

/// Topics that are remembered; a Hub with more of them is not listened to any further.
const MOST_TOPICS: usize = 50;
/// The longest topic and message, in characters.
const LONGEST_TOPIC: usize = 60;
const LONGEST_MESSAGE: usize = 500;

/// The topics a Hub has warned of.
#[derive(Debug, Default)]
pub(crate) struct Warnings(Mutex<HashSet<String>>);

impl Warnings {
    /// Logs every warning of an answer whose topic is new, and gives those back.
    pub(crate) fn note(&self, headers: &HeaderMap, token: Option<&Token>) -> Vec<String> {
        let mut known = self
            .0
            .lock()
            .expect("nothing panics while it holds this lock");
        let mut new = Vec::new();
        for value in headers.get_all("x-hf-warning") {
            let text = String::from_utf8_lossy(value.as_bytes());
            let (topic, message) = text.split_once(';').unwrap_or(("", &text));
            let topic = clean(topic, LONGEST_TOPIC, token);
            let message = clean(message, LONGEST_MESSAGE, token);
            let is_new = known.len() < MOST_TOPICS && known.insert(topic.clone());
            if is_new && !message.is_empty() {
                tracing::warn!(topic, message, "the Hub warns");
                new.push(message);
            }
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_told_once_and_without_the_token() {
        let (warnings, token) = (Warnings::default(), Token::new("hf_secret"));
        let told = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append("x-hf-warning", value.parse().unwrap());
            }
            warnings.note(&headers, token.as_ref())
        };
        assert_eq!(
            told(&["old; Renew hf_secret soon", "quota; Nearly full"]),
            ["Renew hf_… soon", "Nearly full"]
        );
        assert!(told(&["old; Renew it now"]).is_empty());
        assert_eq!(told(&["without a topic"]), ["without a topic"]);
        for n in 0..MOST_TOPICS * 2 {
            told(&[&format!("{n}; x")]);
        }
        assert!(warnings.0.lock().unwrap().len() <= MOST_TOPICS);
    }
}
