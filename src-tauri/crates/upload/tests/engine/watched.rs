//! What is told of single files, and where a run may run.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use hubdesk_core::RepoPath;
use hubdesk_standin::{RepoSeed, StandIn};
use hubdesk_upload::{AtWork, Ctx, FileWatch, Found, Outcome};

use crate::world::{World, all_of};

#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Told {
    fn say(&self, what: &str, path: &RepoPath) {
        self.0.lock().unwrap().push(format!("{what} {path}"));
    }
}

impl FileWatch for Told {
    fn planned(&self, files: &BTreeMap<RepoPath, Found>) {
        files.keys().for_each(|path| self.say("planned", path));
    }

    fn begun(&self, path: &RepoPath, bytes: Arc<AtomicU64>) -> AtWork {
        self.say("begun", path);
        let kept: Box<dyn Any + Send + Sync> = Box::new(bytes);
        kept
    }

    fn done(&self, path: &RepoPath) {
        self.say("done", path);
    }

    fn skipped(&self, path: &RepoPath) {
        self.say("skipped", path);
    }
}

/// In a task of its own: a run may move between threads.
#[tokio::test(flavor = "multi_thread")]
async fn every_file_is_told_of_until_it_is_there() {
    let seed = RepoSeed::model("mira/m").file("README.md", "# m\n");
    let world = World::in_chunks(StandIn::builder().repo(seed)).await;
    world.write("README.md", "# m\n");
    world.write("new.txt", "n");
    world.write("w.bin", vec![0; 20_000]);
    let told = Arc::new(Told::default());
    let ctx = Ctx {
        files: Some(told.clone()),
        ..Ctx::default()
    };
    let (request, parts) = (all_of(world.folder()), world.parts.clone());
    let run = tokio::spawn(async move { hubdesk_upload::run(&request, &parts, &ctx).await });
    let end = run.await.unwrap();
    assert!(matches!(end, Ok(Outcome::Done(_))), "{end:?}");
    let mut told = told.0.lock().unwrap().clone();
    assert_eq!(
        told[..3],
        ["planned README.md", "planned new.txt", "planned w.bin"]
    );
    let mut rest = told.split_off(3);
    rest.sort();
    assert_eq!(
        rest,
        [
            "begun w.bin",
            "done new.txt",
            "done w.bin",
            "skipped README.md"
        ]
    );
}
