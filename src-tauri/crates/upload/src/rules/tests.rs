use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use hubdesk_core::{Patterns, RepoId, RepoKind, Revision};
use hubdesk_hub::Message;
use proptest::prelude::*;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::walk::walk;
use crate::{LeaveOut, Onto, Request, Source, What};

const TREE: [&str; 14] = [
    "a", "b", "ab", "a.x", "b.x", "d/a", "d/b", "d/a.x", "d/e/a", "d/e/b.x", "d/e/d/a", "e/a",
    "e/d/b", "e/a.x",
];
const PARTS: [&str; 14] = [
    "a", "b", "d", "e", "*", "a*", "*.x", "?", "[ab]", "[!a]", "**", "\\a", "d?", "x",
];

/// One line of an ignore file.
fn line() -> impl Strategy<Value = String> {
    let parts = prop::collection::vec(prop::sample::select(&PARTS[..]), 1..4);
    let flags = (
        any::<[bool; 3]>(),
        prop::sample::select(&["", "", "", " ", "#"][..]),
    );
    (parts, flags).prop_map(|(parts, ([not, root, folder], end))| {
        let mark = |is_there, mark| if is_there { mark } else { "" };
        let (not, root, folder) = (mark(not, "!"), mark(root, "/"), mark(folder, "/"));
        format!("{not}{root}{}{folder}{end}\n", parts.join("/"))
    })
}

fn lines() -> impl Strategy<Value = String> {
    prop::collection::vec(line(), 0..4).prop_map(|lines| lines.concat())
}

/// What git would add, untouched by what the machine's owner has set.
fn by_git(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let run = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", folder.join("no-such-file"))
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}");
    run.stdout
}

fn names_of_git(folder: &Path) -> BTreeSet<String> {
    let list = ["ls-files", "--others", "--exclude-standard", "-z"];
    let names = String::from_utf8(by_git(folder, &list)).unwrap();
    let names = names.split_terminator('\0');
    names.map(str::to_owned).collect()
}

fn names_of_ours(folder: &Path) -> BTreeSet<String> {
    let request = Request {
        repo: RepoId::new(RepoKind::Model, "mira/m").unwrap(),
        create: None,
        onto: Onto::Branch {
            name: Revision::main(),
            create: false,
        },
        sources: vec![Source {
            what: What::Folder(folder.to_owned()),
            to: None,
        }],
        select: Patterns::default(),
        leave_out: LeaveOut {
            junk: false,
            ignored: true,
        },
        remove: None,
        acknowledged: None,
        message: Message {
            title: "x".to_owned(),
            description: String::new(),
        },
        expect: None,
        overwrite: false,
    };
    let walked = walk(&request, &CancellationToken::new()).unwrap();
    walked.files.keys().map(ToString::to_string).collect()
}

fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    by_git(dir.path(), &["init", "--quiet"]);
    for file in TREE {
        let path = dir.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    dir
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_git_would_not_add_is_not_walked(
        root in lines(),
        below in lines(),
        deep in lines(),
    ) {
        let dir = folder();
        for (place, rules) in [("", &root), ("d", &below), ("d/e", &deep)] {
            fs::write(dir.path().join(place).join(".gitignore"), rules).unwrap();
        }
        let (git, ours) = (names_of_git(dir.path()), names_of_ours(dir.path()));
        prop_assert_eq!(ours, git, "{:?} {:?} {:?}", root, below, deep);
    }
}

#[test]
fn the_rules_of_an_upload_count_before_those_of_git() {
    let dir = folder();
    fs::write(dir.path().join(".gitignore"), "*.x\n").unwrap();
    fs::write(dir.path().join(".hfignore"), "!a.x\n").unwrap();
    let ours = names_of_ours(dir.path());
    assert!(ours.contains("a.x") && ours.contains("d/a.x"));
    assert!(!ours.contains("b.x"));
}
