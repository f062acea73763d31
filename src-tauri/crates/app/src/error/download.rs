use std::path::PathBuf;

use hubdesk_core::Wait;
use hubdesk_download::Error as DownloadError;

use super::words::{rate_limited, seconds};
use super::{cache_error, hub_error};
use crate::api::{ApiError, ErrorCode};

/// Words for a download that stopped.
pub(crate) fn download_error(error: &DownloadError) -> ApiError {
    use ErrorCode as Code;
    let (code, message, hint) = match error {
        DownloadError::Hub { repo, source } => return hub_error(&repo.to_string(), source),
        DownloadError::Cache { source, .. } => return cache_error(source),
        DownloadError::Unusable { repo, what } => (
            Code::BadAnswer,
            format!("The Hub's answer about the {repo} cannot be used: {what}."),
            "Check that the address in the settings is that of a Hub.",
        ),
        DownloadError::BadListing { repo, path, what } => (
            Code::BadAnswer,
            format!("The list of files of the {repo} cannot be right: {path:?} {what}."),
            "Tell the owner of the repository.",
        ),
        DownloadError::SameName { repo, path, other } => (
            Code::BadName,
            format!(
                "{path:?} and {other:?} of the {repo} are one name on this volume: one file would replace the other."
            ),
            "Choose only one of them, or a folder on a volume that tells them apart.",
        ),
        DownloadError::Unsettled { repo } => (
            Code::NotWritable,
            format!("Files of the {repo} keep disappearing: another program removes them."),
            "Let the other program finish, then try again.",
        ),
        DownloadError::NoSuchFile {
            repo,
            revision,
            path,
        } => (
            Code::NotFound,
            format!("{path} does not exist in the {repo} at {revision}."),
            "It may have been renamed: look at the list of files.",
        ),
        DownloadError::BadName { path, why, .. } => (
            Code::BadName,
            format!("{path:?} cannot be stored on this computer: {why}."),
            "Choose the other files; nothing was downloaded.",
        ),
        DownloadError::Corrupt { path, .. } => (
            Code::BadAnswer,
            format!(
                "{path} arrived, but its content is not what the Hub announced. It was thrown away."
            ),
            "Try again; if it happens again, tell the owner of the repository.",
        ),
        DownloadError::WrongLength {
            path,
            expected,
            actual,
            ..
        } => (
            Code::BadAnswer,
            format!("{path} should have {expected} bytes, but the server has {actual}."),
            "Try again later, or tell the owner of the repository.",
        ),
        DownloadError::Changed { path, .. } => (
            Code::BadAnswer,
            format!("{path} was replaced on the server while it was downloaded."),
            "Try again to get the new version.",
        ),
        DownloadError::RateLimited { after, .. } => (
            Code::RateLimited,
            rate_limited(*after),
            "Try again after that: what arrived is kept.",
        ),
        DownloadError::Conflict { files, count, .. } => (
            Code::NotWritable,
            conflict(files.first(), *count),
            "Move it away, choose another folder, or have it replaced. Nothing was fetched.",
        ),
        DownloadError::NoSuchVariant {
            repo,
            revision,
            variant,
        } => (
            Code::NotFound,
            format!("The {repo} has no {variant:?} at {revision}, or has it no longer."),
            "Choose again from the list of variants.",
        ),
        DownloadError::NotHere { repo, what } => (
            Code::Offline,
            format!("Of the {repo}, {what} is not on this computer."),
            "Download it when the Hub may be asked.",
        ),
        DownloadError::Incomplete {
            repo,
            folder,
            files,
            count,
        } => (
            Code::Offline,
            format!(
                "Of the {repo}, {} not in {}.",
                missing(files.first(), *count),
                folder.display()
            ),
            "Download the rest when the Hub may be asked.",
        ),
        DownloadError::NoSpace { folder, need, free } => (
            Code::NoSpace,
            format!(
                "Not enough room in {}: {need} are needed, {free} are free.",
                folder.display()
            ),
            "Make room, or choose fewer files. What arrived is kept.",
        ),
    };
    ApiError::new(code, message, hint)
}

fn missing(first: Option<&String>, count: usize) -> String {
    let first = first.map(String::as_str).unwrap_or_default();
    match count {
        0 | 1 => format!("{first} is"),
        2 => format!("{first} and another file are"),
        _ => format!("{first} and {} other files are", count - 1),
    }
}

fn conflict(first: Option<&PathBuf>, count: usize) -> String {
    let first = first.map(|path| path.display().to_string());
    let first = first.unwrap_or_default();
    match count {
        0 | 1 => format!("{first} is not from the Hub, and would be lost."),
        2 => format!("{first} and another file are not from the Hub, and would be lost."),
        _ => format!(
            "{first} and {} other files are not from the Hub, and would be lost.",
            count - 1
        ),
    }
}

/// What a transfer waits for whose account the Hub no longer takes, to stand after "waiting for".
pub(crate) const WAITING_FOR_SIGN_IN: &str = "you to sign in";

/// Words for what a transfer waits for, to stand after "waiting for".
pub(crate) fn waiting_for(wait: &Wait) -> String {
    match wait {
        Wait::Lock { .. } => "another program that is writing the same content".to_owned(),
        Wait::Stalled { host } => {
            format!("{host}, which fell silent; asking it again on a new connection")
        }
        Wait::ChunkStore => {
            "the Hub's chunk store, which is no help just now; going on over plain HTTP".to_owned()
        }
        Wait::Fault { attempt, pause } => {
            format!(
                "the connection, which failed; attempt {} in {}",
                attempt + 1,
                seconds(*pause)
            )
        }
        Wait::Busy { pause } => format!("the Hub, which asked for a pause of {}", seconds(*pause)),
    }
}

/// What a transfer waits for that is tried again at a certain time, to stand after "waiting for".
pub(crate) fn waiting_until(error: Option<&ApiError>) -> String {
    match error.map(|error| error.code) {
        Some(ErrorCode::RateLimited) => "the Hub, which asked for a pause",
        Some(ErrorCode::HubDown) => "the Hub, which is in trouble",
        Some(ErrorCode::Offline) => "the network, which is in trouble",
        Some(ErrorCode::NotWritable) => "the disk, which is in trouble",
        _ => "the next attempt",
    }
    .to_owned()
}
