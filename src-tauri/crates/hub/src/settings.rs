use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::call::{Call, Effect, Verb};
use crate::json::lenient;
use crate::repo::gated;
use crate::{Error, Gated, Repo, Visibility, route};

/// What the owner of a repository can set; `None` leaves it as it is. In an answer, `None` is
/// what the Hub did not mention.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Who sees it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient"
    )]
    pub visibility: Option<Visibility>,
    /// Whether access must be requested.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "gated_or_absent"
    )]
    pub gated: Option<Gated>,
    /// Whether members of the organisation must ask, too.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient"
    )]
    pub org_members_gated: Option<bool>,
    /// Who is told about requests for access.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient"
    )]
    pub gated_notifications_email: Option<String>,
    /// When they are told.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient"
    )]
    pub gated_notifications_mode: Option<GatedNotifications>,
    /// Whether nobody can open discussions and pull requests.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient"
    )]
    pub discussions_disabled: Option<bool>,
    /// Which discussions come first.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient"
    )]
    pub discussions_sorting: Option<DiscussionsSorting>,
}

/// When owners are told about requests for access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GatedNotifications {
    /// Once a day.
    Bulk,
    /// At once.
    RealTime,
}

/// Which discussions come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DiscussionsSorting {
    /// The newest.
    RecentlyCreated,
    /// Those with the most activity.
    Trending,
    /// Those with the most reactions.
    Reactions,
}

impl Repo {
    /// Changes what `settings` names and gives back what the Hub says is set now.
    pub async fn change_settings(&self, settings: &Settings) -> Result<Settings, Error> {
        let url = route::of_repo(self.hub.endpoint(), &self.id, "settings");
        let call = Call::new(Verb::Put, Effect::Repeatable, url, Some(&self.id)).json(settings);
        Ok(self.hub.ask(&call).await?.value)
    }
}

/// In one of its forms, or not there.
fn gated_or_absent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Gated>, D::Error> {
    #[derive(Deserialize)]
    struct One(#[serde(deserialize_with = "gated")] Gated);
    let one: Option<One> = Option::deserialize(deserializer)?;
    Ok(one.map(|One(gated)| gated))
}

impl Serialize for Gated {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::No => serializer.serialize_bool(false),
            Self::Auto => serializer.serialize_str("auto"),
            Self::Manual => serializer.serialize_str("manual"),
            Self::Other(mode) => serializer.serialize_str(mode),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_set_is_sent_and_what_is_unknown_is_left_out() {
        let settings = Settings {
            gated: Some(Gated::Auto),
            visibility: Some(Visibility::Private),
            ..Settings::default()
        };
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(text, r#"{"visibility":"private","gated":"auto"}"#);
        assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
        let answer = r#"{"gated":false,"discussionsDisabled":null,"visibility":"sometimes","somethingNew":1}"#;
        let read: Settings = serde_json::from_str(answer).unwrap();
        let open = Settings {
            gated: Some(Gated::No),
            ..Settings::default()
        };
        assert_eq!(read, open);
        assert_eq!(serde_json::to_string(&open).unwrap(), r#"{"gated":false}"#);
    }
}
