use hubdesk_core::{RepoId, RepoKind};
use hubdesk_hub::{Error, Rows, Split, Validity, Viewer, What};
use hubdesk_standin::{Column, Effect, Fault, RepoSeed, Route, StandIn, Table};
use serde_json::json;

use crate::scene::{MIRAS_TOKEN, OTHERS_TOKEN, Scene};

async fn scene() -> Scene {
    let columns = vec![
        Column::Integers("id", (0..250).collect()),
        Column::Texts(
            "word",
            (0..250).map(|n| format!("word {}", n % 10)).collect(),
        ),
    ];
    let small = vec![Column::Reals("x", vec![0.5, 1.5])];
    let tables = |repo: RepoSeed| {
        repo.table(Table::new("default", "train", columns.clone()))
            .table(Table::new("other", "test", small.clone()))
    };
    let dataset = tables(RepoSeed::dataset("mira/d"))
        .file("data.csv", "id,word\n")
        .commit("Upload")
        .convert("parquet")
        .large("default/train/0000.parquet", "PAR1PAR1")
        .large("other/test/0000.parquet", "PAR1")
        .commit("Convert");
    let hidden = tables(RepoSeed::dataset("mira/hidden").private("mira"));
    let bare = RepoSeed::dataset("mira/bare").file("a.txt", "a");
    let builder = StandIn::builder().repo(dataset).repo(hidden).repo(bare);
    Scene::start(builder).await
}

fn viewer_for(scene: &Scene, token: Option<&str>, name: &str) -> Viewer {
    let id = RepoId::new(RepoKind::Dataset, name).unwrap();
    scene.hub(token).repo(&id).viewer().unwrap()
}

fn viewer(scene: &Scene) -> Viewer {
    viewer_for(scene, Some(MIRAS_TOKEN), "mira/d")
}

fn train() -> Split {
    Split {
        config: "default".to_owned(),
        split: "train".to_owned(),
    }
}

fn indices(rows: &Rows) -> Vec<u64> {
    rows.rows.iter().map(|row| row.index).collect()
}

#[tokio::test]
async fn tables_and_what_can_be_asked_of_them_are_known() {
    let scene = scene().await;
    let viewer = viewer(&scene);
    let splits = viewer.splits().await.unwrap();
    assert_eq!((splits.splits.len(), splits.pending.len()), (2, 0));
    assert_eq!(splits.splits[0], train());
    assert!(viewer.validity().await.unwrap().filter);
    let bare = viewer_for(&scene, None, "mira/bare");
    assert_eq!(bare.validity().await.unwrap(), Validity::default());
    let model = scene.model();
    assert!(model.viewer().is_none());
}

#[tokio::test]
async fn rows_are_read_in_parts() {
    let scene = scene().await;
    let viewer = viewer(&scene);
    let first = viewer.first_rows(&train()).await.unwrap();
    assert_eq!((first.rows.len(), first.is_truncated), (100, true));
    assert_eq!(first.features[1].kind["dtype"], "string");
    let some = viewer.rows(&train(), 240, 500).await.unwrap();
    assert_eq!(indices(&some), (240..250).collect::<Vec<_>>());
    assert_eq!((some.total, some.is_partial), (Some(250), false));
    assert_eq!(some.rows[3].cells["word"], "word 3");
}

#[tokio::test]
async fn rows_are_searched_and_filtered() {
    let scene = scene().await;
    let viewer = viewer(&scene);
    let found = viewer.search(&train(), "WORD 7", 1, 2).await.unwrap();
    assert_eq!((indices(&found), found.total), (vec![17, 27], Some(25)));
    let condition = "\"id\">=240 AND \"word\"<>'word 1'";
    let found = viewer.filter(&train(), condition, None, 0, 2).await;
    let found = found.unwrap();
    assert_eq!((indices(&found), found.total), (vec![240, 242], Some(9)));
    let nonsense = viewer.filter(&train(), "id is odd", None, 0, 2).await;
    assert!(
        matches!(nonsense, Err(Error::BadRequest { .. })),
        "{nonsense:?}"
    );
}

#[tokio::test]
async fn columns_sizes_and_files_are_described() {
    let scene = scene().await;
    let viewer = viewer(&scene);
    let statistics = viewer.statistics(&train()).await.unwrap();
    assert_eq!(statistics.rows, Some(250));
    assert_eq!(statistics.columns[0].values["max"], json!(249.0));
    let sizes = viewer.sizes().await.unwrap();
    assert_eq!(
        (sizes.whole.rows, sizes.splits[1].rows),
        (Some(252), Some(2))
    );
    let info = viewer.info(Some("default")).await.unwrap();
    assert_eq!(info["features"]["id"]["dtype"], "int64");
    let files = viewer.parquet(None).await.unwrap();
    assert_eq!(files.len(), 2);
    assert_eq!((files[0].split.as_str(), files[0].size), ("train", 8));
    assert_eq!(viewer.parquet(Some("other")).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_private_dataset_is_shown_to_its_owner_only() {
    let scene = scene().await;
    let owners = viewer_for(&scene, Some(MIRAS_TOKEN), "mira/hidden");
    assert_eq!(owners.splits().await.unwrap().splits.len(), 2);
    for token in [None, Some(OTHERS_TOKEN)] {
        let error = viewer_for(&scene, token, "mira/hidden").splits().await;
        assert!(
            matches!(error, Err(Error::NotFound(What::Repo, _))),
            "{error:?}"
        );
    }
}

fn answers(code: &str) -> Fault {
    Fault::on(Route::Viewer, Effect::coded(500, code))
}

#[tokio::test]
async fn what_is_not_ready_is_asked_for_a_few_times_and_then_said() {
    let scene = scene().await;
    let faults = scene.standin.faults();
    faults.add(answers("ResponseNotReady").times(2));
    viewer(&scene).splits().await.unwrap();
    faults.add(answers("ResponseNotReady"));
    scene.standin.log().clear();
    let error = viewer(&scene).splits().await.unwrap_err();
    assert!(matches!(error, Error::NotReady { .. }), "{error:?}");
    assert_eq!(scene.standin.log().records().len(), 4);
}

#[tokio::test]
async fn what_will_never_be_ready_is_asked_for_once() {
    let scene = scene().await;
    scene.standin.faults().add(answers("ConfigNamesError"));
    let error = viewer(&scene).splits().await.unwrap_err();
    assert!(matches!(error, Error::BadRequest { .. }), "{error:?}");
    assert_eq!(scene.standin.log().records().len(), 1);
}
