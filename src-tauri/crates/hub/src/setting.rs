//! What the program of a Space finds in its environment: secrets and variables.

use std::fmt;
use std::str::FromStr;

use hubdesk_core::Secret;
use serde::{Deserialize, Serialize};

use crate::json::or_default;

/// A secret or a variable, as it is set. Its value is not printed: of a variable it will be public,
/// and not before it was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: VariableName,
    /// What the program finds under it.
    pub value: Secret,
    /// What it is for, for those who look at the settings of the Space.
    pub description: Option<String>,
}

/// What is known about a secret of a Space. Its value is never told.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretFacts {
    /// Its name.
    #[serde(default)]
    pub key: String,
    /// What it is for.
    #[serde(default, deserialize_with = "or_default")]
    pub description: Option<String>,
    /// When it was last set, in ISO 8601.
    #[serde(default, deserialize_with = "or_default")]
    pub updated_at: Option<String>,
}

/// A setting that the program of a Space finds in its environment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Variable {
    /// Its name.
    #[serde(default)]
    pub key: String,
    /// Its value, for everybody to see.
    #[serde(default, deserialize_with = "or_default")]
    pub value: String,
    /// What it is for.
    #[serde(default, deserialize_with = "or_default")]
    pub description: Option<String>,
    /// When it was last set, in ISO 8601.
    #[serde(default, deserialize_with = "or_default")]
    pub updated_at: Option<String>,
}

/// The name of a secret or a variable: a letter, then letters, digits and `_`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableName(String);

/// A text that cannot be the name of a variable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} cannot be the name of a variable")]
pub struct BadVariableName(String);

impl Setting {
    /// `name` is `value`.
    pub fn new(name: VariableName, value: Secret) -> Self {
        Self {
            name,
            value,
            description: None,
        }
    }
}

/// For the request that hands it over.
impl Serialize for Setting {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Wire<'a> {
            key: &'a str,
            value: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            description: Option<&'a str>,
        }
        Wire {
            key: self.name.as_str(),
            value: self.value.expose(),
            description: self.description.as_deref(),
        }
        .serialize(serializer)
    }
}

impl VariableName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for VariableName {
    type Err = BadVariableName;

    fn from_str(text: &str) -> Result<Self, BadVariableName> {
        let mut bytes = text.bytes();
        let is_name = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        match is_name {
            true => Ok(Self(text.to_owned())),
            false => Err(BadVariableName(text.to_owned())),
        }
    }
}

impl fmt::Display for VariableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_a_secret_is_sent_and_not_printed() {
        let secret = Setting::new("KEY".parse().unwrap(), Secret::new("hush".to_owned()));
        assert!(!format!("{secret:?}").contains("hush"));
        let sent = serde_json::to_string(&secret).unwrap();
        assert_eq!(sent, r#"{"key":"KEY","value":"hush"}"#);
    }

    #[test]
    fn names_of_variables_are_checked() {
        for (text, is_name) in [
            ("API_KEY", true),
            ("a1", true),
            ("_a", false),
            ("1a", false),
            ("A-B", false),
            ("", false),
            ("ä", false),
        ] {
            assert_eq!(text.parse::<VariableName>().is_ok(), is_name, "{text}");
        }
    }
}
