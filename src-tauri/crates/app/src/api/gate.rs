use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::RepoRef;

/// Names one repository in a command.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfRepo {
    /// Which one.
    pub repo: RepoRef,
}

/// The gate before a repository whose files must be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Gate {
    /// How this account stands before it.
    pub state: GateState,
    /// Who opens it.
    pub mode: GateMode,
    /// Its authors' heading, plain text.
    pub heading: Option<String>,
    /// Its authors' words, plain text.
    pub text: Option<String>,
    /// Its authors' name for the button, plain text.
    pub button: Option<String>,
    /// What the authors ask for, besides name and e-mail, in their order. It is filled in on the
    /// web.
    pub fields: Vec<GateField>,
    /// The page on the web, where access is asked for.
    pub web_url: String,
    /// What the authors learn of who asks: one sentence.
    pub shares: String,
}

/// Something the authors ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GateField {
    /// What it is called, plain text in one line.
    pub label: String,
    /// What kind of answer is wanted.
    pub kind: GateFieldKind,
    /// What can be chosen, plain text; `select` only.
    pub options: Vec<String>,
}

/// What kind of answer a gate wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum GateFieldKind {
    /// Words.
    Text,
    /// Yes or no.
    Checkbox,
    /// A day.
    Date,
    /// A country.
    Country,
    /// Where somebody is by their address on the net; the Hub fills it in.
    IpLocation,
    /// One of the options.
    Select,
    /// It is not known.
    Other,
}

/// How an account stands before a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum GateState {
    /// It may read the files.
    Granted,
    /// It has to ask.
    Ask,
    /// It has asked, and the authors have not answered.
    Pending,
    /// The authors have said no.
    Rejected,
    /// Only somebody who is signed in can ask.
    SignedOut,
}

/// Who opens a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum GateMode {
    /// Whoever asks is let in.
    Auto,
    /// The authors decide.
    Manual,
    /// It is not known.
    Other,
}
