use futures_util::{Stream, TryStreamExt, future};
use serde::Deserialize;

use crate::call::{Call, Effect, Verb};
use crate::json::lenient;
use crate::{Entity, Error, Hub, Repo, page, route};

/// Something a person likes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Like {
    /// What it is: a repository or a kernel.
    pub entity: Entity,
    /// Since when, as the Hub writes times.
    pub since: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    #[serde(default, deserialize_with = "lenient")]
    created_at: Option<String>,
    repo: Liked,
}

#[derive(Deserialize)]
struct Liked {
    name: String,
    #[serde(rename = "type")]
    kind: String,
}

impl Hub {
    /// What a person likes, newest first, page by page as it is wanted. An error ends the stream.
    /// What has a name that cannot be is left out.
    pub fn likes(&self, user: &str) -> impl Stream<Item = Result<Like, Error>> + Send + use<> {
        let url = route::user(self.endpoint(), user, "likes");
        page::items(self.clone(), url.map(|url| Call::get(url, None))).try_filter_map(
            |wire: Wire| {
                let entity = Entity::read(&wire.repo.kind, &wire.repo.name);
                future::ok(entity.map(|entity| Like {
                    entity,
                    since: wire.created_at,
                }))
            },
        )
    }
}

impl Repo {
    /// Takes the person's like back. There is no call that gives one: the Hub wants people to do
    /// that on the repository's page.
    pub async fn unlike(&self) -> Result<(), Error> {
        let url = route::of_repo(self.hub.endpoint(), &self.id, "like");
        let call = Call::new(Verb::Delete, Effect::Repeatable, url, Some(&self.id));
        self.hub.tell(&call).await
    }
}
