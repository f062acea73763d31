use hubdesk_core::ByteCount;
use hubdesk_disk::PathError;
use hubdesk_upload::{Error as UploadError, Finding, Issuer, Secret, Why};

use super::hub_error;
use crate::api::{ApiError, ErrorCode, FindingKind, UploadFinding};

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
                [one, other] => {
                    format!(
                        "{one} and {other} of the {repo} were changed by somebody else meanwhile."
                    )
                }
                [first, rest @ ..] => format!(
                    "{first} and {} other files of the {repo} were changed by somebody else meanwhile.",
                    rest.len()
                ),
                [] => format!("The {repo} was changed by somebody else meanwhile."),
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

/// Words for an upload whose paths others have changed, when no more is remembered of it.
pub(crate) fn overlap_words() -> ApiError {
    ApiError::new(
        ErrorCode::Conflict,
        "Somebody else has changed the same files meanwhile.",
        "Look at what is there now, then say whether yours are to replace it.",
    )
}

/// Why something stays here, to stand after its name.
pub(crate) fn why_words(why: &Why) -> String {
    match why {
        Why::Workings => "belongs to git or to a download".to_owned(),
        Why::Junk => "is left about by the system or an editor".to_owned(),
        Why::Ignored(rules) => format!("is left out by {}", rules.display()),
        Why::NotSelected => "is not among the files chosen".to_owned(),
        Why::LinkedFolder => "is a link to a folder, which is not followed".to_owned(),
        Why::NotAFile => "is neither a file nor a folder".to_owned(),
        Why::Name(why) => format!("has a name the Hub does not take: {why}"),
        Why::Unreadable(error) if error.is_permission() => "may not be read".to_owned(),
        Why::Unreadable(_) => "cannot be read".to_owned(),
    }
}

/// Words for something to know before uploading.
pub(crate) fn finding_words(finding: &Finding) -> UploadFinding {
    use FindingKind as Kind;
    let (kind, path, message, hint) = match finding {
        Finding::Secret { path, secret } => (
            Kind::Secret,
            Some(path.to_string()),
            format!("{path} {}.", secret_words(*secret)),
            "Leave it out, or say that it may be published.",
        ),
        Finding::Crowded { folder, entries } => (
            Kind::Advice,
            Some(folder.clone()).filter(|folder| !folder.is_empty()),
            match folder.as_str() {
                "" => format!("The repository would have {entries} entries at its top."),
                folder => format!("{folder} would have {entries} entries."),
            },
            "The Hub advises to spread them over folders of at most 10,000 entries.",
        ),
        Finding::Many { files } => (
            Kind::Advice,
            None,
            format!("There are {files} files."),
            "The Hub advises to pack them into fewer than 100,000, in archives for example.",
        ),
        Finding::Long {
            path,
            size,
            is_refused,
        } => (
            if *is_refused {
                Kind::TooLong
            } else {
                Kind::Advice
            },
            Some(path.to_string()),
            format!("{path} has {}.", ByteCount(*size)),
            match is_refused {
                true => "The Hub takes no file beyond 500 GB: split it, or leave it out.",
                false => "The Hub advises to split files beyond 200 GB.",
            },
        ),
        Finding::Unreadable { path } => (
            Kind::StaysHere,
            Some(path.display().to_string()),
            format!("{} cannot be read.", path.display()),
            "It stays here. Change its permissions to take it along.",
        ),
        Finding::Name { path, why } => (
            Kind::StaysHere,
            Some(path.display().to_string()),
            format!(
                "{} has a name the Hub does not take: {why}.",
                path.display()
            ),
            "It stays here. Rename it to take it along.",
        ),
        Finding::Twins { one, other } => (
            Kind::Advice,
            Some(one.to_string()),
            format!("{one} and {other} are one name for Windows and macOS."),
            "Rename one of them: there only one of the two can be downloaded.",
        ),
        Finding::NoCard => (
            Kind::NoCard,
            None,
            "Nothing says what the repository is.".to_owned(),
            "Add a README.md, which is its card.",
        ),
        Finding::BrokenCard { why } => (
            Kind::BadCard,
            None,
            format!("The card cannot be read: {why}."),
            "Mend the lines between the two --- in README.md: the Hub refuses such a card.",
        ),
        Finding::NoSdk => (
            Kind::BadCard,
            None,
            "The card does not say what the Space is made with.".to_owned(),
            "Add a line such as \"sdk: gradio\" between the two --- in README.md.",
        ),
        Finding::NoData => (
            Kind::Advice,
            None,
            "There is no file the Hub can show rows of.".to_owned(),
            "Parquet, CSV, JSON Lines and plain text can be looked at on the Hub.",
        ),
        Finding::NoApp => (
            Kind::NoApp,
            None,
            "The file the Space is started from is missing.".to_owned(),
            "Add an app.py, a Dockerfile or an index.html.",
        ),
    };
    UploadFinding {
        kind,
        path,
        message,
        hint: hint.to_owned(),
        is_blocking: finding.is_blocking(),
    }
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
