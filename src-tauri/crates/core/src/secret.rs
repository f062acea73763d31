use std::fmt;

use zeroize::Zeroizing;

/// A text that is typed in once and shown never again. Prints as `…`, cannot be serialised, is
/// wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes any text as it is.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself, for the request that hands it over and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_never_prints_itself() {
        let secret = Secret::new("open sesame".to_owned());
        assert_eq!(format!("{:?}", Some(&secret)), "Some(…)");
        assert_eq!(secret.expose(), "open sesame");
    }
}
