use hubdesk_core::RepoKind;
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::json::or_default;
use crate::{Error, Hub, route};

/// What the Hub says about a card.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// What must be changed: a push with this card is refused.
    pub errors: Vec<String>,
    /// What could be better.
    pub warnings: Vec<String>,
}

impl Verdict {
    /// Whether the Hub takes the card.
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }
}

impl Hub {
    /// What the Hub thinks of `card`, the whole text of a `README.md`, before it is pushed. An
    /// error here says nothing about the card: a push is checked again.
    ///
    /// Several errors of a card that is refused come as one text.
    pub async fn validate_card(&self, kind: RepoKind, card: &str) -> Result<Verdict, Error> {
        let url = route::validate_card(self.endpoint());
        let call = Call::question(url, None).json(&Question {
            content: card,
            repo_type: kind,
        });
        match self.ask::<Answer>(&call).await {
            Ok(answer) => Ok(Verdict {
                errors: words(answer.value.errors),
                warnings: words(answer.value.warnings),
            }),
            Err(Error::BadRequest { exchange }) => Ok(Verdict {
                errors: vec![exchange.message.unwrap_or_default()],
                warnings: Vec::new(),
            }),
            Err(error) => Err(error),
        }
    }
}

fn words(said: Vec<Said>) -> Vec<String> {
    said.into_iter()
        .map(|said| crate::exchange::clean(&said.message, LONGEST_MESSAGE, None))
        .filter(|message| !message.is_empty())
        .collect()
}

/// The longest message that is kept, in characters.
const LONGEST_MESSAGE: usize = 500;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    content: &'a str,
    repo_type: RepoKind,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default, deserialize_with = "or_default")]
    errors: Vec<Said>,
    #[serde(default, deserialize_with = "or_default")]
    warnings: Vec<Said>,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default, deserialize_with = "or_default")]
    message: String,
}
