use tokio::sync::watch;

use crate::{Class, Limiter};

/// A [`Limiter`] as one job uses it: as urgent as the job is at the moment. Clones share both.
#[derive(Debug, Clone)]
pub struct Share {
    limiter: Limiter,
    class: watch::Sender<Class>,
}

impl Share {
    /// What a job of `class` may take of `limiter`.
    pub fn new(limiter: Limiter, class: Class) -> Self {
        Self {
            limiter,
            class: watch::Sender::new(class),
        }
    }

    /// How urgent the job is.
    pub fn class(&self) -> Class {
        *self.class.borrow()
    }

    /// Changes it at once, also for what waits.
    pub fn set_class(&self, class: Class) {
        self.class.send_if_modified(|now| {
            let is_new = *now != class;
            *now = class;
            is_new
        });
    }

    /// Waits until `bytes` may be moved. What waits while the class changes asks again in the new
    /// one; of the old one it takes its bytes all the same, so ask in pieces.
    pub async fn acquire(&self, bytes: u64) {
        let mut class = self.class.subscribe();
        loop {
            let now = *class.borrow_and_update();
            tokio::select! {
                biased;
                () = self.limiter.acquire(bytes, now) => return,
                Ok(()) = class.changed() => {}
            }
        }
    }
}

impl Default for Share {
    fn default() -> Self {
        Self::new(Limiter::default(), Class::default())
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;
    use std::time::Duration;

    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_waits_in_a_class_that_gets_little_goes_on_at_once_in_one_that_gets_more() {
        let limiter = Limiter::new(NonZeroU64::new(9_000));
        let busy = Share::new(limiter.clone(), Class::Interactive);
        let takes_all = tokio::spawn(async move {
            loop {
                busy.acquire(1000).await;
            }
        });
        let share = Share::new(limiter, Class::Background);
        share.acquire(10_000).await;
        let (waiting, start) = (share.clone(), Instant::now());
        // What was granted before is paid for now: ten seconds in this class, not one in the other.
        let waits = tokio::spawn(async move { waiting.acquire(1000).await });
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(!waits.is_finished());
        share.set_class(Class::Interactive);
        waits.await.unwrap();
        assert!(
            start.elapsed() < Duration::from_secs(3),
            "{:?}",
            start.elapsed()
        );
        assert_eq!(share.class(), Class::Interactive);
        takes_all.abort();
    }
}
