use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use hubdesk_core::{Digest, RepoId, RepoKind, Revision};
use hubdesk_hub::{
    Bytestream, Candidate, Error, LargeCopy, LargeObject, Mode, Operation, Target, Upload, Way,
    What, XetAccess,
};
use hubdesk_standin::{Builder, Content, Effect, Fault, Host, RepoSeed, Route, StandIn};

use crate::commit::{head, message, on_main, operations, path, read};
use crate::scene::{MIRAS_TOKEN, OTHERS_TOKEN, READ_TOKEN, Scene};

const PART: u64 = 10_000;

fn content() -> Bytes {
    Content::random(3, 34_567).read(0, u64::MAX)
}

fn object(content: &[u8]) -> LargeObject {
    LargeObject {
        sha256: Digest::sha256(content),
        size: content.len() as u64,
    }
}

/// The bytes in pieces of odd sizes, as a disk would give them.
fn stream_of(bytes: Bytes) -> Bytestream {
    let pieces: Vec<io::Result<Bytes>> = bytes
        .chunks(777)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    stream::iter(pieces).boxed()
}

async fn scene(builder: Builder) -> Scene {
    let model = RepoSeed::model("mira/m")
        .file(".gitattributes", "*.bin filter=lfs -text\n")
        .file(".gitignore", "*.tmp\n")
        .file("config.json", "{}")
        .large("old.bin", Content::random(9, 3000));
    let copies = RepoSeed::dataset("mira/copies").file("README.md", "# copies\n");
    Scene::start(builder.repo(model).repo(copies)).await
}

async fn way(scene: &Scene, token: &str, object: LargeObject) -> Result<Way, Error> {
    let target = on_main(&scene.model()).await;
    let repo = scene.repo(Some(token), "mira/m");
    let mut slots = repo.large_uploads(&target, &[object], false).await?;
    assert_eq!(slots[0].object, object);
    Ok(slots.remove(0).way)
}

async fn upload_of(scene: &Scene, content: &[u8]) -> Upload {
    match way(scene, MIRAS_TOKEN, object(content)).await.unwrap() {
        Way::Upload(upload) => upload,
        other => panic!("{other:?}"),
    }
}

/// Sends every part of `content`.
async fn send(upload: &Upload, content: &Bytes) -> Result<(), Error> {
    let mut tags = Vec::new();
    for (part, range) in upload.parts().enumerate() {
        let bytes = content.slice(range.start as usize..range.end as usize);
        tags.push(upload.send(part, || stream_of(bytes.clone())).await?);
    }
    upload.finish(tags).await
}

/// Requests to the storage host by method and what the path ends in.
fn stored(scene: &Scene) -> Vec<(String, String)> {
    let records = scene.standin.log().records().into_iter();
    let storage = records.filter(|record| record.host == Host::Storage);
    storage
        .map(|record| {
            assert!(!record.has_token);
            let path = record.path.split('?').next().unwrap_or_default().to_owned();
            let end = path.rsplit('/').next().unwrap_or_default().to_owned();
            (record.method, end)
        })
        .collect()
}

#[tokio::test]
async fn how_a_file_travels_is_the_repositorys_word() {
    let scene = scene(StandIn::builder()).await;
    let repo = scene.model();
    let target = on_main(&repo).await;
    let paths: Vec<_> = [
        "a.txt",
        "a.bin",
        "zero",
        "empty.bin",
        "x.tmp",
        "big.txt",
        "old.bin",
        "config.json",
    ]
    .into_iter()
    .map(path)
    .collect();
    let about = |n: usize, size, head| Candidate {
        path: &paths[n],
        size,
        head,
    };
    let files = [
        about(0, 5, b"hello".as_slice()),
        about(1, 5, b"hello"),
        about(2, 5, b"he\0lo"),
        about(3, 0, b""),
        about(4, 5, b"hello"),
        about(5, 1 << 30, b"hello"),
        about(6, 3000, b"new"),
        about(7, 2, b"{}"),
    ];
    let modes = repo.upload_modes(&target, &files, None).await.unwrap();
    use Mode::{Large, Regular};
    let said: Vec<_> = modes
        .iter()
        .map(|mode| (mode.mode, mode.is_ignored))
        .collect();
    assert_eq!(
        said,
        [
            (Regular, false),
            (Large, false),
            (Large, false),
            (Regular, false),
            (Regular, true),
            (Large, false),
            (Large, false),
            (Regular, false),
        ]
    );
    let old = Content::random(9, 3000).sha256();
    assert_eq!(modes[6].current, Some(old));
    assert_eq!(modes[7].current, Some(Digest::git_blob(b"{}")));
    assert_eq!(modes[0].current, None);
    let own = repo.upload_modes(&target, &files[..1], Some("*.txt")).await;
    assert!(own.unwrap()[0].is_ignored);
}

#[tokio::test]
async fn many_files_are_asked_about_in_batches_and_answered_in_order() {
    let scene = scene(StandIn::builder()).await;
    let repo = scene.model();
    let names: Vec<_> = (0..300)
        .map(|n| path(&format!("{n}.{}", if n % 3 == 0 { "bin" } else { "txt" })))
        .collect();
    let candidate = |path| Candidate {
        path,
        size: 1,
        head: b"x",
    };
    let files: Vec<_> = names.iter().map(candidate).collect();
    let base = head(&repo).await;
    let target = Target::PullRequest { base };
    let modes = repo.upload_modes(&target, &files, None).await.unwrap();
    assert!(
        modes
            .iter()
            .enumerate()
            .all(|(n, mode)| (mode.mode == Mode::Large) == (n % 3 == 0))
    );
    let records = scene.standin.log().records();
    let asked = records
        .iter()
        .filter(|one| one.path.contains("/preupload/"));
    assert!(asked.clone().all(|one| one.path.contains("create_pr=1")));
    assert_eq!(asked.count(), 2);
}

#[tokio::test]
async fn a_large_file_is_sent_committed_and_downloaded() {
    let scene = scene(StandIn::builder()).await;
    let repo = scene.model();
    let content = content();
    let upload = upload_of(&scene, &content).await;
    assert!(upload.parts().eq(std::iter::once(0..content.len() as u64)));
    let bytes = content.clone();
    // As the engines do it: on a task of its own.
    let sending = tokio::spawn(async move { send(&upload, &bytes).await });
    sending.await.unwrap().unwrap();
    let large = object(&content);
    let known = way(&scene, MIRAS_TOKEN, large).await.unwrap();
    assert!(matches!(known, Way::Stored), "{known:?}");
    let list = operations([Operation::PutLarge {
        path: path("w.bin"),
        sha256: large.sha256,
        size: Some(large.size),
    }]);
    let target = on_main(&repo).await;
    let made = repo
        .commit(&target, &message("Add w"), &list)
        .await
        .unwrap();
    assert_eq!(
        stored(&scene),
        [("PUT".to_owned(), large.sha256.to_string())]
    );
    assert_eq!(read(&repo, &made.id, "w.bin").await, content);
    let known = way(&scene, MIRAS_TOKEN, large).await.unwrap();
    assert!(matches!(known, Way::Stored), "{known:?}");
}

#[tokio::test]
async fn a_part_that_failed_is_sent_again_alone() {
    let scene = scene(StandIn::builder().part_size(PART)).await;
    let content = content();
    let upload = upload_of(&scene, &content).await;
    let parts: Vec<_> = upload.parts().collect();
    assert_eq!(
        parts,
        [0..10_000, 10_000..20_000, 20_000..30_000, 30_000..34_567]
    );
    let broken = Fault::on(Route::Storage, Effect::status(503)).matching("/2?");
    scene.standin.faults().add(broken.times(1));
    send(&upload, &content).await.unwrap();
    let ends: Vec<_> = stored(&scene).into_iter().map(|(_, end)| end).collect();
    assert_eq!(ends, ["1", "2", "2", "3", "4", "complete"]);
    let known = way(&scene, MIRAS_TOKEN, object(&content)).await.unwrap();
    assert!(matches!(known, Way::Stored), "{known:?}");
}

#[tokio::test]
async fn other_content_than_announced_is_refused_and_cannot_be_committed() {
    for builder in [StandIn::builder(), StandIn::builder().part_size(PART)] {
        let scene = scene(builder).await;
        let repo = scene.model();
        let content = content();
        let upload = upload_of(&scene, &content).await;
        let mut wrong = content.to_vec();
        wrong[20_000] ^= 1;
        let refused = send(&upload, &Bytes::from(wrong)).await;
        assert!(
            matches!(refused, Err(Error::BadRequest { .. })),
            "{refused:?}"
        );
        let large = object(&content);
        let list = operations([Operation::PutLarge {
            path: path("w.bin"),
            sha256: large.sha256,
            size: Some(large.size),
        }]);
        let target = on_main(&repo).await;
        let refused = repo.commit(&target, &message("T"), &list).await;
        assert!(
            matches!(refused, Err(Error::BadRequest { .. })),
            "{refused:?}"
        );
        // Sent rightly, it is taken.
        send(&upload_of(&scene, &content).await, &content)
            .await
            .unwrap();
        repo.commit(&target, &message("T"), &list).await.unwrap();
    }
}

#[tokio::test]
async fn bytes_that_end_early_are_a_cut_and_begin_anew() {
    let scene = scene(StandIn::builder()).await;
    let content = content();
    let upload = upload_of(&scene, &content).await;
    let opened = AtomicUsize::new(0);
    let short = content.slice(..1000);
    let cut = upload
        .send(0, || {
            opened.fetch_add(1, Ordering::Relaxed);
            stream_of(short.clone())
        })
        .await;
    assert!(matches!(cut, Err(Error::Cut { .. })), "{cut:?}");
    assert_eq!(opened.into_inner(), 3);
    let broken = upload
        .send(0, || {
            let good = stream_of(content.slice(..1000));
            let bad = stream::iter([Err(io::Error::other("unplugged"))]);
            good.chain(bad).boxed()
        })
        .await;
    assert!(matches!(broken, Err(Error::Cut { .. })), "{broken:?}");
    send(&upload, &content).await.unwrap();
}

#[tokio::test]
async fn an_address_that_no_longer_works_is_not_tried_again() {
    let scene = scene(StandIn::builder()).await;
    let content = content();
    let upload = upload_of(&scene, &content).await;
    let fault = Fault::on(Route::Storage, Effect::ExpiredLink).times(1);
    scene.standin.faults().add(fault);
    let expired = send(&upload, &content).await;
    assert!(matches!(expired, Err(Error::Storage { .. })), "{expired:?}");
    assert_eq!(stored(&scene).len(), 1);
    assert!(!format!("{expired:?} {upload:?}").contains("sig=h"));
}

#[tokio::test]
async fn a_storage_host_that_does_not_answer_is_given_up_on() {
    let scene = scene(StandIn::builder()).await;
    let content = content();
    let silent = Effect::Latency(Duration::from_secs(3600));
    let fault = Fault::on(Route::Storage, silent);
    scene.standin.faults().add(fault);
    let target = on_main(&scene.model()).await;
    let id = RepoId::new(RepoKind::Model, "mira/m").unwrap();
    let repo = scene.impatient_hub(MIRAS_TOKEN).repo(&id);
    let objects = [object(&content)];
    let mut slots = repo.large_uploads(&target, &objects, false).await.unwrap();
    let Way::Upload(upload) = slots.remove(0).way else {
        panic!("it is not there yet")
    };
    let timeout = send(&upload, &content).await;
    assert!(matches!(timeout, Err(Error::Timeout { .. })), "{timeout:?}");
}

#[tokio::test]
async fn a_redirect_does_not_get_the_bytes() {
    let scene = scene(StandIn::builder()).await;
    let content = content();
    let upload = upload_of(&scene, &content).await;
    let elsewhere = format!("{}/elsewhere", scene.standin.storage());
    let Effect::Status(status, _) = Effect::status(307) else {
        unreachable!()
    };
    let away = Effect::Status(status, vec![("location", elsewhere)]);
    scene.standin.faults().add(Fault::on(Route::Storage, away));
    let refused = send(&upload, &content).await;
    assert!(
        matches!(refused, Err(Error::UnsafeRedirect { .. })),
        "{refused:?}"
    );
    assert_eq!(stored(&scene).len(), 1);
}

#[tokio::test]
async fn a_token_for_looking_uploads_nothing_and_anybody_else_for_a_pull_request() {
    let scene = scene(StandIn::builder()).await;
    let large = object(&content());
    let refused = way(&scene, READ_TOKEN, large).await;
    assert!(
        matches!(refused, Err(Error::Forbidden { .. })),
        "{refused:?}"
    );
    let offered = way(&scene, OTHERS_TOKEN, large).await.unwrap();
    assert!(matches!(offered, Way::Upload(_)), "{offered:?}");
}

#[tokio::test]
async fn an_object_the_hub_does_not_want_is_refused_with_its_reason() {
    let scene = scene(StandIn::builder()).await;
    let huge = LargeObject {
        sha256: Digest::sha256(b"huge"),
        size: 1 << 50,
    };
    let refused = way(&scene, MIRAS_TOKEN, huge).await.unwrap();
    assert!(
        matches!(refused, Way::Refused(ref why) if why.contains("larger")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_large_file_is_copied_into_another_repository_without_being_moved() {
    let scene = scene(StandIn::builder()).await;
    let source = scene.model();
    let id = RepoId::new(RepoKind::Dataset, "mira/copies").unwrap();
    let into = scene.hub(Some(MIRAS_TOKEN)).repo(&id);
    let old = Content::random(9, 3000);
    let copy = |sha256| LargeCopy {
        xet_hash: None,
        sha256,
        path: "old.bin".to_owned(),
    };
    let unknown = Digest::sha256(b"unknown");
    let failed = source
        .duplicate_large(&[copy(old.sha256()), copy(unknown)], &id)
        .await
        .unwrap();
    let failed: Vec<_> = failed.into_iter().map(|one| one.sha256).collect();
    assert_eq!(failed, [unknown]);
    let from = head(&source).await;
    let operation = source
        .copy_of(&from, "old.bin", path("new.bin"))
        .await
        .unwrap();
    let made = into
        .commit(
            &on_main(&into).await,
            &message("Copy"),
            &operations([operation]),
        )
        .await
        .unwrap();
    assert_eq!(stored(&scene).len(), 0);
    assert_eq!(read(&into, &made.id, "new.bin").await, old.read(0, 3000));

    let theirs = scene.repo(Some(OTHERS_TOKEN), "mira/m");
    let refused = theirs.duplicate_large(&[copy(old.sha256())], &id).await;
    assert!(
        matches!(refused, Err(Error::Forbidden { .. })),
        "{refused:?}"
    );
    let missing = source.copy_of(&from, "no", path("x")).await;
    assert!(
        matches!(missing, Err(Error::NotFound(What::Entry, _))),
        "{missing:?}"
    );
}

#[tokio::test]
async fn a_regular_file_is_copied_if_it_is_what_the_listing_has_told_of() {
    let scene = scene(StandIn::builder()).await;
    let source = scene.model();
    let from = head(&source).await;
    let listed = source.paths_info(&from, &["config.json"]).await.unwrap();
    let digest = listed[0].digest().unwrap();
    scene.standin.log().clear();
    let copied = source
        .copy_of_listed(&from, "config.json", digest, path("x.json"))
        .await
        .unwrap();
    let Operation::Put { content, .. } = copied else {
        panic!("{copied:?}");
    };
    assert_eq!(Digest::git_blob(&content), digest);
    assert_eq!(
        scene.standin.log().records().len(),
        1,
        "nothing is asked for twice"
    );
    let other = Digest::git_blob(b"another");
    let refused = source
        .copy_of_listed(&from, "config.json", other, path("x.json"))
        .await;
    assert!(
        matches!(refused, Err(Error::Malformed { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_token_of_the_chunk_store_is_given_where_there_is_one() {
    let main = Revision::main();
    let without = scene(StandIn::builder()).await;
    let none = without.model().xet_token(XetAccess::Read(&main)).await;
    assert!(matches!(none, Err(Error::NotFound(..))), "{none:?}");

    let scene = scene(StandIn::builder().xet_store("http://127.0.0.1:9")).await;
    let repo = scene.model();
    let target = on_main(&repo).await;
    let base = head(&repo).await;
    let token = repo.xet_token(XetAccess::Read(&main)).await.unwrap();
    assert_eq!(token.store.to_string(), "http://127.0.0.1:9");
    for target in [&target, &Target::PullRequest { base }] {
        let token = repo.xet_token(XetAccess::Write(target)).await.unwrap();
        assert_eq!(token.token.expose(), "xet_write");
    }
    let reads = scene.repo(Some(READ_TOKEN), "mira/m");
    let refused = reads.xet_token(XetAccess::Write(&target)).await;
    assert!(
        matches!(refused, Err(Error::Forbidden { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_chunk_store_without_tls_is_not_trusted() {
    let scene = scene(StandIn::builder().xet_store("http://cas.example")).await;
    let main = Revision::main();
    let refused = scene.model().xet_token(XetAccess::Read(&main)).await;
    assert!(
        matches!(refused, Err(Error::Malformed { .. })),
        "{refused:?}"
    );
}
