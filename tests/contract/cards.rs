//! Cards as the official client has them: `tests/conformance` holds the client to the same file.

use hubdesk_core::Revision;
use hubdesk_hub::Error;
use hubdesk_hub::card::{self, Card, Mapping, Overwrite, Value};
use hubdesk_standin::{RepoSeed, StandIn};
use serde::Deserialize;

use crate::scene::Scene;

const GOLDEN: &str = include_str!("../conformance/cards.json");

#[derive(Deserialize)]
struct Golden {
    blocks: Vec<Block>,
    edits: Vec<Edit>,
    merges: Vec<Merge>,
}

#[derive(Deserialize)]
struct Merge {
    text: String,
    new: Mapping,
    overwrite: bool,
    /// Nothing if the merge is refused.
    result: Option<String>,
}

#[derive(Deserialize)]
struct Block {
    text: String,
    front: Option<String>,
    body: String,
}

#[derive(Deserialize)]
struct Edit {
    text: String,
    key: String,
    value: Value,
    result: String,
}

fn golden() -> Golden {
    serde_json::from_str(GOLDEN).unwrap()
}

#[test]
fn front_matter_is_where_the_official_client_finds_it() {
    for Block { text, front, body } in golden().blocks {
        let found = card::split(&text);
        assert_eq!(found, (front.as_deref(), body.as_str()), "{text:?}");
    }
}

#[test]
fn what_is_written_is_what_the_official_client_was_seen_to_read() {
    for edit in golden().edits {
        let mut card = Card::new(&edit.text);
        card.set(&edit.key, &edit.value).unwrap();
        assert_eq!(card.text(), edit.result, "{:?}", edit.value);
    }
}

#[test]
fn metadata_is_merged_as_the_official_client_was_seen_to_do() {
    for merge in golden().merges {
        assert_eq!(merged(&merge), merge.result, "{:?}", merge.new);
    }
}

fn merged(merge: &Merge) -> Option<String> {
    let overwrite = match merge.overwrite {
        true => Overwrite::Replace,
        false => Overwrite::Refuse,
    };
    let mut card = Card::new(&merge.text);
    let done = card.merge(&merge.new, overwrite, "demo/m");
    done.is_ok().then(|| card.text().to_owned())
}

async fn card_of(seed: RepoSeed) -> Result<Option<Card>, Error> {
    let scene = Scene::start(StandIn::builder().repo(seed)).await;
    let repo = scene.model();
    let commit = repo.resolve(&Revision::main()).await.unwrap();
    repo.card(&commit).await
}

#[tokio::test]
async fn a_card_is_read_at_a_commit() {
    let text = "---\nlicense: mit\n---\n# m\n";
    let card = card_of(RepoSeed::model("mira/m").file("README.md", text)).await;
    let card = card.unwrap().unwrap();
    assert_eq!(card.text(), text);
    assert_eq!(card.metadata().unwrap().text("license"), Some("mit"));
    let none = card_of(RepoSeed::model("mira/m").file("x", "y")).await;
    assert_eq!(none.unwrap(), None);
}

#[tokio::test]
async fn a_card_that_is_no_text_or_has_no_end_is_refused() {
    for content in [b"\xff\xfe".to_vec(), vec![b'x'; (8 << 20) + 1]] {
        let refused = card_of(RepoSeed::model("mira/m").file("README.md", content)).await;
        assert!(
            matches!(refused, Err(Error::Malformed { .. })),
            "{refused:?}"
        );
    }
}
