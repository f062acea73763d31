use hubdesk_core::Digest;
use hubdesk_standin::{StandIn, demo};
use serde_json::Value;

use super::{Peer, pluck};

const KINDS: [&str; 3] = ["models", "datasets", "spaces"];

async fn demo() -> Peer {
    Peer::start(StandIn::builder().demo()).await
}

async fn heads(peer: &Peer) -> Vec<(String, String)> {
    let mut heads = Vec::new();
    for kind in KINDS {
        let list = peer
            .get_as(demo::TOKEN, &format!("/api/{kind}?full=true"))
            .await
            .json();
        let list = list.as_array().unwrap().clone();
        let pairs = pluck(&list, "id").into_iter().zip(pluck(&list, "sha"));
        heads.extend(pairs.map(|(id, sha)| (format!("{kind}/{id}"), sha.to_owned())));
    }
    heads
}

#[tokio::test]
async fn the_demo_is_the_same_at_every_start() {
    let (first, second) = (heads(&demo().await).await, heads(&demo().await).await);
    assert_eq!(first, second);
    assert_eq!(first.len(), 15);
    // And on another day, and on another machine: whoever changes the demo changes this line.
    let all = Digest::sha256(format!("{first:?}").as_bytes()).to_string();
    assert_eq!(
        all,
        "0f48a956b18cd724ba72492509d5c565fa937b4c4a05df613486b0bfe2f24198"
    );
}

#[tokio::test]
async fn every_demo_repository_has_a_card_with_a_licence() {
    let peer = demo().await;
    for kind in KINDS {
        let path = format!("/api/{kind}?expand=cardData&expand=tags&expand=likes");
        let list = peer.get_as(demo::TOKEN, &path).await.json();
        for repo in list.as_array().unwrap() {
            assert!(repo["cardData"]["license"].is_string(), "{repo}");
            assert!(repo["tags"].as_array().unwrap().len() > 1, "{repo}");
        }
    }
}

#[tokio::test]
async fn the_demo_user_sees_a_private_repository_and_others_do_not() {
    let peer = demo().await;
    let path = "/api/models/demo/my-first-adapter";
    assert_eq!(peer.get(path).await.status, 401);
    assert_eq!(peer.get_as(demo::TOKEN, path).await.json()["private"], true);
    let me = peer.get_as(demo::TOKEN, "/api/whoami-v2").await.json();
    assert_eq!(me["name"], demo::USER);
    let gated = "/willow-clinic/triage-notes-classifier/resolve/main/config.json";
    assert_eq!(
        peer.get_as(demo::TOKEN, gated).await.code(),
        Some("GatedRepo")
    );
}

#[tokio::test]
async fn demo_weights_begin_with_a_header_that_fits_their_size() {
    let peer = demo().await;
    let link = peer
        .link("/north-sea-data/gull-embeddings/resolve/main/model.safetensors")
        .await;
    let start = peer.range(&link, "bytes=0-4095").await;
    let length = u64::from_le_bytes(start.body[..8].try_into().unwrap());
    let header: Value = serde_json::from_slice(&start.body[8..8 + length as usize]).unwrap();
    let ends = header.as_object().unwrap().values();
    let end = ends
        .filter_map(|tensor| tensor["data_offsets"][1].as_u64())
        .max()
        .unwrap();
    let size: u64 = start
        .header("content-range")
        .rsplit('/')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(8 + length + end, size);
    assert!(size > 48 << 20);

    let repo = "/aurora-lab/polaris-mini-chat-GGUF/resolve/main";
    for name in ["F16", "Q8_0", "Q4_K_M"] {
        let link = peer
            .link(&format!("{repo}/polaris-mini-chat-{name}.gguf"))
            .await;
        assert_eq!(
            peer.range(&link, "bytes=0-7").await.body,
            b"GGUF\x03\0\0\0".as_slice()
        );
    }
    let path =
        "/datasets/north-sea-data/harbour-logs/resolve/main/data/test-00000-of-00001.parquet";
    let link = peer.link(path).await;
    assert_eq!(peer.range(&link, "bytes=-4").await.body, "PAR1");
}

#[tokio::test]
async fn one_demo_dataset_has_hundreds_of_small_files_in_folders() {
    let peer = demo().await;
    let path = "/api/datasets/field-notes/clock-digits-400/tree/main?recursive=true";
    let (all, _) = peer.pages(path).await;
    let pictures = pluck(&all, "path")
        .into_iter()
        .filter(|path| path.ends_with(".png"));
    assert_eq!(pictures.count(), 400);
    let path = "/datasets/field-notes/clock-digits-400/resolve/main/train/3/0003.png";
    assert!(peer.get(path).await.body.starts_with(b"\x89PNG"));
}
