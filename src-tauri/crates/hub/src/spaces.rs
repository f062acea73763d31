//! Spaces: their state, their machine, their secrets and variables.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::{Stream, stream};
use hubdesk_core::{RepoId, RepoKind};
use serde_json::json;
use url::Url;

use crate::call::{Call, Effect, Verb};
use crate::change::{Second, change};
use crate::fault::malformed;
use crate::route;
use crate::{
    Error, Exchange, Hardware, Hub, Repo, Runtime, SecretFacts, Setting, SleepTime, Variable,
    VariableName,
};

/// A repository that runs. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Space(Repo);

impl Repo {
    /// The same repository as one that runs; `None` if it is not a Space.
    pub fn space(&self) -> Option<Space> {
        (self.id.kind() == RepoKind::Space).then(|| Space(self.clone()))
    }
}

impl Hub {
    /// The machines a Space can run on, with their prices.
    pub async fn space_hardware(&self) -> Result<Vec<Hardware>, Error> {
        let call = Call::get(route::space_hardware(self.endpoint()), None);
        Ok(self.ask(&call).await?.value)
    }
}

impl Space {
    /// How often to look while something moves: between what strains the Hub and what a person
    /// notices.
    pub const LOOK_EVERY: Duration = Duration::from_secs(3);

    /// Its state now.
    pub async fn runtime(&self) -> Result<Runtime, Error> {
        let call = Call::get(self.address("runtime"), Some(self.id()));
        Ok(self.hub().ask(&call).await?.value)
    }

    /// Its state now and again after each `pause`, usually [`Space::LOOK_EVERY`], until it is not
    /// one that passes by itself. The last item is that one, whatever it is. Nobody looks any more
    /// when the stream is dropped.
    pub fn wait_until_settled(
        &self,
        pause: Duration,
    ) -> impl Stream<Item = Result<Runtime, Error>> + Send + use<> {
        let space = self.clone();
        stream::try_unfold(Some(Duration::ZERO), move |wait| {
            let space = space.clone();
            async move {
                let Some(wait) = wait else {
                    return Ok(None);
                };
                tokio::time::sleep(wait).await;
                let runtime = space.runtime().await?;
                let next = runtime.stage.is_passing().then_some(pause);
                Ok(Some((runtime, next)))
            }
        })
    }

    /// Starts it, or starts it again; with `factory` its container is made anew from nothing.
    pub async fn restart(&self, factory: bool) -> Result<Runtime, Error> {
        let mut url = self.address("restart");
        if factory {
            url.query_pairs_mut().append_pair("factory", "true");
        }
        let call = Call::once(url, Some(self.id()));
        // One that was on its way before says nothing about us when it still is.
        let was_passing = self.runtime().await?.stage.is_passing();
        // One that runs already when we look was quick; starting it once more does no harm.
        change(
            Second::Harmless,
            async || Ok(self.hub().ask(&call).await?.value),
            async || {
                let now = self.runtime().await?;
                match now.stage.is_passing() {
                    true if was_passing => Err(self.cannot_tell()),
                    is_passing => Ok(is_passing.then_some(now)),
                }
            },
        )
        .await
    }

    /// Stops it until a person starts it again. It costs nothing meanwhile.
    pub async fn pause(&self) -> Result<Runtime, Error> {
        let call = self.set("pause");
        Ok(self.hub().ask(&call).await?.value)
    }

    /// Moves it to another machine, by name. Most cost money from then on: ask first.
    pub async fn request_hardware(
        &self,
        flavour: &str,
        sleep: Option<SleepTime>,
    ) -> Result<Runtime, Error> {
        let mut body = json!({ "flavor": flavour });
        if let Some(sleep) = sleep {
            body["sleepTimeSeconds"] = json!(sleep.seconds());
        }
        let call = self.set("hardware").json(&body);
        Ok(self.hub().ask(&call).await?.value)
    }

    /// Lets it go to sleep after another time without a visit.
    pub async fn set_sleep_time(&self, sleep: SleepTime) -> Result<Runtime, Error> {
        let call = self
            .set("sleeptime")
            .json(&json!({ "seconds": sleep.seconds() }));
        Ok(self.hub().ask(&call).await?.value)
    }

    /// Its secrets by name. Their values are never told.
    pub async fn secrets(&self) -> Result<Vec<SecretFacts>, Error> {
        let call = Call::get(self.address("secrets"), Some(self.id()));
        let map: BTreeMap<String, SecretFacts> = self.hub().ask(&call).await?.value;
        let secrets = map.into_iter();
        Ok(secrets
            .map(|(key, facts)| SecretFacts { key, ..facts })
            .collect())
    }

    /// Sets a secret, new or not. The value goes to the Hub and nowhere else: not into an error,
    /// not even in the Hub's own words.
    pub async fn set_secret(&self, secret: &Setting) -> Result<(), Error> {
        let call = self.set("secrets").json(secret);
        self.hub().tell(&call.hushed()).await
    }

    /// Removes a secret.
    pub async fn delete_secret(&self, name: &VariableName) -> Result<(), Error> {
        self.delete("secrets", name).await
    }

    /// Its variables by name.
    pub async fn variables(&self) -> Result<Vec<Variable>, Error> {
        let call = Call::get(self.address("variables"), Some(self.id()));
        let map: BTreeMap<String, Variable> = self.hub().ask(&call).await?.value;
        let variables = map.into_iter();
        Ok(variables
            .map(|(key, variable)| Variable { key, ..variable })
            .collect())
    }

    /// Sets a variable, new or not, for everybody to see.
    pub async fn set_variable(&self, variable: &Setting) -> Result<(), Error> {
        let call = self.set("variables").json(variable);
        self.hub().tell(&call).await
    }

    /// Removes a variable.
    pub async fn delete_variable(&self, name: &VariableName) -> Result<(), Error> {
        self.delete("variables", name).await
    }

    /// A `POST` that is the same twice as once.
    fn set(&self, what: &str) -> Call {
        Call::new(
            Verb::Post,
            Effect::Repeatable,
            self.address(what),
            Some(self.id()),
        )
    }

    async fn delete(&self, what: &str, name: &VariableName) -> Result<(), Error> {
        let url = self.address(what);
        let call = Call::new(Verb::Delete, Effect::Repeatable, url, Some(self.id()));
        self.hub()
            .tell(&call.json(&json!({ "key": name.as_str() })))
            .await
    }

    fn cannot_tell(&self) -> Error {
        let url = self.address("runtime");
        let exchange = Exchange::new("GET", &url, self.hub().endpoint());
        malformed("a Space that was on its way before", exchange, None)
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.0.hub
    }

    pub(crate) fn id(&self) -> &RepoId {
        &self.0.id
    }

    pub(crate) fn address(&self, what: &str) -> Url {
        route::of_repo(self.hub().endpoint(), self.id(), what)
    }
}
