use hubdesk_store::Migration;
use hubdesk_store::rusqlite::{Result, Row, Transaction, params};

use super::{natural, whole};
use crate::files::Batch;
use crate::{FileRow, FileState, Only, PageOf, TransferId};

pub(super) const CREATE: Migration = Migration {
    name: "2026-11-20 transfer_file",
    sql: "
        CREATE TABLE transfer_file (
            transfer_id INTEGER NOT NULL REFERENCES transfer (id) ON DELETE CASCADE,
            path        TEXT    NOT NULL,
            state       TEXT    NOT NULL,
            bytes_total INTEGER NOT NULL,
            PRIMARY KEY (transfer_id, path)
        ) STRICT, WITHOUT ROWID;",
};

/// Writes what a run has told of its files.
pub(crate) fn write(tx: &Transaction<'_>, id: TransferId, batch: &Batch) -> Result<()> {
    if batch.is_new_plan {
        forget(tx, id)?;
    }
    let mut add = tx.prepare_cached(
        "INSERT OR REPLACE INTO transfer_file (transfer_id, path, state, bytes_total)
         VALUES (?1, ?2, ?3, ?4)",
    )?;
    for file in &batch.planned {
        let state = match file.is_done {
            true => FileState::Done,
            false => FileState::Pending,
        };
        let size = whole(file.bytes_total);
        add.execute(params![id.get(), file.path, name(state), size])?;
    }
    let mut change = tx.prepare_cached(
        "UPDATE transfer_file SET state = ?3 WHERE transfer_id = ?1 AND path = ?2",
    )?;
    for (path, state) in &batch.ended {
        change.execute(params![id.get(), path, name(*state)])?;
    }
    Ok(())
}

/// Forgets the files of a transfer.
pub(crate) fn forget(tx: &Transaction<'_>, id: TransferId) -> Result<()> {
    tx.prepare_cached("DELETE FROM transfer_file WHERE transfer_id = ?1")?
        .execute(params![id.get()])
        .map(|_| ())
}

/// The files that `page` is about, in the order of their paths, and how many of them there are on
/// all pages. Those `at_work` are known by nobody but their run.
pub(crate) fn page(
    tx: &Transaction<'_>,
    id: TransferId,
    page: &PageOf,
    at_work: &[String],
) -> Result<(Vec<FileRow>, u64)> {
    let (state, has_to_work) = match page.only {
        None => (None, None),
        Some(Only::AtWork) => (None, Some(true)),
        Some(Only::State(state)) => (Some(name(state)), Some(false)),
    };
    const WHICH: &str = "FROM transfer_file WHERE transfer_id = ?1
         AND (?2 IS NULL OR state = ?2)
         AND (?3 IS NULL OR ?3 = (path IN (SELECT value FROM json_each(?4))))";
    let at_work = serde_json::to_string(at_work).expect("paths are text");
    let mut count = tx.prepare_cached(&format!("SELECT count(*) {WHICH}"))?;
    let total = count.query_row(params![id.get(), state, has_to_work, at_work], |row| {
        row.get(0)
    })?;
    let mut files = tx.prepare_cached(&format!(
        "SELECT path, state, bytes_total {WHICH} ORDER BY path LIMIT ?5 OFFSET ?6"
    ))?;
    let rows = files.query_map(
        params![id.get(), state, has_to_work, at_work, page.limit, page.skip],
        read,
    )?;
    Ok((rows.collect::<Result<_>>()?, natural(total)))
}

fn read(row: &Row<'_>) -> Result<FileRow> {
    let state: String = row.get(1)?;
    Ok(FileRow {
        path: row.get(0)?,
        state: match state.as_str() {
            "done" => FileState::Done,
            "failed" => FileState::Failed,
            _ => FileState::Pending,
        },
        bytes_total: natural(row.get(2)?),
        bytes_at_work: None,
    })
}

fn name(state: FileState) -> &'static str {
    match state {
        FileState::Pending => "pending",
        FileState::Done => "done",
        FileState::Failed => "failed",
    }
}
