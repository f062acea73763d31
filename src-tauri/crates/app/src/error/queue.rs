//! Words for the queue, and for what it remembers of an error: a code.

use hubdesk_core::ByteCount;
use hubdesk_store::Error as StoreError;
use hubdesk_transfers::request::Unreadable;
use hubdesk_transfers::{Code, Error as QueueError, Reason, Room, Unsaved};

use super::overlap_words;
use crate::api::{ApiError, ErrorCode};

/// Words for what the queue has not done.
pub(crate) fn queue_error(error: &QueueError) -> ApiError {
    match error {
        QueueError::Unknown { .. } => {
            ApiError::bad_input("That transfer is not in the list any more.")
        }
        QueueError::Illegal(illegal) => ApiError::bad_input(format!(
            "A transfer that is {} cannot {}.",
            illegal.state, illegal.event
        )),
        QueueError::NotEnded { .. } => {
            ApiError::bad_input("Only a transfer that has ended can be removed.")
        }
        QueueError::TooMany { limit } => ApiError::bad_input(format!(
            "The queue holds {limit} transfers already; wait until some have ended."
        )),
        QueueError::Store(error) => ApiError::not_writable(store_words(error)),
        QueueError::Closed => ApiError::internal("The queue is closed."),
    }
}

/// What is wrong with the database of the queue, in one sentence.
pub(crate) fn store_words(error: &StoreError) -> String {
    match error {
        StoreError::Owned { .. } => {
            "Another Hubdesk, which is running, has the queue on this computer.".to_owned()
        }
        StoreError::Newer { path, .. } => format!(
            "{} was made by a newer Hubdesk, and is left as it is.",
            path.display()
        ),
        StoreError::Full { path, .. } => {
            format!("There is no room left for {}.", path.display())
        }
        StoreError::ReadOnly { path, .. } => format!("{} cannot be written.", path.display()),
        StoreError::Damaged { path, .. } => format!("{} is damaged.", path.display()),
        other => format!("The queue cannot be kept: {other}."),
    }
}

/// Why changes of the queue cannot be kept just now, in one sentence.
pub(crate) fn unsaved_words(unsaved: Unsaved) -> String {
    match unsaved {
        Unsaved::Full => "The disk with the queue is full. Nothing new begins until there is room.",
        Unsaved::ReadOnly => {
            "The queue cannot be written to its disk. Nothing new begins until it can."
        }
        Unsaved::Damaged => {
            "The queue is damaged on its disk. It is set aside when Hubdesk starts the next time."
        }
        Unsaved::Other => "The queue cannot be kept on its disk. Nothing new begins until it can.",
    }
    .to_owned()
}

/// A request this program does not read.
pub(crate) fn unreadable_words(why: Unreadable) -> ApiError {
    let hint = "It is kept. Start the Hubdesk that asked for it, or remove it.";
    let message = match why {
        Unreadable::Newer => "A newer Hubdesk has asked for this, in a way this one does not know.",
        Unreadable::Malformed => "What was asked for cannot be read any more.",
    };
    ApiError::new(ErrorCode::BadInput, message, hint)
}

/// What the queue remembers of an error.
pub(crate) fn code_word(code: ErrorCode) -> Code {
    Code::new(match code {
        ErrorCode::SignedOut => "signed-out",
        ErrorCode::Gated => "gated",
        ErrorCode::Forbidden => "forbidden",
        ErrorCode::NotFound => "not-found",
        ErrorCode::Conflict => "conflict",
        ErrorCode::PaymentNeeded => "payment-needed",
        ErrorCode::Unsure => "unsure",
        ErrorCode::RateLimited => "rate-limited",
        ErrorCode::HubDown => "hub-down",
        ErrorCode::Offline => "offline",
        ErrorCode::ProxyRefused => "proxy-refused",
        ErrorCode::BadAnswer => "bad-answer",
        ErrorCode::BadInput => "bad-input",
        ErrorCode::NoSpace => "no-space",
        ErrorCode::NotWritable => "not-writable",
        ErrorCode::BadName => "bad-name",
        ErrorCode::NoHub => "no-hub",
        ErrorCode::Internal => return Code::INTERNAL,
    })
}

/// Words for an error of which only the code is left: it happened before the program was started.
pub(crate) fn remembered(code: &Code) -> ApiError {
    use ErrorCode as E;
    let (code, message, hint) = match code.as_str() {
        "signed-out" => (
            E::SignedOut,
            "The account was not signed in.",
            "Sign in again.",
        ),
        "gated" => (
            E::Gated,
            "Access to the repository must be requested first.",
            "Ask for access on its page, then try again.",
        ),
        "forbidden" => (
            E::Forbidden,
            "The account may not use this repository.",
            "Use an account that may, or ask its owner.",
        ),
        "not-found" => (
            E::NotFound,
            "What was asked for does not exist, or is private.",
            "Look at the repository: it may have been renamed.",
        ),
        "conflict" => (
            E::Conflict,
            "Files that are not from the Hub are in the way.",
            "Have them replaced, or choose another folder.",
        ),
        "payment-needed" => (
            E::PaymentNeeded,
            "The account's plan does not cover it.",
            "Its billing page on the web says what is needed.",
        ),
        "unsure" => (E::Unsure, "An answer of the Hub was lost.", "Try again."),
        "rate-limited" => (E::RateLimited, "The Hub had too many requests.", ""),
        "hub-down" => (
            E::HubDown,
            "The Hub was in trouble.",
            "Try again in a few minutes.",
        ),
        "offline" => (
            E::Offline,
            "The Hub could not be reached.",
            "Check the network.",
        ),
        "proxy-refused" => (
            E::ProxyRefused,
            "The proxy did not let us through.",
            "Check the proxy in the settings.",
        ),
        "bad-answer" => (
            E::BadAnswer,
            "What arrived was not what the Hub had announced.",
            "Try again; if it happens again, tell the owner of the repository.",
        ),
        "bad-input" => (E::BadInput, "What was asked for cannot be done.", ""),
        "no-space" => (
            E::NoSpace,
            "There was not enough room.",
            "Make room: it goes on then.",
        ),
        "not-writable" => (
            E::NotWritable,
            "The files could not be written.",
            "Check the disk and the folder's permissions.",
        ),
        "bad-name" => (
            E::BadName,
            "A file's name cannot exist on this computer.",
            "Choose the other files.",
        ),
        "no-hub" => (E::NoHub, "No Hub was open.", ""),
        _ => return ApiError::internal("Something went wrong before Hubdesk was started."),
    };
    ApiError::new(code, message, hint)
}

/// Words for a transfer that needs a person, when nothing says more.
pub(crate) fn blocked_words(reason: Reason) -> ApiError {
    remembered(&match reason {
        Reason::Gated => code_word(ErrorCode::Gated),
        Reason::SignedOut => code_word(ErrorCode::SignedOut),
        Reason::NoSpace => code_word(ErrorCode::NoSpace),
        Reason::Conflict => code_word(ErrorCode::Conflict),
        Reason::ReadOnly => code_word(ErrorCode::NotWritable),
        Reason::VolumeGone => return volume_gone_words(None),
        Reason::Secret => {
            let message = "A file that looks like a secret is among those to be published.";
            let hint = "Leave it out, or say that it may be published.";
            return ApiError::new(ErrorCode::BadInput, message, hint);
        }
    })
}

/// The same for an upload: what is in its way is not on this computer.
pub(crate) fn remembered_of_upload(code: &Code) -> ApiError {
    match remembered(code) {
        ApiError {
            code: ErrorCode::Conflict,
            ..
        } => overlap_words(),
        ApiError {
            code: ErrorCode::Forbidden,
            ..
        } => ApiError::new(
            ErrorCode::Forbidden,
            "The account may not write to this repository.",
            "Use an account that may, or upload it as a pull request.",
        ),
        other => other,
    }
}

/// Words for a transfer whose disk is not there, named by where it is when it is.
pub(crate) fn volume_gone_words(volume: Option<&str>) -> ApiError {
    let message = match volume {
        Some(volume) => format!("The disk {volume} is not there."),
        None => "The folder is not there any more.".to_owned(),
    };
    let hint = "Connect its disk again: it goes on then. Or choose another folder.";
    ApiError::new(ErrorCode::NotWritable, message, hint)
}

/// The same for an upload, which reads what is on it.
pub(crate) fn source_gone_words(volume: Option<&str>) -> ApiError {
    let message = match volume {
        Some(volume) => format!("The disk {volume} is not there."),
        None => "What is uploaded is not there any more.".to_owned(),
    };
    let hint = "Connect its disk again: it goes on then.";
    ApiError::new(ErrorCode::NotFound, message, hint)
}

/// Words for a transfer for which there is no room; how much it needs, if that is known.
pub(crate) fn no_space_words(room: Option<&Room>) -> ApiError {
    let Some(Room { folder, bytes }) = room else {
        return blocked_words(Reason::NoSpace);
    };
    let need = ByteCount(*bytes);
    let message = format!("Not enough room in {folder}: {need} are needed.");
    let hint = "Make room: it goes on then. Or choose another folder.";
    ApiError::new(ErrorCode::NoSpace, message, hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disk_that_is_missing_and_the_room_are_named_when_they_are_known() {
        let gone = volume_gone_words(Some("/media/usb"));
        assert_eq!(gone.message, "The disk /media/usb is not there.");
        let room = Room {
            folder: "/cache".to_owned(),
            bytes: 5_000_000_000,
        };
        let said = no_space_words(Some(&room)).message;
        assert_eq!(said, "Not enough room in /cache: 5.0 GB are needed.");
        assert_eq!(no_space_words(None).code, ErrorCode::NoSpace);
    }

    #[test]
    fn what_is_in_the_way_of_an_upload_is_not_called_a_file_of_this_computer() {
        let conflict = code_word(ErrorCode::Conflict);
        assert_eq!(remembered_of_upload(&conflict), overlap_words());
        let forbidden = code_word(ErrorCode::Forbidden);
        let words = remembered_of_upload(&forbidden).message;
        assert_eq!(words, "The account may not write to this repository.");
        let down = code_word(ErrorCode::HubDown);
        assert_eq!(remembered_of_upload(&down), remembered(&down));
        let gone = source_gone_words(Some("/media/usb"));
        assert_eq!(gone.message, volume_gone_words(Some("/media/usb")).message);
        assert!(!gone.hint.unwrap().contains("another folder"));
    }

    #[test]
    fn what_is_remembered_of_an_error_is_enough_to_act_on() {
        use ErrorCode as E;
        for code in [
            E::SignedOut,
            E::Gated,
            E::Forbidden,
            E::NotFound,
            E::Conflict,
            E::PaymentNeeded,
            E::Unsure,
            E::RateLimited,
            E::HubDown,
            E::Offline,
            E::ProxyRefused,
            E::BadAnswer,
            E::BadInput,
            E::NoSpace,
            E::NotWritable,
            E::BadName,
            E::NoHub,
            E::Internal,
        ] {
            assert_eq!(remembered(&code_word(code)).code, code);
        }
    }
}
