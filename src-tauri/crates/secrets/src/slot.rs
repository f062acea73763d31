/// Which secret is meant: one account at one Hub has one of each purpose.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot {
    /// Base address of the Hub the token is for: `https://huggingface.co`.
    pub endpoint: String,
    /// Whose token it is, by the name the account list gives it. Not empty.
    pub account: String,
    /// What the token is for.
    pub purpose: Purpose,
}

/// What a kept token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// Sent with requests to the Hub.
    AccessToken,
    /// Exchanged for the next access token. It belongs to the OAuth client that obtained it.
    RefreshToken,
}

impl Slot {
    /// The name under which the keychain files it. It is stored with the secret: a change of it
    /// signs everybody out.
    pub(crate) fn service(&self) -> String {
        let purpose = match self.purpose {
            Purpose::AccessToken => "access-token",
            Purpose::RefreshToken => "refresh-token",
        };
        format!("hubdesk:{purpose}:{}", self.endpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::{Purpose, Slot};

    #[test]
    fn slots_are_filed_under_names_that_must_not_change() {
        let service = |purpose| {
            let slot = Slot {
                endpoint: "https://huggingface.co".into(),
                account: "alice".into(),
                purpose,
            };
            slot.service()
        };
        assert_eq!(
            service(Purpose::AccessToken),
            "hubdesk:access-token:https://huggingface.co"
        );
        assert_eq!(
            service(Purpose::RefreshToken),
            "hubdesk:refresh-token:https://huggingface.co"
        );
    }
}
