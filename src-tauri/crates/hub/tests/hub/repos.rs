use hubdesk_core::{RepoId, RepoKind};
use hubdesk_hub::{Created, Error, Existing, NewRepo, Visibility};

use crate::support::{Server, json, reply};

fn new(existing: Existing) -> NewRepo {
    let mut new = NewRepo::model("org/new", Visibility::Private).unwrap();
    new.existing = existing;
    new
}

fn id() -> RepoId {
    RepoId::new(RepoKind::Model, "org/new").unwrap()
}

#[tokio::test]
async fn a_repository_without_a_commit_is_there() {
    let server = Server::start(|_| json(r#"{"id": "org/new"}"#)).await;
    let made = server.hub().create_repo(&new(Existing::Take)).await;
    let expected = Created {
        id: id(),
        is_new: false,
    };
    assert_eq!(made.unwrap(), expected);
}

#[tokio::test]
async fn a_conflict_names_the_repository_that_is_in_the_way() {
    let server = Server::start(|seen| {
        if seen.line.starts_with("GET") {
            return reply(404, &[("x-error-code", "RepoNotFound")], "");
        }
        let page = format!("http://{}/org/new", seen.header("host").unwrap());
        reply(
            409,
            &[],
            format!(r#"{{"error": "taken", "url": "{page}"}}"#),
        )
    })
    .await;
    let made = server.hub().create_repo(&new(Existing::Refuse)).await;
    let Err(Error::Conflict { repo, .. }) = made else {
        panic!("{made:?}");
    };
    assert_eq!(repo, Some(id()));
}
