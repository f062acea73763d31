//! Gated repositories: what stands at the gate, and whether this account is past it.
//!
//! Access is asked for in the browser, where the person reads what they agree to; it shares their
//! name and e-mail address with the authors.

use std::fmt;

use hubdesk_core::Revision;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use crate::call::Call;
use crate::json::or_default;
use crate::{Error, Repo, route};

/// Whether this account may read the files of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It may; or the repository has no gate.
    Granted,
    /// Nobody is signed in, and the gate opens for accounts only.
    SignedOut,
    /// It may not: access was not asked for, or the authors have not decided yet. The Hub does not
    /// tell these apart.
    NotGranted,
    /// The authors said no. Asking again is not possible.
    Rejected,
}

/// What the card of a gated repository says to those who ask for access. Written by strangers:
/// Markdown and HTML that must be made safe before it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct GateText {
    /// The title of the gate.
    #[serde(rename = "extra_gated_heading", default, deserialize_with = "text")]
    pub heading: Option<String>,
    /// What one agrees to.
    #[serde(rename = "extra_gated_prompt", default, deserialize_with = "text")]
    pub prompt: Option<String>,
    /// What is said below the title.
    #[serde(rename = "extra_gated_description", default, deserialize_with = "text")]
    pub description: Option<String>,
    /// The words on the button.
    #[serde(
        rename = "extra_gated_button_content",
        default,
        deserialize_with = "text"
    )]
    pub button: Option<String>,
    /// What one has to fill in, in the card's order.
    #[serde(rename = "extra_gated_fields", default, deserialize_with = "fields")]
    pub fields: Vec<GateField>,
    /// Whether nobody in the European Union gets access.
    #[serde(
        rename = "extra_gated_eu_disallowed",
        default,
        deserialize_with = "flag"
    )]
    pub is_closed_to_eu: bool,
}

/// Something to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateField {
    /// What it is called; also its key in the answer.
    pub label: String,
    /// What kind of answer is wanted.
    pub kind: FieldKind,
}

/// The kinds of answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// Words.
    Text,
    /// Yes or no.
    Checkbox,
    /// A day.
    Date,
    /// A country.
    Country,
    /// Where the person is by their address on the net; the Hub fills it in.
    IpLocation,
    /// One of these values.
    Select(Vec<String>),
    /// Something new to us.
    Other(String),
}

impl Repo {
    /// Whether this account may read the files. [`Error::NotFound`] for a repository it cannot
    /// see. While a request is pending, ask at most once a minute.
    pub async fn access(&self) -> Result<Access, Error> {
        let url = route::of_repo(self.hub.endpoint(), &self.id, "auth-check");
        match self.hub.tell(&Call::get(url, Some(&self.id))).await {
            Ok(()) => Ok(Access::Granted),
            Err(Error::Gated { exchange, .. }) if says_rejected(exchange.message.as_deref()) => {
                Ok(Access::Rejected)
            }
            Err(Error::Gated { exchange, .. }) if exchange.status == Some(401) => {
                Ok(Access::SignedOut)
            }
            Err(Error::Gated { .. }) => Ok(Access::NotGranted),
            Err(error) => Err(error),
        }
    }

    /// Whether this account, with this token, may change the repository.
    pub async fn may_write(&self) -> Result<bool, Error> {
        let url = route::of_repo(self.hub.endpoint(), &self.id, "auth-check/write");
        // Without a token a status of 401 is about the token, also where everybody may look.
        match self.hub.tell(&Call::get(url, None)).await {
            Ok(()) => Ok(true),
            Err(Error::Forbidden { .. } | Error::Gated { .. } | Error::SignedOut { .. }) => {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// What stands at the gate, by the card of `main`; empty if the card says nothing.
    pub async fn gate_text(&self) -> Result<GateText, Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Info {
            #[serde(default, deserialize_with = "or_default")]
            card_data: GateText,
        }
        let mut url = route::info(self.hub.endpoint(), &self.id, &Revision::main());
        url.query_pairs_mut().append_pair("expand", "cardData");
        let answer = self
            .hub
            .ask::<Info>(&Call::get(url, Some(&self.id)))
            .await?;
        Ok(answer.value.card_data)
    }
}

/// The Hub has no code for it, only words.
fn says_rejected(message: Option<&str>) -> bool {
    message.is_some_and(|message| message.contains("rejected"))
}

impl FieldKind {
    fn read(value: &Value) -> Self {
        let word = value.as_str().or_else(|| value["type"].as_str());
        match word.unwrap_or("text") {
            "text" => Self::Text,
            "checkbox" => Self::Checkbox,
            "date_picker" => Self::Date,
            "country" => Self::Country,
            "ip_location" => Self::IpLocation,
            "select" => {
                let options = value["options"].as_array().into_iter().flatten();
                let option = |option: &Value| {
                    let text = option.as_str().or_else(|| option["value"].as_str())?;
                    Some(text.to_owned())
                };
                Self::Select(options.filter_map(option).collect())
            }
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Authors write what they like: what is no text is none.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        _ => None,
    })
}

fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_bool().unwrap_or(false))
}

/// A map, whose order counts. Anything else is no fields.
fn fields<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<GateField>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Form {
        Fields(Fields),
        Other(IgnoredAny),
    }
    Ok(match Form::deserialize(deserializer)? {
        Form::Fields(Fields(fields)) => fields,
        Form::Other(_) => Vec::new(),
    })
}

struct Fields(Vec<GateField>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the fields of a gate")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some((label, value)) = map.next_entry::<String, Value>()? {
                    let kind = FieldKind::read(&value);
                    fields.push(GateField { label, kind });
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_of_a_card_is_read_in_the_cards_order() {
        let json = r#"{"license":"other","extra_gated_heading":"Come in","extra_gated_prompt":"Be nice",
            "extra_gated_button_content":"Agree","extra_gated_eu_disallowed":true,
            "extra_gated_fields":{"Name":"text","Affiliation":"text","Country":"country","Born":"date_picker",
            "Where":"ip_location","I agree":"checkbox","Use":{"type":"select",
            "options":["Research",{"label":"Other","value":"other"},7]},"New":"signature"}}"#;
        let gate: GateText = serde_json::from_str(json).unwrap();
        assert_eq!(gate.heading.as_deref(), Some("Come in"));
        assert!(gate.is_closed_to_eu && gate.description.is_none());
        let fields: Vec<_> = gate
            .fields
            .iter()
            .map(|field| (field.label.as_str(), field.kind.clone()))
            .collect();
        let options = vec!["Research".to_owned(), "other".to_owned()];
        assert_eq!(
            fields,
            [
                ("Name", FieldKind::Text),
                ("Affiliation", FieldKind::Text),
                ("Country", FieldKind::Country),
                ("Born", FieldKind::Date),
                ("Where", FieldKind::IpLocation),
                ("I agree", FieldKind::Checkbox),
                ("Use", FieldKind::Select(options)),
                ("New", FieldKind::Other("signature".to_owned())),
            ]
        );
    }

    #[test]
    fn a_card_that_makes_no_sense_has_no_gate() {
        for fields in ["null", "7", "-1", "0.5", "true", "\"x\"", "[1,[2]]", "{}"] {
            let json = format!(
                r#"{{"extra_gated_heading":["x"],"extra_gated_eu_disallowed":"no","extra_gated_fields":{fields}}}"#
            );
            let gate: GateText = serde_json::from_str(&json).unwrap();
            assert_eq!(gate, GateText::default(), "{fields}");
        }
    }
}
