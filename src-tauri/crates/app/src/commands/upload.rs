use hubdesk_core::RepoId;
use hubdesk_hub::Hub;
use hubdesk_transfers::request::{Request, UploadV1};
use hubdesk_transfers::{self as queue, New, Transfers};
use hubdesk_upload::Made;

use super::download::class;
use super::repo::web_url;
use super::transfer::{row, told, transfers, upload_changed};
use crate::App;
use crate::api::{
    AcknowledgeSecrets, ApiError, KnownSource, PreviewFiles, PreviewFilesRequest, PreviewId,
    PreviewRef, StartUpload, TransferId, TransferRef, UploadPreview, UploadRequest, UploadResult,
    UploadTargets, UploadTargetsRequest, UploadedCommit, UploadedPullRequest,
};
use crate::queue::{Said, holding_sources, live_upload, named, read_made, shown, stored_upload};

pub(crate) async fn pick_files(app: &App, (): ()) -> Result<Vec<KnownSource>, ApiError> {
    app.pick_sources(false).await
}

pub(crate) async fn pick_source_folder(app: &App, (): ()) -> Result<Vec<KnownSource>, ApiError> {
    app.pick_sources(true).await
}

pub(crate) async fn paste_files(app: &App, (): ()) -> Result<Vec<KnownSource>, ApiError> {
    app.paste_sources().await
}

pub(crate) async fn upload_targets(
    app: &App,
    request: UploadTargetsRequest,
) -> Result<UploadTargets, ApiError> {
    app.upload_targets(request.kind).await
}

pub(crate) async fn start_preview(
    app: &App,
    request: UploadRequest,
) -> Result<PreviewId, ApiError> {
    let stored = stored_upload(app, request, Said::default())?;
    let hub = app.sessions().open()?.hub.clone();
    app.start_preview(&stored, hub).await
}

pub(crate) async fn upload_preview(
    app: &App,
    request: PreviewRef,
) -> Result<UploadPreview, ApiError> {
    app.previews().look(request.id)
}

pub(crate) async fn preview_files(
    app: &App,
    request: PreviewFilesRequest,
) -> Result<PreviewFiles, ApiError> {
    app.previews().files(&request)
}

pub(crate) async fn close_preview(app: &App, request: PreviewRef) -> Result<(), ApiError> {
    app.previews().close(request.id);
    Ok(())
}

pub(crate) async fn start_upload(app: &App, request: StartUpload) -> Result<TransferId, ApiError> {
    let said = Said {
        title: request.title,
        description: request.description,
        acknowledged: request.acknowledged,
        expect: request.expect,
    };
    let stored = stored_upload(app, request.upload, said)?;
    let sources = stored.clone();
    let volume = app.blocking(move |_| holding_sources(&sources)).await;
    let new = New {
        title: stored.repo.name.clone(),
        volume,
        request: Request::Upload(stored),
        class: class(request.class),
    };
    let id = told(transfers(app).await?.enqueue(new).await)?;
    Ok(shown(id))
}

pub(crate) async fn acknowledge_secrets(
    app: &App,
    request: AcknowledgeSecrets,
) -> Result<(), ApiError> {
    upload_changed(app, request.id, |upload| {
        upload.acknowledged.extend(request.paths);
        upload.acknowledged.sort();
        upload.acknowledged.dedup();
    })
    .await
}

pub(crate) async fn upload_result(
    app: &App,
    request: TransferRef,
) -> Result<UploadResult, ApiError> {
    let transfers = transfers(app).await?;
    let row = row(&transfers, request.id)?;
    let stored = upload_of(&row)?;
    let made = made_of(&transfers, request.id).await?;
    let (hub, id) = (app.hub_of_upload(stored).await?, live_upload(stored)?.repo);
    Ok(result(&hub, &id, &made))
}

pub(crate) async fn preview_transfer(
    app: &App,
    request: TransferRef,
) -> Result<PreviewId, ApiError> {
    let transfers = transfers(app).await?;
    let row = row(&transfers, request.id)?;
    let stored = upload_of(&row)?;
    let hub = app.hub_of_upload(stored).await?;
    app.start_preview(stored, hub).await
}

/// What a transfer has led to so far.
pub(super) async fn made_of(transfers: &Transfers, id: TransferId) -> Result<Made, ApiError> {
    let memo = told(transfers.memo(named(id)).await)?;
    read_made(memo.as_deref())
        .ok_or_else(|| ApiError::bad_input("A newer Hubdesk has made that upload."))
}

/// What is asked for by a transfer that is an upload.
pub(super) fn upload_of(row: &queue::Transfer) -> Result<&UploadV1, ApiError> {
    match &row.request {
        Ok(Request::Upload(upload)) => Ok(upload),
        _ => Err(ApiError::bad_input("That transfer is no upload.")),
    }
}

/// In the words of the window.
pub(super) fn result(hub: &Hub, id: &RepoId, made: &Made) -> UploadResult {
    let url = web_url(hub, id);
    UploadResult {
        base: made.base.as_ref().map(ToString::to_string),
        commits: made
            .commits
            .iter()
            .map(|commit| UploadedCommit {
                id: commit.to_string(),
                url: format!("{url}/commit/{commit}"),
            })
            .collect(),
        pull_request: made.pull_request.map(|number| UploadedPullRequest {
            number,
            url: format!("{url}/discussions/{number}"),
        }),
        url,
    }
}
