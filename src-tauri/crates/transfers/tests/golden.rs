//! What was stored by any version of the program means the same to this one, and is written the
//! same way. A file in `golden/` is never edited; a new version of a request adds files.
#![expect(
    clippy::unwrap_used,
    reason = "a test that does not get what it needs has failed"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use hubdesk_transfers::request::{
    DownloadV1, IntoV1, KindV1, OverwriteV1, RepoV1, Request, SelectV1, Unreadable,
};
use serde_json::Value;

fn golden(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    fs::read_to_string(folder.join(name).with_extension("json")).unwrap()
}

fn plain() -> DownloadV1 {
    DownloadV1 {
        endpoint: "https://huggingface.co".to_owned(),
        account: None,
        repo: RepoV1 {
            kind: KindV1::Model,
            name: "lab/small".to_owned(),
        },
        revision: "main".to_owned(),
        commit: None,
        select: SelectV1::All,
        into: IntoV1::Cache {
            path: "/cache".to_owned(),
        },
        overwrite: OverwriteV1::Changed,
    }
}

fn repo(kind: KindV1, name: &str) -> RepoV1 {
    RepoV1 {
        kind,
        name: name.to_owned(),
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().copied().map(str::to_owned).collect()
}

fn all() -> Vec<(&'static str, DownloadV1)> {
    let at = |revision: &str| DownloadV1 {
        endpoint: "https://hub.example".to_owned(),
        repo: repo(KindV1::Model, "gpt2"),
        revision: revision.to_owned(),
        ..plain()
    };
    let of = |select: SelectV1| DownloadV1 { select, ..plain() };
    let hex = "0123456789abcdef0123456789abcdef01234567";
    let shards = texts(&[
        "small-Q4_K_M-00001-of-00002.gguf",
        "small-Q4_K_M-00002-of-00002.gguf",
    ]);
    let cache = "/home/mira/.cache/huggingface/hub".to_owned();
    let folder = "C:\\Users\\Mira\\Modelle für alle".to_owned();
    vec![
        (
            "download-to-cache",
            DownloadV1 {
                into: IntoV1::Cache { path: cache },
                ..plain()
            },
        ),
        (
            "download-to-folder",
            DownloadV1 {
                account: Some("mira".to_owned()),
                repo: repo(KindV1::Dataset, "lab/rows"),
                into: IntoV1::Folder { path: folder },
                overwrite: OverwriteV1::Always,
                ..plain()
            },
        ),
        (
            "download-patterns",
            of(SelectV1::Patterns {
                include: Some(texts(&["*.safetensors", "tokenizer/"])),
                exclude: texts(&["*.bin"]),
            }),
        ),
        (
            "download-exclude-only",
            of(SelectV1::Patterns {
                include: None,
                exclude: texts(&["*.bin"]),
            }),
        ),
        (
            "download-ticked-files",
            DownloadV1 {
                repo: repo(KindV1::Space, "lab/app"),
                ..of(SelectV1::Files(texts(&["app.py", "static/ü.css"])))
            },
        ),
        (
            "download-variant",
            DownloadV1 {
                repo: repo(KindV1::Model, "lab/small-gguf"),
                ..of(SelectV1::Variant {
                    name: "Q4_K_M".to_owned(),
                    files: shards,
                })
            },
        ),
        (
            "download-pinned-commit",
            DownloadV1 {
                commit: Some(hex.to_owned()),
                ..plain()
            },
        ),
        ("download-revision-branch", at("feature/new-head")),
        ("download-revision-tag", at("v1.0")),
        ("download-revision-pull-request", at("refs/pr/12")),
        ("download-revision-commit", at(hex)),
    ]
}

#[test]
fn every_golden_file_is_read_as_what_it_meant_when_it_was_written() {
    for (name, meant) in all() {
        let read = Request::read("download", &golden(name));
        assert_eq!(read, Ok(Request::Download(meant)), "{name}");
    }
}

#[test]
fn requests_are_written_as_the_golden_files_have_them() {
    for (name, request) in all() {
        let written: Value = serde_json::from_str(&Request::Download(request).write()).unwrap();
        let golden: Value = serde_json::from_str(&golden(name)).unwrap();
        assert_eq!(written, golden, "{name}");
    }
}

#[test]
fn no_golden_file_is_forgotten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let files = fs::read_dir(folder).unwrap();
    let there: BTreeSet<_> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let read: BTreeSet<_> = all()
        .into_iter()
        .map(|(name, _)| format!("{name}.json"))
        .collect();
    assert_eq!(there, read);
}

#[test]
fn what_is_not_known_is_for_a_newer_program() {
    let v1 = golden("download-to-cache");
    let newer = [
        ("download", v1.replace("v1", "v2")),
        (
            "download",
            v1.replace("\"select\"", "\"dry_run\": true, \"select\""),
        ),
        ("download", v1.replace("\"all\"", "{ \"newest\": 3 }")),
        ("move", v1.clone()),
    ];
    for (kind, json) in newer {
        assert_eq!(Request::read(kind, &json), Err(Unreadable::Newer), "{json}");
    }
    assert_eq!(Request::read("download", "{"), Err(Unreadable::Malformed));
}
