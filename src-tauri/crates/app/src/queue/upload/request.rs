//! What a person asks to upload, as it is stored, and back to what the engine takes.

use std::path::PathBuf;

use hubdesk_core::{CommitId, Pattern, Patterns, RepoId, RepoPath};
use hubdesk_hub::{Existing, Message, NewRepo, NewSpace, Sdk, Visibility};
use hubdesk_transfers::request::{
    CreateV1, KindV1, LeaveOutV1, MessageV1, OntoV1, RemovalV1, SdkV1, SourceV1, UploadV1,
    VisibilityV1,
};
use hubdesk_upload::{LeaveOut, Onto, Removal, Request, Source, What};

use super::super::parts::DEMO;
use super::super::request::{patterns, repo, stored_repo, text};
use crate::App;
use crate::api::{
    ApiError, CreateRepo, RepoVisibility, SpaceSdk, UploadOnto, UploadRemoval, UploadRequest,
    UploadSource,
};
use crate::commands::{repo_id, revision};

/// Sources of one upload, at most.
const MOST_SOURCES: usize = 10_000;
/// Files that can be acknowledged, at most.
const MOST_ACKNOWLEDGED: usize = 10_000;
/// The longest message, in bytes.
const LONGEST_MESSAGE: usize = 64 << 10;

/// What is said beside what is uploaded.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) acknowledged: Vec<String>,
    pub(crate) expect: Option<String>,
}

/// `request` of the open Hub, as it is stored. What would be refused later is refused now.
pub(crate) fn stored_upload(
    app: &App,
    request: UploadRequest,
    said: Said,
) -> Result<UploadV1, ApiError> {
    let open = app.sessions().open()?;
    let account = open.account_name();
    let endpoint = match open.is_demo() {
        true => DEMO.to_owned(),
        false => open.hub.endpoint().to_string(),
    };
    if account.is_none() && !open.is_demo() {
        return Err(ApiError::nobody(
            "Only somebody who has signed in can upload.",
        ));
    }
    let id = repo_id(&request.repo)?;
    let sources = sources(app, &request.sources)?;
    let title = match said.title.trim() {
        "" => usual_title(&sources),
        title => title.to_owned(),
    };
    let stored = UploadV1 {
        endpoint,
        account,
        repo: stored_repo(&id),
        create: request.create.map(created),
        onto: match request.onto {
            UploadOnto::Branch { name, create } => OntoV1::Branch { name, create },
            UploadOnto::PullRequest => OntoV1::PullRequest,
        },
        sources,
        include: (!request.include.is_empty()).then_some(request.include),
        exclude: request.exclude,
        leave_out: LeaveOutV1 {
            junk: request.leave_out_junk,
            ignored: request.leave_out_ignored,
        },
        remove: request.remove.map(removal),
        acknowledged: said.acknowledged,
        message: MessageV1 {
            title,
            description: said.description,
        },
        expect: said.expect,
        overwrite: false,
    };
    live_upload(&stored)?;
    Ok(stored)
}

fn sources(app: &App, sources: &[UploadSource]) -> Result<Vec<SourceV1>, ApiError> {
    if sources.is_empty() || sources.len() > MOST_SOURCES {
        return Err(ApiError::bad_input(format!(
            "Between 1 and {MOST_SOURCES} files and folders can be uploaded at once."
        )));
    }
    let one = |source: &UploadSource| {
        let given = app.sources().get(&source.source)?;
        let (path, to) = (text(given.path)?, source.to.clone());
        Ok(match given.is_folder {
            true => SourceV1::Folder {
                path,
                to: (!to.is_empty()).then_some(to),
            },
            false => SourceV1::File { path, to },
        })
    };
    sources.iter().map(one).collect()
}

fn usual_title(sources: &[SourceV1]) -> String {
    match sources {
        [SourceV1::File { to, .. }] => format!("Upload {to} with Hubdesk"),
        [SourceV1::Folder { .. }] => "Upload folder with Hubdesk".to_owned(),
        many => format!("Upload {} files and folders with Hubdesk", many.len()),
    }
}

fn created(create: CreateRepo) -> CreateV1 {
    CreateV1 {
        visibility: match create.visibility {
            RepoVisibility::Public => VisibilityV1::Public,
            RepoVisibility::Private => VisibilityV1::Private,
            RepoVisibility::Protected => VisibilityV1::Protected,
        },
        sdk: create.sdk.map(|sdk| match sdk {
            SpaceSdk::Gradio => SdkV1::Gradio,
            SpaceSdk::Docker => SdkV1::Docker,
            SpaceSdk::Static => SdkV1::Static,
        }),
    }
}

fn removal(remove: UploadRemoval) -> RemovalV1 {
    RemovalV1 {
        below: (!remove.below.is_empty()).then_some(remove.below),
        patterns: remove.patterns,
    }
}

/// A stored request as the engine takes it, checked as if a person had typed it.
pub(crate) fn live_upload(stored: &UploadV1) -> Result<Request, ApiError> {
    let id = repo(&stored.repo)?;
    let message = checked_message(Message {
        title: stored.message.title.clone(),
        description: stored.message.description.clone(),
    })?;
    let acknowledged = &stored.acknowledged;
    if acknowledged.len() > MOST_ACKNOWLEDGED {
        return Err(ApiError::bad_input(format!(
            "At most {MOST_ACKNOWLEDGED} files can be acknowledged one by one."
        )));
    }
    let acknowledged = acknowledged.iter().map(|path| place(path));
    Ok(Request {
        create: stored
            .create
            .as_ref()
            .map(|create| new_repo(&stored.repo.kind, &id, create))
            .transpose()?,
        onto: match &stored.onto {
            OntoV1::Branch { name, create } => Onto::Branch {
                name: revision(name)?,
                create: *create,
            },
            OntoV1::PullRequest => Onto::PullRequest,
        },
        sources: stored
            .sources
            .iter()
            .map(source)
            .collect::<Result<_, _>>()?,
        select: Patterns {
            include: stored.include.as_deref().map(patterns).transpose()?,
            exclude: patterns(&stored.exclude)?,
        },
        leave_out: LeaveOut {
            junk: stored.leave_out.junk,
            ignored: stored.leave_out.ignored,
        },
        remove: stored.remove.as_ref().map(removed).transpose()?,
        acknowledged: Some(acknowledged.collect::<Result<_, _>>()?),
        message,
        expect: stored.expect.as_deref().map(commit).transpose()?,
        overwrite: stored.overwrite,
        repo: id,
    })
}

/// A run that goes on finds the repository of the one before.
fn new_repo(kind: &KindV1, id: &RepoId, create: &CreateV1) -> Result<NewRepo, ApiError> {
    let visibility = match create.visibility {
        VisibilityV1::Public => Visibility::Public,
        VisibilityV1::Private => Visibility::Private,
        VisibilityV1::Protected => Visibility::Protected,
    };
    let name = id.name();
    let new = match (kind, create.sdk) {
        (KindV1::Model, _) => NewRepo::model(name, visibility),
        (KindV1::Dataset, _) => NewRepo::dataset(name, visibility),
        (KindV1::Space, Some(sdk)) => {
            let sdk = match sdk {
                SdkV1::Gradio => Sdk::Gradio,
                SdkV1::Docker => Sdk::Docker,
                SdkV1::Static => Sdk::Static,
            };
            NewRepo::space(name, visibility, NewSpace::new(sdk))
        }
        (KindV1::Space, None) => {
            return Err(ApiError::bad_input(
                "It is not said what the Space is to be built with.",
            ));
        }
    };
    let mut new = new.map_err(|error| ApiError::bad_input(format!("{error}.")))?;
    new.existing = Existing::Take;
    Ok(new)
}

fn source(stored: &SourceV1) -> Result<Source, ApiError> {
    Ok(match stored {
        SourceV1::File { path, to } => Source {
            what: What::File(PathBuf::from(path)),
            to: Some(place(to)?),
        },
        SourceV1::Folder { path, to } => Source {
            what: What::Folder(PathBuf::from(path)),
            to: to.as_deref().map(place).transpose()?,
        },
    })
}

fn removed(stored: &RemovalV1) -> Result<Removal, ApiError> {
    let patterns: Vec<Pattern> = patterns(&stored.patterns)?;
    Ok(Removal {
        below: stored.below.as_deref().map(place).transpose()?,
        patterns,
    })
}

/// A message that is not longer than one may be.
pub(crate) fn checked_message(message: Message) -> Result<Message, ApiError> {
    if message.title.len() + message.description.len() > LONGEST_MESSAGE {
        return Err(ApiError::bad_input("The message is too long."));
    }
    Ok(message)
}

/// A path in a repository, as a page has named it.
pub(crate) fn place(path: &str) -> Result<RepoPath, ApiError> {
    RepoPath::new(path).map_err(|why| {
        ApiError::bad_input(format!("{path:?} cannot be a path in a repository: {why}."))
    })
}

fn commit(text: &str) -> Result<CommitId, ApiError> {
    text.parse()
        .map_err(|_| ApiError::bad_input(format!("{text:?} is no commit.")))
}

#[cfg(test)]
mod tests {
    use super::super::super::samples::upload;
    use super::*;

    #[test]
    fn what_was_stored_is_checked_as_if_it_had_been_typed() {
        let good = upload("/a");
        let live = live_upload(&good).unwrap();
        assert!(live.acknowledged.is_some(), "secrets are always looked for");
        let file = |to: &str| UploadV1 {
            sources: vec![SourceV1::File {
                path: "/a/f".to_owned(),
                to: to.to_owned(),
            }],
            ..good.clone()
        };
        assert!(live_upload(&file("d/f")).is_ok());
        let mut no_sdk = good.clone();
        no_sdk.repo.kind = KindV1::Space;
        no_sdk.create = Some(CreateV1 {
            visibility: VisibilityV1::Private,
            sdk: None,
        });
        let mut no_commit = good.clone();
        no_commit.expect = Some("main".to_owned());
        for bad in [file(""), file("../f"), file("/f"), no_sdk, no_commit] {
            assert!(live_upload(&bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_run_that_goes_on_takes_the_repository_that_the_one_before_has_made() {
        let mut stored = upload("/a");
        stored.create = Some(CreateV1 {
            visibility: VisibilityV1::Private,
            sdk: None,
        });
        let create = live_upload(&stored).unwrap().create.unwrap();
        assert_eq!(create.existing, Existing::Take);
    }
}
