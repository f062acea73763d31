use std::path::Path;

use hubdesk_download::{Into, Overwrite, Parts, Request, Select, preview};

use super::{repo_id, revision};
use crate::App;
use crate::api::{ApiError, DownloadPlan, DownloadRequest, TransferId, TransferRef};
use crate::error::download_error;

pub(crate) async fn plan_download(
    app: &App,
    request: DownloadRequest,
) -> Result<DownloadPlan, ApiError> {
    let request = parse(request)?;
    let plan = preview(&request, &app.parts()?)
        .await
        .map_err(|error| download_error(&error))?;
    Ok(DownloadPlan {
        commit: plan.commit.to_string(),
        files: plan.files.len() as u64,
        bytes: plan
            .files
            .iter()
            .fold(0, |sum, file| sum.saturating_add(file.size)),
        files_here: plan.files.iter().filter(|file| file.is_here).count() as u64,
        bytes_to_fetch: plan.bytes_to_fetch,
        bytes_free: plan.bytes_free,
        folder: plan.folder.display().to_string(),
    })
}

pub(crate) async fn start_download(
    app: &App,
    request: DownloadRequest,
) -> Result<TransferId, ApiError> {
    let (parts, account) = app.parts_of_account()?;
    // People who look at something come first when the Hub allows little.
    let hub = parts.hub.in_background();
    let parts = Parts { hub, ..parts };
    Ok(app.transfers().start(parse(request)?, parts, account))
}

pub(crate) async fn cancel_transfer(app: &App, request: TransferRef) -> Result<(), ApiError> {
    app.transfers().cancel(request.id)
}

pub(crate) async fn retry_transfer(app: &App, request: TransferRef) -> Result<(), ApiError> {
    let (parts, account) = app.transfers().parts_of(request.id)?;
    let (parts, account) = app.parts_now(parts, account).await?;
    app.transfers().retry(request.id, parts, account)
}

pub(crate) async fn clear_transfers(app: &App, (): ()) -> Result<(), ApiError> {
    app.transfers().clear();
    Ok(())
}

pub(crate) async fn show_folder(app: &App, request: TransferRef) -> Result<(), ApiError> {
    let folder = app.transfers().folder(request.id)?;
    let folder = folder.ok_or_else(|| ApiError::bad_input("That transfer has no folder yet."))?;
    app.blocking(move |app| show(app, &folder)).await
}

/// The folder is made with the first file in it, and may be removed by anybody.
fn show(app: &App, folder: &Path) -> Result<(), ApiError> {
    if !folder.is_dir() {
        return Err(ApiError::bad_input("There is no file of it in the cache."));
    }
    app.host()
        .open_folder(folder)
        .map_err(|error| ApiError::internal(format!("The system cannot open the folder: {error}.")))
}

fn parse(request: DownloadRequest) -> Result<Request, ApiError> {
    Ok(Request {
        repo: repo_id(&request.repo)?,
        revision: revision(&request.revision)?,
        select: request.paths.map_or(Select::All, Select::Files),
        into: Into::Cache,
        overwrite: Overwrite::Never,
        force: false,
    })
}
