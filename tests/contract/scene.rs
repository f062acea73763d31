//! A stand-in with people, and clients to ask it with.

use std::sync::Arc;
use std::time::Duration;

use hubdesk_core::{Backoff, RepoId, RepoKind, Token};
use hubdesk_hub::{Endpoint, Hub, Profile, Repo};
use hubdesk_standin::{Builder, Credential, OrgRole, RepoSeed, StandIn};

/// Owns `mira/m` and is an administrator of `lab`.
pub(crate) const MIRA: &str = "mira";
pub(crate) const MIRAS_TOKEN: &str = "hf_mira";
/// The same person, with a token for looking only.
pub(crate) const READ_TOKEN: &str = "hf_mira_reads";
/// Somebody else.
pub(crate) const OTHERS_TOKEN: &str = "hf_other";

pub(crate) struct Scene {
    pub(crate) standin: StandIn,
}

impl Scene {
    /// One model of two files, at `mira/m`.
    pub(crate) async fn of_one_model() -> Self {
        let model = RepoSeed::model("mira/m")
            .file("README.md", "# m\n")
            .file("config.json", "{}");
        Self::start(StandIn::builder().repo(model)).await
    }

    pub(crate) async fn start(builder: Builder) -> Self {
        let standin = builder
            .user(MIRA, MIRAS_TOKEN)
            .token(READ_TOKEN, Credential::read_only(MIRA))
            .user("other", OTHERS_TOKEN)
            .member("lab", MIRA, OrgRole::Admin)
            .start()
            .await
            .unwrap();
        Self { standin }
    }

    /// A client that sends `token`, or none.
    pub(crate) fn hub(&self, token: Option<&str>) -> Hub {
        self.hub_with(token, Profile::default())
    }

    /// A client that does not wait for long.
    pub(crate) fn impatient_hub(&self, token: &str) -> Hub {
        let profile = Profile {
            connect_timeout: Duration::from_millis(250),
            read_timeout: Duration::from_millis(250),
            ..Profile::default()
        };
        self.hub_with(Some(token), profile)
    }

    fn hub_with(&self, token: Option<&str>, profile: Profile) -> Hub {
        let endpoint = Endpoint::parse(&self.standin.endpoint()).unwrap();
        let profile = Profile {
            backoff: Backoff {
                retries: 3,
                first: Duration::from_millis(1),
                longest: Duration::from_millis(20),
            },
            ..profile
        };
        Hub::new(endpoint, Arc::new(token.and_then(Token::new)), profile).unwrap()
    }

    /// `mira/m` as its owner sees it.
    pub(crate) fn model(&self) -> Repo {
        self.repo(Some(MIRAS_TOKEN), "mira/m")
    }

    /// A model as whoever has `token` sees it.
    pub(crate) fn repo(&self, token: Option<&str>, name: &str) -> Repo {
        self.hub(token)
            .repo(&RepoId::new(RepoKind::Model, name).unwrap())
    }
}
