//! Transfers as tests need them.

use std::time::SystemTime;

use hubdesk_core::Class;
use hubdesk_transfers::request::{
    DownloadV1, IntoV1, KindV1, LeaveOutV1, MessageV1, OntoV1, OverwriteV1, RepoV1, Request,
    SelectV1, SourceV1, UploadV1,
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

/// An upload of a folder onto `main`.
pub(crate) fn upload(folder: &str) -> UploadV1 {
    UploadV1 {
        endpoint: "https://hub.example".to_owned(),
        account: Some("mira".to_owned()),
        repo: RepoV1 {
            kind: KindV1::Model,
            name: "mira/m".to_owned(),
        },
        create: None,
        onto: OntoV1::Branch {
            name: "main".to_owned(),
            create: false,
        },
        sources: vec![SourceV1::Folder {
            path: folder.to_owned(),
            to: None,
        }],
        include: None,
        exclude: Vec::new(),
        leave_out: LeaveOutV1 {
            junk: true,
            ignored: true,
        },
        remove: None,
        acknowledged: Vec::new(),
        message: MessageV1 {
            title: "Upload".to_owned(),
            description: String::new(),
        },
        expect: None,
        overwrite: false,
    }
}
