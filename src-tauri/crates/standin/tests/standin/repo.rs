use hubdesk_core::Digest;
use hubdesk_standin::{Change, RepoSeed, StandIn};
use serde_json::json;

use super::{Peer, pluck, small};

#[tokio::test]
async fn info_says_what_the_card_and_the_seed_say() {
    let peer = Peer::with(small().likes(70).downloads(5).created(1_700_000_000)).await;
    let info = peer.json("/api/models/org/m").await;
    for (key, value) in [
        ("id", json!("org/m")),
        ("author", json!("org")),
        ("private", json!(false)),
        ("gated", json!(false)),
        ("likes", json!(70)),
        ("downloads", json!(5)),
        ("pipeline_tag", json!("fill-mask")),
        ("createdAt", json!("2023-11-14T22:13:20.000Z")),
        ("tags", json!(["fill-mask", "license:mit", "region:eu"])),
        (
            "cardData",
            json!({"license": "mit", "pipeline_tag": "fill-mask"}),
        ),
        ("usedStorage", json!(300_056)),
    ] {
        assert_eq!(info[key], value, "{key}");
    }
    assert_eq!(info["siblings"][1], json!({"rfilename": "config.json"}));
    assert_eq!(
        info["trendingScore"],
        json!(null),
        "only when it is asked for"
    );
    let some = peer
        .json("/api/models/org/m?expand=likes&expand=trendingScore")
        .await;
    assert_eq!(some.as_object().unwrap().len(), 4);
    assert_eq!(some["trendingScore"], 10);
}

#[tokio::test]
async fn info_says_which_kind_of_gate_there_is() {
    for (seed, kind) in [(small().gated(), "manual"), (small().gated_auto(), "auto")] {
        let info = Peer::with(seed).await.json("/api/models/org/m").await;
        assert_eq!(info["gated"], kind);
    }
}

#[tokio::test]
async fn info_with_blobs_has_sizes_and_ids() {
    let peer = Peer::with(small()).await;
    let info = peer
        .json("/api/models/org/m?blobs=true&securityStatus=true")
        .await;
    assert_eq!(info["securityRepoStatus"]["scansDone"], true);
    let siblings = info["siblings"].as_array().unwrap();
    assert_eq!(siblings[1]["blobId"], Digest::git_blob(b"{}").to_string());
    let large = &siblings[3];
    assert_eq!(
        (&large["size"], &large["lfs"]["size"]),
        (&json!(300_000), &json!(300_000))
    );
    assert_eq!(large["lfs"]["sha256"].as_str().unwrap().len(), 64);
}

#[tokio::test]
async fn branches_tags_commits_and_pull_requests_are_revisions() {
    let seed = RepoSeed::dataset("org/d")
        .file("f", "1")
        .tag("v1")
        .file("f", "2")
        .branch("feat/x")
        .file("f", "3")
        .branch("main")
        .pull_request(4)
        .file("f", "4");
    let peer = Peer::with(seed).await;
    let refs = peer.json("/api/datasets/org/d/refs?include_prs=1").await;
    let list = |key: &str| refs[key].as_array().unwrap().clone();
    assert_eq!(
        pluck(&list("branches"), "ref"),
        ["refs/heads/feat/x", "refs/heads/main"]
    );
    assert_eq!(pluck(&list("tags"), "name"), ["v1"]);
    assert_eq!(pluck(&list("pullRequests"), "ref"), ["refs/pr/4"]);
    assert_eq!(refs["converts"], json!([]));
    let v1 = refs["tags"][0]["targetCommit"].as_str().unwrap();

    for (revision, content) in [
        ("v1", "1"),
        (v1, "1"),
        ("main", "2"),
        ("feat%2Fx", "3"),
        ("refs%2Fpr%2F4", "4"),
    ] {
        let file = peer
            .get(&format!("/datasets/org/d/resolve/{revision}/f"))
            .await;
        assert_eq!(file.body, content, "{revision}");
        let info = peer
            .json(&format!("/api/datasets/org/d/revision/{revision}"))
            .await;
        assert_eq!(info["sha"], file.header("x-repo-commit"), "{revision}");
    }
    let none = peer.get("/api/datasets/org/d/revision/nope").await;
    assert_eq!((none.status, none.code()), (404, Some("RevisionNotFound")));
}

#[tokio::test]
async fn commits_come_newest_first_in_pages_and_are_counted() {
    let mut seed = RepoSeed::model("org/m");
    for n in 0..7 {
        seed = seed.file("f", n.to_string()).commit(&format!("<{n}>"));
    }
    let peer = Peer::with(seed).await;
    let path = "/api/models/org/m/commits/main?limit=3&expand%5B%5D=formatted";
    let first = peer.get(path).await;
    assert_eq!(first.header("x-total-count"), "7");
    assert_eq!(first.json()[0]["formatted"]["title"], "&lt;6&gt;");
    let (all, pages) = peer.pages(path).await;
    assert_eq!(
        pluck(&all, "title"),
        ["<6>", "<5>", "<4>", "<3>", "<2>", "<1>", "<0>"]
    );
    assert_eq!(pages, 3);
    assert!(pluck(&all, "date").is_sorted_by(|a, b| a > b));
}

#[tokio::test]
async fn a_renamed_repository_redirects_with_its_path_and_query() {
    let peer = Peer::with(small().renamed_from("old/name")).await;
    for (old, new) in [
        (
            "/api/models/old/name?blobs=true",
            "/api/models/org/m?blobs=true",
        ),
        (
            "/old/name/resolve/main/config.json",
            "/org/m/resolve/main/config.json",
        ),
    ] {
        let reply = peer.get(old).await;
        assert_eq!((reply.status, reply.header("location")), (307, new));
        assert_eq!(peer.get(new).await.status, 200);
    }
}

#[tokio::test]
async fn a_branch_moves_while_the_hub_runs() {
    let peer = Peer::with(small()).await;
    let id = hubdesk_core::RepoId::new(hubdesk_core::RepoKind::Model, "org/m").unwrap();
    let before = peer.standin.hub().head(&id, "main").unwrap();
    let changes = [
        Change::file("config.json", "{\"n\": 1}"),
        Change::remove("README.md"),
    ];
    let after = peer.standin.hub().commit(&id, "main", "Change", changes);
    assert_ne!(before, after);
    assert_eq!(peer.json("/api/models/org/m").await["sha"], after.as_str());
    assert_eq!(
        peer.get("/org/m/resolve/main/config.json").await.body,
        "{\"n\": 1}"
    );
    assert_eq!(peer.get("/org/m/resolve/main/README.md").await.status, 404);
    let old = format!("/org/m/resolve/{before}/config.json");
    assert_eq!(peer.get(&old).await.body, "{}");

    peer.standin
        .hub()
        .put_repo(RepoSeed::space("org/s").file("app.py", "1"));
    assert_eq!(peer.json("/api/spaces/org/s").await["id"], "org/s");
    peer.standin.hub().remove_repo(&id);
    assert_eq!(peer.get("/api/models/org/m").await.status, 401);
}

#[tokio::test]
async fn an_id_may_have_no_owner() {
    let peer = Peer::with(RepoSeed::model("gpt").file("dir/f", "x")).await;
    let info = peer.json("/api/models/gpt").await;
    assert_eq!(
        (&info["id"], &info["author"]),
        (&json!("gpt"), &json!(null))
    );
    assert_eq!(
        peer.json("/api/models/gpt/tree/main").await[0]["path"],
        "dir"
    );
    assert_eq!(peer.get("/gpt/resolve/main/dir/f").await.body, "x");
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_the_quota_of_its_class() {
    let peer = Peer::start(StandIn::builder().repo(small())).await;
    let mut ids = std::collections::HashSet::new();
    for (path, class) in [
        ("/", "pages"),
        ("/nowhere", "pages"),
        ("/api/models", "api"),
        ("/api/nowhere", "api"),
        ("/org/m/resolve/main/nope", "resolvers"),
    ] {
        let reply = peer.get(path).await;
        assert!(ids.insert(reply.header("x-request-id").to_owned()));
        let limit = reply.header("ratelimit");
        assert!(
            limit.starts_with(&format!("\"{class}\";r=")),
            "{path}: {limit}"
        );
        assert!(
            reply.header("ratelimit-policy").ends_with(";w=300"),
            "{path}"
        );
    }
}
