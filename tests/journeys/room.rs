//! A cache that is full, or cannot be written.

use hubdesk_standin::{Content, Effect, Fault, RepoSeed, Route, StandIn};
use hubdesk_tests::{World, download, ok};
use serde_json::json;

fn seed() -> RepoSeed {
    RepoSeed::model("org/m").large("w.bin", Content::random(3, 3 << 20))
}

#[tokio::test]
async fn what_does_not_fit_is_refused_before_the_first_byte() {
    let terabytes = 1 << 50;
    let fault = Fault::on(Route::Tree, Effect::ListedSize(terabytes));
    let world = World::start(StandIn::builder().repo(seed()).fault(fault)).await;
    let app = world.app();
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    let transfer = download(&app, "org/m", None).await;
    assert_eq!(transfer["error"]["code"], "noSpace");
    let message = transfer["error"]["message"].as_str().unwrap();
    assert!(
        message.starts_with("Not enough room in ") && message.contains(" PB are needed, "),
        "{message}"
    );
    assert_eq!(world.hub.log().body_bytes_of("w.bin"), 0);
    app.close().await;
}

/// Runs the command line in a mount namespace of its own, where the cache is what `mount` makes it.
#[cfg(target_os = "linux")]
fn in_a_volume(world: &World, mount: &str) -> std::process::Output {
    download_in_a_volume(world, mount, "")
}

#[cfg(target_os = "linux")]
fn download_in_a_volume(world: &World, mount: &str, options: &str) -> std::process::Output {
    std::fs::create_dir_all(world.cache()).unwrap();
    let cli = world.cli();
    let script = format!(
        "{mount} && exec {:?} download org/m {options}",
        cli.get_program()
    );
    let mut command = std::process::Command::new("unshare");
    command
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
        .env_clear();
    command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    for (name, value) in cli.get_envs() {
        command.env(name, value.unwrap());
    }
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        !stderr.contains("unshare:") && !stderr.contains("mount:"),
        "this system allows no mount of one's own: {stderr}"
    );
    output
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fills_up_on_the_way_says_so() {
    // By their sizes they fit, but each small file takes a block.
    let small = |repo: RepoSeed, n| repo.file(&format!("{n}.txt"), format!("{n}"));
    let repo = (0..400).fold(seed(), small);
    let world = World::start(StandIn::builder().repo(repo)).await;
    let output = in_a_volume(
        &world,
        "mount -t tmpfs -o size=3500k tmpfs \"$HF_HUB_CACHE\"",
    );
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(stderr.contains("Not enough room in "), "{stderr}");
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_cache_that_can_only_be_read_says_so() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let output = in_a_volume(&world, "mount -t tmpfs -o ro tmpfs \"$HF_HUB_CACHE\"");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(
        stderr.contains("is on a volume that can only be read."),
        "{stderr}"
    );
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_on_a_full_or_a_read_only_volume_says_so() {
    let small = |repo: RepoSeed, n| repo.file(&format!("{n}.txt"), format!("{n}"));
    let repo = (0..400).fold(seed(), small);
    let world = World::start(StandIn::builder().repo(repo)).await;
    for (mount, sentence) in [
        ("-o size=3500k", "Not enough room in "),
        ("-o ro", "is on a volume that can only be read."),
    ] {
        let mount = format!("mount -t tmpfs {mount} tmpfs \"$HF_HUB_CACHE\"");
        let output = download_in_a_volume(&world, &mount, "--local-dir \"$HF_HUB_CACHE/mine\"");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success());
        assert!(stderr.contains(sentence), "{stderr}");
    }
}
