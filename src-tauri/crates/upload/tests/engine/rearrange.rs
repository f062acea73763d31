//! Copies, moves and deletions of what the Hub holds.

use std::collections::BTreeMap;

use hubdesk_core::{RepoId, RepoKind, Revision};
use hubdesk_hub::Message;
use hubdesk_standin::{Change, Content, Effect, Fault, RepoSeed, Route, StandIn};
use hubdesk_upload::{
    Act, Ctx, Error, Obstacle, Onto, Outcome, Place, Rearrange, RearrangePlan, Rearranging, Undo,
    Uploaded, plan_rearrange, run_rearrange,
};

use crate::world::{World, id, path};

/// Long enough that bytes of it would be seen.
const LARGE: u64 = 3 << 20;

async fn world() -> World {
    let seed = RepoSeed::model("mira/m")
        .file("README.md", "# m\n")
        .file("d/a.txt", "a")
        .file("d/e/b.txt", "b")
        .large("d/w.bin", Content::random(1, LARGE));
    let other = RepoSeed::dataset("mira/from")
        .file("README.md", "# from\n")
        .file("some/c.txt", "c")
        .large("some/v.bin", Content::random(2, LARGE));
    World::start(StandIn::builder().repo(seed).repo(other)).await
}

fn rearrange(acts: impl IntoIterator<Item = Act>) -> Rearrange {
    Rearrange {
        repo: id(),
        onto: Onto::Branch {
            name: Revision::main(),
            create: false,
        },
        acts: acts.into_iter().collect(),
        overwrite: false,
        message: Message {
            title: "Tidy".to_owned(),
            description: String::new(),
        },
    }
}

fn copy(from: &str, to: &str) -> Act {
    let from = Place {
        elsewhere: None,
        path: path(from),
    };
    Act::Copy { from, to: path(to) }
}

fn from_dataset(from: &str, to: &str) -> Act {
    let repo = RepoId::new(RepoKind::Dataset, "mira/from").unwrap();
    let from = Place {
        elsewhere: Some((repo, Revision::main())),
        path: path(from),
    };
    Act::Copy { from, to: path(to) }
}

fn moves(from: &str, to: &str) -> Act {
    Act::Move {
        from: path(from),
        to: path(to),
    }
}

fn delete(text: &str) -> Act {
    Act::Delete { path: path(text) }
}

impl World {
    async fn ready(&self, request: &Rearrange) -> RearrangePlan {
        match plan_rearrange(request, &self.parts.hub).await.unwrap() {
            Rearranging::Ready(plan) => plan,
            Rearranging::Refused(obstacles) => panic!("{obstacles:?}"),
        }
    }

    async fn refused(&self, request: &Rearrange) -> Vec<Obstacle> {
        match plan_rearrange(request, &self.parts.hub).await.unwrap() {
            Rearranging::Refused(obstacles) => obstacles,
            Rearranging::Ready(plan) => panic!("{plan:?}"),
        }
    }

    async fn try_rearrange(
        &self,
        request: &Rearrange,
        plan: &RearrangePlan,
    ) -> Result<Outcome, Error> {
        let ctx = Ctx::default();
        run_rearrange(request, plan, &self.parts.hub, &ctx.cancel, &ctx.progress).await
    }

    async fn rearrange(&self, request: &Rearrange) -> Uploaded {
        let plan = self.ready(request).await;
        match self.try_rearrange(request, &plan).await.unwrap() {
            Outcome::Done(uploaded) => uploaded,
            Outcome::Cancelled => panic!("nobody stopped it"),
        }
    }

    async fn names(&self, revision: &str) -> Vec<String> {
        let files: BTreeMap<_, _> = self.files(revision).await;
        let names = files.into_keys();
        // The stand-in's own.
        names.filter(|name| name != ".gitattributes").collect()
    }
}

#[tokio::test]
async fn a_folder_is_moved_and_nothing_large_with_it() {
    let world = world().await;
    let before = world.files("main").await;
    let request = rearrange([moves("d", "new/place")]);
    world.hub.log().clear();
    let plan = world.ready(&request).await;
    assert_eq!(plan.counts.moved, 3);
    assert_eq!((plan.bytes_fetched(), plan.bytes_kept()), (2, LARGE));
    let uploaded = world.rearrange(&request).await;
    assert_eq!(uploaded.commits.len(), 1);
    assert_eq!(world.hub.log().body_bytes_of("w.bin"), 0);
    let after = world.files("main").await;
    assert_eq!(
        world.names("main").await,
        [
            "README.md",
            "new/place/a.txt",
            "new/place/e/b.txt",
            "new/place/w.bin"
        ]
    );
    assert_eq!(after["new/place/w.bin"], before["d/w.bin"]);
    assert_eq!(after["new/place/a.txt"], b"a");
}

#[tokio::test]
async fn copies_moves_and_deletions_happen_in_one_commit() {
    let world = world().await;
    let request = rearrange([
        copy("d/w.bin", "copy.bin"),
        moves("d/a.txt", "a.txt"),
        delete("d/e"),
    ]);
    let plan = world.ready(&request).await;
    let counts = plan.counts;
    assert_eq!((counts.copied, counts.moved, counts.deleted), (1, 1, 1));
    let uploaded = world.rearrange(&request).await;
    assert_eq!(uploaded.commits.len(), 1);
    let names = world.names("main").await;
    assert_eq!(names, ["README.md", "a.txt", "copy.bin", "d/w.bin"]);
}

#[tokio::test]
async fn a_folder_of_another_repository_comes_without_its_large_bytes() {
    let world = world().await;
    world.hub.log().clear();
    let request = rearrange([from_dataset("some", "data")]);
    world.rearrange(&request).await;
    assert_eq!(world.hub.log().body_bytes_of("v.bin"), 0);
    let puts = world.hub.log().records();
    assert!(puts.iter().all(|one| one.method != "PUT"));
    let files = world.files("main").await;
    assert_eq!(files["data/c.txt"], b"c");
    let content = Content::random(2, LARGE).read(0, LARGE);
    assert_eq!(files["data/v.bin"], content);
}

#[tokio::test]
async fn what_cannot_be_is_refused_before_anything_happens() {
    let world = world().await;
    let head = world.head().await;
    let refused = [
        (moves("d", "d/e/f"), Obstacle::IntoItself(path("d/e/f"))),
        (copy("d", "d/e"), Obstacle::IntoItself(path("d/e"))),
        (moves("d", "d"), Obstacle::IntoItself(path("d"))),
        (delete("no"), Obstacle::Missing(path("no"))),
        (from_dataset("no", "x"), Obstacle::Missing(path("no"))),
        (
            copy("d/a.txt", "README.md"),
            Obstacle::Occupied(path("README.md")),
        ),
        (copy("README.md", "d"), Obstacle::InTheWay(path("d"))),
        (
            copy("d/e", "README.md"),
            Obstacle::InTheWay(path("README.md/b.txt")),
        ),
    ];
    for (act, obstacle) in refused {
        assert_eq!(world.refused(&rearrange([act])).await, [obstacle]);
    }
    assert_eq!(world.head().await, head);
}

#[tokio::test]
async fn a_file_is_replaced_only_when_somebody_has_said_so() {
    let world = world().await;
    let mut request = rearrange([copy("d/a.txt", "README.md")]);
    request.overwrite = true;
    assert_eq!(world.ready(&request).await.counts.replaced, 1);
    world.rearrange(&request).await;
    assert_eq!(world.files("main").await["README.md"], b"a");
    // What is the same needs no commit.
    assert_eq!(world.rearrange(&request).await.commits, []);
}

#[tokio::test]
async fn many_files_go_in_several_commits_that_each_hold_whole_moves() {
    let mut seed = RepoSeed::model("mira/m");
    for number in 0..300 {
        seed = seed.file(&format!("d/{number:03}.txt"), number.to_string());
    }
    let world = World::start(StandIn::builder().repo(seed)).await;
    let request = rearrange([moves("d", "e")]);
    let uploaded = world.rearrange(&request).await;
    assert!(uploaded.commits.len() > 1);
    for commit in &uploaded.commits {
        let names = world.names(commit.as_str()).await;
        let texts = names.iter().filter(|name| name.ends_with(".txt"));
        assert_eq!(texts.count(), 300);
    }
    let names = world.names("main").await;
    assert!(names.iter().all(|name| !name.starts_with("d/")));
}

#[tokio::test]
async fn what_others_did_meanwhile_elsewhere_stays_and_to_the_same_stops_it() {
    let world = world().await;
    let request = rearrange([moves("d/a.txt", "a.txt")]);
    let plan = world.ready(&request).await;
    let others = |file: &str| {
        let change = [Change::file(file, "theirs")];
        world.hub.hub().commit(&id(), "main", "Theirs", change);
    };
    others("d/a.txt");
    let end = world.try_rearrange(&request, &plan).await;
    let Err(Error::Overlap { paths, .. }) = end else {
        panic!("{end:?}");
    };
    assert_eq!(paths, [path("d/a.txt")]);
    let plan = world.ready(&request).await;
    others("theirs.txt");
    world.try_rearrange(&request, &plan).await.unwrap();
    let files = world.files("main").await;
    assert_eq!(
        (&files["a.txt"], &files["theirs.txt"]),
        (&b"theirs".to_vec(), &b"theirs".to_vec())
    );
}

#[tokio::test]
async fn an_answer_that_is_lost_moves_nothing_twice() {
    for effect in [Effect::Cut { after: 0 }, Effect::status(500)] {
        let world = world().await;
        let fault = Fault::on(Route::Change, effect).matching("/commit/");
        world.hub.faults().add(fault.times(1));
        world.rearrange(&rearrange([moves("d", "e")])).await;
        let titles = world.titles("main").await;
        assert_eq!(titles.iter().filter(|title| *title == "Tidy").count(), 1);
        assert!(world.names("main").await.contains(&"e/w.bin".to_owned()));
    }
}

#[tokio::test]
async fn large_files_are_made_known_again_if_the_answer_is_lost() {
    for effect in [Effect::Cut { after: 0 }, Effect::status(500)] {
        let world = world().await;
        let fault = Fault::on(Route::Change, effect).matching("/lfs-files/duplicate");
        world.hub.faults().add(fault.times(1));
        world
            .rearrange(&rearrange([from_dataset("some/v.bin", "v.bin")]))
            .await;
        assert_eq!(world.asked("/lfs-files/duplicate"), 2);
        assert!(world.names("main").await.contains(&"v.bin".to_owned()));
    }
}

#[tokio::test]
async fn what_the_other_repository_does_not_give_leaves_nothing_half_done() {
    let world = world().await;
    let head = world.head().await;
    let request = rearrange([from_dataset("some", "data"), delete("d")]);
    let plan = world.ready(&request).await;
    let source = RepoId::new(RepoKind::Dataset, "mira/from").unwrap();
    world.hub.hub().remove_repo(&source);
    let end = world.try_rearrange(&request, &plan).await;
    assert!(matches!(end, Err(Error::Hub { .. })), "{end:?}");
    assert_eq!(world.head().await, head);
}

#[tokio::test]
async fn as_a_pull_request_and_on_a_new_branch_main_stays() {
    let world = world().await;
    let main = world.head().await;
    let mut request = rearrange([moves("d", "e")]);
    request.onto = Onto::PullRequest;
    let uploaded = world.rearrange(&request).await;
    let number = uploaded.pull_request.unwrap();
    let on_it = world.names(&format!("refs/pr/{number}")).await;
    assert!(on_it.contains(&"e/w.bin".to_owned()));
    request.onto = Onto::Branch {
        name: "tidy".parse().unwrap(),
        create: true,
    };
    world.rearrange(&request).await;
    assert!(world.names("tidy").await.contains(&"e/w.bin".to_owned()));
    assert_eq!(world.head().await, main);
}

#[tokio::test]
async fn a_move_can_be_taken_back() {
    let world = world().await;
    let before = world.files("main").await;
    let request = rearrange([moves("d", "e"), from_dataset("some/v.bin", "v.bin")]);
    let uploaded = world.rearrange(&request).await;
    let undo = Undo::of(&id(), &request.onto, &uploaded, request.message.clone());
    let hub = &world.parts.hub;
    let plan = hubdesk_upload::plan_undo(&undo, hub).await.unwrap();
    let ctx = Ctx::default();
    let end = hubdesk_upload::run_undo(&undo, &plan, hub, &ctx.cancel, &ctx.progress).await;
    assert!(matches!(end, Ok(Outcome::Done(_))), "{end:?}");
    assert_eq!(world.files("main").await, before);
}
