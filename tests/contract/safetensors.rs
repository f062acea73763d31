use std::collections::BTreeMap;

use hubdesk_core::{CommitId, Revision};
use hubdesk_hub::{Error, Repo, Safetensors};
use hubdesk_standin::{Content, Effect, Fault, RepoSeed, Route, StandIn};
use serde_json::{Map, json};

use crate::scene::Scene;

/// A file of `count` tensors of four bytes, named `{prefix}0` and so on.
fn weights(prefix: &str, count: u64) -> Content {
    let mut header = Map::new();
    header.insert("__metadata__".to_owned(), json!({"format": "pt"}));
    for n in 0..count {
        let entry = json!({"dtype": "BF16", "shape": [2, 1], "data_offsets": [n * 4, n * 4 + 4]});
        header.insert(format!("{prefix}{n}"), entry);
    }
    file(&serde_json::to_string(&header).unwrap(), count * 4)
}

fn file(header: &str, data: u64) -> Content {
    let mut start = (header.len() as u64).to_le_bytes().to_vec();
    start.extend(header.bytes());
    Content::chain([Content::from(start), Content::random(1, data)])
}

async fn scene(model: RepoSeed) -> (Scene, Repo, CommitId) {
    let scene = Scene::start(StandIn::builder().repo(model)).await;
    let repo = scene.model();
    let commit = repo.resolve(&Revision::main()).await.unwrap();
    (scene, repo, commit)
}

fn of_one_file(content: impl Into<Content>) -> RepoSeed {
    RepoSeed::model("mira/m").large("model.safetensors", content)
}

async fn all(repo: &Repo, commit: &CommitId) -> Safetensors {
    repo.safetensors(commit).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_header_is_read_and_the_data_is_not() {
    let (scene, repo, commit) = scene(of_one_file(weights("t", 50_000))).await;
    let model = all(&repo, &commit).await;
    assert!(!model.is_sharded);
    assert_eq!(model.parameters(), BTreeMap::from([("BF16", 100_000)]));
    let file = &model.files["model.safetensors"];
    assert_eq!(file.metadata["format"], "pt");
    assert_eq!(
        (file.tensors.len(), file.tensors[1].offsets.clone()),
        (50_000, 4..8)
    );
    let records = scene.standin.log().records();
    let ranges: Vec<_> = records.iter().filter_map(|one| one.range.clone()).collect();
    assert_eq!(ranges[0], "bytes=0-99999");
    assert!(ranges.last().unwrap().starts_with("bytes=100000-"));
}

#[tokio::test]
async fn a_server_that_knows_no_ranges_is_read_only_as_far_as_needed() {
    let (scene, repo, commit) = scene(of_one_file(weights("t", 2000))).await;
    scene
        .standin
        .faults()
        .add(Fault::on(Route::Storage, Effect::IgnoreRange));
    let model = all(&repo, &commit).await;
    assert_eq!(model.parameters()["BF16"], 4000);
}

#[tokio::test]
async fn an_index_holds_the_shards_together() {
    let index = json!({
        "metadata": {"total_size": 24},
        "weight_map": {"a0": "sub/one.safetensors", "a1": "sub/one.safetensors", "b0": "two.safetensors"},
    });
    let model = RepoSeed::model("mira/m")
        .file("model.safetensors.index.json", index.to_string())
        .large("sub/one.safetensors", weights("a", 2))
        .large("two.safetensors", weights("b", 1));
    let (_scene, repo, commit) = scene(model).await;
    let model = all(&repo, &commit).await;
    assert!(model.is_sharded);
    assert_eq!(model.metadata.as_ref().unwrap()["total_size"], 24);
    assert_eq!(model.parameters()["BF16"], 6);
    let files: Vec<_> = model.files.keys().map(String::as_str).collect();
    assert_eq!(files, ["sub/one.safetensors", "two.safetensors"]);
}

#[tokio::test]
async fn a_repository_without_such_files_has_none() {
    let (_scene, repo, commit) = scene(RepoSeed::model("mira/m").file("a.bin", "x")).await;
    assert_eq!(repo.safetensors(&commit).await.unwrap(), None);
}

#[tokio::test]
async fn files_that_lie_are_malformed() {
    let overlap = r#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},
        "b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#;
    let beyond = r#"{"a":{"dtype":"U8","shape":[400],"data_offsets":[0,400]}}"#;
    for (content, why) in [
        (file(overlap, 6), "overlaps"),
        (file(beyond, 6), "ends after the file"),
        (Content::from("short"), "too short"),
        (Content::from(""), "ends before"),
        (Content::from(u64::MAX.to_le_bytes().to_vec()), "bytes"),
        (
            Content::from(20_000_000_u64.to_le_bytes().to_vec()),
            "ends before",
        ),
        (file("not json", 0), "expected"),
    ] {
        let (_scene, repo, commit) = scene(of_one_file(content)).await;
        let error = repo.safetensors(&commit).await.unwrap_err();
        let said = error.to_string();
        assert!(matches!(error, Error::Malformed { .. }), "{why}: {error:?}");
        assert!(said.contains(why), "{why}: {said}");
    }
}

#[tokio::test]
async fn an_index_that_leads_elsewhere_is_malformed() {
    let index = json!({"weight_map": {"a": "../../other/x.safetensors"}}).to_string();
    let model = RepoSeed::model("mira/m").file("model.safetensors.index.json", index);
    let (_scene, repo, commit) = scene(model).await;
    let error = repo.safetensors(&commit).await.unwrap_err();
    assert!(matches!(error, Error::Malformed { .. }), "{error:?}");
}
