//! Disks that are taken away, are full or can only be read, each in a namespace of its own.

use std::path::PathBuf;

use super::program::Program;
use super::*;

/// A cache on a disk of its own, and what connects that disk.
struct Disk {
    at: PathBuf,
    cache: String,
    mount: String,
}

impl Disk {
    fn of(world: &World) -> Self {
        let at = world.home().join("disk");
        std::fs::create_dir_all(&at).unwrap();
        Self {
            cache: at.join("hub").to_str().unwrap().to_owned(),
            mount: format!("mount -t tmpfs tmpfs {at:?}"),
            at,
        }
    }

    fn connected(&self, world: &World) -> Program {
        Program::start_in(world, &self.mount, &[("HF_HUB_CACHE", &self.cache)])
    }

    /// What is in the folder in which the disk would be mounted.
    fn below(&self) -> usize {
        std::fs::read_dir(&self.at).unwrap().count()
    }
}

fn is_gone(transfer: &Value) -> bool {
    let message = transfer["error"]["message"].as_str().unwrap_or_default();
    transfer["blocked"] == "volumeGone"
        && message.starts_with("The disk ")
        && message.ends_with("/disk is not there.")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cache_whose_disk_is_taken_away_is_waited_for_and_not_made_anew_below_it() {
    let repo = RepoSeed::model("org/m").large("w.bin", Content::random(7, SIZE));
    let world = World::start(StandIn::builder().repo(repo).bandwidth(2 << 20)).await;
    let disk = Disk::of(&world);
    let mut program = disk.connected(&world);
    program.call("open_hub", json!({ "endpoint": null })).await;
    let id = program
        .call("start_download", download_of("org/m", None))
        .await;
    program.until(has_some).await;
    program.inside(&format!("umount -l {:?}", disk.at));
    let gone = program.until(is_settled).await;
    assert!(is_gone(&gone), "{gone:#}");
    assert_eq!(disk.below(), 0);
    program.kill();

    // Nothing is mounted at the next start, and somebody is impatient.
    let vars = [("HF_HUB_CACHE", &*disk.cache)];
    let mut program = Program::start_in(&world, "true", &vars);
    assert!(is_gone(
        &program.until(|transfer| transfer["id"] == id).await
    ));
    program.call("retry_transfer", json!({ "id": id })).await;
    let gone = program.until(is_settled).await;
    assert!(is_gone(&gone), "{gone:#}");
    assert_eq!(disk.below(), 0);

    program.inside(&disk.mount);
    program.call("retry_transfer", json!({ "id": id })).await;
    program.until(is("done")).await;
    assert_eq!(disk.below(), 0, "it is all on the disk");
    program.kill();
}

/// One that is paused, in a queue on disk.
async fn paused(world: &World) -> Value {
    let mut program = Program::start(world);
    program.call("open_hub", json!({ "endpoint": null })).await;
    let id = program
        .call("start_download", download_of("org/m", None))
        .await;
    program.until(has_some).await;
    program.call("pause_transfer", json!({ "id": id })).await;
    program.kill();
    id
}

/// The queue is as it was left.
async fn nothing_is_lost(world: &World, id: &Value) {
    let mut program = Program::start(world);
    let found = program.until(|transfer| transfer["id"] == *id).await;
    assert_eq!(found["state"], "paused", "{found:#}");
    program.call("resume_transfer", json!({ "id": id })).await;
    program.until(is("done")).await;
    program.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_disk_that_can_only_be_read_the_program_opens_works_in_memory_and_loses_nothing() {
    let world = slow_world().await;
    let id = paused(&world).await;
    let config = world.home().join(".config/hubdesk");
    let script =
        format!("mount --bind {config:?} {config:?} && mount -o remount,ro,bind {config:?}");
    let mut program = Program::start_in(&world, &script, &[]);
    let has_trouble = |board: &Value| board["status"]["queueTrouble"].is_string();
    let board = program.until_board(has_trouble).await;
    let said = board["status"]["queueTrouble"].as_str().unwrap();
    assert!(said.contains("kept in memory"), "{said}");
    program.call("open_hub", json!({ "endpoint": null })).await;
    program
        .call("start_download", download_of("org/m", None))
        .await;
    program.until(is("done")).await;
    program.kill();
    nothing_is_lost(&world, &id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_the_program_opens_says_so_and_loses_nothing() {
    let world = slow_world().await;
    let id = paused(&world).await;
    let (own, full) = (world.home().join(".config"), world.home().join("full"));
    std::fs::create_dir_all(&full).unwrap();
    let script = format!(
        "mount -t tmpfs -o size=2m tmpfs {full:?} && cp -a {own:?}/. {full:?} \
         && {{ cat /dev/zero > {full:?}/fill; true; }} 2> /dev/null"
    );
    let config = full.to_str().unwrap();
    let mut program = Program::start_in(&world, &script, &[("XDG_CONFIG_HOME", config)]);
    let found = program.until(|transfer| transfer["id"] == id).await;
    assert_eq!(
        found["state"], "paused",
        "what is stored is shown: {found:#}"
    );
    let refused = program
        .try_call("resume_transfer", json!({ "id": id }))
        .await;
    assert_eq!(refused.unwrap_err()["code"], "notWritable");
    let board = program.board().await;
    assert_eq!(
        board["status"]["queueTrouble"],
        "The disk with the queue is full. Nothing new begins until there is room."
    );
    assert_eq!(
        board["transfers"][0]["state"], "paused",
        "nothing has changed"
    );
    program.inside(&format!("rm {full:?}/fill"));
    program.call("resume_transfer", json!({ "id": id })).await;
    program.until(is("done")).await;
    assert_eq!(program.board().await["status"]["queueTrouble"], Value::Null);
    program.kill();
    nothing_is_lost(&world, &id).await;
}
