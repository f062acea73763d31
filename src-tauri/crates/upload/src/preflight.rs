//! What a person should know before the first byte goes out. Pure, but for what was read.

use std::collections::{BTreeMap, BTreeSet};

use hubdesk_core::{BadPath, RepoId, RepoKind, RepoPath};
use hubdesk_hub::card::Mapping;

use crate::beside::{Beside, Names};
use crate::secrets::Secret;
use crate::{LeftOut, Planned, Why};

/// Entries of one folder beyond which the Hub advises against it ("Repository limitations and
/// recommendations", official docs).
pub(crate) const CROWDED: usize = 10_000;
/// Files of one repository, likewise.
const MANY: usize = 100_000;
/// A file beyond this is better split, in bytes.
const LONG: u64 = 200 * GB;
/// A file beyond this is refused, in bytes.
const TOO_LONG: u64 = 500 * GB;
const GB: u64 = 1_000_000_000;

/// Something to know, or to do, before uploading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A file holds a secret, or is one; to be acknowledged, or left out.
    Secret {
        /// The file.
        path: RepoPath,
        /// What it is.
        secret: Secret,
    },
    /// A folder would have more entries than is good for it.
    Crowded {
        /// The folder; empty for the root.
        folder: String,
        /// Its entries with those that are there; the true number may be higher.
        entries: usize,
    },
    /// More files than a repository should have.
    Many {
        /// How many.
        files: usize,
    },
    /// A file is longer than is good.
    Long {
        /// The file.
        path: RepoPath,
        /// Its length in bytes.
        size: u64,
        /// Whether the Hub refuses it.
        is_refused: bool,
    },
    /// A file or folder cannot be read, and stays here.
    Unreadable {
        /// Its path on this machine.
        path: std::path::PathBuf,
    },
    /// A file has a name the Hub does not take, and stays here.
    Name {
        /// Its path on this machine.
        path: std::path::PathBuf,
        /// The rule it breaks.
        why: BadPath,
    },
    /// Two files whose names are one for systems that do not tell letters by case.
    Twins {
        /// The first.
        one: RepoPath,
        /// The second.
        other: RepoPath,
    },
    /// Nothing says what the repository is.
    NoCard,
    /// The front matter of the card cannot be read; the Hub refuses such a card.
    BrokenCard {
        /// Why, in one clause.
        why: String,
    },
    /// A Space without the file that it is started from.
    NoApp,
    /// A Space whose card does not say what it is made with.
    NoSdk,
    /// A dataset without a file that the Hub can show rows of.
    NoData,
}

impl Finding {
    /// Whether nothing may be sent before a person has said something about it.
    pub fn is_blocking(&self) -> bool {
        matches!(
            self,
            Self::Secret { .. }
                | Self::Long {
                    is_refused: true,
                    ..
                }
        )
    }
}

/// What there is to know about an upload of `files`. Nothing is said of the storage that is left to
/// the account: unverified whether the Hub tells that before it refuses.
pub(crate) fn findings(
    repo: &RepoId,
    files: &[Planned],
    left_out: &[LeftOut],
    beside: &Beside,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let sent = || files.iter().filter(|file| file.is_sent());
    for file in sent() {
        if let Some(secret) = file.secret {
            let path = file.path.clone();
            findings.push(Finding::Secret { path, secret });
        }
    }
    for file in sent().filter(|file| file.size > LONG) {
        findings.push(Finding::Long {
            path: file.path.clone(),
            size: file.size,
            is_refused: file.size > TOO_LONG,
        });
    }
    for one in left_out {
        let path = one.path.clone();
        match &one.why {
            Why::Unreadable(_) => findings.push(Finding::Unreadable { path }),
            Why::Name(why) => findings.push(Finding::Name { path, why: *why }),
            _ => {}
        }
    }
    findings.extend(twins(files));
    findings.extend(crowds(files, &beside.names));
    if files.len() > MANY {
        findings.push(Finding::Many { files: files.len() });
    }
    findings.extend(needs(repo.kind(), files, beside));
    findings
}

/// What the repository lacks for what it is.
fn needs(kind: RepoKind, files: &[Planned], beside: &Beside) -> Vec<Finding> {
    let mut findings = Vec::new();
    let has = |name: &str| files.iter().any(|file| file.path.as_str() == name);
    let is_new = !beside.has_card;
    if is_new && !has("README.md") {
        findings.push(Finding::NoCard);
    }
    if let Some(Err(why)) = &beside.card {
        findings.push(Finding::BrokenCard { why: why.clone() });
    }
    match kind {
        RepoKind::Space => {
            if is_new && !APPS.iter().any(|app| has(app)) {
                findings.push(Finding::NoApp);
            }
            let lacks_sdk = |said: &Mapping| said.get("sdk").is_none();
            if matches!(&beside.card, Some(Ok(said)) if lacks_sdk(said)) {
                findings.push(Finding::NoSdk);
            }
        }
        RepoKind::Dataset => {
            if is_new && !files.iter().any(|file| is_data(&file.path)) {
                findings.push(Finding::NoData);
            }
        }
        RepoKind::Model => {}
    }
    findings
}

/// What a Space is started from, by its kind ("Spaces configuration reference", official docs).
const APPS: [&str; 4] = ["app.py", "index.html", "Dockerfile", "package.json"];

/// How the names of files end that the Hub makes rows of ("Supported file formats" and the pages
/// on images, audio, video and documents, official docs).
const DATA: [&str; 32] = [
    "arrow", "avi", "bmp", "csv", "flac", "gif", "h5", "hdf5", "jpeg", "jpg", "json", "jsonl",
    "lance", "m4a", "mkv", "mov", "mp3", "mp4", "ndjson", "ogg", "opus", "parquet", "pdf", "png",
    "tar", "tif", "tiff", "tsv", "txt", "wav", "webm", "webp",
];
/// How they end if they are packed.
const PACKED: [&str; 6] = ["bz2", "gz", "lz4", "xz", "zip", "zst"];

fn is_data(path: &RepoPath) -> bool {
    let path = path.as_str().to_lowercase();
    let name = path.rsplit_once('/').map_or(&*path, |(_, name)| name);
    let Some((_, ending)) = name.rsplit_once('.') else {
        return false;
    };
    DATA.contains(&ending) || PACKED.contains(&ending)
}

fn twins(files: &[Planned]) -> Vec<Finding> {
    let mut folded: BTreeMap<String, &RepoPath> = BTreeMap::new();
    let mut twins = Vec::new();
    for file in files {
        let name = file.path.as_str().to_lowercase();
        if let Some(one) = folded.insert(name, &file.path) {
            twins.push(Finding::Twins {
                one: one.clone(),
                other: file.path.clone(),
            });
        }
    }
    twins
}

fn crowds(files: &[Planned], there: &Names) -> Vec<Finding> {
    let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in files {
        let mut path = file.path.as_str();
        loop {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            // Each folder is an entry of the one above it, once.
            if !names.entry(folder).or_default().insert(name) || folder.is_empty() {
                break;
            }
            path = folder;
        }
    }
    for (folder, there) in there {
        if let Some(names) = names.get_mut(folder.as_str()) {
            names.extend(there.iter().map(String::as_str));
        }
    }
    let crowded = names.into_iter().filter(|(_, names)| names.len() > CROWDED);
    crowded
        .map(|(folder, names)| Finding::Crowded {
            folder: folder.to_owned(),
            entries: names.len(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fate;

    fn file(path: &str) -> Planned {
        Planned {
            path: RepoPath::new(path).unwrap(),
            size: 1,
            fate: Fate::New,
            travel: None,
            secret: None,
        }
    }

    fn look(kind: RepoKind, files: &[Planned], has_card: bool) -> Vec<Finding> {
        let beside = Beside {
            has_card,
            ..Beside::default()
        };
        look_beside(kind, files, &beside)
    }

    fn look_beside(kind: RepoKind, files: &[Planned], beside: &Beside) -> Vec<Finding> {
        findings(&RepoId::new(kind, "a/b").unwrap(), files, &[], beside)
    }

    fn saying(front: &str) -> Beside {
        let said = hubdesk_hub::card::read(front);
        Beside {
            card: Some(said.map_err(|error| error.to_string())),
            ..Beside::default()
        }
    }

    #[test]
    fn an_ordinary_upload_has_none() {
        let files = [file("README.md"), file("d/a"), file("d/b")];
        assert_eq!(look(RepoKind::Model, &files, false), []);
        assert_eq!(look(RepoKind::Model, &[file("d/a")], true), []);
    }

    #[test]
    fn what_is_the_same_as_on_the_hub_is_no_secret_any_more() {
        let mut secret = file(".env");
        secret.secret = Some(Secret::Environment);
        let found = look(RepoKind::Model, &[secret.clone()], true);
        assert!(matches!(found[..], [Finding::Secret { .. }]));
        assert!(found[0].is_blocking());
        secret.fate = Fate::Same;
        assert_eq!(look(RepoKind::Model, &[secret], true), []);
    }

    #[test]
    fn folders_count_once_in_the_one_above() {
        let many: Vec<_> = (0..=CROWDED).map(|n| file(&format!("a/b/{n}"))).collect();
        let found = look(RepoKind::Model, &many, true);
        let expected = Finding::Crowded {
            folder: "a/b".to_owned(),
            entries: CROWDED + 1,
        };
        assert_eq!(found, [expected]);
        let deep: Vec<_> = (0..=CROWDED).map(|n| file(&format!("a/{n}/x"))).collect();
        let found = look(RepoKind::Model, &deep, true);
        assert!(matches!(&found[..], [Finding::Crowded { folder, .. }] if folder == "a"));
    }

    #[test]
    fn long_files_are_told_of_and_longer_ones_refused() {
        for (size, expected) in [
            (LONG, None),
            (LONG + 1, Some(false)),
            (TOO_LONG + 1, Some(true)),
        ] {
            let long = Planned { size, ..file("w") };
            let found = look(RepoKind::Model, &[long], true);
            let is_refused = found.iter().find_map(|one| match one {
                Finding::Long { is_refused, .. } => Some(*is_refused),
                _ => None,
            });
            assert_eq!(is_refused, expected, "{size}");
        }
    }

    #[test]
    fn names_that_differ_in_case_only() {
        let found = look(RepoKind::Model, &[file("A/x"), file("a/x")], true);
        assert!(matches!(found[..], [Finding::Twins { .. }]), "{found:?}");
    }

    #[test]
    fn a_space_needs_a_card_and_something_to_start() {
        assert_eq!(
            look(RepoKind::Space, &[file("x")], false),
            [Finding::NoCard, Finding::NoApp]
        );
        let files = [file("README.md"), file("app.py")];
        assert_eq!(look(RepoKind::Space, &files, false), []);
    }

    #[test]
    fn what_is_in_a_folder_already_counts_once() {
        let names = |count: usize| (0..count).map(|n| n.to_string()).collect();
        let beside = |count| Beside {
            has_card: true,
            names: BTreeMap::from([("a".to_owned(), names(count))]),
            ..Beside::default()
        };
        // One of them is there.
        let files = [file("a/0"), file("a/new"), file("b")];
        let look = |count| look_beside(RepoKind::Model, &files, &beside(count));
        assert_eq!(look(CROWDED - 1), []);
        let expected = Finding::Crowded {
            folder: "a".to_owned(),
            entries: CROWDED + 1,
        };
        assert_eq!(look(CROWDED), [expected]);
    }

    #[test]
    fn the_card_of_a_space_says_what_it_is_made_with() {
        let files = [file("README.md"), file("app.py")];
        let look = |front| look_beside(RepoKind::Space, &files, &saying(front));
        assert_eq!(look("title: x\n"), [Finding::NoSdk]);
        assert_eq!(look("sdk: gradio\n"), []);
        assert_eq!(
            look_beside(RepoKind::Model, &files, &saying("title: x\n")),
            []
        );
    }

    #[test]
    fn a_card_that_cannot_be_read_is_told_of() {
        let found = look_beside(RepoKind::Model, &[file("README.md")], &saying("a: [\n"));
        assert!(
            matches!(found[..], [Finding::BrokenCard { .. }]),
            "{found:?}"
        );
    }

    #[test]
    fn a_new_dataset_needs_data() {
        let look = |name: &str, has_card| {
            look(
                RepoKind::Dataset,
                &[file("README.md"), file(name)],
                has_card,
            )
        };
        for name in [
            "d/train.csv",
            "a.PARQUET",
            "a.json.gz",
            "x.jpg",
            "shard-0.tar",
        ] {
            assert_eq!(look(name, false), [], "{name}");
        }
        for name in ["csv", "load.py", "d.csv/x"] {
            assert_eq!(look(name, false), [Finding::NoData], "{name}");
        }
        assert_eq!(look("load.py", true), []);
    }
}
