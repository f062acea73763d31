use hubdesk_store::Migration;
use hubdesk_store::rusqlite::{Result, Row, Transaction, params};

use super::{natural, whole};
use crate::files::Batch;
use crate::{FileRow, FileState, TransferId};

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

/// At most `limit` files whose paths come after `after`, in the order of their paths.
pub(crate) fn page(
    tx: &Transaction<'_>,
    id: TransferId,
    after: &str,
    limit: u32,
) -> Result<Vec<FileRow>> {
    let mut files = tx.prepare_cached(
        "SELECT path, state, bytes_total FROM transfer_file
         WHERE transfer_id = ?1 AND path > ?2 ORDER BY path LIMIT ?3",
    )?;
    let rows = files.query_map(params![id.get(), after, limit], read)?;
    rows.collect()
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
