//! The gate before a repository: how an account stands before it, and noticing that it opens.

mod form;
mod plain;
mod waiting;
mod watch;

pub(crate) use self::waiting::AccessLooks;
pub(crate) use self::watch::Asked;

use hubdesk_core::{RepoId, Revision};
use hubdesk_hub::{Access, Error as HubError, GateText, Gated};

use self::plain::{cut, plain};
use crate::App;
use crate::api::{ApiError, Gate, GateMode, GateState};
use crate::error::hub_error;

/// The most fields that are shown; nobody fills in more.
const MOST_FIELDS: usize = 40;
/// The longest heading and the longest name of a button, in characters.
const LONGEST_HEADING: usize = 120;
const LONGEST_BUTTON: usize = 60;

/// What is said where the card says it in a field of its own.
const CLOSED_TO_EU: &str = "The authors give no access to people in the European Union.";

impl App {
    /// The gate before `id` as it stands for the account that is open.
    pub(crate) async fn gate(&self, id: &RepoId, web_url: String) -> Result<Gate, ApiError> {
        let open = self.sessions().open()?;
        let words = |error: HubError| hub_error(&id.to_string(), &error);
        let (repo, main) = (open.hub.repo(id), Revision::main());
        let (info, access, card) =
            tokio::try_join!(repo.info(&main), repo.access(), repo.gate_text()).map_err(words)?;
        let has_asked = self.asked().has(&open, id);
        let fields = card.fields.iter().take(MOST_FIELDS);
        let fields: Vec<_> = fields.filter_map(form::field).collect();
        Ok(Gate {
            state: match access {
                Access::Granted => GateState::Granted,
                Access::SignedOut => GateState::SignedOut,
                Access::NotGranted if has_asked => GateState::Pending,
                Access::NotGranted => GateState::Ask,
                Access::Rejected => GateState::Rejected,
            },
            mode: match info.summary.gated {
                Gated::Auto => GateMode::Auto,
                Gated::Manual => GateMode::Manual,
                Gated::No | Gated::Other(_) => GateMode::Other,
            },
            shares: shares(!fields.is_empty()),
            text: text(&card),
            heading: card
                .heading
                .as_deref()
                .and_then(plain)
                .map(|text| cut(&text, LONGEST_HEADING)),
            button: card
                .button
                .as_deref()
                .and_then(plain)
                .map(|text| cut(&text, LONGEST_BUTTON)),
            fields,
            web_url,
        })
    }
}

/// What the authors ask to agree to, and what they say about it.
fn text(card: &GateText) -> Option<String> {
    let parts = [&card.description, &card.prompt];
    let parts = parts.into_iter().flatten();
    let eu = card.is_closed_to_eu.then(|| CLOSED_TO_EU.to_owned());
    let parts: Vec<_> = parts.filter_map(|text| plain(text)).chain(eu).collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// What the authors learn of who asks.
fn shares(has_fields: bool) -> String {
    let more = if has_fields {
        ", and what you fill in,"
    } else {
        ""
    };
    format!("Asking shares your user name and e-mail address{more} with the authors.")
}
