use hubdesk_core::Class;
use hubdesk_download::{Format, Machine, Planned, Preview, Variant, list, preview, variants};
use hubdesk_transfers::New;
use hubdesk_transfers::request::Request;

use super::{repo_id, revision};
use crate::api::{
    self, ApiError, Choices, DownloadPlan, DownloadRequest, Fits, KnownFolder, RepoAt,
    StartDownload, TransferClass, TransferId, VariantGroup,
};
use crate::error::{download_error, queue_error};
use crate::queue::{live, shown, stored, volume};
use crate::{App, here};

/// Files in the way that are named.
const CONFLICTS_NAMED: usize = 100;

pub(crate) async fn download_choices(app: &App, request: RepoAt) -> Result<Choices, ApiError> {
    let (id, asked) = (repo_id(&request.repo)?, revision(&request.revision)?);
    let parts = app.parts()?;
    let listing = list(&id, &asked, &parts)
        .await
        .map_err(|error| download_error(&error))?;
    let choices = move |app: &App| {
        let memory_bytes = app.host().memory_bytes();
        let machine = Machine {
            memory_bytes: memory_bytes.unwrap_or(u64::MAX),
            disk_free_bytes: hubdesk_disk::available_space(parts.cache.root()).unwrap_or(u64::MAX),
        };
        let files = listing
            .entries
            .iter()
            .map(|entry| (&*entry.name, entry.size));
        let found = variants(files);
        let are_here = match found.is_empty() {
            true => Vec::new(),
            false => here::has_files(&parts.cache, &id, &listing.commit, &listing.entries),
        };
        let is_here = listing
            .entries
            .iter()
            .zip(are_here)
            .filter(|(_, is_here)| *is_here);
        let here = is_here
            .map(|(entry, _)| (&*entry.name, entry.size))
            .collect();
        Choices {
            variants: found
                .iter()
                .map(|found| choice(found, &machine, &here))
                .collect(),
            memory_bytes,
            folders: app.folders().list(),
        }
    };
    Ok(app.blocking(choices).await)
}

/// The size of each file that is here, by its path.
type Here<'n> = std::collections::HashMap<&'n str, u64>;

fn choice(found: &Variant, machine: &Machine, here: &Here<'_>) -> api::Variant {
    let files = || found.files.iter().chain(&found.companions);
    let sizes = files().filter_map(|path| here.get(&**path));
    let bytes_here = sizes.fold(0, |sum: u64, size| sum.saturating_add(*size));
    api::Variant {
        id: found.id.clone(),
        group: match found.format {
            Format::Gguf => VariantGroup::Gguf,
            Format::Safetensors => VariantGroup::Safetensors,
            Format::Onnx => VariantGroup::Onnx,
        },
        name: found.name.clone(),
        detail: found.files.first().cloned().unwrap_or_default(),
        files: files().count() as u64,
        bytes: found.bytes,
        fits: match found.fits(machine, bytes_here) {
            hubdesk_download::Fits::Yes => Fits::Yes,
            hubdesk_download::Fits::Tight => Fits::Tight,
            hubdesk_download::Fits::No => Fits::No,
            hubdesk_download::Fits::NotOnDisk => Fits::NotOnDisk,
        },
        is_here: files().all(|path| here.contains_key(&**path)),
    }
}

pub(crate) async fn pick_folder(app: &App, (): ()) -> Result<Option<KnownFolder>, ApiError> {
    app.pick_folder().await
}

pub(crate) async fn plan_download(
    app: &App,
    request: DownloadRequest,
) -> Result<DownloadPlan, ApiError> {
    let request = live(&stored(app, request, false)?)?;
    let plan = preview(&request, &app.parts()?)
        .await
        .map_err(|error| download_error(&error))?;
    Ok(planned(plan))
}

fn planned(plan: Preview) -> DownloadPlan {
    let sum = |sum: u64, file: &Planned| sum.saturating_add(file.size);
    DownloadPlan {
        commit: plan.commit.to_string(),
        files: plan.files.len() as u64,
        bytes: plan.files.iter().fold(0, sum),
        files_here: plan.files.iter().filter(|file| file.is_here).count() as u64,
        bytes_to_fetch: plan.bytes_to_fetch,
        bytes_space: plan.bytes_needed,
        bytes_free: plan.bytes_free,
        volume: plan.volume.display().to_string(),
        requests: plan.requests,
        folder: plan.folder.display().to_string(),
        conflicts_total: plan.conflicts.len() as u64,
        conflicts: plan
            .conflicts
            .iter()
            .take(CONFLICTS_NAMED)
            .map(ToString::to_string)
            .collect(),
    }
}

pub(crate) async fn start_download(
    app: &App,
    request: StartDownload,
) -> Result<TransferId, ApiError> {
    let folder = match &request.into {
        api::Into::Folder { folder } => Some(app.folders().path(folder)?),
        api::Into::Cache => None,
    };
    let download = DownloadRequest {
        repo: request.repo,
        revision: request.revision,
        selection: request.selection,
        into: request.into,
    };
    let stored = stored(app, download, request.overwrite)?;
    let into = stored.into.clone();
    let volume = app.blocking(move |_| volume::holding(&into)).await;
    let new = New {
        title: stored.repo.name.clone(),
        volume,
        request: Request::Download(stored),
        class: class(request.class),
    };
    let transfers = app.queue().transfers().await?;
    let id = transfers
        .enqueue(new)
        .await
        .map_err(|error| queue_error(&error))?;
    if let Some(folder) = folder {
        app.folder_is_used(folder).await;
    }
    Ok(shown(id))
}

pub(super) fn class(class: TransferClass) -> Class {
    match class {
        TransferClass::Interactive => Class::Interactive,
        TransferClass::Normal => Class::Normal,
        TransferClass::Background => Class::Background,
    }
}
