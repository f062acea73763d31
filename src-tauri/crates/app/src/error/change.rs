use hubdesk_upload::{Error as UploadError, Obstacle as Found, WhyLeft};

use super::upload_error;
use crate::api::{ApiError, ErrorCode, Obstacle, ObstacleKind};

/// Words for a change of what the Hub holds that stopped.
pub(crate) fn change_error(error: &UploadError) -> ApiError {
    match error {
        UploadError::Overlap { repo, .. } => ApiError::new(
            ErrorCode::Conflict,
            format!("Somebody else has changed the same files of the {repo} meanwhile."),
            "Nothing more was changed. Look again at what would be done now.",
        ),
        error => upload_error(error),
    }
}

/// Why a file stays as it is, to stand after its name.
pub(crate) fn left_words(why: WhyLeft) -> &'static str {
    match why {
        WhyLeft::ChangedSince => "was changed by somebody else since",
        WhyLeft::InTheWay => "has something else in its place since",
    }
}

/// Words for what is in the way of a copy, move or deletion.
pub(crate) fn obstacle_words(obstacle: &Found) -> Obstacle {
    use ObstacleKind as Kind;
    let (kind, path, message) = match obstacle {
        Found::Missing(path) => (Kind::Missing, path, format!("There is no {path}.")),
        Found::IntoItself(path) => (
            Kind::IntoItself,
            path,
            format!("{path} lies in what would come to be there."),
        ),
        Found::Occupied(path) => (Kind::Occupied, path, format!("There is another {path}.")),
        Found::InTheWay(path) => (
            Kind::InTheWay,
            path,
            format!("A file and a folder would both be called {path}, or lead to it."),
        ),
        Found::Twice(path) => (
            Kind::Twice,
            path,
            format!("Two files would come to be {path}."),
        ),
        Found::Name(path) => (
            Kind::Name,
            path,
            format!("The Hub takes no file of the name {path}."),
        ),
    };
    Obstacle {
        kind,
        path: path.to_string(),
        message,
    }
}
