//! The demo Hub: about a dozen repositories that look like real ones and are made up.
//!
//! Everything is made by code, from fixed seeds and dates: the same commits on every machine and
//! at every start. No name belongs to anybody.

mod datasets;
mod media;
mod models;
mod parquet;
mod spaces;
mod text;
mod weights;

use hubdesk_core::{RepoId, RepoKind};

use crate::collections::CollectionSeed;
use crate::profiles::Profile;
use crate::seed::RepoSeed;
use crate::standin::Builder;

/// The one user of the demo Hub, who owns a private repository.
pub const USER: &str = "demo";
/// The token that signs [`USER`] in. It opens nothing but the demo Hub.
pub const TOKEN: &str = "hf_demo";

/// The demo's repositories.
pub(crate) fn repos() -> Vec<RepoSeed> {
    [models::all(), datasets::all(), spaces::all()].concat()
}

/// Adds what the demo's people and organisations show, like and put together.
pub(crate) fn people(builder: Builder) -> Builder {
    let id = |kind, name: &str| RepoId::new(kind, name).expect("the demo's names are good");
    let chat = id(RepoKind::Model, "aurora-lab/polaris-mini-chat");
    let gulls = id(RepoKind::Model, "north-sea-data/gull-embeddings");
    let birds = id(RepoKind::Dataset, "field-notes/bird-calls");
    let sketchbook = id(RepoKind::Space, "paperbird/sketchbook");
    let aurora = Profile {
        full_name: Some("Aurora Lab".to_owned()),
        details: Some("Very small models, made up for trying things out.".to_owned()),
        plan: Some("team".to_owned()),
        is_verified: true,
        ..Profile::default()
    };
    let small = CollectionSeed::new("aurora-lab", "Small models for a quiet evening")
        .description("All of them fit on a memory stick.")
        .upvotes(41)
        .repo(&chat)
        .repo(&gulls)
        .repo(&id(RepoKind::Model, "aurora-lab/polaris-mini-chat-GGUF"))
        .repo(&id(RepoKind::Model, "pebble-base"))
        .repo(&id(RepoKind::Space, "aurora-lab/polaris-chat"));
    let outside = CollectionSeed::new(USER, "Heard outside")
        .item(
            "dataset",
            birds.name(),
            Some("The recordings of the first spring."),
        )
        .repo(&id(RepoKind::Space, "field-notes/bird-listener"));
    builder
        .profile("aurora-lab", aurora)
        .follow(USER, "aurora-lab")
        .like(USER, &gulls)
        .like(USER, &sketchbook)
        .like(USER, &chat)
        .collection(small)
        .collection(outside)
}
