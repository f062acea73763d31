//! Taking back what an upload did.

use std::collections::BTreeMap;

use hubdesk_core::Revision;
use hubdesk_hub::Message;
use hubdesk_standin::{Change, Content, Effect, Fault, RepoSeed, Route, StandIn};
use hubdesk_upload::{
    Ctx, Error, LeftAlone, Onto, Outcome, Request, Undo, UndoPlan, Uploaded, WhyLeft, plan_undo,
    run_undo,
};

use crate::world::{World, all_of, id, path};

/// Long enough that bytes of it would be seen.
const LARGE: u64 = 3 << 20;

async fn world() -> World {
    let seed = RepoSeed::model("mira/m")
        .file("README.md", "# m\n")
        .file("a.txt", "a")
        .file("gone/b.txt", "b")
        .large("w.bin", Content::random(1, LARGE));
    World::start(StandIn::builder().repo(seed)).await
}

/// Changes two files, adds one, and removes one.
fn change(world: &World) -> Request {
    world.write("a.txt", "changed");
    world.write("new.txt", "n");
    world.write("w.bin", [&[0], &[7; 2 << 20][..]].concat());
    let mut request = all_of(world.folder());
    request.remove = Some(hubdesk_upload::Removal {
        below: None,
        patterns: vec![hubdesk_core::Pattern::new("gone/*").unwrap()],
    });
    request
}

fn message() -> Message {
    Message {
        title: "Undo".to_owned(),
        description: String::new(),
    }
}

impl World {
    async fn plan(&self, undo: &Undo) -> UndoPlan {
        plan_undo(undo, &self.parts.hub).await.unwrap()
    }

    async fn try_undo(&self, undo: &Undo, plan: &UndoPlan) -> Result<Outcome, Error> {
        let ctx = Ctx::default();
        run_undo(undo, plan, &self.parts.hub, &ctx.cancel, &ctx.progress).await
    }

    async fn undo(&self, undo: &Undo, plan: &UndoPlan) -> Uploaded {
        match self.try_undo(undo, plan).await.unwrap() {
            Outcome::Done(uploaded) => uploaded,
            Outcome::Cancelled => panic!("nobody stopped it"),
        }
    }

    fn others_write(&self, file: &str, content: &'static str) {
        let change = [Change::file(file, content)];
        self.hub.hub().commit(&id(), "main", "Theirs", change);
    }
}

#[tokio::test]
async fn an_upload_that_is_taken_back_leaves_the_tree_that_was() {
    let world = world().await;
    let before = world.files("main").await;
    let request = change(&world);
    let uploaded = world.upload(&request).await;
    assert_ne!(world.files("main").await, before);
    let undo = Undo::of(&id(), &request.onto, &uploaded, message());
    world.hub.log().clear();
    let plan = world.plan(&undo).await;
    assert_eq!((plan.restored(), plan.removed()), (3, 1));
    assert_eq!(plan.bytes_fetched(), 2);
    assert_eq!((plan.left_alone.len(), plan.as_before), (0, 0));
    assert_eq!(plan.head, uploaded.head, "looking changes nothing");
    let undone = world.undo(&undo, &plan).await;
    assert_eq!(undone.commits.len(), 1);
    assert_eq!(
        world.hub.log().body_bytes_of("w.bin"),
        0,
        "nothing large moves"
    );
    assert_eq!(world.files("main").await, before);
    assert_eq!(world.titles("main").await[0], "Undo");
}

#[tokio::test]
async fn the_second_time_there_is_nothing_to_do_and_no_commit() {
    let world = world().await;
    let request = change(&world);
    let uploaded = world.upload(&request).await;
    let undo = Undo::of(&id(), &request.onto, &uploaded, message());
    let plan = world.plan(&undo).await;
    let undone = world.undo(&undo, &plan).await;
    // The same plan again finds everything done.
    let again = world.undo(&undo, &plan).await;
    assert_eq!(again.commits, []);
    let plan = world.plan(&undo).await;
    assert_eq!((plan.edits.len(), plan.as_before), (0, 4));
    world.undo(&undo, &plan).await;
    assert_eq!(world.head().await, undone.head);
}

#[tokio::test]
async fn what_was_taken_back_can_be_brought_back() {
    let world = world().await;
    let request = change(&world);
    let uploaded = world.upload(&request).await;
    let ours = world.files("main").await;
    let undo = Undo::of(&id(), &request.onto, &uploaded, message());
    let plan = world.plan(&undo).await;
    let undone = world.undo(&undo, &plan).await;
    let redo = Undo::of(&id(), &request.onto, &undone, message());
    let plan = world.plan(&redo).await;
    world.undo(&redo, &plan).await;
    assert_eq!(world.files("main").await, ours);
}

#[tokio::test]
async fn what_others_have_changed_since_is_left_and_named() {
    let world = world().await;
    let before = world.files("main").await;
    let request = change(&world);
    let uploaded = world.upload(&request).await;
    world.others_write("a.txt", "theirs");
    world.others_write("theirs.txt", "t");
    let undo = Undo::of(&id(), &request.onto, &uploaded, message());
    let plan = world.plan(&undo).await;
    let left = LeftAlone {
        path: path("a.txt"),
        why: WhyLeft::ChangedSince,
    };
    assert_eq!(plan.left_alone, [left]);
    world.undo(&undo, &plan).await;
    let mut expected = before;
    expected.insert("a.txt".to_owned(), b"theirs".to_vec());
    expected.insert("theirs.txt".to_owned(), b"t".to_vec());
    assert_eq!(world.files("main").await, expected);
}

#[tokio::test]
async fn what_others_change_after_the_plan_is_followed_or_stops_it() {
    let world = world().await;
    let request = change(&world);
    let uploaded = world.upload(&request).await;
    let undo = Undo::of(&id(), &request.onto, &uploaded, message());
    let plan = world.plan(&undo).await;
    world.others_write("theirs.txt", "t");
    world.others_write("a.txt", "theirs");
    let head = world.head().await;
    let end = world.try_undo(&undo, &plan).await;
    let Err(Error::Overlap { paths, .. }) = end else {
        panic!("{end:?}");
    };
    assert_eq!(paths, [path("a.txt")]);
    assert_eq!(world.head().await, head, "all or nothing");
    let plan = world.plan(&undo).await;
    world.others_write("more.txt", "m");
    world.undo(&undo, &plan).await;
    let files = world.files("main").await;
    assert!(files.contains_key("more.txt") && files.contains_key("gone/b.txt"));
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_happens_once() {
    for effect in [Effect::Cut { after: 0 }, Effect::status(500)] {
        let world = world().await;
        let before = world.files("main").await;
        let request = change(&world);
        let uploaded = world.upload(&request).await;
        let undo = Undo::of(&id(), &request.onto, &uploaded, message());
        let plan = world.plan(&undo).await;
        let fault = Fault::on(Route::Change, effect).matching("/commit/");
        world.hub.faults().add(fault.times(1));
        world.undo(&undo, &plan).await;
        assert_eq!(world.files("main").await, before);
        let titles = world.titles("main").await;
        assert_eq!(titles.iter().filter(|title| *title == "Undo").count(), 1);
    }
}

#[tokio::test]
async fn several_commits_are_taken_back_together_and_what_is_too_much_is_cut() {
    let world = world().await;
    let before = world.files("main").await;
    for number in 0..300 {
        world.write(&format!("n/{number:03}.txt"), number.to_string());
    }
    let request = change(&world);
    let uploaded = world.upload(&request).await;
    assert_eq!(uploaded.commits.len(), 2);
    let undo = Undo::of(&id(), &request.onto, &uploaded, message());
    let plan = world.plan(&undo).await;
    let refused = Fault::on(Route::Change, Effect::status(413)).matching("/commit/");
    world.hub.faults().add(refused.times(1));
    let undone = world.undo(&undo, &plan).await;
    assert_eq!(undone.commits.len(), 3);
    assert_eq!(world.titles("main").await[0], "Undo (part 3)");
    assert_eq!(world.files("main").await, before);
}

#[tokio::test]
async fn a_pull_request_is_taken_back_on_its_own_branch() {
    let world = world().await;
    let mut request = change(&world);
    request.onto = Onto::PullRequest;
    let uploaded = world.upload(&request).await;
    let number = uploaded.pull_request.unwrap();
    let undo = Undo::of(&id(), &request.onto, &uploaded, message());
    assert_eq!(undo.branch, Revision::pull_request(number));
    let main = world.head().await;
    let plan = world.plan(&undo).await;
    world.undo(&undo, &plan).await;
    assert_eq!(world.head().await, main);
    let on_it: BTreeMap<_, _> = world.files(undo.branch.as_str()).await;
    assert_eq!(on_it, world.files("main").await);
    // Elsewhere there is nothing of it.
    let elsewhere = Undo {
        branch: Revision::main(),
        ..undo
    };
    assert_eq!(world.plan(&elsewhere).await.edits, []);
}

#[tokio::test]
async fn stopping_it_is_no_error_and_leaves_what_was() {
    let world = world().await;
    let request = change(&world);
    let uploaded = world.upload(&request).await;
    let undo = Undo::of(&id(), &request.onto, &uploaded, message());
    let plan = world.plan(&undo).await;
    let ctx = Ctx::default();
    ctx.cancel.cancel();
    let hub = &world.parts.hub;
    let end = run_undo(&undo, &plan, hub, &ctx.cancel, &ctx.progress).await;
    assert!(matches!(end, Ok(Outcome::Cancelled)), "{end:?}");
    assert_eq!(world.head().await, uploaded.head);
}
