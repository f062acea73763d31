//! What the desktop tells a person who does not look at the window: that something has ended, or
//! needs them. Several at once become one.

use std::time::Duration;

use hubdesk_transfers::request::Request;
use hubdesk_transfers::{Reason, State, Transfer, TransferId};

use crate::App;

/// How long others are waited for, so that a hundred small transfers are one notice.
const GATHER: Duration = Duration::from_secs(2);

/// Something to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    id: TransferId,
    title: String,
    what: What,
    is_upload: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Done,
    Failed,
    NeedsYou(Reason),
}

/// What was not told yet.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    waiting: Vec<Notice>,
    since: Duration,
}

/// What is told, in two lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) title: String,
    pub(crate) body: String,
}

impl Notice {
    /// What is to be told of a transfer that has just come to stand so.
    pub(crate) fn of(row: &Transfer) -> Option<Self> {
        let what = match row.state {
            State::Done => What::Done,
            State::Failed(_) => What::Failed,
            State::Blocked(reason) => What::NeedsYou(reason),
            State::Queued
            | State::Running
            | State::Paused
            | State::Waiting(_)
            | State::Cancelled => return None,
        };
        Some(Self {
            id: row.id,
            title: row.title.clone(),
            what,
            is_upload: matches!(row.request, Ok(Request::Upload(_))),
        })
    }
}

impl Notices {
    /// `notices` are to be told, at `now`. What has come of a transfer meanwhile takes the place of
    /// what was to be told of it.
    pub(crate) fn add(&mut self, notices: Vec<Notice>, now: Duration) {
        if self.waiting.is_empty() {
            self.since = now;
        }
        let is_old = |old: &Notice| notices.iter().any(|new| new.id == old.id);
        self.waiting.retain(|old| !is_old(old));
        self.waiting.extend(notices);
    }

    /// Whether something is still to be told.
    pub(crate) fn are_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// What is to be told at `now`, all of it as one.
    pub(crate) fn due(&mut self, now: Duration) -> Option<Told> {
        if self.waiting.is_empty() || now.saturating_sub(self.since) < GATHER {
            return None;
        }
        Some(summary(&std::mem::take(&mut self.waiting)))
    }
}

fn summary(notices: &[Notice]) -> Told {
    if let [one] = notices {
        let title = match (one.what, one.is_upload) {
            (What::Done, false) => "Download finished",
            (What::Failed, false) => "Download failed",
            (What::NeedsYou(_), false) => "A download needs you",
            (What::Done, true) => "Upload finished",
            (What::Failed, true) => "Upload failed",
            (What::NeedsYou(_), true) => "An upload needs you",
        };
        let body = match one.what {
            What::Done | What::Failed => one.title.clone(),
            What::NeedsYou(Reason::Conflict) if one.is_upload => {
                format!("{}: others have changed the same files.", one.title)
            }
            What::NeedsYou(reason) => format!("{}: {}.", one.title, needed(reason)),
        };
        let title = title.to_owned();
        return Told { title, body };
    }
    let count = |is_it: fn(&What) -> bool| notices.iter().filter(|one| is_it(&one.what)).count();
    let parts = [
        (count(|what| *what == What::Done), "finished"),
        (count(|what| *what == What::Failed), "failed"),
        (count(|what| matches!(what, What::NeedsYou(_))), "need you"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<_> = parts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    Told {
        title: format!("{} {}", notices.len(), kind(notices)),
        body: format!("{}.", parts.join(", ")),
    }
}

/// What they are, together.
fn kind(notices: &[Notice]) -> &'static str {
    let uploads = notices.iter().filter(|one| one.is_upload).count();
    match uploads {
        0 => "downloads",
        _ if uploads == notices.len() => "uploads",
        _ => "transfers",
    }
}

fn needed(reason: Reason) -> &'static str {
    match reason {
        Reason::Gated => "ask for access",
        Reason::SignedOut => "sign in again",
        Reason::NoSpace => "make room",
        Reason::Conflict => "files of yours are in the way",
        Reason::ReadOnly => "its folder cannot be written",
        Reason::VolumeGone => "connect its disk again",
        Reason::Secret => "a file looks like a secret",
    }
}

impl App {
    /// Tells it, unless a person looks at the window or does not want to be told. Blocks.
    pub(crate) fn notify(&self, told: &Told) {
        if !self.settings().get().transfers.notify || self.host().is_in_front() {
            return;
        }
        if let Err(error) = self.host().notify(&told.title, &told.body) {
            tracing::info!(%error, "the desktop shows no notices");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(id: i64, what: What) -> Notice {
        Notice {
            id: TransferId::new(id),
            title: "lab/m".to_owned(),
            what,
            is_upload: false,
        }
    }

    #[test]
    fn what_happens_within_a_moment_is_told_as_one() {
        let mut notices = Notices::default();
        let at = Duration::from_secs;
        notices.add(vec![notice(1, What::Done)], at(10));
        assert_eq!(notices.due(at(11)), None);
        let more = vec![
            notice(2, What::Done),
            notice(3, What::NeedsYou(Reason::NoSpace)),
        ];
        notices.add(more, at(11));
        let told = notices.due(at(12)).unwrap();
        assert_eq!(told.title, "3 downloads");
        assert_eq!(told.body, "2 finished, 1 need you.");
        assert_eq!(notices.due(at(20)), None, "nothing is told twice");
    }

    #[test]
    fn what_goes_up_is_not_called_a_download() {
        let upload = |what| Notice {
            is_upload: true,
            ..notice(1, what)
        };
        let one = summary(&[upload(What::NeedsYou(Reason::Conflict))]);
        assert_eq!(one.title, "An upload needs you");
        assert_eq!(one.body, "lab/m: others have changed the same files.");
        let both = summary(&[upload(What::Done), notice(2, What::Done)]);
        assert_eq!(both.title, "2 transfers");
    }

    #[test]
    fn of_one_transfer_the_last_word_is_told() {
        let mut notices = Notices::default();
        let needs_you = notice(1, What::NeedsYou(Reason::Secret));
        notices.add(vec![needs_you], Duration::ZERO);
        notices.add(vec![notice(1, What::Done)], Duration::from_secs(1));
        let told = notices.due(Duration::from_secs(2)).unwrap();
        assert_eq!(told.title, "Download finished");
    }

    #[test]
    fn one_alone_is_told_by_its_name() {
        let mut notices = Notices::default();
        notices.add(
            vec![notice(1, What::NeedsYou(Reason::SignedOut))],
            Duration::ZERO,
        );
        let told = notices.due(Duration::from_secs(2)).unwrap();
        assert_eq!(told.body, "lab/m: sign in again.");
    }
}
