use hubdesk_store::Migration;
use hubdesk_store::rusqlite::{OptionalExtension as _, Result, Transaction, params};

use crate::TransferId;

/// What a worker keeps of a transfer from one run to the next, in words of its own.
pub(super) const CREATE: Migration = Migration {
    name: "2026-11-20 transfer memo",
    sql: "
        CREATE TABLE transfer_memo (
            transfer_id INTEGER NOT NULL PRIMARY KEY REFERENCES transfer (id) ON DELETE CASCADE,
            text        TEXT    NOT NULL
        ) STRICT;",
};

/// What was kept last.
pub(crate) fn read(tx: &Transaction<'_>, id: TransferId) -> Result<Option<String>> {
    tx.prepare_cached("SELECT text FROM transfer_memo WHERE transfer_id = ?1")?
        .query_row(params![id.get()], |row| row.get(0))
        .optional()
}

/// Keeps `text` in place of what was kept. Of a transfer that is gone nothing is.
pub(crate) fn write(tx: &Transaction<'_>, id: TransferId, text: &str) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO transfer_memo (transfer_id, text)
         SELECT id, ?2 FROM transfer WHERE id = ?1",
    )?
    .execute(params![id.get(), text])
    .map(|_| ())
}
