//! Which names are one on a volume.

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::Path;

use unicode_normalization::UnicodeNormalization as _;

use crate::{PathError, look};

/// What a volume takes for the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sameness {
    /// Upper and lower case.
    pub of_case: bool,
    /// One character and the two it is composed of, such as `é`.
    pub of_form: bool,
}

impl Sameness {
    /// What is usual on this system.
    const USUAL: Self = Self {
        of_case: cfg!(any(windows, target_vendor = "apple")),
        of_form: cfg!(target_vendor = "apple"),
    };

    /// Whether any two different names can be the same.
    pub fn is_any(self) -> bool {
        self.of_case || self.of_form
    }

    /// The form in which names that are one are equal. Letters are compared as upper case, as
    /// volumes do, and then as lower case, so that more is taken for the same rather than less.
    fn fold(self, part: &str) -> String {
        let folded = |part: &str| match self.of_case {
            true => part.to_uppercase().to_lowercase(),
            false => part.to_owned(),
        };
        match self.of_form {
            true => folded(&part.nfd().collect::<String>()).nfd().collect(),
            false => folded(part),
        }
    }
}

/// What the volume takes for the same that holds `folder`, or will hold it.
///
/// Nothing is written: the nearest folder that is there is looked for under its own name in the other
/// case. Where that says nothing, for want of a letter, it is as usual on this system.
pub fn sameness_of(folder: &Path) -> Result<Sameness, PathError> {
    let nearest = crate::space::nearest(folder)?;
    let nearest = nearest
        .canonicalize()
        .unwrap_or_else(|_| nearest.to_owned());
    let lettered = nearest.ancestors().find_map(|path| {
        let parent = path.parent()?;
        let name = path.file_name()?.to_str()?;
        Some((path, parent.join(in_other_case(name)?)))
    });
    let Some((path, other)) = lettered else {
        return Ok(Sameness::USUAL);
    };
    Ok(match (look(path)?, look(&other)?) {
        (Some(own), Some(found)) if is_one(&own, &found, path, &other) => Sameness {
            of_case: true,
            // Who compares letters compares characters, too, but for NTFS.
            of_form: !cfg!(windows),
        },
        _ => Sameness {
            of_case: false,
            ..Sameness::USUAL
        },
    })
}

/// The first two of `names` that are one on a volume that takes `sameness` for the same. Folders
/// count: what lies in two of them would lie in one.
///
/// Names are `/`-separated and are not equal to each other.
pub fn first_clash<'n>(
    names: impl IntoIterator<Item = &'n str>,
    sameness: Sameness,
) -> Option<(&'n str, &'n str)> {
    if !sameness.is_any() {
        return None;
    }
    // Each folded way, with how it was spelt first, and where.
    let mut seen: HashMap<String, (&str, &str)> = HashMap::new();
    for name in names {
        let ends = name.match_indices('/').map(|(at, _)| at);
        for end in ends.chain([name.len()]) {
            let spelt = &name[..end];
            let (first, whole) = *seen.entry(sameness.fold(spelt)).or_insert((spelt, name));
            if first != spelt {
                return Some((whole, name));
            }
        }
    }
    None
}

fn in_other_case(name: &str) -> Option<String> {
    let turned = |letter: char| match letter.is_ascii_lowercase() {
        true => letter.to_ascii_uppercase(),
        false => letter.to_ascii_lowercase(),
    };
    let other: String = name.chars().map(turned).collect();
    (other != name).then_some(other)
}

#[cfg(unix)]
fn is_one(own: &Metadata, found: &Metadata, _: &Path, _: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (own.dev(), own.ino()) == (found.dev(), found.ino())
}

/// Both are spelt as the volume spells them.
#[cfg(not(unix))]
fn is_one(_: &Metadata, _: &Metadata, own: &Path, found: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    real(own).is_some() && real(own) == real(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: Sameness = Sameness {
        of_case: true,
        of_form: true,
    };

    #[test]
    fn names_clash_by_what_the_volume_takes_for_the_same() {
        let case = Sameness {
            of_form: false,
            ..BOTH
        };
        let form = Sameness {
            of_case: false,
            ..BOTH
        };
        let none = Sameness::default();
        for (one, other, sameness) in [
            ("README.md", "readme.md", [case, BOTH].as_slice()),
            ("caf\u{e9}", "cafe\u{301}", &[form, BOTH]),
            ("CAF\u{c9}", "cafe\u{301}", &[BOTH]),
            ("Stra\u{df}e", "STRASSE", &[case, BOTH]),
            ("\u{3c3}", "\u{3c2}", &[case, BOTH]),
            ("Data/a.txt", "data/b.txt", &[case, BOTH]),
            ("Data", "data/b.txt", &[case, BOTH]),
            ("a/b", "a/c", &[]),
            ("a-b", "a_b", &[]),
        ] {
            for with in [none, case, form, BOTH] {
                let clash = first_clash([one, "else", other], with);
                let expected = sameness.contains(&with).then_some((one, other));
                assert_eq!(clash, expected, "{one} {other} {with:?}");
            }
        }
    }

    #[test]
    fn a_volume_that_tells_case_apart_is_known_without_writing() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("Letters");
        std::fs::create_dir(&folder).unwrap();
        let is_told_apart = std::fs::create_dir(dir.path().join("lETTERS")).is_ok();
        let found = sameness_of(&folder.join("not/yet")).unwrap();
        assert_eq!(found.of_case, !is_told_apart);
    }
}
