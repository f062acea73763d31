//! The database survives what happens to files and processes, and says what did.
#![expect(
    clippy::unwrap_used,
    reason = "a test that does not get what it needs has failed"
)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use hubdesk_store::{Error, Migration, Opened, Store, Trouble};
use tempfile::{TempDir, tempdir};

const WORD: Migration = Migration {
    name: "word",
    sql: "CREATE TABLE word (text TEXT PRIMARY KEY) STRICT;",
};
const NUMBER: Migration = Migration {
    name: "number",
    sql: "CREATE TABLE number (value INTEGER PRIMARY KEY) STRICT;",
};
const WRONG: Migration = Migration {
    name: "wrong",
    sql: "CREATE TABLE lost (value INTEGER) STRICT; CREATE TABEL;",
};

fn place() -> (TempDir, PathBuf) {
    let dir = tempdir().unwrap();
    let path = dir.path().join("hubdesk.db");
    (dir, path)
}

fn open(path: &Path) -> Store {
    let Opened { store, trouble } = Store::open(path, &[WORD]).unwrap();
    assert!(trouble.is_none(), "{trouble:?}");
    store
}

async fn put(store: &Store, word: &'static str) -> Result<usize, Error> {
    let put = move |tx: &hubdesk_store::rusqlite::Transaction<'_>| {
        tx.execute("INSERT INTO word VALUES (?1)", [word])
    };
    store.call(put).await
}

async fn words(store: &Store) -> Vec<String> {
    let all = |tx: &hubdesk_store::rusqlite::Transaction<'_>| {
        let mut all = tx.prepare("SELECT text FROM word ORDER BY text")?;
        all.query_map([], |row| row.get(0))?.collect()
    };
    store.call(all).await.unwrap()
}

#[tokio::test]
async fn what_a_call_has_written_is_there_the_next_time() {
    let (_dir, path) = place();
    let store = open(&path);
    put(&store, "kept").await.unwrap();
    store.close().await;
    assert_eq!(words(&open(&path)).await, ["kept"]);
}

#[tokio::test]
async fn what_is_in_memory_goes_with_its_store() {
    let open = || Store::in_memory(&[WORD]).unwrap();
    let store = open();
    put(&store, "a").await.unwrap();
    assert_eq!(words(&store).await, ["a"]);
    assert_eq!(words(&open()).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_second_start_is_told_that_the_database_is_owned_until_it_is_closed() {
    let (_dir, path) = place();
    let first = open(&path);
    let second = Store::open(&path, &[WORD]).unwrap_err();
    assert!(matches!(second, Error::Owned { .. }), "{second}");
    first.close().await;
    open(&path);
}

#[tokio::test]
async fn where_lock_files_are_worth_nothing_the_database_itself_keeps_the_second_one_out() {
    let (_dir, path) = place();
    let first = open(&path);
    put(&first, "mine").await.unwrap();
    let lock = path.with_file_name("hubdesk.db.lock");
    fs::remove_file(lock).unwrap();
    let second = Store::open(&path, &[WORD]).unwrap_err();
    assert!(matches!(second, Error::Owned { .. }), "{second}");
    assert_eq!(words(&first).await, ["mine"]);
}

#[tokio::test]
async fn a_call_that_fails_leaves_nothing_and_later_calls_work() {
    let (_dir, path) = place();
    let store = open(&path);
    let failed = store
        .call(|tx| {
            tx.execute("INSERT INTO word VALUES ('half')", [])?;
            tx.execute("INSERT INTO wrod VALUES ('half')", [])
        })
        .await;
    assert!(matches!(failed, Err(Error::Query { .. })), "{failed:?}");
    put(&store, "whole").await.unwrap();
    assert_eq!(words(&store).await, ["whole"]);
}

#[tokio::test]
async fn a_panic_goes_to_the_caller_and_leaves_nothing() {
    let (_dir, path) = place();
    let store = open(&path);
    let shared = store.clone();
    let caller = tokio::spawn(async move {
        let act = |tx: &hubdesk_store::rusqlite::Transaction<'_>| {
            tx.execute("INSERT INTO word VALUES ('half')", [])?;
            panic!("a fault")
        };
        shared.call::<()>(act).await
    });
    assert!(caller.await.unwrap_err().is_panic());
    assert_eq!(words(&store).await, [""; 0]);
}

#[tokio::test]
async fn a_caller_that_goes_away_in_the_middle_leaves_all_of_its_call() {
    let (_dir, path) = place();
    let store = open(&path);
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (go_on, may_go_on) = std::sync::mpsc::channel();
    let shared = store.clone();
    let caller = tokio::spawn(async move {
        let act = move |tx: &hubdesk_store::rusqlite::Transaction<'_>| {
            tx.execute("INSERT INTO word VALUES ('first')", [])?;
            begun.send(()).unwrap();
            may_go_on.recv().unwrap();
            tx.execute("INSERT INTO word VALUES ('second')", [])
        };
        shared.call(act).await
    });
    has_begun.await.unwrap();
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    go_on.send(()).unwrap();
    assert_eq!(words(&store).await, ["first", "second"]);
}

#[tokio::test]
async fn a_database_that_was_closed_says_so() {
    let (_dir, path) = place();
    let store = open(&path);
    store.close().await;
    store.close().await;
    let late = put(&store, "late").await;
    assert!(matches!(late, Err(Error::Closed)), "{late:?}");
}

#[tokio::test]
async fn a_full_volume_is_said_and_what_was_there_stays() {
    let (_dir, path) = place();
    let store = open(&path);
    put(&store, "first").await.unwrap();
    let limit = |pages: u32| {
        move |tx: &hubdesk_store::rusqlite::Transaction<'_>| {
            tx.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
        }
    };
    store.call(limit(8)).await.unwrap();
    let much = store
        .call(|tx| {
            for word in 0..1000 {
                tx.execute("INSERT INTO word VALUES (?1)", [format!("{word:0>900}")])?;
            }
            Ok(())
        })
        .await;
    assert!(matches!(much, Err(Error::Full { .. })), "{much:?}");
    store.call(limit(1_000_000)).await.unwrap();
    put(&store, "second").await.unwrap();
    assert_eq!(words(&store).await, ["first", "second"]);
}

#[tokio::test]
async fn a_database_that_cannot_be_written_says_so_and_can_still_be_read() {
    let (_dir, path) = place();
    let store = open(&path);
    put(&store, "first").await.unwrap();
    let shut = store.call(|tx| tx.pragma_update(None, "query_only", true));
    shut.await.unwrap();
    let refused = put(&store, "second").await;
    assert!(
        matches!(refused, Err(Error::ReadOnly { .. })),
        "{refused:?}"
    );
    assert_eq!(words(&store).await, ["first"]);
}

#[test]
fn a_folder_that_is_missing_is_not_a_damaged_database() {
    let (_dir, path) = place();
    let error = Store::open(&path.join("missing/hubdesk.db"), &[WORD]).unwrap_err();
    assert!(matches!(error, Error::Unusable { .. }), "{error}");
}

#[tokio::test]
async fn what_is_no_database_is_set_aside_with_its_log_and_a_new_one_is_begun() {
    let (dir, path) = place();
    let rubbish = vec![b'x'; 8192];
    fs::write(&path, &rubbish).unwrap();
    fs::write(path.with_file_name("hubdesk.db-wal"), "log").unwrap();
    let opened = Store::open(&path, &[WORD]).unwrap();
    let Some(Trouble::SetAside { kept, why, .. }) = opened.trouble else {
        panic!("nobody is told");
    };
    assert!(matches!(why, Error::Damaged { .. }), "{why}");
    assert_eq!(fs::read(&kept).unwrap(), rubbish, "nothing is thrown away");
    let names: Vec<_> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("damaged") && name.ends_with("-wal"))
        .collect();
    assert_eq!(names.len(), 1);
    put(&opened.store, "new").await.unwrap();
    opened.store.close().await;
    assert_eq!(words(&open(&path)).await, ["new"]);
}

#[tokio::test]
async fn damage_in_the_middle_is_found_when_the_database_is_opened() {
    let (_dir, path) = place();
    let store = open(&path);
    let fill = store.call(|tx| {
        for word in 0..200 {
            tx.execute("INSERT INTO word VALUES (?1)", [format!("{word:0>900}")])?;
        }
        Ok(())
    });
    fill.await.unwrap();
    store.close().await;
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0xee);
    fs::write(&path, bytes).unwrap();
    let opened = Store::open(&path, &[WORD]).unwrap();
    assert!(matches!(opened.trouble, Some(Trouble::SetAside { .. })));
    assert_eq!(words(&opened.store).await, [""; 0]);
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused_and_left_alone() {
    let (_dir, path) = place();
    let newer = Store::open(&path, &[WORD, NUMBER]).unwrap().store;
    put(&newer, "theirs").await.unwrap();
    newer.close().await;
    let before = fs::read(&path).unwrap();
    let error = Store::open(&path, &[WORD]).unwrap_err();
    assert!(
        matches!(&error, Error::Newer { migration, .. } if migration == "number"),
        "{error}"
    );
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_copy_is_kept_before_an_update_and_engines_may_add_theirs_anywhere() {
    let (_dir, path) = place();
    let old = open(&path);
    put(&old, "old").await.unwrap();
    old.close().await;
    let new = Store::open(&path, &[NUMBER, WORD]).unwrap().store;
    put(&new, "new").await.unwrap();
    assert_eq!(words(&new).await, ["new", "old"]);
    new.close().await;
    let copy = path.with_file_name("hubdesk.db.before-update");
    assert_eq!(words(&open(&copy)).await, ["old"]);
}

#[tokio::test]
async fn updates_are_made_together_or_not_at_all() {
    let (_dir, path) = place();
    let old = open(&path);
    put(&old, "old").await.unwrap();
    old.close().await;
    let error = Store::open(&path, &[WORD, NUMBER, WRONG]).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Migration {
                migration: "wrong",
                ..
            }
        ),
        "{error}"
    );
    let store = open(&path);
    assert_eq!(words(&store).await, ["old"]);
    let tables = store.call(|tx| {
        let count = "SELECT count(*) FROM sqlite_schema WHERE name IN ('number', 'lost')";
        tx.query_row(count, [], |row| row.get::<_, i64>(0))
    });
    assert_eq!(tables.await.unwrap(), 0);
}

#[tokio::test]
async fn a_kill_in_the_middle_of_a_call_leaves_nothing_of_it_and_all_before_it() {
    let (_dir, path) = place();
    let mut child = Command::new(example("half"))
        .arg(&path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert_eq!(line, "half\n");
    let log = path.with_file_name("hubdesk.db-wal");
    assert!(
        fs::metadata(&log).unwrap().len() > 1 << 20,
        "some of the call must be on the disk, or this shows nothing"
    );
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(words(&open(&path)).await, ["whole"]);
}

/// Cargo builds a package's examples with its tests, beside them.
fn example(name: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let target = tests.parent().and_then(Path::parent).unwrap();
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    target.join("examples").join(name)
}
