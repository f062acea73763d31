//! The tables, one file each.

pub(crate) mod file;
pub(crate) mod memo;
pub(crate) mod transfer;

use hubdesk_store::Migration;

/// What the queue needs of the database.
pub const MIGRATIONS: &[Migration] =
    &[transfer::CREATE, file::CREATE, transfer::ROOM, memo::CREATE];

/// SQLite has no larger whole numbers.
fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn natural(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
