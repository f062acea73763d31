//! What will not work with a token, in sentences, before anybody has tried it.

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
    (
        "read-repos",
        &["write-repos", "manage-repos"],
        "Private repositories will not be found.",
    ),
    (
        "gated-repos",
        &[],
        "Gated repositories cannot be downloaded, even where access was granted.",
    ),
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
    (
        "write-discussions",
        &[],
        "Discussions and pull requests can be read, but not written.",
    ),
];

/// What will not work with an access token of this role. The Hub names new roles as it likes; of
/// one that is not known nothing is claimed.
pub(crate) fn of_role(role: &str) -> Vec<String> {
    match role {
        "read" => vec![
            "It may only read: uploading, creating, deleting and changing settings will not work."
                .to_owned(),
        ],
        "fineGrained" => vec![
            "It was made for certain things only: what it does not name will not work.".to_owned(),
        ],
        _ => Vec::new(),
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
    fn a_token_for_reading_says_up_front_what_will_not_work() {
        assert_eq!(of_role("read").len(), 1);
        assert!(of_role("write").is_empty());
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
