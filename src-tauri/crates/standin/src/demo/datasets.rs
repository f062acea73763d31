//! The demo's datasets.

use serde_json::json;

use super::media;
use super::parquet;
use super::text::{GITATTRIBUTES, log_line};
use crate::content::{Content, mix};
use crate::seed::RepoSeed;
use crate::table::{Column, Table};

pub(super) fn all() -> Vec<RepoSeed> {
    vec![harbour_logs(), bird_calls(), digits()]
}

fn harbour_logs() -> RepoSeed {
    let columns = |first: i64, rows: i64| {
        let ids = first..first + rows;
        vec![
            Column::Integers("id", ids.clone().collect()),
            Column::Texts("entry", ids.clone().map(|id| log_line(id as u64)).collect()),
            Column::Reals(
                "wave_height",
                ids.map(|id| (mix(id as u64, 5) % 640) as f64 / 100.0)
                    .collect(),
            ),
        ]
    };
    let table = |first, rows| -> Content { parquet::file(&columns(first, rows)) };
    let info = json!({"harbour_logs": {"splits": ["train", "test"], "rows": 14_000}});
    RepoSeed::dataset("north-sea-data/harbour-logs")
        .created(1_706_400_000)
        .downloads(31_290)
        .likes(187)
        .rows(14_000)
        .property(
            "description",
            json!("Entries of made-up harbour logs with the height of the waves."),
        )
        .file(".gitattributes", GITATTRIBUTES)
        .file("README.md", include_str!("cards/harbour-logs.md"))
        .large("data/train-00000-of-00002.parquet", table(0, 6000))
        .large("data/train-00001-of-00002.parquet", table(6000, 6000))
        .large("data/test-00000-of-00001.parquet", table(12_000, 2000))
        .file("dataset_infos.json", super::text::pretty(&info))
        .commit("Upload 2024")
        .tag("2024")
        .file("NOTES.txt", "Heights above 6 m were checked by hand.\n")
        .commit("Add notes")
        .table(Table::new("default", "train", columns(0, 12_000)))
        .table(Table::new("default", "test", columns(12_000, 2000)))
        .convert("parquet")
        .large("default/train/0000.parquet", table(0, 6000))
        .large("default/train/0001.parquet", table(6000, 6000))
        .large("default/test/0000.parquet", table(12_000, 2000))
        .commit("Update parquet files")
}

fn bird_calls() -> RepoSeed {
    const BIRDS: [&str; 4] = ["bellwren", "reed-piper", "stonelark", "tidewarbler"];
    let mut metadata = String::from("file_name,species,seconds\n");
    let mut repo = RepoSeed::dataset("field-notes/bird-calls")
        .created(1_744_100_000)
        .downloads(2_044)
        .likes(73)
        .file(".gitattributes", GITATTRIBUTES)
        .file("README.md", include_str!("cards/bird-calls.md"))
        .file("images/marsh.png", media::landscape(55, 320, 180));
    for n in 0..12 {
        let bird = BIRDS[n % BIRDS.len()];
        let seconds = 1 + n / 5;
        let path = format!("audio/{bird}-{:02}.wav", n / BIRDS.len() + 1);
        metadata += &format!("{path},{bird},{seconds}\n");
        repo = repo.large(&path, media::chirps(n as u64, 8000 * seconds as u32));
    }
    repo.file("metadata.csv", metadata)
        .commit("Recordings of the first spring")
}

/// 400 small files in folders.
fn digits() -> RepoSeed {
    let mut labels = String::from("file,label\n");
    let mut repo = RepoSeed::dataset("field-notes/clock-digits-400")
        .created(1_737_500_000)
        .downloads(765)
        .likes(12)
        .rows(400)
        .file(".gitattributes", GITATTRIBUTES)
        .file("README.md", include_str!("cards/clock-digits-400.md"));
    for n in 0..400 {
        let (value, split) = (n % 10, if n < 320 { "train" } else { "test" });
        let path = format!("{split}/{value}/{n:04}.png");
        labels += &format!("{path},{value}\n");
        repo = repo.file(&path, media::digit(value, n as u64));
    }
    repo.file("labels.csv", labels)
        .commit("Upload 400 pictures")
}
