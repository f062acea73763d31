use std::time::{Duration, SystemTime};

use hubdesk_core::Class;
use hubdesk_store::Migration;
use hubdesk_store::rusqlite::{Result, Row, Transaction, params};

use super::{natural, whole};
use crate::request::{Request, Unreadable};
use crate::{Code, Reason, Room, State, Transfer, TransferId, Until};

/// `reason` is what a blocked transfer waits for; a waiting one without `not_before` waits for the
/// network. Times are milliseconds since 1970.
pub(super) const CREATE: Migration = Migration {
    name: "2026-11-20 transfer",
    sql: "
        CREATE TABLE transfer (
            id          INTEGER PRIMARY KEY AUTOINCREMENT,
            kind        TEXT    NOT NULL,
            request     TEXT    NOT NULL,
            title       TEXT    NOT NULL,
            class       TEXT    NOT NULL,
            rank        INTEGER NOT NULL,
            state       TEXT    NOT NULL,
            reason      TEXT,
            not_before  INTEGER,
            attempts    INTEGER NOT NULL,
            error_code  TEXT,
            folder      TEXT,
            files_total INTEGER,
            bytes_total INTEGER,
            files_done  INTEGER,
            bytes_done  INTEGER,
            created_at  INTEGER NOT NULL,
            changed_at  INTEGER NOT NULL
        ) STRICT;",
};

/// The volume that was chosen, and the room that was missing on it.
pub(super) const ROOM: Migration = Migration {
    name: "2026-11-20 transfer room",
    sql: "
        ALTER TABLE transfer ADD COLUMN volume TEXT;
        ALTER TABLE transfer ADD COLUMN room_folder TEXT;
        ALTER TABLE transfer ADD COLUMN room_bytes INTEGER;",
};

/// A row as a program of any version may have written it.
struct Stored {
    transfer: Transfer,
    class: String,
    state: String,
    reason: Option<String>,
    not_before: Option<i64>,
}

/// Every transfer.
pub(crate) fn all(tx: &Transaction<'_>) -> Result<Vec<Transfer>> {
    let mut rows = tx.prepare("SELECT * FROM transfer ORDER BY id")?;
    let read = rows.query_map([], |row| read(row).map(understood))?;
    read.collect()
}

/// Adds a transfer; gives its id. That of `transfer` is of no account.
pub(crate) fn insert(
    tx: &Transaction<'_>,
    transfer: &Transfer,
    request: &Request,
) -> Result<TransferId> {
    tx.execute(
        "INSERT INTO transfer
             (kind, request, title, class, rank, state, attempts, created_at, changed_at, volume)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?7, ?8)",
        params![
            request.kind(),
            request.write(),
            transfer.title,
            class_name(transfer.class),
            transfer.rank,
            transfer.state.name(),
            millis(transfer.created_at),
            transfer.volume,
        ],
    )?;
    Ok(TransferId::new(tx.last_insert_rowid()))
}

/// Writes another request of a transfer.
pub(crate) fn redirect(tx: &Transaction<'_>, id: TransferId, request: &Request) -> Result<()> {
    tx.execute(
        "UPDATE transfer SET kind = ?2, request = ?3 WHERE id = ?1",
        params![id.get(), request.kind(), request.write()],
    )
    .map(|_| ())
}

/// Writes what may change of a transfer.
pub(crate) fn update(tx: &Transaction<'_>, transfer: &Transfer) -> Result<()> {
    let reason = match &transfer.state {
        State::Blocked(reason) => Some(reason.name()),
        _ => None,
    };
    let not_before = match &transfer.state {
        State::Waiting(Until::Later(time)) => Some(millis(*time)),
        _ => None,
    };
    tx.prepare_cached(
        "UPDATE transfer SET class = ?2, rank = ?3, state = ?4, reason = ?5, not_before = ?6,
             attempts = ?7, error_code = ?8, folder = ?9, files_total = ?10, bytes_total = ?11,
             changed_at = ?12, files_done = ?13, bytes_done = ?14, volume = ?15,
             room_folder = ?16, room_bytes = ?17
         WHERE id = ?1",
    )?
    .execute(params![
        transfer.id.get(),
        class_name(transfer.class),
        transfer.rank,
        transfer.state.name(),
        reason,
        not_before,
        transfer.attempts,
        transfer.error.as_ref().map(Code::as_str),
        transfer.folder,
        transfer.files_total.map(whole),
        transfer.bytes_total.map(whole),
        millis(transfer.changed_at),
        transfer.files_done.map(whole),
        transfer.bytes_done.map(whole),
        transfer.volume,
        transfer.room.as_ref().map(|room| &room.folder),
        transfer.room.as_ref().map(|room| whole(room.bytes)),
    ])
    .map(|_| ())
}

/// Removes a transfer and its files.
pub(crate) fn delete(tx: &Transaction<'_>, id: TransferId) -> Result<()> {
    tx.prepare_cached("DELETE FROM transfer WHERE id = ?1")?
        .execute(params![id.get()])
        .map(|_| ())
}

fn read(row: &Row<'_>) -> Result<Stored> {
    let (kind, json): (String, String) = (row.get("kind")?, row.get("request")?);
    let total = |column: &str| row.get::<_, Option<i64>>(column).map(|n| n.map(natural));
    let transfer = Transfer {
        id: TransferId::new(row.get("id")?),
        request: Request::read(&kind, &json),
        title: row.get("title")?,
        class: Class::Normal,
        rank: row.get("rank")?,
        state: State::Paused,
        attempts: row.get("attempts")?,
        error: row
            .get::<_, Option<String>>("error_code")?
            .map(Code::stored),
        room: row
            .get::<_, Option<String>>("room_folder")?
            .zip(total("room_bytes")?)
            .map(|(folder, bytes)| Room { folder, bytes }),
        volume: row.get("volume")?,
        folder: row.get("folder")?,
        files_total: total("files_total")?,
        bytes_total: total("bytes_total")?,
        files_done: total("files_done")?,
        bytes_done: total("bytes_done")?,
        created_at: time(row.get("created_at")?),
        changed_at: time(row.get("changed_at")?),
    };
    Ok(Stored {
        transfer,
        class: row.get("class")?,
        state: row.get("state")?,
        reason: row.get("reason")?,
        not_before: row.get("not_before")?,
    })
}

/// A row with a word that is not known here stays, and is not run.
fn understood(stored: Stored) -> Transfer {
    let mut transfer = stored.transfer;
    let class = Class::ALL
        .into_iter()
        .find(|class| class_name(*class) == stored.class);
    let reason = stored
        .reason
        .and_then(|word| Reason::ALL.into_iter().find(|reason| reason.name() == word));
    let state = match (stored.state.as_str(), reason) {
        ("queued", _) => Some(State::Queued),
        ("running", _) => Some(State::Running),
        ("paused", _) => Some(State::Paused),
        ("waiting", _) => Some(State::Waiting(match stored.not_before {
            Some(not_before) => Until::Later(time(not_before)),
            None => Until::Online,
        })),
        ("blocked", Some(reason)) => Some(State::Blocked(reason)),
        ("done", _) => Some(State::Done),
        ("failed", _) => Some(State::Failed(
            transfer.error.clone().unwrap_or(Code::INTERNAL),
        )),
        ("cancelled", _) => Some(State::Cancelled),
        _ => None,
    };
    match (class, state) {
        (Some(class), Some(state)) => (transfer.class, transfer.state) = (class, state),
        _ => transfer.request = Err(Unreadable::Newer),
    }
    transfer
}

fn class_name(class: Class) -> &'static str {
    match class {
        Class::Interactive => "interactive",
        Class::Normal => "normal",
        Class::Background => "background",
    }
}

fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

fn time(millis: i64) -> SystemTime {
    SystemTime::UNIX_EPOCH
        .checked_add(Duration::from_millis(natural(millis)))
        .unwrap_or(SystemTime::UNIX_EPOCH)
}
