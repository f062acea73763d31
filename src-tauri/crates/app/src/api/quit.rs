use serde::Deserialize;
use ts_rs::TS;

/// Says what becomes of what is at work when the window is closed.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnswerQuit {
    /// What.
    pub answer: QuitAnswer,
}

/// What becomes of what is at work when the window is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum QuitAnswer {
    /// It goes on without the window, which can be opened again from the tray.
    Background,
    /// It stops, and goes on when the program is started the next time.
    Quit,
    /// The window stays.
    Stay,
}
