use std::path::{Path, PathBuf};

use hubdesk_transfers::request::{DownloadV1, OverwriteV1, Request, UploadV1};
use hubdesk_transfers::{self as queue, Only, PageOf, Transfers};

use super::download::class;
use super::upload::upload_of;
use crate::App;
use crate::api::{
    AnswerQuit, ApiError, FileState, MoveTransfer, RedirectTransfer, SetTransferClass,
    TransferFile, TransferFiles, TransferFilesRequest, TransferId, TransferRef,
};
use crate::error::queue_error;
use crate::queue::{into_folder, live_upload, named, volume};

pub(crate) async fn pause_transfer(app: &App, request: TransferRef) -> Result<(), ApiError> {
    told(transfers(app).await?.pause(named(request.id)).await)
}

pub(crate) async fn resume_transfer(app: &App, request: TransferRef) -> Result<(), ApiError> {
    told(transfers(app).await?.resume(named(request.id)).await)
}

pub(crate) async fn cancel_transfer(app: &App, request: TransferRef) -> Result<(), ApiError> {
    told(transfers(app).await?.cancel(named(request.id)).await)
}

pub(crate) async fn retry_transfer(app: &App, request: TransferRef) -> Result<(), ApiError> {
    told(transfers(app).await?.retry(named(request.id)).await)
}

pub(crate) async fn remove_transfer(app: &App, request: TransferRef) -> Result<(), ApiError> {
    told(transfers(app).await?.remove(named(request.id)).await)
}

pub(crate) async fn overwrite_transfer(app: &App, request: TransferRef) -> Result<(), ApiError> {
    let transfers = transfers(app).await?;
    if let Ok(Request::Upload(_)) = row(&transfers, request.id)?.request {
        return upload_changed(app, request.id, |upload| upload.overwrite = true).await;
    }
    changed(app, request.id, |download| {
        download.overwrite = OverwriteV1::Always;
    })
    .await
}

pub(crate) async fn redirect_transfer(
    app: &App,
    request: RedirectTransfer,
) -> Result<(), ApiError> {
    let folder = app.folders().path(&request.folder)?;
    let into = into_folder(folder.clone())?;
    changed(app, request.id, |download| {
        download.into = into;
        // What may be replaced in one folder may not in another.
        download.overwrite = OverwriteV1::Changed;
    })
    .await?;
    app.folder_is_used(folder).await;
    Ok(())
}

/// Changes what a transfer asks for, and has it tried again.
async fn changed(
    app: &App,
    id: TransferId,
    change: impl FnOnce(&mut DownloadV1),
) -> Result<(), ApiError> {
    let transfers = transfers(app).await?;
    let row = row(&transfers, id)?;
    let Ok(Request::Download(download)) = &row.request else {
        return Err(ApiError::bad_input(
            "That transfer is not a download that this Hubdesk can read.",
        ));
    };
    let mut download = download.clone();
    change(&mut download);
    let into = download.into.clone();
    let volume = app.blocking(move |_| volume::holding(&into)).await;
    let request = Request::Download(download);
    told(transfers.redirect(row.id, request, volume).await)
}

/// The same for an upload, which goes to where it went.
pub(super) async fn upload_changed(
    app: &App,
    id: TransferId,
    change: impl FnOnce(&mut UploadV1),
) -> Result<(), ApiError> {
    let transfers = transfers(app).await?;
    let row = row(&transfers, id)?;
    let mut upload = upload_of(&row)?.clone();
    change(&mut upload);
    live_upload(&upload)?;
    let volume = row.volume.clone().map(PathBuf::from);
    let request = Request::Upload(upload);
    told(transfers.redirect(row.id, request, volume).await)
}

pub(crate) async fn move_transfer(app: &App, request: MoveTransfer) -> Result<(), ApiError> {
    let before = request.before.map(named);
    told(
        transfers(app)
            .await?
            .move_before(named(request.id), before)
            .await,
    )
}

pub(crate) async fn set_transfer_class(
    app: &App,
    request: SetTransferClass,
) -> Result<(), ApiError> {
    let class = class(request.class);
    told(
        transfers(app)
            .await?
            .set_class(named(request.id), class)
            .await,
    )
}

pub(crate) async fn pause_all(app: &App, (): ()) -> Result<(), ApiError> {
    told(transfers(app).await?.pause_all().await).map(drop)
}

pub(crate) async fn resume_all(app: &App, (): ()) -> Result<(), ApiError> {
    told(transfers(app).await?.resume_all().await).map(drop)
}

pub(crate) async fn clear_transfers(app: &App, (): ()) -> Result<(), ApiError> {
    told(transfers(app).await?.clear_ended().await).map(drop)
}

pub(crate) async fn transfer_files(
    app: &App,
    request: TransferFilesRequest,
) -> Result<TransferFiles, ApiError> {
    let page = PageOf {
        skip: request.after,
        limit: request.limit,
        only: request.state.map(only),
    };
    let page = told(transfers(app).await?.files(named(request.id), page).await)?;
    Ok(TransferFiles {
        files: page.files.into_iter().map(file).collect(),
        total: page.total,
    })
}

fn only(state: FileState) -> Only {
    match state {
        FileState::Waiting => Only::State(queue::FileState::Pending),
        FileState::Running => Only::AtWork,
        FileState::Done => Only::State(queue::FileState::Done),
        FileState::Failed => Only::State(queue::FileState::Failed),
    }
}

fn file(row: queue::FileRow) -> TransferFile {
    let state = match (row.state, row.bytes_at_work) {
        (queue::FileState::Done, _) => FileState::Done,
        (queue::FileState::Failed, _) => FileState::Failed,
        (queue::FileState::Pending, Some(_)) => FileState::Running,
        (queue::FileState::Pending, None) => FileState::Waiting,
    };
    TransferFile {
        path: row.path,
        bytes_done: match state {
            FileState::Done => row.bytes_total,
            _ => row.bytes_at_work.unwrap_or(0).min(row.bytes_total),
        },
        bytes_total: row.bytes_total,
        state,
    }
}

pub(crate) async fn show_folder(app: &App, request: TransferRef) -> Result<(), ApiError> {
    let transfers = transfers(app).await?;
    let at_work = {
        let board = transfers.watch();
        let board = board.borrow();
        let live = board.live.get(&named(request.id));
        live.and_then(|live| live.look.folder.clone())
    };
    let stored = row(&transfers, request.id)?.folder.clone();
    let folder = at_work.or_else(|| stored.map(PathBuf::from));
    let folder = folder.ok_or_else(|| ApiError::bad_input("That transfer has no folder yet."))?;
    app.blocking(move |app| show(app, &folder)).await
}

/// The folder is made with the first file in it, and may be removed by anybody.
fn show(app: &App, folder: &Path) -> Result<(), ApiError> {
    if !folder.is_dir() {
        return Err(ApiError::bad_input(
            "There is no file of it on this computer.",
        ));
    }
    app.host()
        .open_folder(folder)
        .map_err(|error| ApiError::internal(format!("The system cannot open the folder: {error}.")))
}

pub(crate) async fn answer_quit(app: &App, request: AnswerQuit) -> Result<(), ApiError> {
    app.quitting().answer(request.answer);
    Ok(())
}

pub(super) async fn transfers(app: &App) -> Result<Transfers, ApiError> {
    app.queue().transfers().await
}

pub(super) fn row(
    transfers: &Transfers,
    id: TransferId,
) -> Result<std::sync::Arc<queue::Transfer>, ApiError> {
    let board = transfers.watch();
    let row = board.borrow().transfers.get(&named(id)).cloned();
    row.ok_or_else(|| queue_error(&queue::Error::Unknown { id: named(id) }))
}

pub(super) fn told<T>(done: Result<T, queue::Error>) -> Result<T, ApiError> {
    done.map_err(|error| queue_error(&error))
}
