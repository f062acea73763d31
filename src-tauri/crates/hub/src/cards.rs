//! Reading a card, and asking what the Hub thinks of one. What a card says is [`crate::card`]'s.

use hubdesk_core::{CommitId, RepoKind, Token};
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::card::Card;
use crate::exchange::clean;
use crate::fault::malformed;
use crate::json::or_default;
use crate::{Error, Hub, Repo, What, route};

/// Where a card is.
const PATH: &str = "README.md";
/// The longest card that is read whole, in bytes: some datasets describe thousands of columns.
const LARGEST: usize = 8 << 20;
/// The longest message about a card that is kept, in characters.
const LONGEST_MESSAGE: usize = 500;

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
                errors: words(answer.value.errors, answer.token.as_ref()),
                warnings: words(answer.value.warnings, answer.token.as_ref()),
            }),
            // Only this status is about the card, and only if it says what is wrong with it.
            Err(Error::BadRequest { exchange })
                if exchange.status == Some(400) && exchange.message.is_some() =>
            {
                Ok(Verdict {
                    errors: exchange.message.into_iter().collect(),
                    warnings: Vec::new(),
                })
            }
            Err(error) => Err(error),
        }
    }
}

impl Repo {
    /// The card at `commit`, the `README.md` at the top; `None` if there is none.
    /// [`Error::Malformed`] for one that is no text, larger than 8 MiB, or not all of it: a part of
    /// a card must not be taken for the whole.
    pub async fn card(&self, commit: &CommitId) -> Result<Option<Card>, Error> {
        let file = self.file(commit, PATH);
        let piece = match file.read_whole(LARGEST).await {
            Ok(piece) => piece,
            Err(Error::NotFound(What::Entry, _)) => return Ok(None),
            Err(error) => return Err(error),
        };
        match std::str::from_utf8(&piece.bytes) {
            Ok(text) => Ok(Some(Card::new(text))),
            Err(_) => Err(malformed("a card that is no text", piece.exchange, None)),
        }
    }
}

fn words(said: Vec<Said>, token: Option<&Token>) -> Vec<String> {
    said.into_iter()
        .map(|said| clean(&said.message, LONGEST_MESSAGE, token))
        .filter(|message| !message.is_empty())
        .collect()
}

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
