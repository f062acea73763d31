use futures_util::TryStreamExt;
use hubdesk_core::{CommitId, Digest, RepoId, RepoKind, Revision};
use hubdesk_hub::{Error, Gated, History, OfKind, TreeEntry, Wanted, What};
use hubdesk_standin::{Content, RepoSeed, StandIn};
use serde_json::json;

use crate::scene::{MIRAS_TOKEN, OTHERS_TOKEN, READ_TOKEN, Scene};

const CARD: &str =
    "---\nlicense: mit\npipeline_tag: fill-mask\nlibrary_name: transformers\n---\n# m\n";

fn main() -> Revision {
    Revision::main()
}

fn name(text: &str) -> Revision {
    text.parse().unwrap()
}

/// A model with everything, a dataset, a Space, a gated, a private and a disabled model.
async fn scene() -> Scene {
    let model = RepoSeed::model("mira/m")
        .created(1_700_000_000)
        .downloads(10)
        .likes(21)
        .property(
            "safetensors",
            json!({"parameters": {"BF16": 5, "F32": 2}, "total": 7}),
        )
        .property("gguf", json!({"total": 9, "architecture": "llama"}))
        .property("config", json!({"architectures": ["A"]}))
        .property("transformersInfo", json!({"auto_model": "AutoModel"}))
        .property(
            "inferenceProviderMapping",
            json!({"groq": {"status": "live", "providerId": "g/m", "task": "fill-mask"}}),
        )
        .property(
            "resourceGroup",
            json!({"id": "0123456789abcdef01234567", "name": "staff"}),
        )
        .file("README.md", CARD)
        .file("dir/sub/a.txt", "12345")
        .commit("Write <the> card")
        .large("dir/w.bin", Content::random(3, 5000))
        .file("weights.pkl", "pickle")
        .commit("Upload weights")
        .tag("v1");
    let dataset = RepoSeed::dataset("mira/d")
        .property("description", json!("Words."))
        .property("citation", json!("@x"))
        .file("data.csv", "a,b\n")
        .commit("Upload")
        .convert("parquet")
        .large("default/train/0000.parquet", "PAR1")
        .commit("Convert");
    let space = RepoSeed::space("mira/s")
        .property("runtime", json!({"stage": "RUNNING"}))
        .file(
            "README.md",
            "---\nsdk: gradio\nmodels: [mira/m]\n---\n# s\n",
        );
    let builder = StandIn::builder()
        .repo(model)
        .repo(dataset)
        .repo(space)
        .repo(RepoSeed::model("lab/gated").gated().file("a.txt", "a"))
        .repo(RepoSeed::model("lab/off").disabled().file("a.txt", "a"))
        .repo(
            RepoSeed::model("mira/hidden")
                .private("mira")
                .file("a.txt", "a"),
        );
    Scene::start(builder).await
}

fn of_kind(scene: &Scene, kind: RepoKind, name: &str) -> hubdesk_hub::Repo {
    let id = RepoId::new(kind, name).unwrap();
    scene.hub(Some(MIRAS_TOKEN)).repo(&id)
}

async fn head(repo: &hubdesk_hub::Repo) -> CommitId {
    repo.resolve(&main()).await.unwrap()
}

#[tokio::test]
async fn everything_about_a_model_is_read() {
    let scene = scene().await;
    let details = scene
        .model()
        .details(&name("v1"), Wanted::Everything)
        .await
        .unwrap();
    let common = &details.common;
    assert_eq!(details.id.name(), "mira/m");
    assert_eq!(details.sha, head(&scene.model()).await);
    assert_eq!(common.author.as_deref(), Some("mira"));
    assert_eq!(
        common.created_at.as_deref(),
        Some("2023-11-14T22:13:20.000Z")
    );
    assert_eq!((common.downloads, common.likes), (Some(10), Some(21)));
    assert_eq!(
        (common.downloads_all_time, common.trending_score),
        (Some(90), Some(3))
    );
    assert_eq!(
        (common.is_private, &common.gated),
        (Some(false), &Gated::No)
    );
    assert_eq!(common.card_data.as_ref().unwrap()["license"], "mit");
    assert_eq!(common.resource_group.as_ref().unwrap().name, "staff");
    assert_eq!(common.siblings.as_ref().unwrap().len(), 4);
    assert!(common.used_storage.is_some_and(|bytes| bytes > 5000));
    let OfKind::Model(facts) = details.of_kind else {
        panic!("a model is a model");
    };
    assert_eq!(facts.pipeline_tag.as_deref(), Some("fill-mask"));
    assert_eq!(facts.safetensors.unwrap().by_type["BF16"], 5);
    assert_eq!(facts.gguf.unwrap().architecture.as_deref(), Some("llama"));
    assert_eq!(facts.transformers_info.unwrap().auto_model, "AutoModel");
    assert_eq!(facts.providers[0].provider, "groq");
    assert_eq!(facts.config, Some(json!({"architectures": ["A"]})));
}

#[tokio::test]
async fn files_come_with_sizes_and_with_what_the_scans_found() {
    let scene = scene().await;
    let details = scene
        .model()
        .details(&main(), Wanted::WithFiles)
        .await
        .unwrap();
    let siblings = details.common.siblings.unwrap();
    let large = siblings.iter().find(|one| one.path == "dir/w.bin").unwrap();
    assert_eq!(large.size, Some(5000));
    let sha256 = Content::random(3, 5000).sha256();
    assert_eq!(large.lfs.as_ref().unwrap().sha256, sha256);
    let OfKind::Model(facts) = details.of_kind else {
        panic!("a model is a model");
    };
    let status = facts.security_repo_status.unwrap();
    assert_eq!(status, scene.model().scan().await.unwrap());
    assert_eq!(
        (status.is_done, status.issues[0].path.as_str()),
        (true, "weights.pkl")
    );
}

#[tokio::test]
async fn only_what_is_named_comes_and_datasets_and_spaces_have_their_own() {
    let scene = scene().await;
    let dataset = of_kind(&scene, RepoKind::Dataset, "mira/d");
    let few = dataset.details(&main(), Wanted::Only(&["likes"])).await;
    let few = few.unwrap().common;
    assert_eq!((few.likes, few.author, few.siblings), (Some(0), None, None));
    let all = dataset.details(&main(), Wanted::Everything).await.unwrap();
    let OfKind::Dataset(facts) = all.of_kind else {
        panic!("a dataset is a dataset");
    };
    assert_eq!(facts.description.as_deref(), Some("Words."));
    assert_eq!(
        (facts.citation.as_deref(), facts.main_size),
        (Some("@x"), Some(4))
    );
    let space = of_kind(&scene, RepoKind::Space, "mira/s");
    let all = space.details(&main(), Wanted::Everything).await.unwrap();
    let OfKind::Space(facts) = all.of_kind else {
        panic!("a Space is a Space");
    };
    assert_eq!(facts.sdk.as_deref(), Some("gradio"));
    assert_eq!(facts.subdomain.as_deref(), Some("mira-s"));
    assert_eq!(facts.models, ["mira/m"]);
    assert_eq!(facts.runtime.unwrap()["stage"], "RUNNING");
}

#[tokio::test]
async fn what_is_there_for_whom() {
    let scene = scene().await;
    for (repo, for_owner, for_nobody) in [
        ("mira/m", true, true),
        ("mira/hidden", true, false),
        ("lab/gated", true, true),
        ("lab/off", true, true),
        ("mira/never", false, false),
    ] {
        let owners = scene.repo(Some(MIRAS_TOKEN), repo).exists().await;
        assert_eq!(owners.unwrap(), for_owner, "{repo}");
        let nobodys = scene.repo(None, repo).exists().await;
        assert_eq!(nobodys.unwrap(), for_nobody, "{repo}");
    }
    let repo = scene.model();
    for (revision, is_there) in [("main", true), ("v1", true), ("v2", false)] {
        let found = repo.revision_exists(&name(revision)).await.unwrap();
        assert_eq!(found, is_there, "{revision}");
    }
    let missing = scene.repo(None, "mira/never");
    let error = missing.revision_exists(&main()).await.unwrap_err();
    assert!(matches!(error, Error::NotFound(What::Repo, _)), "{error:?}");
}

#[tokio::test]
async fn a_file_is_there_or_not_or_nobody_may_know() {
    let scene = scene().await;
    let repo = scene.model();
    for (revision, path, is_there) in [
        ("main", "README.md", true),
        ("main", "dir/w.bin", true),
        ("main", "dir", false),
        ("main", "none.txt", false),
        ("v2", "README.md", false),
    ] {
        let found = repo.file_exists(&name(revision), path).await.unwrap();
        assert_eq!(found, is_there, "{revision} {path}");
    }
    let hidden = scene.repo(None, "mira/hidden");
    assert!(!hidden.file_exists(&main(), "a.txt").await.unwrap());
    let gated = scene.repo(Some(OTHERS_TOKEN), "lab/gated");
    let error = gated.file_exists(&main(), "a.txt").await.unwrap_err();
    assert!(matches!(error, Error::Gated { .. }), "{error:?}");
}

#[tokio::test]
async fn the_head_of_a_file_is_asked_and_never_its_storage() {
    let scene = scene().await;
    let repo = scene.model();
    let commit = head(&repo).await;
    let large = repo.file_metadata(&main(), "dir/w.bin").await.unwrap();
    assert_eq!(large.etag, Content::random(3, 5000).sha256());
    assert_eq!((large.size, &large.commit), (Some(5000), &commit));
    assert_eq!((large.host.as_str(), large.xet), ("127.0.0.1", None));
    let small = repo.file(&commit, "dir/sub/a.txt").metadata().await;
    let small = small.unwrap();
    assert_eq!(small.etag, Digest::git_blob(b"12345"));
    assert_eq!(small.size, Some(5));
    let records = scene.standin.log().records();
    let storage = |record: &&hubdesk_standin::Record| record.host == hubdesk_standin::Host::Storage;
    assert_eq!(records.iter().filter(storage).count(), 0);
    assert_eq!(records.last().unwrap().method, "HEAD");
}

#[tokio::test]
async fn a_folder_in_detail_names_last_changes_and_scans() {
    let scene = scene().await;
    let repo = scene.model();
    let commit = head(&repo).await;
    let entries: Vec<TreeEntry> = repo
        .folder_in_detail(&commit, None)
        .try_collect()
        .await
        .unwrap();
    let at = |path: &str| entries.iter().find(|entry| entry.path == path).unwrap();
    let title = |path: &str| at(path).last_commit.as_ref().unwrap().title.clone();
    assert_eq!(title("README.md"), "Write <the> card");
    assert_eq!(title("dir"), "Upload weights");
    assert_eq!(at("dir").security, None);
    assert_eq!(at("README.md").security.as_ref().unwrap().status, "safe");
    let pickle = at("weights.pkl").security.as_ref().unwrap();
    let scan = pickle.scans.iter().find(|scan| !scan.imports.is_empty());
    let scan = scan.unwrap();
    assert_eq!(scan.scanner, "pickleImportScan");
    assert_eq!(scan.imports[0].1, "system");
    let everything: Vec<TreeEntry> = repo.tree_in_detail(&commit).try_collect().await.unwrap();
    let inner = |entry: &&TreeEntry| entry.path == "dir/w.bin";
    let inner = everything.iter().find(inner).unwrap();
    assert!(inner.last_commit.is_some() && inner.security.is_some());
    let plain: Vec<TreeEntry> = repo.tree(&commit, None, false).try_collect().await.unwrap();
    assert!(plain.iter().all(|entry| entry.security.is_none()));
}

#[tokio::test]
async fn folders_have_sizes_and_conversions_are_refs() {
    let scene = scene().await;
    let repo = scene.model();
    let commit = head(&repo).await;
    assert_eq!(repo.tree_size(&commit, Some("dir")).await.unwrap(), 5005);
    assert_eq!(repo.tree_size(&commit, Some("dir/sub")).await.unwrap(), 5);
    let all = repo.tree_size(&commit, None).await.unwrap();
    assert_eq!(all, 5005 + CARD.len() as u64 + 6);
    let missing = repo.tree_size(&commit, Some("none")).await.unwrap_err();
    assert!(matches!(missing, Error::NotFound(What::Entry, _)));

    let dataset = of_kind(&scene, RepoKind::Dataset, "mira/d");
    let refs = dataset.refs().await.unwrap();
    assert_eq!(refs.converts[0].full_name, "refs/convert/parquet");
    let converted = name("refs/convert/parquet");
    assert_eq!(
        dataset.resolve(&converted).await.unwrap(),
        refs.converts[0].commit
    );
}

#[tokio::test]
async fn the_history_is_counted_paged_and_formatted() {
    let scene = scene().await;
    let repo = scene.model();
    assert_eq!(repo.commit_count(&main()).await.unwrap(), Some(2));
    let history = History {
        limit: Some(1),
        is_formatted: true,
    };
    let first = repo.commit_page(&main(), history, None).await.unwrap();
    assert_eq!(
        (first.total, first.page.items[0].title.as_str()),
        (Some(2), "Upload weights")
    );
    let cursor = first.page.next.unwrap();
    let second = repo.commit_page(&main(), history, Some(&cursor)).await;
    let second = second.unwrap().page;
    let formatted = second.items[0].formatted.as_ref().unwrap();
    assert_eq!(formatted.title, "Write &lt;the&gt; card");
    assert_eq!(second.next, None);
    let plain = repo.commit_page(&main(), History::default(), None).await;
    assert_eq!(plain.unwrap().page.items[0].formatted, None);
    let elsewhere = hubdesk_hub::Cursor::from("http://127.0.0.1:1/api".to_owned());
    let refused = repo.commit_page(&main(), history, Some(&elsewhere)).await;
    assert!(matches!(refused, Err(Error::Malformed { .. })));
}
