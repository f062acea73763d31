use hubdesk_core::{CommitId, Digest, RepoId, RepoKind};
use proptest::prelude::*;

use super::*;

const PATHS: [&str; 6] = ["a", "b", "d", "d/x", "d/y", "e/f/g"];
/// What others write is at least this, what we write is less.
const THEIRS: u8 = 100;

/// A commit: whether others made it, and what it writes where, by the number of the path.
type Made = (bool, Vec<(usize, Option<u8>)>);

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

fn stored(at: &RepoPath, content: u8) -> Stored {
    Stored {
        repo: RepoId::new(RepoKind::Model, "mira/m").unwrap(),
        commit: "0".repeat(40).parse::<CommitId>().unwrap(),
        path: at.clone(),
        there: There {
            digest: Digest::sha256(&[content]),
            size: u64::from(content),
        },
        xet_hash: None,
    }
}

/// Puts a file where it goes; what cannot be beside it goes.
fn write(tree: &mut Files, at: &str, content: Option<u8>) {
    let at = path(at);
    tree.remove(&at);
    if let Some(content) = content {
        tree.retain(|other, _| {
            let is_above = folders_above(&at).any(|folder| folder == other.as_str());
            let is_below = folders_above(other).any(|folder| folder == at.as_str());
            !is_above && !is_below
        });
        let file = stored(&at, content);
        tree.insert(at, file);
    }
}

fn is_tree(tree: &Files) -> bool {
    let is_alone =
        |path: &RepoPath| folders_above(path).all(|one| !tree.contains_key(&self::path(one)));
    tree.keys().all(is_alone)
}

fn edited(tree: &Files, edits: &[Edit]) -> Files {
    let mut tree = tree.clone();
    for edit in edits {
        assert_eq!(there(tree.get(&edit.path)), edit.now);
        tree.remove(&edit.path);
    }
    for edit in edits {
        if let Some(file) = &edit.then {
            tree.insert(edit.path.clone(), file.clone());
        }
    }
    tree
}

/// The tree after `commits`, and what ours of them touched.
fn happen(base: &Files, commits: &[Made]) -> (Files, Vec<Touch>) {
    let mut tree = base.clone();
    let mut touches = Vec::new();
    for (is_theirs, changes) in commits {
        let before = tree.clone();
        for (at, content) in changes {
            let ours = if *is_theirs { THEIRS } else { 0 };
            write(&mut tree, PATHS[*at], content.map(|content| content + ours));
        }
        let paths: BTreeSet<_> = before.keys().chain(tree.keys()).collect();
        let changed = paths
            .into_iter()
            .filter(|path| before.get(path) != tree.get(path));
        if !is_theirs {
            touches.extend(changed.map(|path| Touch {
                path: path.clone(),
                before: before.get(path).cloned(),
                after: there(tree.get(path)),
            }));
        }
    }
    (tree, touches)
}

fn changes() -> impl Strategy<Value = Vec<(usize, Option<u8>)>> {
    prop::collection::vec((0..PATHS.len(), prop::option::of(0..3_u8)), 1..5)
}

fn trees() -> impl Strategy<Value = Files> {
    changes().prop_map(|changes| happen(&Files::new(), &[(false, changes)]).0)
}

fn ours() -> impl Strategy<Value = Vec<Made>> {
    prop::collection::vec((Just(false), changes()), 1..5)
}

fn anybodys() -> impl Strategy<Value = Vec<Made>> {
    prop::collection::vec((any::<bool>(), changes()), 1..7)
}

proptest! {
    #[test]
    fn what_only_we_have_done_leaves_nothing(base in trees(), commits in ours()) {
        let (now, touches) = happen(&base, &commits);
        let decision = decide(sum_up(touches), &now);
        prop_assert_eq!(&decision.left_alone, &[]);
        prop_assert_eq!(edited(&now, &decision.edits), base);
    }

    #[test]
    fn what_others_wrote_stays_and_the_rest_is_as_it_was_or_is_listed(
        base in trees(),
        commits in anybodys(),
    ) {
        let (now, touches) = happen(&base, &commits);
        let decision = decide(sum_up(touches), &now);
        let after = edited(&now, &decision.edits);
        prop_assert!(is_tree(&after), "{after:?}");
        for (path, file) in &now {
            if file.there.size >= u64::from(THEIRS) {
                prop_assert_eq!(after.get(path), Some(file));
            }
        }
        let theirs = commits.iter().any(|(is_theirs, _)| *is_theirs);
        for path in PATHS.map(path) {
            let is_listed = decision.left_alone.iter().any(|left| left.path == path);
            prop_assert!(theirs || is_listed || after.get(&path) == base.get(&path));
        }
    }

    #[test]
    fn the_second_time_there_is_nothing_to_do(base in trees(), commits in anybodys()) {
        let (now, touches) = happen(&base, &commits);
        let touched = sum_up(touches);
        let first = decide(touched.clone(), &now);
        let second = decide(touched, &edited(&now, &first.edits));
        prop_assert_eq!(second.edits, []);
        prop_assert_eq!(second.left_alone, first.left_alone);
    }
}

#[test]
fn what_others_did_between_two_commits_comes_back() {
    let base = happen(&Files::new(), &[(false, vec![(0, Some(0))])]).0;
    let commits = [
        (false, vec![(0, Some(1))]),
        (true, vec![(0, Some(2))]),
        (false, vec![(0, Some(2))]),
    ];
    let (now, touches) = happen(&base, &commits);
    let decision = decide(sum_up(touches), &now);
    let after = edited(&now, &decision.edits);
    assert_eq!(after[&path("a")], stored(&path("a"), THEIRS + 2));
}

#[test]
fn a_folder_of_others_where_a_file_was_is_left() {
    let base = happen(&Files::new(), &[(false, vec![(2, Some(0))])]).0;
    let commits = [(false, vec![(3, Some(1))]), (true, vec![(4, Some(1))])];
    let (now, touches) = happen(&base, &commits);
    let decision = decide(sum_up(touches), &now);
    let left = LeftAlone {
        path: path("d"),
        why: WhyLeft::InTheWay,
    };
    assert_eq!(decision.left_alone, [left]);
    let after = edited(&now, &decision.edits);
    assert_eq!(after.keys().collect::<Vec<_>>(), [&path("d/y")]);
}
