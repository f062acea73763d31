//! Who goes next, as pure functions of what there is.

use std::num::{NonZeroU32, NonZeroU64};

use hubdesk_core::Class;

use crate::TransferId;

/// Which way most bytes of a transfer go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// From the Hub.
    Down,
    /// To the Hub.
    Up,
}

/// How much may be done at once. Changing them takes effect at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Transfers at work.
    pub at_once: NonZeroU32,
    /// What those from the Hub may have of that.
    pub down: Lane,
    /// What those to the Hub may have of that.
    pub up: Lane,
}

/// What one direction may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lane {
    /// Transfers at work; 0 stops the direction.
    pub at_once: u32,
    /// Bandwidth; `None` is all there is.
    pub bytes_per_second: Option<NonZeroU64>,
}

impl Default for Limits {
    /// Three at once: one transfer uses a link well by itself, and a few keep it in use while
    /// another of them lists, verifies or waits.
    fn default() -> Self {
        let at_once = NonZeroU32::new(3).expect("three is not zero");
        let lane = Lane {
            at_once: at_once.get(),
            bytes_per_second: None,
        };
        Self {
            at_once,
            down: lane,
            up: lane,
        }
    }
}

impl Limits {
    pub(crate) fn lane(&self, direction: Direction) -> Lane {
        match direction {
            Direction::Down => self.down,
            Direction::Up => self.up,
        }
    }
}

/// A transfer as the choice sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Its id, which decides between equal ranks.
    pub id: TransferId,
    /// How urgent.
    pub class: Class,
    /// Its place within the class; the smallest first.
    pub rank: i64,
    /// Which way.
    pub direction: Direction,
    /// Whether it may begin: it is queued, and can be run by this program.
    pub is_ready: bool,
    /// Whether its state is that it runs.
    pub is_running: bool,
    /// Whether something of it is at work. One that was stopped still is, for a moment.
    pub is_at_work: bool,
}

impl Candidate {
    fn order(&self) -> (Class, i64, TransferId) {
        (self.class, self.rank, self.id)
    }
}

/// Places taken, in all and by direction.
#[derive(Default)]
struct Places {
    all: u32,
    down: u32,
    up: u32,
}

impl Places {
    fn of(&mut self, direction: Direction) -> &mut u32 {
        match direction {
            Direction::Down => &mut self.down,
            Direction::Up => &mut self.up,
        }
    }

    /// Takes a place if there is one.
    fn take(&mut self, direction: Direction, limits: &Limits) -> bool {
        let has_room =
            self.all < limits.at_once.get() && *self.of(direction) < limits.lane(direction).at_once;
        if has_room {
            self.all += 1;
            *self.of(direction) += 1;
        }
        has_room
    }
}

/// Those that begin now, in order: by class, then by rank. What has begun is not interrupted for
/// something more urgent. A direction without room does not hold the other one up.
pub fn pick(candidates: &[Candidate], limits: &Limits) -> Vec<TransferId> {
    let mut places = Places::default();
    for at_work in candidates.iter().filter(|c| c.is_at_work || c.is_running) {
        places.all += 1;
        *places.of(at_work.direction) += 1;
    }
    // A second run of the same transfer waits for the first to end.
    let mut ready: Vec<&Candidate> = candidates
        .iter()
        .filter(|c| c.is_ready && !c.is_at_work && !c.is_running)
        .collect();
    ready.sort_by_key(|c| c.order());
    ready.retain(|c| places.take(c.direction, limits));
    ready.into_iter().map(|c| c.id).collect()
}

/// Those that run and have to give their place up, because fewer may run than do: the least urgent
/// ones.
pub fn surplus(candidates: &[Candidate], limits: &Limits) -> Vec<TransferId> {
    let mut places = Places::default();
    let mut running: Vec<&Candidate> = candidates.iter().filter(|c| c.is_running).collect();
    running.sort_by_key(|c| c.order());
    running.retain(|c| !places.take(c.direction, limits));
    running.into_iter().map(|c| c.id).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn limits(at_once: u32, down: u32, up: u32) -> Limits {
        let lane = |at_once| Lane {
            at_once,
            bytes_per_second: None,
        };
        Limits {
            at_once: NonZeroU32::new(at_once).unwrap(),
            down: lane(down),
            up: lane(up),
        }
    }

    fn ready(id: i64, class: Class, rank: i64, direction: Direction) -> Candidate {
        Candidate {
            id: TransferId::new(id),
            class,
            rank,
            direction,
            is_ready: true,
            is_running: false,
            is_at_work: false,
        }
    }

    fn ids(ids: &[i64]) -> Vec<TransferId> {
        ids.iter().copied().map(TransferId::new).collect()
    }

    #[test]
    fn the_class_comes_first_then_the_rank_then_who_came_first() {
        let all = [
            ready(1, Class::Background, 0, Direction::Down),
            ready(2, Class::Normal, 9, Direction::Down),
            ready(3, Class::Normal, 5, Direction::Down),
            ready(4, Class::Normal, 5, Direction::Down),
            ready(5, Class::Interactive, 99, Direction::Down),
        ];
        assert_eq!(pick(&all, &limits(4, 4, 4)), ids(&[5, 3, 4, 2]));
    }

    #[test]
    fn a_full_direction_does_not_hold_the_other_one_up() {
        let all = [
            ready(1, Class::Normal, 1, Direction::Up),
            ready(2, Class::Normal, 2, Direction::Up),
            ready(3, Class::Normal, 3, Direction::Down),
        ];
        assert_eq!(pick(&all, &limits(9, 9, 1)), ids(&[1, 3]));
    }

    #[test]
    fn one_that_still_ends_keeps_its_place_and_is_not_begun_a_second_time() {
        let mut ending = ready(1, Class::Normal, 1, Direction::Down);
        ending.is_at_work = true;
        let all = [ending, ready(2, Class::Normal, 2, Direction::Down)];
        assert_eq!(pick(&all, &limits(1, 1, 1)), ids(&[]));
        assert_eq!(pick(&all, &limits(2, 2, 2)), ids(&[2]));
    }

    #[test]
    fn with_fewer_places_the_least_urgent_go() {
        let running = |mut c: Candidate| {
            (c.is_ready, c.is_running, c.is_at_work) = (false, true, true);
            c
        };
        let all = [
            running(ready(1, Class::Background, 0, Direction::Down)),
            running(ready(2, Class::Normal, 1, Direction::Down)),
            running(ready(3, Class::Normal, 0, Direction::Down)),
        ];
        assert_eq!(surplus(&all, &limits(3, 3, 3)), ids(&[]));
        assert_eq!(surplus(&all, &limits(1, 3, 3)), ids(&[2, 1]));
        assert_eq!(surplus(&all, &limits(3, 0, 3)), ids(&[3, 2, 1]));
    }

    fn candidate() -> impl Strategy<Value = Candidate> {
        let class = prop::sample::select(Class::ALL.to_vec());
        let direction = prop::sample::select(vec![Direction::Down, Direction::Up]);
        (class, 0..5i64, direction, 0..4u8).prop_map(|(class, rank, direction, kind)| Candidate {
            is_ready: kind <= 1,
            is_running: kind == 2,
            is_at_work: kind == 1 || kind == 2,
            ..ready(0, class, rank, direction)
        })
    }

    fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
        prop::collection::vec(candidate(), 0..24).prop_map(|mut all| {
            for (id, candidate) in all.iter_mut().enumerate() {
                candidate.id = TransferId::new(id as i64);
            }
            all
        })
    }

    fn some_limits() -> impl Strategy<Value = Limits> {
        (1..6u32, 0..5u32, 0..5u32).prop_map(|(all, down, up)| limits(all, down, up))
    }

    proptest! {
        #[test]
        fn never_more_than_allowed_begin(all in candidates(), limits in some_limits()) {
            let picked: BTreeSet<_> = pick(&all, &limits).into_iter().collect();
            let is_busy = |c: &&Candidate| c.is_at_work || c.is_running || picked.contains(&c.id);
            let busy = all.iter().filter(is_busy).count();
            let before = all.iter().filter(|c| c.is_at_work || c.is_running).count();
            prop_assert!(picked.is_empty() || busy <= limits.at_once.get() as usize);
            prop_assert_eq!(busy, before + picked.len(), "only what is idle begins");
            for direction in [Direction::Down, Direction::Up] {
                let of = |c: &&Candidate| c.direction == direction;
                let begun = all.iter().filter(of).filter(|c| picked.contains(&c.id)).count();
                let busy = all.iter().filter(of).filter(is_busy).count();
                prop_assert!(begun == 0 || busy <= limits.lane(direction).at_once as usize);
            }
        }

        #[test]
        fn only_what_is_ready_begins_and_nothing_that_could_is_left(
            all in candidates(), limits in some_limits()
        ) {
            let picked = pick(&all, &limits);
            let mut after = all.clone();
            for candidate in &mut after {
                if picked.contains(&candidate.id) {
                    prop_assert!(candidate.is_ready);
                    (candidate.is_ready, candidate.is_running) = (false, true);
                }
            }
            prop_assert_eq!(pick(&after, &limits), vec![]);
        }

        #[test]
        fn nobody_is_overtaken_in_its_direction(all in candidates(), limits in some_limits()) {
            let picked = pick(&all, &limits);
            let idle = |c: &&Candidate| c.is_ready && !c.is_at_work && !c.is_running;
            for left in all.iter().filter(idle).filter(|c| !picked.contains(&c.id)) {
                for begun in all.iter().filter(|c| picked.contains(&c.id)) {
                    prop_assert!(begun.direction != left.direction || begun.order() < left.order());
                }
            }
        }

        #[test]
        fn the_order_in_the_list_does_not_matter(
            (all, mixed) in candidates().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
            limits in some_limits()
        ) {
            prop_assert_eq!(pick(&all, &limits), pick(&mixed, &limits));
            prop_assert_eq!(surplus(&all, &limits), surplus(&mixed, &limits));
        }

        #[test]
        fn everyone_has_a_turn_in_order_when_those_before_have_ended(mut all in candidates()) {
            for candidate in &mut all {
                (candidate.is_ready, candidate.is_running, candidate.is_at_work) = (true, false, false);
            }
            let mut expected: Vec<_> = all.iter().map(|c| (c.order(), c.id)).collect();
            expected.sort_unstable();
            let mut turns = vec![];
            while let Some(&first) = pick(&all, &limits(1, 1, 1)).first() {
                turns.push(first);
                all.retain(|c| c.id != first);
            }
            let expected: Vec<_> = expected.into_iter().map(|(_, id)| id).collect();
            prop_assert_eq!(turns, expected);
        }

        #[test]
        fn giving_places_up_leaves_no_more_than_allowed(all in candidates(), limits in some_limits()) {
            let gone = surplus(&all, &limits);
            let left: Vec<_> = all.iter().filter(|c| c.is_running && !gone.contains(&c.id)).collect();
            prop_assert!(left.len() <= limits.at_once.get() as usize);
            for direction in [Direction::Down, Direction::Up] {
                let of = left.iter().filter(|c| c.direction == direction).count();
                prop_assert!(of <= limits.lane(direction).at_once as usize);
            }
        }
    }
}
