//! What a person asks for, as it is stored, and back to what the engine takes.

use std::path::PathBuf;

use hubdesk_core::{Pattern, Patterns, RepoId, RepoKind};
use hubdesk_download::{Into, Overwrite, Request, Select};
use hubdesk_transfers::request::{DownloadV1, IntoV1, KindV1, OverwriteV1, RepoV1, SelectV1};

use super::parts::DEMO;
use crate::App;
use crate::api::{self, ApiError, DownloadRequest, Selection};
use crate::commands::{repo_id, revision};

/// Files that may be named one by one, at most; everything else is patterns or all of them.
const MOST_FILES: usize = 100_000;
/// Patterns, at most.
const MOST_PATTERNS: usize = 100;

/// `request` of the open Hub, as it is stored. What would be refused later is refused now.
pub(crate) fn stored(
    app: &App,
    request: DownloadRequest,
    overwrite: bool,
) -> Result<DownloadV1, ApiError> {
    let open = app.sessions().open()?;
    let endpoint = match open.is_demo() {
        true => DEMO.to_owned(),
        false => open.hub.endpoint().to_string(),
    };
    let id = repo_id(&request.repo)?;
    let stored = DownloadV1 {
        endpoint,
        account: open.account_name(),
        repo: stored_repo(&id),
        revision: revision(&request.revision)?.to_string(),
        commit: None,
        select: selected(request.selection)?,
        into: match request.into {
            api::Into::Cache => IntoV1::Cache {
                path: text(app.cache().root().to_owned())?,
            },
            api::Into::Folder { folder } => into_folder(app.folders().path(&folder)?)?,
        },
        overwrite: match overwrite {
            true => OverwriteV1::Always,
            false => OverwriteV1::Changed,
        },
    };
    live(&stored)?;
    Ok(stored)
}

/// A folder of a person's own, as it is stored.
pub(crate) fn into_folder(path: PathBuf) -> Result<IntoV1, ApiError> {
    text(path).map(|path| IntoV1::Folder { path })
}

fn selected(selection: Selection) -> Result<SelectV1, ApiError> {
    Ok(match selection {
        Selection::Everything => SelectV1::All,
        Selection::Files { paths } if paths.len() > MOST_FILES => {
            return Err(ApiError::bad_input(format!(
                "{} files are too many to name one by one; {MOST_FILES} can be.",
                paths.len()
            )));
        }
        Selection::Files { paths } => SelectV1::Files(paths),
        Selection::Patterns { include, exclude } => SelectV1::Patterns {
            include: (!include.is_empty()).then_some(include),
            exclude,
        },
        // Its files are those it has when it is run.
        Selection::Variant { id } => SelectV1::Variant {
            name: id,
            files: Vec::new(),
        },
    })
}

/// A stored request as the engine takes it, checked as if a person had typed it.
pub(crate) fn live(stored: &DownloadV1) -> Result<Request, ApiError> {
    let repo = repo(&stored.repo)?;
    // One that was pinned is that commit, whatever the name means by now.
    let named = stored.commit.as_ref().unwrap_or(&stored.revision);
    Ok(Request {
        repo,
        revision: revision(named)?,
        select: match &stored.select {
            SelectV1::All => Select::All,
            SelectV1::Files(paths) => Select::Files(paths.clone()),
            SelectV1::Patterns { include, exclude } => Select::Matching(Patterns {
                include: include.as_deref().map(patterns).transpose()?,
                exclude: patterns(exclude)?,
            }),
            SelectV1::Variant { name, .. } => Select::Variant(name.clone()),
        },
        into: match &stored.into {
            IntoV1::Cache { .. } => Into::Cache,
            IntoV1::Folder { path } => Into::Folder(PathBuf::from(path)),
        },
        overwrite: match stored.overwrite {
            OverwriteV1::Changed => Overwrite::Never,
            OverwriteV1::Always => Overwrite::Yes,
        },
        force: false,
    })
}

/// A repository, as it is stored.
pub(super) fn stored_repo(id: &RepoId) -> RepoV1 {
    RepoV1 {
        kind: match id.kind() {
            RepoKind::Model => KindV1::Model,
            RepoKind::Dataset => KindV1::Dataset,
            RepoKind::Space => KindV1::Space,
        },
        name: id.name().to_owned(),
    }
}

/// The repository that was stored.
pub(super) fn repo(stored: &RepoV1) -> Result<RepoId, ApiError> {
    let kind = match stored.kind {
        KindV1::Model => RepoKind::Model,
        KindV1::Dataset => RepoKind::Dataset,
        KindV1::Space => RepoKind::Space,
    };
    RepoId::new(kind, &stored.name).map_err(|error| {
        ApiError::bad_input(format!("{:?} is not the name of a repository.", error.0))
    })
}

pub(super) fn patterns(globs: &[String]) -> Result<Vec<Pattern>, ApiError> {
    if globs.len() > MOST_PATTERNS {
        return Err(ApiError::bad_input(format!(
            "{} patterns are too many; {MOST_PATTERNS} can be given.",
            globs.len()
        )));
    }
    let one = |glob: &String| {
        Pattern::new(glob)
            .ok_or_else(|| ApiError::bad_input(format!("{glob:?} cannot be used as a pattern.")))
    };
    globs.iter().map(one).collect()
}

pub(super) fn text(path: PathBuf) -> Result<String, ApiError> {
    path.into_os_string()
        .into_string()
        .map_err(|path| ApiError::bad_input(format!("The name of {} is no text.", path.display())))
}
