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
    CreateV1, DownloadV1, IntoV1, KindV1, LeaveOutV1, MessageV1, OntoV1, OverwriteV1, RemovalV1,
    RepoV1, Request, SdkV1, SelectV1, SourceV1, Unreadable, UploadV1, VisibilityV1,
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

fn downloads() -> Vec<(&'static str, DownloadV1)> {
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

fn uploads() -> Vec<(&'static str, UploadV1)> {
    let folder = |path: &str, to: Option<&str>| SourceV1::Folder {
        path: path.to_owned(),
        to: to.map(str::to_owned),
    };
    let message = |title: &str, description: &str| MessageV1 {
        title: title.to_owned(),
        description: description.to_owned(),
    };
    let new_repository = UploadV1 {
        endpoint: "https://huggingface.co".to_owned(),
        account: Some("mira".to_owned()),
        repo: repo(KindV1::Space, "mira/app"),
        create: Some(CreateV1 {
            visibility: VisibilityV1::Private,
            sdk: Some(SdkV1::Gradio),
        }),
        onto: OntoV1::Branch {
            name: "main".to_owned(),
            create: false,
        },
        sources: vec![
            folder("C:\\Users\\Mira\\Modelle für alle", None),
            folder("/home/mira/data", Some("data")),
            SourceV1::File {
                path: "/home/mira/weights.bin".to_owned(),
                to: "w/weights.bin".to_owned(),
            },
        ],
        include: None,
        exclude: Vec::new(),
        leave_out: LeaveOutV1 {
            junk: true,
            ignored: true,
        },
        remove: None,
        acknowledged: Vec::new(),
        message: message("Upload 3 things", ""),
        expect: None,
        overwrite: false,
    };
    let pull_request = UploadV1 {
        repo: repo(KindV1::Model, "lab/small"),
        create: None,
        onto: OntoV1::PullRequest,
        sources: vec![folder("/home/mira/small", None)],
        include: Some(texts(&["*.safetensors"])),
        exclude: texts(&["*.bin"]),
        leave_out: LeaveOutV1 {
            junk: false,
            ignored: false,
        },
        remove: Some(RemovalV1 {
            below: Some("old".to_owned()),
            patterns: texts(&["*"]),
        }),
        acknowledged: texts(&["conf/.env"]),
        message: message("New weights", "Trained longer."),
        expect: Some("0123456789abcdef0123456789abcdef01234567".to_owned()),
        overwrite: true,
        ..new_repository.clone()
    };
    let anonymous = UploadV1 {
        endpoint: "demo:".to_owned(),
        account: None,
        repo: repo(KindV1::Dataset, "mira/rows"),
        create: Some(CreateV1 {
            visibility: VisibilityV1::Public,
            sdk: None,
        }),
        onto: OntoV1::Branch {
            name: "feature/rows".to_owned(),
            create: true,
        },
        sources: vec![folder("/rows", None)],
        include: Some(Vec::new()),
        leave_out: LeaveOutV1 {
            junk: true,
            ignored: false,
        },
        remove: Some(RemovalV1 {
            below: None,
            patterns: texts(&["*.csv"]),
        }),
        message: message("Rows", ""),
        ..new_repository.clone()
    };
    vec![
        ("upload-new-repository", new_repository),
        ("upload-pull-request", pull_request),
        ("upload-anonymous-dataset", anonymous),
    ]
}

fn all() -> Vec<(&'static str, Request)> {
    let downloads = downloads().into_iter();
    let downloads = downloads.map(|(name, one)| (name, Request::Download(one)));
    let uploads = uploads().into_iter();
    let uploads = uploads.map(|(name, one)| (name, Request::Upload(one)));
    downloads.chain(uploads).collect()
}

#[test]
fn every_golden_file_is_read_as_what_it_meant_when_it_was_written() {
    for (name, meant) in all() {
        let read = Request::read(meant.kind(), &golden(name));
        assert_eq!(read, Ok(meant), "{name}");
    }
}

#[test]
fn requests_are_written_as_the_golden_files_have_them() {
    for (name, request) in all() {
        let written: Value = serde_json::from_str(&request.write()).unwrap();
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
    let upload = golden("upload-pull-request");
    let newer = [
        ("download", v1.replace("v1", "v2")),
        (
            "download",
            v1.replace("\"select\"", "\"dry_run\": true, \"select\""),
        ),
        ("download", v1.replace("\"all\"", "{ \"newest\": 3 }")),
        ("move", v1.clone()),
        ("upload", v1),
        ("upload", upload.replace("\"pull-request\"", "\"tag\"")),
        (
            "upload",
            upload.replace("\"junk\"", "\"large\": true, \"junk\""),
        ),
    ];
    for (kind, json) in newer {
        assert_eq!(Request::read(kind, &json), Err(Unreadable::Newer), "{json}");
    }
    assert_eq!(Request::read("download", "{"), Err(Unreadable::Malformed));
}
