//! The budget against a server that counts.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::join_all;
use proptest::prelude::*;
use tokio::time::sleep;

use super::*;

/// A fixed window, counted and described as the Hub does.
struct Server {
    began: Instant,
    quota: u64,
    window: u64,
    now: Cell<(u64, u64)>,
    refused: Cell<u64>,
}

impl Server {
    fn new(quota: u64, window: u64, offset: Duration) -> Rc<Self> {
        Rc::new(Self {
            began: Instant::now() - offset,
            quota,
            window,
            now: Cell::default(),
            refused: Cell::default(),
        })
    }

    /// The status and headers of an answer.
    fn ask(&self) -> (u16, HeaderMap) {
        let passed = self.began.elapsed().as_millis() as u64;
        let number = passed / (self.window * 1000);
        let (counted, used) = self.now.get();
        let used = if counted == number { used } else { 0 };
        let is_refused = used == self.quota;
        let used = if is_refused { used } else { used + 1 };
        self.now.set((number, used));
        self.refused.set(self.refused.get() + u64::from(is_refused));
        let (q, w, r) = (self.quota, self.window, self.quota - used);
        let t = ((number + 1) * w * 1000 - passed) / 1000;
        let status = if is_refused { 429 } else { 200 };
        let limit = format!(r#""api";r={r};t={t}"#);
        let policy = format!(r#""fixed window";"api";q={q};w={w}"#);
        (
            status,
            headers(&[("ratelimit", &limit), ("ratelimit-policy", &policy)]),
        )
    }
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.insert(*name, value.parse().unwrap());
    }
    headers
}

async fn admit(budget: &Budget, path: &str, is_background: bool) -> Result<Permit, TooLong> {
    let endpoint = Endpoint::default();
    let url = Url::parse(&format!("{endpoint}{path}")).unwrap();
    budget.admit(&endpoint, &url, None, is_background).await
}

async fn api(budget: &Budget) -> Permit {
    admit(budget, "/api/models", false).await.unwrap()
}

/// Runs on a clock that jumps to whatever is waited for.
fn paused<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, test)
}

#[derive(Debug, Clone)]
struct Request {
    pause: u64,
    there: u64,
    back: u64,
    is_lost: bool,
}

prop_compose! {
    fn request()(pause in 0..4000u64, there in 0..1500u64, back in 0..1500u64, lost in 0..20u8)
        -> Request {
        Request { pause, there, back, is_lost: lost == 0 }
    }
}

/// One after the other; one that is given back is asked for again.
async fn work(budget: Budget, server: Rc<Server>, requests: Vec<Request>, is_background: bool) {
    for request in requests {
        sleep(Duration::from_millis(request.pause)).await;
        let permit = loop {
            match admit(&budget, "/api/models", is_background).await {
                Ok(permit) => break permit,
                Err(TooLong(after)) => sleep(after).await,
            }
        };
        sleep(Duration::from_millis(request.there)).await;
        let (status, headers) = server.ask();
        sleep(Duration::from_millis(request.back)).await;
        if !request.is_lost {
            permit.answered(status, &headers);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever the interleaving: nothing is refused, and everybody comes to an end.
    #[test]
    fn a_server_that_counts_never_has_to_refuse(
        quota in 4..40u64,
        window in 10..90u64,
        offset in 0..90_000u64,
        clients in prop::collection::vec(prop::collection::vec(request(), 1..25), 1..12),
    ) {
        paused(async move {
            let server = Server::new(quota, window, Duration::from_millis(offset));
            let budget = Budget::default();
            // Before the first answer nobody can know the quota.
            let (status, headers) = server.ask();
            api(&budget).await.answered(status, &headers);
            let total: u64 = clients.iter().map(|requests| requests.len() as u64).sum();
            let work = clients.into_iter().enumerate().map(|(n, requests)| {
                work(budget.clone(), Rc::clone(&server), requests, n % 3 == 2)
            });
            // What is kept back, in flight or lost uses up a part of each window; and each request
            // takes a while by itself.
            let windows = total / (quota / 4).max(1) + 3;
            let bound = Duration::from_secs(windows * (window + 5) + 25 * 10);
            timeout(bound, join_all(work)).await.expect("everybody comes to an end");
            assert_eq!(server.refused.get(), 0);
            assert_eq!(budget.waits().left(), None);
        });
    }
}

#[test]
fn all_are_let_through_in_the_order_of_coming() {
    paused(async {
        let server = Server::new(5, 30, Duration::ZERO);
        let budget = Budget::default();
        let order = RefCell::new(Vec::new());
        let ask = async |n: u32| {
            let permit = api(&budget).await;
            order.borrow_mut().push(n);
            let (status, headers) = server.ask();
            permit.answered(status, &headers);
        };
        join_all((0..10).map(ask)).await;
        assert_eq!(order.into_inner(), (0..10).collect::<Vec<_>>());
        assert_eq!(server.refused.get(), 0);
    });
}

#[test]
fn a_refusal_of_one_holds_back_all_and_says_so() {
    paused(async {
        let budget = Budget::default();
        let mut waits = budget.waits();
        let permit = api(&budget).await;
        permit.answered(429, &headers(&[("retry-after", "41")]));
        let start = Instant::now();
        let look = async {
            waits.changed().await;
            waits.left()
        };
        let (_, left) = tokio::join!(api(&budget), look);
        assert_eq!(left, Some(Duration::from_secs(42)));
        assert_eq!(start.elapsed().as_secs(), 42);
        assert_eq!(waits.left(), None, "nobody waits any more");
    });
}

#[test]
fn a_wait_beyond_patience_is_given_back_at_once_with_its_time() {
    paused(async {
        let budget = Budget::default();
        let permit = api(&budget).await;
        permit.answered(429, &headers(&[("ratelimit", r#""api";r=0;t=299"#)]));
        let start = Instant::now();
        let given_back = admit(&budget, "/api/models", false).await.err();
        assert_eq!(given_back, Some(TooLong(Duration::from_secs(300))));
        assert_eq!(start.elapsed(), Duration::ZERO);
    });
}

#[test]
fn classes_and_accounts_are_counted_apart() {
    paused(async {
        let budget = Budget::default();
        let permit = api(&budget).await;
        permit.answered(429, &headers(&[("retry-after", "30")]));
        let start = Instant::now();
        for path in ["/org/m/resolve/main/f", "/org/m"] {
            admit(&budget, path, false).await.unwrap();
        }
        let endpoint = Endpoint::default();
        let url = Url::parse("https://huggingface.co/api/models").unwrap();
        let token = Token::new("hf_other");
        budget
            .admit(&endpoint, &url, token.as_ref(), false)
            .await
            .unwrap();
        assert_eq!(start.elapsed(), Duration::ZERO);
    });
}

#[test]
fn work_in_the_background_leaves_a_tenth_to_people() {
    paused(async {
        let budget = Budget::default();
        let permit = api(&budget).await;
        let few = [
            ("ratelimit", r#""api";r=9;t=29"#),
            ("ratelimit-policy", r#""fixed window";"api";q=100;w=300"#),
        ];
        permit.answered(200, &headers(&few));
        let start = Instant::now();
        let mine = api(&budget).await;
        assert_eq!(start.elapsed(), Duration::ZERO);
        drop(mine);
        admit(&budget, "/api/models", true).await.unwrap();
        assert_eq!(start.elapsed().as_secs(), 30);
    });
}

#[test]
fn a_hub_that_does_not_speak_of_quotas_is_not_held_back() {
    paused(async {
        let budget = Budget::default();
        api(&budget).await.answered(200, &HeaderMap::new());
        let permits = join_all((0..200).map(|_| api(&budget))).await;
        assert_eq!(permits.len(), 200);
    });
}

#[test]
fn while_nothing_is_known_only_a_few_ask_but_nobody_waits_for_a_silent_hub() {
    paused(async {
        let budget = Budget::default();
        let start = Instant::now();
        let permits = join_all((0..8).map(|_| api(&budget))).await;
        assert_eq!(
            start.elapsed().as_secs(),
            1,
            "the second four after a second"
        );
        assert_eq!(permits.len(), 8);
    });
}

#[test]
fn the_queue_has_an_end() {
    paused(async {
        let budget = Budget::default();
        api(&budget)
            .await
            .answered(429, &headers(&[("retry-after", "9")]));
        let ask = || admit(&budget, "/api/models", false);
        let asked = join_all((0..MOST_WAITING + 5).map(|_| ask())).await;
        let given_back = asked.iter().filter(|result| result.is_err()).count();
        assert_eq!(given_back, 5);
    });
}

#[test]
fn accounts_that_are_not_used_any_more_are_forgotten() {
    paused(async {
        let (budget, endpoint) = (Budget::default(), Endpoint::default());
        let url = Url::parse("https://huggingface.co/api").unwrap();
        for n in 0..MOST_QUOTAS * 3 {
            let token = Token::new(&format!("hf_{n}"));
            let permit = budget.admit(&endpoint, &url, token.as_ref(), false).await;
            permit.unwrap().answered(200, &HeaderMap::new());
        }
        assert!(budget.0.quotas.lock().unwrap().len() <= MOST_QUOTAS);
    });
}
