//! What will not work with a token, in sentences, before anybody has tried it.

use hubdesk_hub::Shortcoming;

const NO_PRIVATE: &str = "Private repositories will not be found.";
const NO_GATED: &str = "Gated repositories cannot be downloaded, even where access was granted.";
const NO_DISCUSSIONS: &str = "Discussions and pull requests can be read, but not written.";

/// What is asked for when somebody signs in: all that the screens of the program can do.
pub(crate) const SCOPES: [&str; 9] = [
    "openid",
    "profile",
    "read-repos",
    "gated-repos",
    "manage-repos",
    "write-discussions",
    "read-collections",
    "write-collections",
    "inference-api",
];

/// What a scope that was not granted takes away.
const WITHOUT: [(&str, &[&str], &str); 5] = [
    ("read-repos", &["write-repos", "manage-repos"], NO_PRIVATE),
    ("gated-repos", &[], NO_GATED),
    (
        "write-repos",
        &["manage-repos"],
        "Uploading and changing files will not work.",
    ),
    (
        "manage-repos",
        &[],
        "Creating and deleting repositories and changing their settings will not work.",
    ),
    ("write-discussions", &[], NO_DISCUSSIONS),
];

/// What an access token cannot do, as the Hub tells.
pub(crate) fn of_shortcoming(shortcoming: &Shortcoming) -> String {
    match shortcoming {
        Shortcoming::NotAPerson(kind) => {
            format!("It belongs to an account of the kind {:?}.", kind.as_str())
        }
        Shortcoming::CannotWrite => {
            "Uploading, creating, deleting and changing settings will not work.".to_owned()
        }
        Shortcoming::WritesOnlyIn(places) if places.is_empty() => {
            "Changes work in some repositories only.".to_owned()
        }
        Shortcoming::WritesOnlyIn(places) => {
            format!("Changes work in {} only.", places.join(", "))
        }
        Shortcoming::CannotReadPrivate => NO_PRIVATE.to_owned(),
        Shortcoming::CannotReadGated => NO_GATED.to_owned(),
        Shortcoming::NoDiscussions => NO_DISCUSSIONS.to_owned(),
        Shortcoming::NoCollections => "Collections cannot be made or changed.".to_owned(),
        Shortcoming::NoInference => "Inference providers cannot be asked.".to_owned(),
    }
}

/// What will not work with a sign-in that was granted `scopes`; nothing is claimed where the Hub
/// did not say what it granted.
pub(crate) fn of_scopes(scopes: &[String]) -> Vec<String> {
    if scopes.is_empty() {
        return Vec::new();
    }
    let has = |scope: &str| scopes.iter().any(|granted| granted == scope);
    let missing = WITHOUT
        .iter()
        .filter(|(scope, wider, _)| !has(scope) && !wider.iter().any(|scope| has(scope)));
    missing.map(|(_, _, words)| (*words).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(scopes: &[&str]) -> Vec<String> {
        scopes.iter().map(|scope| (*scope).to_owned()).collect()
    }

    #[test]
    fn where_changes_work_is_named_as_far_as_the_hub_tells() {
        let places = |places: &[&str]| of_shortcoming(&Shortcoming::WritesOnlyIn(owned(places)));
        assert_eq!(
            places(&["lab", "ada/m"]),
            "Changes work in lab, ada/m only."
        );
        assert_eq!(places(&[]), "Changes work in some repositories only.");
    }

    #[test]
    fn what_is_asked_for_leaves_nothing_out_and_less_is_named() {
        assert!(of_scopes(&owned(&SCOPES)).is_empty());
        assert!(of_scopes(&[]).is_empty(), "nobody said what was granted");
        let limits = of_scopes(&owned(&["openid", "read-repos", "gated-repos"]));
        assert_eq!(limits.len(), 3, "{limits:?}");
        let wide = of_scopes(&owned(&[
            "manage-repos",
            "gated-repos",
            "write-discussions",
        ]));
        assert!(wide.is_empty(), "the wider scope covers the narrower");
    }
}
