//! What a person should know before the first byte goes out. Pure, but for what was read.

use std::collections::BTreeMap;

use hubdesk_core::{BadPath, RepoId, RepoKind, RepoPath};

use crate::secrets::Secret;
use crate::{LeftOut, Planned, Why};

/// Entries of one folder beyond which the Hub advises against it ("Repository limitations and
/// recommendations", official docs).
const CROWDED: usize = 10_000;
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
        /// Its entries.
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
    /// A Space without the file that it is started from.
    NoApp,
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

/// What there is to know about an upload of `files`. `has_card` says whether the repository has a
/// card already.
pub(crate) fn findings(
    repo: &RepoId,
    files: &[Planned],
    left_out: &[LeftOut],
    has_card: bool,
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
    findings.extend(crowds(files));
    if files.len() > MANY {
        findings.push(Finding::Many { files: files.len() });
    }
    let has = |name: &str| files.iter().any(|file| file.path.as_str() == name);
    if !has_card && !has("README.md") {
        findings.push(Finding::NoCard);
    }
    if repo.kind() == RepoKind::Space && !has_card && !APPS.iter().any(|app| has(app)) {
        findings.push(Finding::NoApp);
    }
    findings
}

/// What a Space is started from, by its kind ("Spaces configuration reference", official docs).
const APPS: [&str; 4] = ["app.py", "index.html", "Dockerfile", "package.json"];

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

fn crowds(files: &[Planned]) -> Vec<Finding> {
    let mut entries: BTreeMap<&str, usize> = BTreeMap::new();
    let mut seen = std::collections::BTreeSet::new();
    for file in files {
        let mut path = file.path.as_str();
        // Each folder is an entry of the one above it, once.
        while seen.insert(path) {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            *entries.entry(folder).or_default() += 1;
            if folder.is_empty() {
                break;
            }
            path = folder;
        }
    }
    let crowded = entries.into_iter().filter(|(_, count)| *count > CROWDED);
    crowded
        .map(|(folder, entries)| Finding::Crowded {
            folder: folder.to_owned(),
            entries,
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
        findings(&RepoId::new(kind, "a/b").unwrap(), files, &[], has_card)
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
}
