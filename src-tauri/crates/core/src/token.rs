use std::fmt;

use zeroize::Zeroizing;

/// A credential of the Hub. Prints as `hf_…`, cannot be serialised, is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Zeroizing<String>);

impl Token {
    /// Takes a pasted or stored token: line ends and blanks around it go, nothing left is `None`.
    pub fn new(text: &str) -> Option<Self> {
        let cleaned: String = text
            .trim()
            .chars()
            .filter(|c| !matches!(c, '\r' | '\n'))
            .collect();
        let is_printable = cleaned.bytes().all(|byte| byte.is_ascii_graphic());
        (is_printable && !cleaned.is_empty()).then(|| Self(Zeroizing::new(cleaned)))
    }

    /// The secret itself, for the `Authorization` header and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hf_…")
    }
}

#[cfg(test)]
mod tests {
    use super::Token;

    #[test]
    fn a_token_never_prints_itself() {
        let token = Token::new("hf_secret").unwrap();
        assert_eq!(
            format!("{token:?} {:#?}", Some(&token))
                .matches("secret")
                .count(),
            0
        );
    }

    #[test]
    fn blanks_and_line_ends_around_a_token_are_dropped() {
        assert_eq!(Token::new(" hf_a\r\n").unwrap().expose(), "hf_a");
        assert_eq!(Token::new(" \n"), None);
        assert_eq!(Token::new("hf_ä"), None, "a header could not carry it");
    }
}
