//! Our parser and the official one read the same texts the same way: they share a table, which
//! `tests/conformance/test_hub_uris.py` holds against the other side.

use hubdesk_core::{HubUri, Mount, Place, RepoPath, Revision};
use serde_json::{Value, json};

const ENDPOINT: &str = "http://127.0.0.1:8080/hub";

fn table() -> Value {
    serde_json::from_str(include_str!("../conformance/uris.json")).unwrap()
}

fn texts(key: &str) -> Vec<String> {
    serde_json::from_value(table()[key].clone()).unwrap()
}

fn parse(text: &str) -> Result<HubUri, hubdesk_core::BadUri> {
    HubUri::parse(text, Some(ENDPOINT))
}

#[test]
fn a_place_is_the_same_for_both() {
    for row in table()["places"].as_array().unwrap() {
        let text = row["text"].as_str().unwrap();
        let uri = parse(text).unwrap();
        let kind = match uri.place() {
            Place::Repo(kind) => kind.to_string(),
            Place::Kernel => "kernel".to_owned(),
            Place::Bucket => "bucket".to_owned(),
        };
        let is = json!([
            kind,
            uri.name(),
            uri.revision().map(Revision::as_str),
            uri.path().map_or("", RepoPath::as_str),
        ]);
        assert_eq!(is, row["is"], "{text}");
        assert_eq!(uri.to_string(), row["canonical"], "{text}");
    }
}

#[test]
fn what_is_no_place_is_refused() {
    for key in ["nothing", "only_the_official_client_takes"] {
        for text in texts(key) {
            assert!(parse(&text).is_err(), "{text}");
        }
    }
}

#[test]
fn a_mount_is_the_same_for_both() {
    for row in table()["mounts"].as_array().unwrap() {
        let text = row["text"].as_str().unwrap();
        let mount = Mount::parse(text).unwrap();
        let is = json!([mount.source.to_string(), mount.path, mount.is_read_only]);
        assert_eq!(is, row["is"], "{text}");
        assert_eq!(mount.to_string(), row["canonical"], "{text}");
    }
}

#[test]
fn what_is_no_mount_is_refused() {
    for text in texts("no_mounts") {
        assert!(Mount::parse(&text).is_err(), "{text}");
    }
}
