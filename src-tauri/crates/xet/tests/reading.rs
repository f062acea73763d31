//! The store's client against the stand-in's chunk store.
#![expect(
    clippy::unwrap_used,
    reason = "a test that does not get what it needs has failed"
)]

use std::iter::once;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use hubdesk_core::{RepoId, RepoKind, Revision, SystemClock, Token};
use hubdesk_hub::{Hub, Profile, XetAccess};
use hubdesk_standin::{Builder, Content, Effect, Fault, Host, RepoSeed, Route, StandIn};
use hubdesk_xet::{Error, Options, Piece, Reader, Reading, Xet, XetFile};
use tempfile::TempDir;

/// The stand-in's store is not made for speed: no larger than shows the point.
const SIZE: u64 = 6 << 20;
const BLOCK: u64 = 512 << 10;
const MEMORY: u64 = 2 << 20;

/// A Hub with one large file, and somebody who reads it.
struct Scene {
    standin: StandIn,
    content: Content,
    hub: Hub,
    reader: Reader,
    file: XetFile,
    _cache: TempDir,
}

impl Scene {
    async fn new(builder: Builder) -> Self {
        Self::with(builder, |_| ()).await
    }

    async fn with(builder: Builder, change: impl FnOnce(&mut Options)) -> Self {
        let content = Content::random(7, SIZE);
        let seed = RepoSeed::model("mira/m")
            .large("w.bin", content.clone())
            .private("mira");
        let standin = builder.repo(seed).user("mira", "hf_mira").xet();
        let standin = standin.start().await.unwrap();
        let cache = tempfile::tempdir().unwrap();
        let profile = Profile {
            // Longer than a busy machine keeps anything from coming.
            stall: Duration::from_secs(30),
            ..Profile::default()
        };
        let mut options = Options::new(cache.path().to_owned(), profile.clone());
        (options.block_bytes, options.memory_bytes) = (BLOCK, MEMORY);
        change(&mut options);
        let endpoint = standin.endpoint().parse_endpoint();
        let hub = Hub::new(endpoint, Arc::new(Token::new("hf_mira")), profile).unwrap();
        let id = RepoId::new(RepoKind::Model, "mira/m").unwrap();
        let main = Revision::main();
        let found = hub.repo(&id).file_metadata(&main, "w.bin").await.unwrap();
        let hash = found.xet.expect("it is in the chunk store").hash;
        let xet = Xet::new(options, Arc::new(SystemClock::default())).unwrap();
        let reader = Reader::new(&xet, hub.repo(&id), main);
        standin.log().clear();
        Self {
            content,
            hub,
            reader,
            file: XetFile::new(&hash, SIZE).unwrap(),
            standin,
            _cache: cache,
        }
    }

    fn whole(&self) -> Reading {
        self.reader.read(&self.file, once(0..SIZE))
    }

    /// How often the Hub was asked for a key.
    fn keys(&self) -> usize {
        let records = self.standin.log().records();
        let keys = records
            .iter()
            .filter(|record| record.path.contains("/xet-read-token/"));
        keys.count()
    }

    fn bytes_sent(&self) -> u64 {
        self.standin.log().body_bytes_of("/xorbs/")
    }
}

trait ParseEndpoint {
    fn parse_endpoint(&self) -> hubdesk_hub::Endpoint;
}

impl ParseEndpoint for String {
    fn parse_endpoint(&self) -> hubdesk_hub::Endpoint {
        hubdesk_hub::Endpoint::parse(self).unwrap()
    }
}

/// For tests of connections that fall silent.
fn impatient(options: &mut Options) {
    options.profile.stall = Duration::from_secs(1);
}

/// Everything that comes, put where it belongs; or what went wrong.
async fn collect(reading: &mut Reading, size: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = vec![0; usize::try_from(size).unwrap()];
    while let Some(piece) = reading.next().await? {
        put(&mut bytes, &piece);
    }
    Ok(bytes)
}

fn put(bytes: &mut [u8], piece: &Piece) {
    let at = usize::try_from(piece.offset).unwrap();
    bytes[at..at + piece.bytes.len()].copy_from_slice(&piece.bytes);
}

fn part(content: &Content, range: Range<u64>) -> Vec<u8> {
    content.read(range.start, range.end - range.start).to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_comes_whole_and_in_pieces_of_bounded_length() {
    let scene = Scene::new(StandIn::builder()).await;
    let mut reading = scene.whole();
    let mut bytes = vec![0; SIZE as usize];
    while let Some(piece) = reading.next().await.unwrap() {
        assert!(
            piece.bytes.len() as u64 <= 2 * BLOCK,
            "{}",
            piece.bytes.len()
        );
        put(&mut bytes, &piece);
    }
    assert_eq!(reading.missing_bytes(), 0);
    assert!(
        reading.next().await.unwrap().is_none(),
        "the end stays the end"
    );
    assert!(bytes == part(&scene.content, 0..SIZE));
    assert_eq!(scene.keys(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_missing_is_fetched() {
    let scene = Scene::new(StandIn::builder()).await;
    let missing = [5 << 20..SIZE, 1000..5000, 3 << 20..(3 << 20) + 1];
    let mut reading = scene.reader.read(&scene.file, missing.clone());
    assert_eq!(reading.missing_bytes(), (1 << 20) + 4001);
    let bytes = collect(&mut reading, SIZE).await.unwrap();
    for range in missing {
        let place = range.start as usize..range.end as usize;
        assert!(bytes[place] == part(&scene.content, range));
    }
    // Chunks are fetched whole, and are 128 KiB at most.
    assert!(scene.bytes_sent() < 2 << 20, "{}", scene.bytes_sent());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_of_the_hub_stays_at_the_hub() {
    let scene = Scene::new(StandIn::builder()).await;
    collect(&mut scene.whole(), SIZE).await.unwrap();
    let records = scene.standin.log().records();
    let asked = |path: &str| {
        let at_store = records.iter().filter(|record| record.host == Host::Xet);
        let asked: Vec<_> = at_store.filter(|r| r.path.starts_with(path)).collect();
        assert!(!asked.is_empty());
        asked
    };
    // The store takes no token but the keys it handed out, and signed links take none at all.
    assert!(asked("/v2/").iter().all(|r| r.has_token && r.status == 200));
    assert!(asked("/xorbs/").iter().all(|r| !r.has_token));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_introduces_itself_as_the_rest_of_the_program() {
    let scene = Scene::with(StandIn::builder(), |options| {
        options.profile.user_agent = "hubdesk/7".to_owned();
    })
    .await;
    collect(&mut scene.whole(), SIZE).await.unwrap();
    let records = scene.standin.log().records();
    let mut at_store = records.iter().filter(|record| record.host == Host::Xet);
    let agent = ("user-agent".to_owned(), "hubdesk/7".to_owned());
    assert!(at_store.all(|record| record.headers.contains(&agent)));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_reported_unless_it_is_allowed() {
    for (may_report, expected) in [(false, 0), (true, 1)] {
        let scene = Scene::with(StandIn::builder(), |o| o.may_report = may_report).await;
        collect(&mut scene.whole(), SIZE).await.unwrap();
        let Scene {
            reader, standin, ..
        } = scene;
        drop(reader);
        let reports = || {
            let records = standin.log().records();
            records.iter().filter(|r| r.path == "/v1/telemetry").count()
        };
        // The report is sent when the last user of a key is gone, and by a task of its own.
        let limit = Duration::from_secs(if may_report { 60 } else { 0 });
        let came = async {
            while reports() < 1 {
                tokio::task::yield_now().await;
            }
        };
        let _ = tokio::time::timeout(limit, came).await;
        assert_eq!(reports(), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_ends_on_the_way_is_renewed() {
    let scene = Scene::new(StandIn::builder()).await;
    let mut reading = scene.whole();
    let mut bytes = vec![0; SIZE as usize];
    let first = reading.next().await.unwrap().unwrap();
    put(&mut bytes, &first);
    scene.standin.revoke_xet_keys();
    while let Some(piece) = reading.next().await.unwrap() {
        put(&mut bytes, &piece);
    }
    assert!(bytes == part(&scene.content, 0..SIZE));
    assert_eq!(scene.keys(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_near_its_end_is_not_begun_with() {
    let builder = StandIn::builder().xet_lifetime(Duration::from_secs(45));
    let scene = Scene::new(builder).await;
    for _ in 0..2 {
        collect(&mut scene.whole(), SIZE).await.unwrap();
    }
    assert_eq!(scene.keys(), 2);
    let scene = Scene::new(StandIn::builder()).await;
    for _ in 0..2 {
        collect(&mut scene.whole(), SIZE).await.unwrap();
    }
    assert_eq!(scene.keys(), 1, "a fresh one is used by all");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_with_a_fresh_key_is_refused() {
    let fault = Fault::on(Route::Xet, Effect::status(401));
    let scene = Scene::new(StandIn::builder().fault(fault)).await;
    let error = collect(&mut scene.whole(), SIZE).await.unwrap_err();
    assert!(matches!(error, Error::Refused { .. }), "{error:?}");
    assert_eq!(scene.keys(), 2);
    scene.standin.faults().clear();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_hub_says_about_a_key_is_passed_on() {
    let scene = Scene::new(StandIn::builder()).await;
    let id = RepoId::new(RepoKind::Model, "mira/m").unwrap();
    scene.standin.hub().remove_repo(&id);
    let error = collect(&mut scene.whole(), SIZE).await.unwrap_err();
    let Error::Key { source } = error else {
        panic!("{error:?}");
    };
    let main = Revision::main();
    let asked = scene.hub.repo(&id).xet_token(XetAccess::Read(&main)).await;
    assert_eq!(source.to_string(), asked.unwrap_err().to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_there_or_too_short_is_not_found() {
    let scene = Scene::new(StandIn::builder()).await;
    let other = XetFile::new(&"1".repeat(64), SIZE).unwrap();
    let mut reading = scene.reader.read(&other, once(0..SIZE));
    let error = collect(&mut reading, SIZE).await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error:?}");

    let longer = XetFile::new(scene.file.hash(), SIZE + 5).unwrap();
    let mut reading = scene.reader.read(&longer, once(0..SIZE + 5));
    let error = collect(&mut reading, SIZE + 5).await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passing_fault_is_passed_over() {
    let scene = Scene::with(StandIn::builder(), impatient).await;
    for (route, effect) in [
        (Route::XetBytes, Effect::Cut { after: 5000 }),
        (Route::XetBytes, Effect::Stall { after: 5000 }),
        (Route::XetBytes, Effect::status(503)),
        (Route::XetBytes, Effect::ExpiredLink),
        (Route::Xet, Effect::status(500)),
    ] {
        scene
            .standin
            .faults()
            .add(Fault::on(route, effect.clone()).times(1));
        let bytes = collect(&mut scene.whole(), SIZE).await;
        let bytes = bytes.unwrap_or_else(|error| panic!("{effect:?}: {error:?}"));
        assert!(bytes == part(&scene.content, 0..SIZE), "{effect:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lasting_fault_is_an_error_and_what_came_is_not_lost() {
    let scene = Scene::with(StandIn::builder(), impatient).await;
    for (route, effect) in [
        (Route::XetBytes, Effect::Cut { after: 5000 }),
        (Route::XetBytes, Effect::Stall { after: 5000 }),
        (Route::XetBytes, Effect::status(503)),
        (Route::Xet, Effect::status(503)),
    ] {
        let mut reading = scene.whole();
        let mut bytes = vec![0; SIZE as usize];
        put(&mut bytes, &reading.next().await.unwrap().unwrap());
        scene.standin.faults().add(Fault::on(route, effect.clone()));
        let error = loop {
            match reading.next().await {
                Ok(Some(piece)) => put(&mut bytes, &piece),
                Ok(None) => panic!("{effect:?}: it came"),
                Err(error) => break error,
            }
        };
        let is_as_expected = matches!(error, Error::Unreachable { .. });
        assert!(is_as_expected, "{effect:?}: {error:?}");
        assert!(reading.missing_bytes() < SIZE, "the first piece counts");
        scene.standin.faults().clear();
        while let Some(piece) = reading.next().await.unwrap() {
            put(&mut bytes, &piece);
        }
        assert!(bytes == part(&scene.content, 0..SIZE), "{effect:?}");
    }
}

/// The store's client does not look at what the bytes are, so whoever asked must.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_bytes_are_not_given_as_the_right_ones() {
    let fault = Fault::on(Route::XetBytes, Effect::Flip { at: 70_000 }).times(1);
    let scene = Scene::new(StandIn::builder().fault(fault)).await;
    match collect(&mut scene.whole(), SIZE).await {
        Ok(bytes) => assert_ne!(
            Content::bytes(bytes).sha256(),
            scene.content.sha256(),
            "the flip was undone"
        ),
        Err(error) => assert!(matches!(error, Error::Broken { .. }), "{error:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_more_is_asked_for_once_it_is_dropped() {
    let scene = Scene::new(StandIn::builder()).await;
    let mut reading = scene.whole();
    reading.next().await.unwrap().unwrap();
    drop(reading);
    // What was on its way is over when as many bytes as may be on their way have come again.
    let mut other = scene.reader.read(&scene.file, once(SIZE - MEMORY..SIZE));
    collect(&mut other, SIZE).await.unwrap();
    let most = (BLOCK + MEMORY) + MEMORY + 3 * BLOCK;
    assert!(scene.bytes_sent() < most, "{}", scene.bytes_sent());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_that_is_given_up_loses_nothing() {
    let scene = Scene::new(StandIn::builder()).await;
    let mut reading = scene.whole();
    let mut bytes = vec![0; SIZE as usize];
    let mut given_up = 0;
    loop {
        tokio::select! {
            biased;
            next = reading.next() => match next.unwrap() {
                Some(piece) => put(&mut bytes, &piece),
                None => break,
            },
            () = tokio::task::yield_now() => given_up += 1,
        }
    }
    assert!(given_up > 0);
    assert!(bytes == part(&scene.content, 0..SIZE));
}
