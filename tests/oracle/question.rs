use std::error::Error;
use std::str::FromStr;

use hubdesk_core::{CommitId, RepoId, RepoKind, Revision};
use hubdesk_hub::{Hub, Repo};
use serde_json::{Map, Value};

/// One line of a test: a call and what it is about.
pub(crate) struct Question {
    pub(crate) hub: Hub,
    fields: Map<String, Value>,
}

type Asked<T> = Result<T, Box<dyn Error>>;

impl Question {
    pub(crate) fn new(hub: Hub, fields: Map<String, Value>) -> Self {
        Self { hub, fields }
    }

    pub(crate) fn call(&self) -> &str {
        self.some("call").unwrap_or_default()
    }

    /// A text that may be left out.
    pub(crate) fn some(&self, name: &str) -> Option<&str> {
        self.fields.get(name)?.as_str()
    }

    pub(crate) fn text(&self, name: &str) -> Asked<&str> {
        self.some(name)
            .ok_or_else(|| format!("{name} is missing").into())
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.fields.get(name)?.as_u64()
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.fields.get(name) == Some(&Value::Bool(true))
    }

    /// The texts of a list; none if it is left out.
    pub(crate) fn texts(&self, name: &str) -> Vec<&str> {
        let list = self.fields.get(name).and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// A field as it was sent.
    pub(crate) fn value(&self, name: &str) -> Value {
        self.fields.get(name).cloned().unwrap_or_default()
    }

    pub(crate) fn parsed<T: FromStr<Err: Error + 'static>>(&self, name: &str) -> Asked<T> {
        Ok(self.text(name)?.parse()?)
    }

    /// The kind of the repository in question: a model, if nothing is said.
    pub(crate) fn kind(&self) -> Asked<RepoKind> {
        match self.some("kind") {
            None => Ok(RepoKind::Model),
            Some(_) => Ok(serde_json::from_value(self.value("kind"))?),
        }
    }

    pub(crate) fn id(&self, name: &str) -> Asked<RepoId> {
        Ok(RepoId::new(self.kind()?, self.text(name)?)?)
    }

    pub(crate) fn repo(&self) -> Asked<Repo> {
        Ok(self.hub.repo(&self.id("repo")?))
    }

    /// `main`, if nothing is said.
    pub(crate) fn revision(&self) -> Asked<Revision> {
        match self.some("revision") {
            Some(_) => self.parsed("revision"),
            None => Ok(Revision::main()),
        }
    }

    pub(crate) async fn commit(&self) -> Asked<CommitId> {
        Ok(self.repo()?.resolve(&self.revision()?).await?)
    }
}
