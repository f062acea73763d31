use std::num::NonZeroU64;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// The longest sleep before a waiting transfer looks again: others may have gone meanwhile, and
/// their part is free.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// What may be made up for of time in which nobody asked, in seconds: timers are only so exact, and
/// without it a fast limit would be missed by what they oversleep.
const MADE_UP_S: f64 = 0.05;

/// How urgent work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Class {
    /// A person looks at it and waits.
    Interactive,
    /// A person has asked for it.
    #[default]
    Normal,
    /// Nobody has asked for it just now.
    Background,
}

impl Class {
    /// Every class, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Interactive, Self::Normal, Self::Background];

    /// Parts of the bandwidth, when several classes want more than there is.
    fn weight(self) -> f64 {
        match self {
            Self::Interactive => 8.0,
            Self::Normal => 4.0,
            Self::Background => 1.0,
        }
    }
}

/// A bound on the bytes per second of one direction. Clones share it.
///
/// Bytes are asked for before they are moved, in pieces. Within a class they are granted in the
/// order they were asked for. Classes that want more than there is share by their weight; what one
/// does not use is the others'. Nothing is saved up while nobody asks, so there are no bursts
/// beyond one piece and a twentieth of a second.
#[derive(Debug, Clone, Default)]
pub struct Limiter(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    bytes_per_second: Option<NonZeroU64>,
    /// Until when bytes have been handed out.
    as_of: Option<Instant>,
    /// Bytes that nobody has asked for yet.
    spare: f64,
    lanes: [Lane; 3],
}

/// What a class has asked for and got since the beginning, in bytes.
#[derive(Debug, Default, Clone, Copy)]
struct Lane {
    asked: f64,
    granted: f64,
}

impl Limiter {
    /// A limit; `None` is none.
    pub fn new(bytes_per_second: Option<NonZeroU64>) -> Self {
        let limiter = Self::default();
        limiter.lock().bytes_per_second = bytes_per_second;
        limiter
    }

    /// Changes the limit at once, also for those who wait.
    pub fn set(&self, bytes_per_second: Option<NonZeroU64>) {
        let mut state = self.lock();
        state.hand_out(Instant::now());
        state.bytes_per_second = bytes_per_second;
        drop(state);
        self.0.changed.notify_waiters();
    }

    /// Waits until `bytes` may be moved for `class`. Being dropped does no harm, but bytes that were
    /// asked for are taken from the class all the same, so ask in pieces.
    pub async fn acquire(&self, bytes: u64, class: Class) {
        let turn = {
            let mut state = self.lock();
            state.hand_out(Instant::now());
            let lane = &mut state.lanes[class as usize];
            let turn = lane.asked;
            lane.asked += bytes as f64;
            turn
        };
        loop {
            // Before the look, so that a change between it and the wait is not missed.
            let changed = self.0.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let Some(pause) = self.lock().pause(turn, class, Instant::now()) else {
                return;
            };
            tokio::select! {
                () = &mut changed => {}
                () = tokio::time::sleep(pause.min(LOOK_AGAIN)) => {}
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        let state = self.0.state.lock();
        state.expect("nothing panics while it holds this lock")
    }
}

impl State {
    /// How long until all that was asked for before `turn` has been granted; `None` if it has.
    fn pause(&mut self, turn: f64, class: Class, now: Instant) -> Option<Duration> {
        self.hand_out(now);
        let rate = self.bytes_per_second?.get() as f64;
        let left = turn - self.lanes[class as usize].granted;
        // Less than a byte is an error of rounding.
        if left < 1.0 {
            return None;
        }
        let share = class.weight() / self.weight_of_waiting();
        Some(Duration::try_from_secs_f64(left / (rate * share)).unwrap_or(LOOK_AGAIN))
    }

    /// Grants what the time since the last look allows: to the classes that wait, by their weight,
    /// and what one of them does not need to the others.
    fn hand_out(&mut self, now: Instant) {
        let since = self.as_of.replace(now).map(|then| now - then);
        let Some(rate) = self.bytes_per_second else {
            for lane in &mut self.lanes {
                lane.granted = lane.asked;
            }
            self.spare = 0.0;
            return;
        };
        let rate = rate.get() as f64;
        let mut bytes = self.spare + rate * since.unwrap_or_default().as_secs_f64();
        for _round in Class::ALL {
            let weights = self.weight_of_waiting();
            if bytes <= 0.0 || weights <= 0.0 {
                break;
            }
            let (part, mut rest) = (bytes / weights, 0.0);
            for (lane, class) in self.lanes.iter_mut().zip(Class::ALL) {
                if lane.waits() {
                    let share = part * class.weight();
                    let used = share.min(lane.asked - lane.granted);
                    lane.granted += used;
                    rest += share - used;
                }
            }
            bytes = rest;
        }
        self.spare = bytes.min(rate * MADE_UP_S);
    }

    fn weight_of_waiting(&self) -> f64 {
        let lanes = self.lanes.iter().zip(Class::ALL);
        let waiting = lanes.filter(|(lane, _)| lane.waits());
        waiting.map(|(_, class)| class.weight()).sum()
    }
}

impl Lane {
    fn waits(&self) -> bool {
        self.asked > self.granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(bytes_per_second: u64) -> Option<NonZeroU64> {
        NonZeroU64::new(bytes_per_second)
    }

    /// Moves `bytes` in pieces of 1,000 and says how long it took.
    async fn take(limiter: Limiter, bytes: u64, class: Class) -> f64 {
        let start = Instant::now();
        for _ in 0..bytes / 1000 {
            limiter.acquire(1000, class).await;
        }
        start.elapsed().as_secs_f64()
    }

    fn about(seconds: f64, expected: f64) {
        let off = (seconds - expected).abs();
        assert!(
            off <= 0.1 * expected + 0.05,
            "{seconds} s, not {expected} s"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_limit_nothing_waits() {
        let seconds = take(Limiter::default(), 1_000_000, Class::Normal).await;
        assert_eq!(seconds, 0.0);
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_are_granted_at_the_rate_however_many_ask() {
        let limiter = Limiter::new(rate(100_000));
        let takers = (0..10).map(|_| take(limiter.clone(), 100_000, Class::Normal));
        let all: Vec<_> = takers.map(tokio::spawn).collect();
        for taker in all {
            about(taker.await.unwrap(), 10.0);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_fast_limit_is_reached_although_timers_are_coarse() {
        let limiter = Limiter::new(rate(10_000_000));
        about(take(limiter, 10_000_000, Class::Normal).await, 1.0);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_saved_up_while_nobody_asks() {
        let limiter = Limiter::new(rate(1000));
        take(limiter.clone(), 2000, Class::Normal).await;
        tokio::time::advance(Duration::from_secs(3600)).await;
        about(take(limiter, 11_000, Class::Normal).await, 10.0);
    }

    #[tokio::test(start_paused = true)]
    async fn classes_share_by_weight_and_the_rest_is_for_whoever_still_asks() {
        let limiter = Limiter::new(rate(90_000));
        let first = tokio::spawn(take(limiter.clone(), 800_000, Class::Interactive));
        let last = tokio::spawn(take(limiter, 190_000, Class::Background));
        // 80,000 and 10,000 a second for ten seconds; then one more at full rate.
        about(first.await.unwrap(), 10.0);
        about(last.await.unwrap(), 11.0);
    }

    #[tokio::test(start_paused = true)]
    async fn background_alone_gets_all_there_is() {
        let limiter = Limiter::new(rate(50_000));
        about(take(limiter, 500_000, Class::Background).await, 10.0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_reaches_those_who_wait() {
        let limiter = Limiter::new(rate(1));
        let waiting = tokio::spawn(take(limiter.clone(), 100_000, Class::Normal));
        tokio::time::sleep(Duration::from_secs(5)).await;
        limiter.set(rate(100_000));
        about(waiting.await.unwrap(), 6.0);
        let waiting = tokio::spawn(take(limiter.clone(), 1_000_000, Class::Normal));
        tokio::time::sleep(Duration::from_secs(1)).await;
        limiter.set(None);
        about(waiting.await.unwrap(), 1.0);
    }

    #[tokio::test(start_paused = true)]
    async fn somebody_who_goes_away_while_waiting_holds_nobody_up_for_long() {
        let limiter = Limiter::new(rate(1000));
        limiter.acquire(1000, Class::Normal).await;
        let gone = tokio::spawn(take(limiter.clone(), 1000, Class::Normal));
        tokio::task::yield_now().await;
        gone.abort();
        about(take(limiter, 2000, Class::Normal).await, 3.0);
    }
}
