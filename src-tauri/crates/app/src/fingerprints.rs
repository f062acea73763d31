//! What files were when they were read last, in the database of the queue: a file that nobody has
//! touched is not read again, neither by the next run nor after a preview.

use std::collections::HashMap;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use hubdesk_core::Digest;
use hubdesk_disk::Stamp;
use hubdesk_store::rusqlite::{Result, Row, Transaction, params};
use hubdesk_store::{Migration, Store};
use hubdesk_upload::{Fingerprint, Fingerprints, Request, Tuning, What};
use tokio::runtime::Handle;

/// What it needs of the database. Times are nanoseconds since 1970; `inode` and `volume` are bits.
pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    name: "2026-11-20 fingerprint",
    sql: "
        CREATE TABLE fingerprint (
            id       INTEGER PRIMARY KEY AUTOINCREMENT,
            path     TEXT    NOT NULL UNIQUE,
            size     INTEGER NOT NULL,
            modified INTEGER NOT NULL,
            changed  INTEGER NOT NULL,
            inode    INTEGER NOT NULL,
            volume   INTEGER NOT NULL,
            git_blob TEXT,
            sha256   TEXT    NOT NULL,
            sample   BLOB    NOT NULL
        ) STRICT;",
}];

/// Files that are remembered; those read longest ago go first.
const MOST: i64 = 200_000;
/// Files written at once.
const BATCH: usize = 2000;

/// What is known of the files below some sources, and what is learnt of them.
pub(crate) struct Known {
    store: Option<Store>,
    runtime: Handle,
    known: HashMap<PathBuf, (Stamp, Fingerprint)>,
    learnt: Mutex<Vec<Learnt>>,
}

/// A file that was read.
struct Learnt {
    path: String,
    stamp: Stamp,
    fingerprint: Fingerprint,
}

impl Known {
    /// What `store` knows of the files `request` is about. One that cannot be asked knows nothing.
    pub(crate) async fn of(store: Option<Store>, request: &Request) -> Self {
        let sources = request.sources.iter();
        let paths: Vec<_> = sources
            .filter_map(|source| match &source.what {
                What::File(path) | What::Folder(path) => path.to_str().map(str::to_owned),
                What::Bytes(_) => None,
            })
            .collect();
        let known = match &store {
            Some(store) => store.call(move |tx| below(tx, &paths)).await,
            None => Ok(HashMap::new()),
        };
        Self {
            store,
            runtime: Handle::current(),
            known: known.unwrap_or_else(|error| {
                tracing::warn!(%error, "files are read anew");
                HashMap::new()
            }),
            learnt: Mutex::default(),
        }
    }

    /// Writes what was learnt and is not written yet.
    pub(crate) async fn keep(&self) {
        let learnt = std::mem::take(&mut *self.learnt());
        if let Some(store) = self.store.clone().filter(|_| !learnt.is_empty()) {
            write(store, learnt).await;
        }
    }

    fn learnt(&self) -> MutexGuard<'_, Vec<Learnt>> {
        self.learnt
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

impl Fingerprints for Known {
    fn get(&self, path: &Path, stamp: &Stamp) -> Option<Fingerprint> {
        let (then, fingerprint) = self.known.get(path)?;
        (then == stamp).then(|| fingerprint.clone())
    }

    fn put(&self, path: &Path, stamp: &Stamp, fingerprint: &Fingerprint) {
        let (Some(store), Some(path)) = (&self.store, path.to_str()) else {
            return;
        };
        let is_known = |known: &(Stamp, Fingerprint)| known.0 == *stamp;
        if self.known.get(Path::new(path)).is_some_and(is_known) {
            return;
        }
        let mut fingerprint = fingerprint.clone();
        if fingerprint.size <= Tuning::default().small_bytes {
            // The engine has all of a small file at hand whenever it needs its beginning.
            fingerprint.sample = Default::default();
        }
        let mut learnt = self.learnt();
        learnt.push(Learnt {
            path: path.to_owned(),
            stamp: *stamp,
            fingerprint,
        });
        if learnt.len() >= BATCH {
            let batch = std::mem::take(&mut *learnt);
            self.runtime.spawn(write(store.clone(), batch));
        }
    }
}

async fn write(store: Store, learnt: Vec<Learnt>) {
    let written = store.call(move |tx| {
        learnt.iter().try_for_each(|one| put(tx, one))?;
        trim(tx, MOST)
    });
    if let Err(error) = written.await {
        tracing::warn!(%error, "what was read is read again the next time");
    }
}

/// Everything known of the files `paths`, and of those below.
fn below(tx: &Transaction<'_>, paths: &[String]) -> Result<HashMap<PathBuf, (Stamp, Fingerprint)>> {
    // Whatever begins with the folder and its separator lies before the next character.
    let next = char::from(MAIN_SEPARATOR as u8 + 1);
    let mut rows = tx
        .prepare_cached("SELECT * FROM fingerprint WHERE path = ?1 OR (path > ?2 AND path < ?3)")?;
    let mut known = HashMap::new();
    for path in paths {
        let folder = path.trim_end_matches(MAIN_SEPARATOR);
        let from = format!("{folder}{MAIN_SEPARATOR}");
        let to = format!("{folder}{next}");
        let found = rows.query_map(params![path, from, to], read)?;
        for one in found {
            let (path, known_one) = one?;
            // A row that nobody could have written is as good as none.
            known.extend(known_one.map(|known| (path, known)));
        }
    }
    Ok(known)
}

type Kept = (PathBuf, Option<(Stamp, Fingerprint)>);

fn read(row: &Row<'_>) -> Result<Kept> {
    let path: String = row.get("path")?;
    let digest = |text: Option<String>| text.as_deref().and_then(Digest::parse);
    let stamp = Stamp {
        size: row.get::<_, i64>("size")?.cast_unsigned(),
        modified: row.get::<_, i64>("modified")?.into(),
        changed: row.get::<_, i64>("changed")?.into(),
        inode: row.get::<_, i64>("inode")?.cast_unsigned(),
        volume: row.get::<_, i64>("volume")?.cast_unsigned(),
    };
    let (git_blob, sha256) = (digest(row.get("git_blob")?), digest(row.get("sha256")?));
    let sample: Vec<u8> = row.get("sample")?;
    let fingerprint = sha256.map(|sha256| Fingerprint {
        size: stamp.size,
        git_blob,
        sha256,
        sample: sample.into(),
    });
    Ok((path.into(), fingerprint.map(|one| (stamp, one))))
}

fn put(tx: &Transaction<'_>, one: &Learnt) -> Result<()> {
    let Learnt {
        path,
        stamp,
        fingerprint,
    } = one;
    let times = (i64::try_from(stamp.modified), i64::try_from(stamp.changed));
    let (Ok(modified), Ok(changed)) = times else {
        return Ok(());
    };
    tx.prepare_cached(
        "INSERT OR REPLACE INTO fingerprint
             (path, size, modified, changed, inode, volume, git_blob, sha256, sample)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        path,
        stamp.size.cast_signed(),
        modified,
        changed,
        stamp.inode.cast_signed(),
        stamp.volume.cast_signed(),
        fingerprint.git_blob.map(|digest| digest.to_string()),
        fingerprint.sha256.to_string(),
        &fingerprint.sample[..],
    ])
    .map(|_| ())
}

/// Leaves at most the last `most`: ids only grow.
fn trim(tx: &Transaction<'_>, most: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM fingerprint WHERE id <= (SELECT max(id) FROM fingerprint) - ?1")?
        .execute(params![most])
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use hubdesk_core::{Patterns, RepoId, RepoKind, Revision};
    use hubdesk_hub::Message;
    use hubdesk_upload::{LeaveOut, Onto, Source};

    use super::*;

    fn about(folder: &Path) -> Request {
        Request {
            repo: RepoId::new(RepoKind::Model, "mira/m").unwrap(),
            create: None,
            onto: Onto::Branch {
                name: Revision::main(),
                create: false,
            },
            sources: vec![Source {
                what: What::Folder(folder.to_owned()),
                to: None,
            }],
            select: Patterns::default(),
            leave_out: LeaveOut::USUAL,
            remove: None,
            acknowledged: None,
            message: Message {
                title: String::new(),
                description: String::new(),
            },
            expect: None,
            overwrite: false,
        }
    }

    fn stamp(path: &Path) -> Stamp {
        Stamp::of(&fs::metadata(path).unwrap())
    }

    #[tokio::test]
    async fn what_was_read_is_known_below_its_folder_until_it_is_touched() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("a");
        let beside = home.path().join("ab");
        for folder in [&folder, &beside] {
            fs::create_dir(folder).unwrap();
        }
        let (long, other) = (folder.join("ü 1.bin"), beside.join("2.bin"));
        let content = vec![7; 20_000];
        fs::write(&long, &content).unwrap();
        fs::write(&other, "2").unwrap();
        let store = Some(Store::in_memory(MIGRATIONS).unwrap());
        let known = Known::of(store.clone(), &about(home.path())).await;
        known.put(&long, &stamp(&long), &Fingerprint::of(&content));
        known.put(&other, &stamp(&other), &Fingerprint::of(b"2"));
        known.keep().await;

        let known = Known::of(store, &about(&folder)).await;
        let expected = Some(Fingerprint::of(&content));
        assert_eq!(known.get(&long, &stamp(&long)), expected);
        assert_eq!(known.get(&other, &stamp(&other)), None, "it lies beside");
        let touched = Stamp {
            modified: 0,
            ..stamp(&long)
        };
        assert_eq!(known.get(&long, &touched), None);
    }

    #[tokio::test]
    async fn ten_thousand_files_are_a_few_writes_and_the_oldest_go() {
        const FILES: usize = 10_000;
        let store = Store::in_memory(MIGRATIONS).unwrap();
        let folder = Path::new("/a");
        let known = Known::of(Some(store.clone()), &about(folder)).await;
        let stamp = stamp(Path::new("."));
        let of = Fingerprint::of(b"x");
        for n in 0..FILES + 1 {
            known.put(&folder.join(n.to_string()), &stamp, &of);
        }
        assert!(known.learnt().len() < BATCH, "the rest was handed on");
        known.keep().await;
        let count = |tx: &Transaction<'_>| {
            let count = "SELECT count(*), min(id) FROM fingerprint";
            tx.query_row(count, [], |row| Ok((row.get(0)?, row.get(1)?)))
        };
        let all_written = async {
            loop {
                let written: (i64, i64) = store.call(count).await.unwrap();
                if written.0 as usize > FILES {
                    return written;
                }
                tokio::task::yield_now().await;
            }
        };
        let written = tokio::time::timeout(std::time::Duration::from_secs(60), all_written);
        let written = written.await.expect("what was handed on is written");
        assert_eq!(written, (FILES as i64 + 1, 1));
        store.call(|tx| trim(tx, 10)).await.unwrap();
        let left: (i64, i64) = store.call(count).await.unwrap();
        assert_eq!(left.0, 10);
        assert_eq!(left.1, FILES as i64 + 1 - 9);
    }
}
