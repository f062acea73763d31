use hubdesk_core::Digest;
use hubdesk_standin::{RepoSeed, StandIn};
use reqwest::Method;
use serde_json::json;

use super::{Peer, pluck, reply, small};

#[tokio::test]
async fn a_folder_lists_its_own_entries_and_recursively_all_below() {
    let peer = Peer::with(small()).await;
    let tree = |path: &'static str| {
        let peer = &peer;
        async move {
            peer.json(&format!("/api/models/org/m/tree/main{path}"))
                .await
        }
    };
    let root = tree("").await;
    let root = root.as_array().unwrap();
    assert_eq!(
        pluck(root, "path"),
        ["dir", "README.md", "config.json", "w.bin"]
    );
    assert_eq!(pluck(root, "type"), ["directory", "file", "file", "file"]);
    assert_eq!(root[2]["oid"], Digest::git_blob(b"{}").to_string());
    assert_eq!(
        (&root[3]["size"], &root[3]["lfs"]["size"]),
        (&json!(300_000), &json!(300_000))
    );
    assert_eq!(root[3]["lfs"]["pointerSize"], 131);
    assert_eq!(root[3]["oid"].as_str().unwrap().len(), 40);
    let all = tree("?recursive=true").await;
    assert_eq!(all.as_array().unwrap().len(), 6);
    for below in [tree("/dir/sub").await, tree("/dir%2Fsub").await] {
        assert_eq!(
            pluck(below.as_array().unwrap(), "path"),
            ["dir/sub/a b.txt"]
        );
    }
    for missing in ["nope", "config.json"] {
        let reply = peer
            .get(&format!("/api/models/org/m/tree/main/{missing}"))
            .await;
        assert_eq!(
            (reply.status, reply.code()),
            (404, Some("EntryNotFound")),
            "{missing}"
        );
    }
    let size = peer.json("/api/models/org/m/treesize/main/dir").await;
    assert_eq!(size, json!({"path": "dir", "size": 5}));
}

#[tokio::test]
async fn a_long_tree_comes_in_pages_that_name_the_next() {
    let mut seed = RepoSeed::model("org/m");
    for n in 0..25 {
        seed = seed.file(&format!("dir/{n:02}"), n.to_string());
    }
    let peer = Peer::start(StandIn::builder().repo(seed).page_size(10)).await;
    let (all, pages) = peer
        .pages("/api/models/org/m/tree/main/dir?recursive=true")
        .await;
    assert_eq!((all.len(), pages), (25, 3));
    assert!(pluck(&all, "path").is_sorted());
    let (_, pages) = peer.pages("/api/models/org/m/tree/main/dir?limit=5").await;
    assert_eq!(pages, 5, "a smaller limit is obeyed");
    let bad = peer.get("/api/models/org/m/tree/main?cursor=x").await;
    assert_eq!(bad.status, 400);
}

#[tokio::test]
async fn expanded_entries_say_which_commit_touched_them_last() {
    let seed = RepoSeed::model("org/m")
        .file("a", "1")
        .file("dir/b", "1")
        .commit("one")
        .file("dir/b", "2")
        .commit("two");
    let peer = Peer::with(seed).await;
    let tree = peer
        .json("/api/models/org/m/tree/main?expand=true&recursive=true")
        .await;
    let last = |n: usize| tree[n]["lastCommit"]["title"].clone();
    assert_eq!(
        (last(0), last(1), last(2)),
        (json!("two"), json!("one"), json!("two"))
    );
    assert_eq!(tree[1]["securityFileStatus"]["status"], "safe");
}

#[tokio::test]
async fn paths_info_takes_json_and_forms_and_leaves_out_what_is_missing() {
    let peer = Peer::with(small()).await;
    let path = "/api/models/org/m/paths-info/main";
    let ask = |kind: &str, body: &'static str| {
        let request = peer
            .request(Method::POST, path)
            .header("content-type", kind);
        reply(request.body(body))
    };
    let json = "application/json";
    let form = "application/x-www-form-urlencoded";
    let several = ask(
        json,
        r#"{"paths": ["config.json", "nope", "dir"], "expand": true}"#,
    )
    .await;
    let several = several.json();
    assert_eq!(
        pluck(several.as_array().unwrap(), "path"),
        ["config.json", "dir"]
    );
    assert!(several[0]["lastCommit"].is_object());
    let one = ask(json, r#"{"paths": "w.bin"}"#).await.json();
    assert_eq!(
        (&one[0]["path"], one[0].get("lastCommit")),
        (&json!("w.bin"), None)
    );
    let formed = ask(form, "paths=dir%2Fsub%2Fa+b.txt&paths=w.bin&expand=false")
        .await
        .json();
    assert_eq!(
        pluck(formed.as_array().unwrap(), "path"),
        ["dir/sub/a b.txt", "w.bin"]
    );
    assert_eq!(ask(json, "{").await.status, 400);
}

#[tokio::test]
async fn hostile_names_are_listed_as_they_are() {
    let long = "n".repeat(300);
    let names = ["../x", "/x", "a\\..\\b", "CON", long.as_str()];
    let mut seed = RepoSeed::model("org/m").file("good", "x");
    for name in names {
        seed = seed.raw_entry(name, "evil");
    }
    let peer = Peer::with(seed).await;
    for query in ["", "?recursive=true"] {
        let tree = peer
            .json(&format!("/api/models/org/m/tree/main{query}"))
            .await;
        let paths = pluck(tree.as_array().unwrap(), "path");
        assert_eq!(paths.len(), 6);
        assert!(names.iter().all(|name| paths.contains(name)), "{paths:?}");
    }
    let file = peer.get("/org/m/resolve/main/a%5C..%5Cb").await;
    assert_eq!(file.body, "evil");
}

#[tokio::test]
async fn lists_search_filter_sort_and_page() {
    let model = |name: &str, likes, card: &str| {
        RepoSeed::model(name)
            .likes(likes)
            .file("README.md", format!("---\n{card}\n---\n"))
    };
    let builder = StandIn::builder()
        .repo(model(
            "a/one",
            1,
            "license: mit\npipeline_tag: fill-mask\ntags: [red]",
        ))
        .repo(model("a/two", 30, "license: mit\ntags: [red, blue]").gated())
        .repo(model("b/three", 200, "license: gpl\nlibrary_name: lib"))
        .repo(RepoSeed::dataset("a/data").file("f", "x"));
    let peer = Peer::start(builder).await;
    for (query, ids) in [
        ("", vec!["b/three", "a/two", "a/one"]),
        ("?search=TW", vec!["a/two"]),
        ("?author=a", vec!["a/two", "a/one"]),
        ("?filter=license%3Amit&filter=red", vec!["a/two", "a/one"]),
        ("?filter=red&filter=blue", vec!["a/two"]),
        ("?filter=lib", vec!["b/three"]),
        ("?pipeline_tag=fill-mask", vec!["a/one"]),
        ("?gated=true", vec!["a/two"]),
        (
            "?gated=false&sort=likes&direction=1",
            vec!["a/one", "b/three"],
        ),
        (
            "?sort=id&direction=1&limit=1",
            vec!["a/one", "a/two", "b/three"],
        ),
        ("?search=none", vec![]),
    ] {
        let (all, pages) = peer.pages(&format!("/api/models{query}")).await;
        assert_eq!(pluck(&all, "id"), ids, "{query}");
        assert_eq!(pages, if query.contains("limit=1") { 3 } else { 1 });
    }
    let (all, _) = peer.pages("/api/models?expand=likes&limit=2").await;
    assert!(
        all.iter()
            .all(|entry| entry.as_object().unwrap().len() == 3),
        "{all:?}"
    );
    let brief = peer.json("/api/models").await;
    assert!(brief[0].get("siblings").is_none());
    let full = peer.json("/api/models?full=true").await;
    assert!(full[0]["siblings"].is_array() && full[0]["sha"].is_string());
}

#[tokio::test]
async fn small_searches_find_by_name_and_by_trend() {
    let builder = StandIn::builder().repo(small().likes(700)).repo(
        RepoSeed::space("org/music")
            .likes(7)
            .file("README.md", "---\nemoji: 🎵\n---\n"),
    );
    let peer = Peer::start(builder).await;
    let quick = peer.json("/api/quicksearch?q=org%2Fm&limit=5").await;
    assert_eq!(
        (&quick["modelsCount"], &quick["spacesCount"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(quick["spaces"][0]["emoji"], "🎵");
    let only = peer.json("/api/quicksearch?q=m&type=space").await;
    assert_eq!(
        (&only["modelsCount"], &only["spacesCount"]),
        (&json!(0), &json!(1))
    );
    let trending = peer.json("/api/trending?limit=1").await;
    let first = &trending["recentlyTrending"][0];
    assert_eq!(
        (&first["repoType"], &first["repoData"]["id"]),
        (&json!("model"), &json!("org/m"))
    );
    let tags = peer.json("/api/models-tags-by-type?type=license").await;
    let mit = json!({"id": "license:mit", "label": "mit", "type": "license"});
    assert_eq!(tags, json!({ "license": [mit] }));
}
