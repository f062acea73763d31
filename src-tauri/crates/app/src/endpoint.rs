//! Which Hub is meant.

use hubdesk_hub::{BadEndpoint, Endpoint};

use crate::api::ApiError;
use crate::env::Env;

/// What the first of `given` that says anything names; else what the environment names; else the
/// public Hub.
pub(crate) fn endpoint(env: &Env, given: &[&str]) -> Result<Endpoint, ApiError> {
    if let Some(address) = given.iter().find_map(|text| said(text)) {
        // What was typed is not repeated: there may be a password in it.
        return named_by(address);
    }
    match env.endpoint().and_then(said) {
        Some(address) => parse("HF_ENDPOINT", address),
        None => Ok(Endpoint::default()),
    }
}

/// The Hub that somebody means by `address`.
pub(crate) fn named_by(address: &str) -> Result<Endpoint, ApiError> {
    parse("That", address)
}

fn said(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn parse(what: &str, address: &str) -> Result<Endpoint, ApiError> {
    let words = |error: BadEndpoint| {
        ApiError::bad_input(format!("{what} is not the address of a Hub: {error}."))
    };
    Endpoint::parse(address).map_err(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_goes_before_the_settings_and_these_before_the_environment() {
        let env = Env::of([("HF_ENDPOINT", " https://env.example ")]);
        let found = |given: &[&str]| endpoint(&env, given).unwrap().to_string();
        assert_eq!(
            found(&["https://a.example", "https://b.example"]),
            "https://a.example"
        );
        assert_eq!(found(&["  ", "https://b.example"]), "https://b.example");
        assert_eq!(found(&["", ""]), "https://env.example");
        let none = Env::of([("HF_ENDPOINT", " ")]);
        assert_eq!(endpoint(&none, &[]).unwrap(), Endpoint::default());
    }

    #[test]
    fn who_has_set_an_address_that_is_none_is_told_where() {
        let env = Env::of([("HF_ENDPOINT", "ftp://x")]);
        let said = |given: &[&str]| endpoint(&env, given).unwrap_err().message;
        assert!(said(&[]).starts_with("HF_ENDPOINT is not the address"));
        let typed = said(&["ftp://mira:s3cret@x"]);
        assert!(typed.starts_with("That is not the address"), "{typed}");
        assert!(!typed.contains("s3cret"), "{typed}");
    }
}
