use hubdesk_disk::PathError;
use hubdesk_upload::{Error as UploadError, Issuer, Secret};

use super::hub_error;
use crate::api::{ApiError, ErrorCode};

/// Words for an upload that stopped.
pub(crate) fn upload_error(error: &UploadError) -> ApiError {
    use ErrorCode as Code;
    let (code, message, hint) = match error {
        UploadError::Hub { repo, source } => return hub_error(&repo.to_string(), source),
        UploadError::Source(source) => return source_error(source),
        UploadError::NotAFile { path } => (
            Code::BadInput,
            format!("{} is not a file.", path.display()),
            "Choose a file or a folder.",
        ),
        UploadError::NoPlace => (
            Code::BadInput,
            "It is not said what the file is to be called in the repository.".to_owned(),
            "Name its path there.",
        ),
        UploadError::Changed { path } => (
            Code::Conflict,
            format!("{} was changed while it was uploaded.", path.display()),
            "Nothing of it was published. Try again when nobody is writing to it.",
        ),
        UploadError::Secret { path, secret } => (
            Code::BadInput,
            format!("{path} {}.", secret_words(*secret)),
            "Leave it out, or say that it may be published.",
        ),
        UploadError::Overlap { repo, paths } => (
            Code::Conflict,
            match paths.as_slice() {
                [one] => format!("{one} of the {repo} was changed by somebody else meanwhile."),
                many => format!(
                    "{} files of the {repo} were changed by somebody else meanwhile.",
                    many.len()
                ),
            },
            "Look at what is there now, then say whether yours are to replace it.",
        ),
        UploadError::Unsettled { repo } => (
            Code::Conflict,
            format!("The {repo} is being changed again and again."),
            "Try again when the others have finished.",
        ),
        UploadError::Refused { repo, path, why } if why.is_empty() => (
            Code::Forbidden,
            format!("The {repo} does not take {path}."),
            "Leave it out, or ask the owner of the repository.",
        ),
        UploadError::Refused { repo, path, why } => (
            Code::Forbidden,
            format!("The {repo} does not take {path}: {why}."),
            "Leave it out, or ask the owner of the repository.",
        ),
        UploadError::TooLargeForCommit { path, size } => (
            Code::BadInput,
            format!(
                "{path} has {size} bytes, and the Hub wants it within a commit, which is too much."
            ),
            "Let .gitattributes say that such files are large ones.",
        ),
        UploadError::Xet { path, .. } => (
            Code::HubDown,
            format!("The chunk store did not take {path}."),
            "Try again in a few minutes.",
        ),
    };
    ApiError::new(code, message, hint)
}

fn source_error(error: &PathError) -> ApiError {
    let path = error.path.display();
    let (code, message, hint) = if error.is_not_found() {
        (
            ErrorCode::NotFound,
            format!("{path} does not exist."),
            "Check the name. If it is on another disk, connect it.",
        )
    } else if error.is_permission() {
        (
            ErrorCode::Forbidden,
            format!("{path} may not be read."),
            "Change its permissions, or leave it out.",
        )
    } else {
        (
            ErrorCode::Internal,
            format!("{error}: {}.", error.source),
            "Check the disk, then try again.",
        )
    };
    ApiError::new(code, message, hint)
}

/// What is wrong with publishing it, to stand after the file's name.
pub(crate) fn secret_words(secret: Secret) -> String {
    let issuer = match secret {
        Secret::PrivateKey => return "is or holds a private key".to_owned(),
        Secret::Environment => {
            return "is a file of settings that by custom holds passwords".to_owned();
        }
        Secret::Credentials => return "is where a program keeps its sign-ins".to_owned(),
        Secret::HubToken => return "holds an access token of the Hub".to_owned(),
        Secret::Token(issuer) => issuer,
    };
    let name = match issuer {
        Issuer::Aws => "Amazon Web Services",
        Issuer::Anthropic => "Anthropic",
        Issuer::GitHub => "GitHub",
        Issuer::GitLab => "GitLab",
        Issuer::Google => "Google",
        Issuer::Npm => "npm",
        Issuer::OpenAi => "OpenAI",
        Issuer::PyPi => "PyPI",
        Issuer::Slack => "Slack",
        Issuer::Stripe => "Stripe",
    };
    format!("holds an access token of {name}")
}
