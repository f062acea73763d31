//! Transfers as tests need them.

use std::time::SystemTime;

use hubdesk_core::Class;
use hubdesk_transfers::request::{
    DownloadV1, IntoV1, KindV1, OverwriteV1, RepoV1, Request, SelectV1,
};
use hubdesk_transfers::{State, Transfer, TransferId};

/// A download of everything into the cache, which waits for its turn.
pub(crate) fn row(id: i64) -> Transfer {
    let name = format!("lab/m{id}");
    let request = Request::Download(DownloadV1 {
        endpoint: "https://hub.example".to_owned(),
        account: None,
        repo: RepoV1 {
            kind: KindV1::Model,
            name: name.clone(),
        },
        revision: "main".to_owned(),
        commit: None,
        select: SelectV1::All,
        into: IntoV1::Cache {
            path: "/cache".to_owned(),
        },
        overwrite: OverwriteV1::Changed,
    });
    Transfer {
        id: TransferId::new(id),
        title: name,
        request: Ok(request),
        class: Class::Normal,
        rank: id,
        state: State::Queued,
        attempts: 0,
        error: None,
        room: None,
        volume: None,
        folder: None,
        files_total: None,
        bytes_total: None,
        files_done: None,
        bytes_done: None,
        created_at: SystemTime::UNIX_EPOCH,
        changed_at: SystemTime::UNIX_EPOCH,
    }
}
