use hubdesk_hub::{CollectionSlug, Error, NewCollection};

use crate::support::{Server, json, reply};

const SLUG: &str = "ada/best-64f9a55bb3115b4f513ec026";

fn slug() -> CollectionSlug {
    SLUG.parse().unwrap()
}

fn new() -> NewCollection {
    NewCollection {
        title: "Best".to_owned(),
        namespace: "ada".to_owned(),
        description: None,
        is_private: false,
    }
}

#[tokio::test]
async fn the_way_to_a_picture_is_followed_within_the_hub_and_no_further() {
    let server = Server::start(|seen| match seen.earlier {
        0 => reply(307, &[("location", "/api/avatars/new")], ""),
        _ => reply(302, &[("location", "https://pictures.invalid/a.png")], ""),
    })
    .await;
    let picture = server.hub().avatar("old").await.unwrap();
    assert_eq!(picture.as_str(), "https://pictures.invalid/a.png");
    let lines = ["GET /api/avatars/old", "GET /api/avatars/new"];
    assert_eq!(server.lines(), lines);
}

#[tokio::test]
async fn a_picture_at_the_address_itself_is_there() {
    let server = Server::start(|_| reply(200, &[("content-type", "image/png")], "png")).await;
    let picture = server.hub().avatar("a b").await.unwrap();
    assert_eq!(
        picture.as_str(),
        format!("{}/api/avatars/a%20b", server.url)
    );
}

#[tokio::test]
async fn a_way_to_a_picture_that_never_ends_is_left() {
    let server = Server::start(|seen| {
        let next = format!("/api/avatars/{}", seen.earlier);
        reply(307, &[("location", next.as_str())], "")
    })
    .await;
    let error = server.hub().avatar("a").await.unwrap_err();
    assert!(matches!(error, Error::TooManyRedirects { .. }), "{error:?}");
}

#[tokio::test]
async fn a_picture_in_the_open_or_with_credentials_is_refused() {
    for location in [
        "http://pictures.invalid/a.png",
        "https://me:pw@pictures.invalid/a.png",
        "file:///etc/passwd",
    ] {
        let server = Server::start(move |_| reply(302, &[("location", location)], "")).await;
        let error = server.hub().avatar("a").await.unwrap_err();
        assert!(matches!(error, Error::UnsafeRedirect { .. }), "{error:?}");
        assert!(!error.to_string().contains("pw"), "{error}");
    }
}

#[tokio::test]
async fn a_collection_whose_slug_leads_elsewhere_is_malformed() {
    let server = Server::start(|_| json(r#"{"slug":"../../api/whoami-v2","title":"x"}"#)).await;
    let error = server.hub().collection(&slug()).await.unwrap_err();
    assert!(matches!(error, Error::Malformed { .. }), "{error:?}");
    let line = format!("GET /api/collections/{SLUG}");
    assert_eq!(server.lines(), [line]);
}

#[tokio::test]
async fn a_collection_nobody_can_look_for_may_be_there() {
    let server = Server::start(|seen| match seen.earlier {
        0 => json("[]"),
        1 => reply(500, &[], "oops"),
        _ => reply(403, &[], "no"),
    })
    .await;
    let error = server.hub().create_collection(&new()).await.unwrap_err();
    assert!(matches!(error, Error::Unsure { .. }), "{error:?}");
}

#[tokio::test]
async fn a_collection_that_was_not_made_is_made_again() {
    let made = format!(r#"{{"slug":"{SLUG}","title":"Best"}}"#);
    let server = Server::start(move |seen| match seen.earlier {
        1 => reply(502, &[], "oops"),
        3 => json(made.clone()),
        _ => json("[]"),
    })
    .await;
    let collection = server.hub().create_collection(&new()).await.unwrap();
    assert_eq!(collection.slug, slug());
    let looked = "GET /api/collections?owner=ada&sort=lastModified&limit=100";
    let sent = "POST /api/collections";
    assert_eq!(server.lines(), [looked, sent, looked, sent]);
    let body = r#"{"title":"Best","namespace":"ada","private":false}"#;
    assert_eq!(server.seen()[3].body, body);
}
