use hubdesk_core::{CommitId, Digest, RepoId, RepoKind};
use proptest::prelude::*;

use super::*;

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

/// Files whose content is what they are called with.
fn files(files: &[(&str, &str)]) -> Files {
    let file = |(at, content): &(&str, &str)| {
        let stored = Stored {
            repo: RepoId::new(RepoKind::Model, "mira/m").unwrap(),
            commit: "0".repeat(40).parse::<CommitId>().unwrap(),
            path: path(at),
            there: There {
                digest: Digest::sha256(content.as_bytes()),
                size: 1,
            },
            xet_hash: None,
        };
        (path(at), stored)
    };
    files.iter().map(file).collect()
}

fn source(here: &Files, from: &str, to: Option<&str>, goes: bool) -> Source {
    Source {
        file: here[&path(from)].clone(),
        to: to.map(path),
        goes,
    }
}

fn after(here: &Files, arranged: &Arranged) -> BTreeMap<String, There> {
    let mut tree: BTreeMap<String, There> = here
        .iter()
        .map(|(path, file)| (path.to_string(), file.there))
        .collect();
    let edits = || arranged.groups.iter().flatten();
    for edit in edits() {
        assert_eq!(tree.remove(edit.path.as_str()), edit.now);
    }
    for edit in edits() {
        if let Some(file) = &edit.then {
            tree.insert(edit.path.to_string(), file.there);
        }
    }
    tree
}

fn names(tree: &BTreeMap<String, There>) -> Vec<&str> {
    tree.keys().map(String::as_str).collect()
}

#[test]
fn a_move_is_in_one_commit_whatever_its_size() {
    let here = files(&[("a", "1"), ("b", "2")]);
    let sources = [source(&here, "a", Some("d/a"), true)];
    let arranged = arrange(&sources, &here, false).unwrap();
    assert_eq!(arranged.groups.len(), 1);
    assert_eq!(arranged.groups[0].len(), 2);
    assert_eq!(names(&after(&here, &arranged)), ["b", "d/a"]);
    assert_eq!(arranged.counts.moved, 1);
}

#[test]
fn two_files_can_change_places() {
    let here = files(&[("a", "1"), ("b", "2")]);
    let sources = [
        source(&here, "a", Some("b"), true),
        source(&here, "b", Some("a"), true),
    ];
    let arranged = arrange(&sources, &here, false).unwrap();
    let tree = after(&here, &arranged);
    assert_eq!(tree["a"], here[&path("b")].there);
    assert_eq!(tree["b"], here[&path("a")].there);
    assert_eq!(arranged.counts.replaced, 0);
}

#[test]
fn what_is_there_is_replaced_only_if_that_was_said() {
    let here = files(&[("a", "1"), ("b", "2"), ("c", "1")]);
    let onto = |to| [source(&here, "a", Some(to), false)];
    let refused = arrange(&onto("b"), &here, false);
    assert_eq!(refused, Err(vec![Obstacle::Occupied(path("b"))]));
    let replaced = arrange(&onto("b"), &here, true).unwrap();
    assert_eq!(replaced.counts.replaced, 1);
    // The same content is no other file.
    let same = arrange(&onto("c"), &here, false).unwrap();
    assert_eq!((same.groups.len(), same.counts.same), (0, 1));
}

#[test]
fn a_file_never_takes_the_place_of_a_folder_and_the_reverse() {
    let here = files(&[("a", "1"), ("d/x", "2")]);
    for (to, overwrite) in [("d", true), ("d/x/a", true), ("d", false)] {
        let refused = arrange(&[source(&here, "a", Some(to), false)], &here, overwrite);
        assert_eq!(refused, Err(vec![Obstacle::InTheWay(path(to))]));
    }
    // Unless the folder goes.
    let sources = [
        source(&here, "d/x", None, true),
        source(&here, "a", Some("d"), true),
    ];
    let arranged = arrange(&sources, &here, false).unwrap();
    assert_eq!(names(&after(&here, &arranged)), ["d"]);
}

#[test]
fn places_that_cannot_be() {
    let here = files(&[("a", "1"), ("b", "2")]);
    let twice = [
        source(&here, "a", Some("c"), false),
        source(&here, "b", Some("c"), false),
    ];
    let refused = arrange(&twice, &here, true);
    assert_eq!(refused, Err(vec![Obstacle::Twice(path("c"))]));
    for to in [".git/a", "d/.cache/a"] {
        let refused = arrange(&[source(&here, "a", Some(to), false)], &here, true);
        assert_eq!(refused, Err(vec![Obstacle::Name(path(to))]));
    }
}

const NAMES: [&str; 6] = ["a", "b", "d/x", "d/y", "e", "f/g/h"];
const PLACES: [&str; 8] = ["a", "b", "d", "d/x", "d/x/z", "e", "f/g", "new"];

proptest! {
    #[test]
    fn what_nobody_named_stays_and_a_tree_stays_one(
        acts in prop::collection::vec(
            (0..NAMES.len(), prop::option::of(0..PLACES.len()), any::<bool>()),
            1..5,
        ),
        overwrite in any::<bool>(),
    ) {
        let here = files(&NAMES.map(|name| (name, name)));
        let sources: Vec<Source> = acts
            .into_iter()
            .map(|(from, to, goes)| {
                let to = to.map(|to| PLACES[to]);
                source(&here, NAMES[from], to, goes || to.is_none())
            })
            .collect();
        let Ok(arranged) = arrange(&sources, &here, overwrite) else {
            return Ok(());
        };
        let tree = after(&here, &arranged);
        for name in tree.keys() {
            let folders = name.match_indices('/').map(|(end, _)| &name[..end]);
            prop_assert!(folders.clone().all(|folder| !tree.contains_key(folder)), "{:?}", tree);
        }
        for source in &sources {
            let Some(to) = &source.to else { continue };
            prop_assert_eq!(tree.get(to.as_str()), Some(&source.file.there));
        }
        let goes = |path: &RepoPath| sources.iter().any(|one| one.goes && one.file.path == *path);
        let comes = |path: &RepoPath| sources.iter().any(|one| one.to.as_ref() == Some(path));
        for (path, file) in &here {
            let is_named = goes(path) || (overwrite && comes(path));
            if !is_named {
                prop_assert_eq!(tree.get(path.as_str()), Some(&file.there));
            } else if !comes(path) {
                prop_assert_eq!(tree.get(path.as_str()), None);
            }
        }
    }
}
