use axum::response::Response;
use hubdesk_core::RepoKind;
use hubdesk_hub::Error;

use crate::support::{Server, commit, cut_after, json, reply};

fn part() -> Response {
    let headers = [("content-range", "bytes 0-3/9")];
    reply(206, &headers, "# He")
}

#[tokio::test]
async fn a_part_of_a_card_is_not_taken_for_the_whole() {
    let server = Server::start(|_| part()).await;
    let card = server.repo().card(&commit()).await;
    assert!(matches!(card, Err(Error::Malformed { .. })), "{card:?}");
}

#[tokio::test]
async fn a_card_that_was_cut_off_is_asked_for_again() {
    let server = Server::start(|seen| match seen.earlier {
        0 => reply(200, &[], cut_after("# He")),
        1 => reply(503, &[], ""),
        _ => reply(200, &[], "# Hello"),
    })
    .await;
    let card = server.repo().card(&commit()).await.unwrap().unwrap();
    assert_eq!(card.text(), "# Hello");
}

#[tokio::test]
async fn only_a_refusal_with_the_hubs_words_is_a_verdict_about_a_card() {
    let verdict = async |status, body: &'static str| {
        let server = Server::start(move |_| reply(status, &[], body)).await;
        server.hub().validate_card(RepoKind::Model, "# Hello").await
    };
    let bad = r#"{"error": "license is not one"}"#;
    let refused = verdict(400, bad).await.unwrap();
    assert_eq!(refused.errors, ["license is not one"]);
    for (status, body) in [
        (400, ""),
        (400, "<html>proxy</html>"),
        (422, bad),
        (414, bad),
    ] {
        let answer = verdict(status, body).await;
        assert!(
            matches!(answer, Err(Error::BadRequest { .. })),
            "{status} {body} {answer:?}"
        );
    }
    let server =
        Server::start(|_| json(r#"{"errors": [{"message": "bad hf_very_secret"}]}"#)).await;
    let verdict = server.hub().validate_card(RepoKind::Model, "x").await;
    assert_eq!(verdict.unwrap().errors, ["bad hf_…"]);
}
