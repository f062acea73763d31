//! What is said before anything happens.

use std::collections::BTreeSet;
use std::sync::Arc;

use hubdesk_core::Token;
use hubdesk_hub::{Endpoint, Hub, NewRepo, Profile, TokenSource, Visibility};
use hubdesk_standin::{RepoSeed, StandIn};
use hubdesk_upload::{Ctx, Error, Fate, Finding, Onto, Parts, Preview, Secret, Travel, preview};

use crate::world::{World, all_of, path};

async fn world() -> World {
    let seed = RepoSeed::model("mira/m")
        .file("README.md", "# m\n")
        .file(".gitignore", "*.tmp\n")
        .file("a.txt", "a");
    World::start(StandIn::builder().repo(seed)).await
}

async fn look(world: &World, request: &hubdesk_upload::Request) -> Preview {
    let preview = preview(request, &world.parts, &Ctx::default()).await;
    preview.unwrap().expect("nobody stopped it")
}

#[tokio::test]
async fn every_file_is_named_with_what_would_become_of_it() {
    let world = world().await;
    world.write("README.md", "# m\n");
    world.write("a.txt", "b");
    world.write("new.txt", "n");
    world.write("w.bin", vec![0; 20_000]);
    world.write("x.tmp", "t");
    world.write(".DS_Store", "j");
    let head = world.head().await;
    let preview = look(&world, &all_of(world.folder())).await;
    let files: Vec<_> = preview
        .files
        .iter()
        .map(|file| (file.path.as_str(), file.fate, file.travel))
        .collect();
    assert_eq!(
        files,
        [
            ("README.md", Fate::Same, None),
            ("a.txt", Fate::Changed, Some(Travel::Regular)),
            ("new.txt", Fate::New, Some(Travel::Regular)),
            ("w.bin", Fate::New, Some(Travel::Large)),
            ("x.tmp", Fate::New, Some(Travel::Ignored)),
        ]
    );
    assert_eq!(preview.bytes_to_send(), 20_002);
    assert_eq!(preview.left_out.len(), 1);
    assert_eq!(preview.findings, []);
    assert_eq!(preview.base, Some(head.clone()));
    assert_eq!(world.head().await, head, "nothing happened");
}

#[tokio::test]
async fn secrets_are_found_before_anything_is_sent() {
    let world = world().await;
    world.write(".env", "A=1");
    world.write(
        "src/main.py",
        format!("t = \"hf_{}\"\n", "aB3".repeat(12).split_at(34).0),
    );
    let preview = look(&world, &all_of(world.folder())).await;
    let secrets: Vec<_> = preview
        .findings
        .iter()
        .map(|finding| match finding {
            Finding::Secret { path, secret } => (path.as_str(), *secret),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        secrets,
        [
            (".env", Secret::Environment),
            ("src/main.py", Secret::HubToken)
        ]
    );
}

#[tokio::test]
async fn a_repository_that_is_to_be_made_is_not_made_by_looking() {
    let world = world().await;
    world.write("x.txt", "x");
    let mut request = all_of(world.folder());
    let new = NewRepo::model("mira/new", Visibility::Private).unwrap();
    request.repo = hubdesk_core::RepoId::new(hubdesk_core::RepoKind::Model, "mira/new").unwrap();
    request.create = Some(new);
    let preview = look(&world, &request).await;
    assert_eq!(preview.base, None);
    assert_eq!(preview.files[0].fate, Fate::New);
    assert_eq!(preview.findings, [Finding::NoCard]);
    assert_eq!(world.asked("/api/repos/create"), 0);
}

#[tokio::test]
async fn a_branch_that_is_to_be_begun_is_compared_with_main() {
    let world = world().await;
    world.write("README.md", "# m\n");
    let mut request = all_of(world.folder());
    request.onto = Onto::Branch {
        name: "dev".parse().unwrap(),
        create: true,
    };

    let preview = look(&world, &request).await;
    assert_eq!(preview.files[0].fate, Fate::Same);
}

#[tokio::test]
async fn a_secret_goes_out_only_when_somebody_has_said_so() {
    let world = world().await;
    world.write(".env", "A=1");
    world.write("x.txt", "x");
    let mut request = all_of(world.folder());
    request.acknowledged = Some(BTreeSet::new());
    let head = world.head().await;
    let end = world.run(&request, &Ctx::default()).await;
    assert!(matches!(end, Err(Error::Secret { .. })), "{end:?}");
    assert_eq!(world.head().await, head);
    request.acknowledged = Some(BTreeSet::from([path(".env")]));
    world.upload(&request).await;
    assert!(world.files("main").await.contains_key(".env"));
}

#[tokio::test]
async fn what_is_in_the_folder_on_the_hub_counts_too() {
    let mut seed = RepoSeed::model("mira/m").file("README.md", "# m\n");
    for number in 0..10_000 {
        seed = seed.file(&format!("d/{number}"), "");
    }
    let world = World::start(StandIn::builder().repo(seed)).await;
    world.write("d/0", "changed");
    world.write("e/x", "new");
    assert_eq!(look(&world, &all_of(world.folder())).await.findings, []);
    world.write("d/new", "n");
    let findings = look(&world, &all_of(world.folder())).await.findings;
    let crowded = Finding::Crowded {
        folder: "d".to_owned(),
        entries: 10_001,
    };
    assert_eq!(findings, [crowded]);
}

#[tokio::test]
async fn a_card_the_hub_would_refuse_is_told_of() {
    let world = world().await;
    world.write("README.md", "---\nlicense: [\n---\n# m\n");
    let findings = look(&world, &all_of(world.folder())).await.findings;
    assert!(
        matches!(findings[..], [Finding::BrokenCard { .. }]),
        "{findings:?}"
    );
}

#[tokio::test]
async fn a_file_is_not_put_among_the_workings_of_a_repository() {
    let world = world().await;
    for place in [".git/config", "d/.cache/x"] {
        let mut request = all_of(world.folder());
        request.sources = vec![hubdesk_upload::Source {
            what: hubdesk_upload::What::Bytes("x".into()),
            to: Some(path(place)),
        }];
        let end = world.run(&request, &Ctx::default()).await;
        assert!(matches!(end, Err(Error::Refused { .. })), "{end:?}");
    }
}

#[tokio::test]
async fn a_branch_that_is_to_be_made_is_looked_at_as_it_will_begin() {
    let world = world().await;
    world.write("a.txt", "a");
    world.write("b.txt", "b");
    let mut request = all_of(world.folder());
    request.onto = Onto::Branch {
        name: "next".parse().unwrap(),
        create: true,
    };
    let seen = look(&world, &request).await;
    let fates: Vec<_> = seen.files.iter().map(|file| file.fate).collect();
    assert_eq!(fates, [Fate::Same, Fate::New]);
    assert_eq!(
        (seen.base.clone(), seen.commits()),
        (Some(world.head().await), 1)
    );
}

#[tokio::test]
async fn who_may_not_write_can_look_at_what_a_pull_request_would_hold() {
    let seed = RepoSeed::model("mira/m").file("a.txt", "a");
    let world = World::start(StandIn::builder().repo(seed).user("noor", "hf_noor")).await;
    world.write("a.txt", "b");
    let tokens: Arc<dyn TokenSource> = Arc::new(Token::new("hf_noor"));
    let endpoint = Endpoint::parse(&world.hub.endpoint()).unwrap();
    let parts = Parts {
        hub: Hub::new(endpoint, tokens, Profile::default()).unwrap(),
        ..world.parts.clone()
    };
    let mut request = all_of(world.folder());
    let refused = preview(&request, &parts, &Ctx::default()).await;
    assert!(matches!(refused, Err(Error::Hub { .. })), "{refused:?}");
    request.onto = Onto::PullRequest;
    let seen = preview(&request, &parts, &Ctx::default()).await.unwrap();
    assert_eq!(
        seen.expect("nobody stopped it").files[0].fate,
        Fate::Changed
    );
}
