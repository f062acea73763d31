use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use hubdesk_disk::remove_if_there;
use rusqlite::{Connection, TransactionBehavior, params};

use crate::Error;

/// One change of the tables. Once it has been shipped it is never edited: the next change is the
/// next migration, and what is not needed any more is left where it is.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Unique among all engines: a date and the table, `2026-11-20 transfer`.
    pub name: &'static str,
    /// The statements.
    pub sql: &'static str,
}

/// Makes what `known` has and the database has not, in order, all of it or nothing. Engines may
/// add theirs at any place of the list, since each is known by its name.
pub(crate) fn migrate(
    connection: &mut Connection,
    path: &Path,
    known: &[Migration],
) -> Result<(), Error> {
    let sqlite = |error| Error::sqlite(path, error);
    let made = made(connection).map_err(sqlite)?;
    let is_known = |name: &String| known.iter().any(|migration| migration.name == name);
    if let Some(newer) = made.iter().find(|name| !is_known(name)) {
        return Err(Error::Newer {
            path: path.to_owned(),
            migration: newer.clone(),
        });
    }
    let mut missing = known
        .iter()
        .filter(|migration| !made.contains(migration.name))
        .peekable();
    if missing.peek().is_none() {
        return Ok(());
    }
    if !made.is_empty() {
        keep_copy(connection, path)?;
    }
    let tx = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(sqlite)?;
    for migration in missing {
        make(&tx, migration).map_err(|source| match Error::sqlite(path, source) {
            Error::Query { source } => Error::Migration {
                path: path.to_owned(),
                migration: migration.name,
                source,
            },
            other => other,
        })?;
    }
    tx.commit().map_err(sqlite)
}

fn make(tx: &Connection, migration: &Migration) -> rusqlite::Result<()> {
    tx.execute_batch(
        "CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, made_at TEXT NOT NULL) STRICT;",
    )?;
    tx.execute_batch(migration.sql)?;
    tx.execute(
        "INSERT INTO migration (name, made_at) VALUES (?1, datetime('now'))",
        params![migration.name],
    )
    .map(|_| ())
}

fn made(connection: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let has_table: bool = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migration')",
        [],
        |row| row.get(0),
    )?;
    if !has_table {
        return Ok(BTreeSet::new());
    }
    let mut names = connection.prepare("SELECT name FROM migration")?;
    names.query_map([], |row| row.get(0))?.collect()
}

/// Where the state before the last migration is.
pub(crate) fn copy_of(path: &Path) -> PathBuf {
    with_suffix(path, ".before-update")
}

/// Keeps the database as it is beside itself, in place of the copy of an earlier time.
fn keep_copy(connection: &Connection, path: &Path) -> Result<(), Error> {
    let (copy, temp) = (copy_of(path), with_suffix(path, ".copy"));
    let system = |error| Error::system(path, error);
    remove_if_there(&temp).map_err(system)?;
    connection
        .execute("VACUUM INTO ?1", params![temp.to_string_lossy()])
        .map_err(|error| Error::sqlite(path, error))?;
    hubdesk_disk::Doing::doing(std::fs::rename(&temp, &copy), "rename", &temp).map_err(system)
}

pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    path.with_file_name(name)
}
