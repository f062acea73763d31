//! How the program introduces itself: `name/version` pairs, the application first.

/// The `User-Agent`. Without `is_detailed` it holds the application alone, as the variables want
/// that switch telemetry off; `origin` is what a person or a tool on top wants to be known by, and
/// is left out when a header cannot carry it. Nothing is said twice.
pub(crate) fn user_agent(is_detailed: bool, origin: Option<&str>) -> String {
    let mut pairs = vec![format!("hubdesk/{}", env!("CARGO_PKG_VERSION"))];
    if is_detailed {
        pairs.push(format!("rust/{}", env!("CARGO_PKG_RUST_VERSION")));
        pairs.push(format!("os/{}", std::env::consts::OS));
    }
    let is_plain = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
    let origin = origin.map(str::trim).unwrap_or_default();
    if !origin.is_empty() && origin.bytes().all(is_plain) {
        // It may bring pairs of its own.
        for pair in format!("origin/{origin}").split(';').map(str::trim) {
            if !pair.is_empty() && !pairs.iter().any(|known| known == pair) {
                pairs.push(pair.to_owned());
            }
        }
    }
    pairs.join("; ")
}

#[cfg(test)]
mod tests {
    use super::user_agent;

    #[test]
    fn the_application_is_named_first_and_nothing_twice() {
        let app = concat!("hubdesk/", env!("CARGO_PKG_VERSION"));
        assert!(user_agent(true, None).starts_with(&format!("{app}; rust/")));
        assert_eq!(user_agent(false, None), app);
        assert_eq!(user_agent(false, Some("")), app);
        assert_eq!(user_agent(false, Some("a b")), format!("{app}; origin/a b"));
        assert_eq!(user_agent(false, Some("a\nb")), app);
        assert_eq!(
            user_agent(false, Some(&format!("a; b/1; {app}; b/1"))),
            format!("{app}; origin/a; b/1")
        );
    }
}
