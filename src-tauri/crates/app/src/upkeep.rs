//! What the queue has to be told from outside, without anybody doing anything: limits by the clock,
//! a way to the Hub, somebody who has signed in, a machine that has slept.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use hubdesk_transfers::{Limits, Reason, State};

use crate::App;
use crate::api::AccountId;
use crate::app::WeakApp;
use crate::gate::AccessLooks;
use crate::queue::limits;

/// Time between two looks at the clock: nobody should wait long for what a sleep has broken.
const PERIOD: Duration = Duration::from_secs(2);
/// Looks at the clock between two looks at everything else: a schedule is by the minute.
const LOOKS: u32 = 10;
/// When the time of day has gone on by so much more than the time that was waited, the machine has
/// slept, longer than connections endure.
const NAP: Duration = Duration::from_secs(30);

impl App {
    /// The limits that hold now.
    pub(crate) fn limits_now(&self) -> Limits {
        let settings = self.settings().get().transfers;
        limits(&settings, self.wall(self.clock().now()))
    }

    /// Lets the limits hold that are set, or that the time has come for.
    pub(crate) async fn apply_limits(&self) {
        let wanted = self.limits_now();
        let Some(transfers) = self.queue().if_open() else {
            return;
        };
        let held = transfers.watch().borrow().limits;
        if held != wanted
            && let Err(error) = transfers.set_limits(wanted).await
        {
            tracing::info!(%error, "the limits do not reach the queue");
        }
    }

    /// There is a way to the Hub: what waited for it goes on.
    pub(crate) async fn is_online_again(&self) {
        if let Some(transfers) = self.queue().if_open() {
            // An error says that the program ends.
            let _ = transfers.online().await;
        }
    }

    /// Tells the queue of everybody who has a new token.
    async fn tell_sign_ins(&self) {
        let fresh = self.accounts().take_fresh();
        let Ok(transfers) = self.queue().transfers().await else {
            return;
        };
        for entry in fresh.iter().filter_map(|id| self.accounts().entry(id)) {
            let (endpoint, name) = (entry.endpoint.to_string(), &entry.record.facts.name);
            // An error says that the program ends.
            let _ = transfers.signed_in(&endpoint, name).await;
        }
    }

    /// Tries to renew the tokens for which transfers wait: nobody else may ask for anything
    /// meanwhile. How often the Hub is asked is decided where tokens are.
    async fn renew_what_is_waited_for(&self) {
        let Some(board) = self.queue_board() else {
            return;
        };
        let waiting = board.transfers.values().filter_map(|row| {
            let is_waiting = row.state == State::Blocked(Reason::SignedOut);
            let (endpoint, name) = row.request.as_ref().ok()?.account()?;
            is_waiting.then(|| format!("{name}@{endpoint}"))
        });
        let waiting: BTreeSet<AccountId> = waiting.collect();
        for entry in waiting.iter().filter_map(|id| self.accounts().entry(id)) {
            entry.tokens.try_to_renew().await;
        }
    }

    /// The machine has slept: connections are gone, and so may be what was in the way. New ones are
    /// made at once, rather than one time-out after the other.
    async fn has_slept(&self) {
        tracing::info!("the machine has slept");
        let profile = self.profile();
        self.connection().put(profile.clone());
        if let Err(error) = self.sessions().reprofile(profile) {
            tracing::info!(%error, "the Hub that is open keeps its connections");
        }
        if let Some(transfers) = self.queue().if_open() {
            // An error says that the program ends.
            let _ = transfers.woke().await;
        }
    }
}

/// Keeps the queue going until the program ends. Holds the program only while it does something.
pub(crate) async fn keep_up(weak: WeakApp) {
    let news = weak
        .upgrade()
        .map(|app| (app.accounts().fresh(), app.asked().focus()));
    let Some((fresh, mut focus)) = news else {
        return;
    };
    let mut last: Option<SystemTime> = None;
    let mut access = AccessLooks::default();
    let mut looks = (0..LOOKS).cycle();
    loop {
        let news = tokio::select! {
            () = fresh.notified() => News::SignIn,
            Ok(()) = focus.changed() => News::Focus,
            () = tokio::time::sleep(PERIOD) => News::Time,
        };
        let Some(app) = weak.upgrade() else { return };
        match news {
            News::SignIn => app.tell_sign_ins().await,
            News::Focus => access.want(),
            News::Time => {
                let now = app.clock().now();
                let has_slept = last.replace(now).is_some_and(|last| is_nap(last, now));
                if has_slept {
                    app.has_slept().await;
                }
                if has_slept || looks.next() == Some(0) {
                    app.apply_limits().await;
                    app.renew_what_is_waited_for().await;
                }
            }
        }
        access.look_if_due(&app);
    }
}

/// Why there is something to do.
enum News {
    /// Somebody has a new token.
    SignIn,
    /// The window is looked at again.
    Focus,
    /// It was time.
    Time,
}

/// Whether more has passed between two looks than a clock that stands still in sleep has waited.
/// One that was set does no harm: what waits is looked at once more.
fn is_nap(last: SystemTime, now: SystemTime) -> bool {
    now.duration_since(last)
        .is_ok_and(|passed| passed > PERIOD + NAP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_has_slept_is_told_from_one_that_was_busy() {
        let last = SystemTime::UNIX_EPOCH;
        assert!(!is_nap(last, last + PERIOD));
        assert!(!is_nap(last, last + PERIOD + NAP));
        assert!(is_nap(last, last + Duration::from_secs(3600)));
        assert!(!is_nap(last + PERIOD, last), "a clock that was set back");
    }
}
