//! A pull request that was opened by a run that could not note it any more.

use std::sync::{Arc, Mutex};

use futures_util::future::{BoxFuture, join};
use hubdesk_core::{CommitId, Token};
use hubdesk_hub::{
    Committed, Endpoint, Hub, Operation, Operations, Profile, Repo, Target, TokenSource,
};
use hubdesk_standin::{RepoSeed, StandIn};
use hubdesk_upload::{Ctx, Keep, Made, Onto, Opening, Outcome, Request, Uploaded};
use tokio::task::yield_now;

use crate::world::{PATIENCE, World, all_of, id, path};

const OTHERS: &str = "hf_noor";

/// Everything that was kept, in order.
#[derive(Default)]
struct All(Mutex<Vec<Made>>);

impl Keep for All {
    fn keep<'a>(&'a self, made: &'a Made) -> BoxFuture<'a, ()> {
        self.0.lock().unwrap().push(made.clone());
        Box::pin(std::future::ready(()))
    }
}

async fn world() -> (World, Request) {
    let seed = RepoSeed::model("mira/m").file("README.md", "# m\n");
    let builder = StandIn::builder().repo(seed).user("noor", OTHERS);
    let world = World::start(builder).await;
    world.write("x.txt", "x");
    let mut request = all_of(world.folder());
    request.onto = Onto::PullRequest;
    (world, request)
}

async fn run(world: &World, request: &Request, made: Made) -> (Uploaded, Vec<Made>) {
    let keep = Arc::new(All::default());
    let ctx = Ctx {
        made,
        keep: Some(keep.clone()),
        ..Ctx::default()
    };
    let Outcome::Done(uploaded) = world.run(request, &ctx).await.unwrap() else {
        panic!("nobody stopped it");
    };
    let kept = keep.0.lock().unwrap().clone();
    (uploaded, kept)
}

/// What a run has left that was stopped before it heard of the first pull request of all.
fn about_to_open(base: &CommitId) -> Made {
    let base = base.clone();
    Made {
        opening: Some(Opening { base, after: 0 }),
        ..Made::default()
    }
}

/// Opens a pull request that is called what `request` says.
async fn open(repo: &Repo, base: &CommitId, request: &Request, content: &'static str) -> Committed {
    let mut operations = Operations::new();
    let (path, content) = (path("x.txt"), content.into());
    let put = Operation::Put { path, content };
    operations.push(put).unwrap();
    let base = base.clone();
    let target = Target::PullRequest { base };
    let opened = repo.commit(&target, &request.message, &operations).await;
    opened.unwrap()
}

async fn pull_requests(world: &World) -> usize {
    world.repo().refs().await.unwrap().pull_requests.len()
}

#[tokio::test]
async fn it_is_found_and_gone_on_with_instead_of_opening_another() {
    let (world, request) = world().await;
    let (first, kept) = run(&world, &request, Made::default()).await;
    let before_it_was_noted = kept[0].clone();
    assert!(before_it_was_noted.opening.is_some() && before_it_was_noted.commits.is_empty());
    assert_eq!(kept.last().unwrap().opening, None);

    world.write("more.txt", "more");
    let (second, kept) = run(&world, &request, before_it_was_noted.clone()).await;
    assert_eq!(second.pull_request, first.pull_request);
    assert_eq!(second.base, first.base);
    assert_eq!(second.commits[0], first.commits[0]);
    assert_eq!(second.commits.len(), 2);
    assert_eq!(kept.last().unwrap().opening, None);
    assert_eq!(pull_requests(&world).await, 1);

    // There is nothing to add, and it is noted all the same.
    let (third, kept) = run(&world, &request, kept.last().unwrap().clone()).await;
    assert_eq!(third.commits, second.commits);
    assert_eq!(kept, []);
}

#[tokio::test]
async fn it_is_noted_even_when_there_is_nothing_to_add() {
    let (world, request) = world().await;
    let (first, kept) = run(&world, &request, Made::default()).await;
    let (second, kept) = run(&world, &request, kept[0].clone()).await;
    assert_eq!(second.commits, first.commits);
    assert_eq!(kept.last().unwrap().pull_request, first.pull_request);
    assert_eq!(pull_requests(&world).await, 1);
}

#[tokio::test]
async fn it_is_waited_for_while_the_hub_may_still_be_opening_it() {
    let (mut world, request) = world().await;
    world.parts.tuning.opening_patience = PATIENCE;
    let base = world.head().await;
    let opened_late = async {
        while world.asked("/refs") == 0 {
            yield_now().await;
        }
        open(&world.repo(), &base, &request, "x").await
    };
    let made = about_to_open(&base);
    let (opened, (found, _)) = join(opened_late, run(&world, &request, made)).await;
    assert_eq!(found.pull_request, opened.pull_request);
    assert_eq!(pull_requests(&world).await, 1);
}

#[tokio::test]
async fn one_of_somebody_else_is_none_of_ours_although_it_is_called_the_same() {
    let (world, request) = world().await;
    let base = world.head().await;
    let tokens: Arc<dyn TokenSource> = Arc::new(Token::new(OTHERS));
    let endpoint = Endpoint::parse(&world.hub.endpoint()).unwrap();
    let others = Hub::new(endpoint, tokens, Profile::default()).unwrap();
    let theirs = open(&others.repo(&id()), &base, &request, "theirs").await;
    let (ours, _) = run(&world, &request, about_to_open(&base)).await;
    assert!(ours.pull_request.is_some());
    assert_ne!(ours.pull_request, theirs.pull_request);
    assert_eq!(pull_requests(&world).await, 2);
}
