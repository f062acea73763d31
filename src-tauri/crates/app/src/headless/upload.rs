use std::path::{Path, PathBuf};
use std::sync::Arc;

use hubdesk_core::{Clock, Pattern, Patterns, RepoId, RepoKind, RepoPath, SystemClock, Token};
use hubdesk_hub::{Existing, Hub, Message, NewRepo, NewSpace, Sdk, Visibility};
use hubdesk_upload::{
    Ctx, LeaveOut, Onto, Outcome, Parts, Removal, Request, Source, Tuning, Uploaded, What,
};
use hubdesk_xet::Options;

use super::open::{hub, repo_id, revision};
use super::select::patterns;
use crate::accounts::facts_of;
use crate::api::ApiError;
use crate::commands::repo::web_url;
use crate::connection::chunk_store;
use crate::env::Env;
use crate::error::{hub_error, upload_error};

/// One call of `upload`, with the meaning the arguments have in `hf upload`.
#[derive(Debug, Clone)]
pub struct UploadJob {
    /// `owner/name`, or a name of the account's own.
    pub repo: String,
    /// Its kind.
    pub kind: RepoKind,
    /// A file or a folder; `None` is what is called like the repository.
    pub local: Option<PathBuf>,
    /// Where it goes; `.` is the root.
    pub path_in_repo: Option<String>,
    /// The branch, made if it is not there; `main` when not given.
    pub revision: Option<String>,
    /// Who sees a repository that is made; the Hub's own choice when not given.
    pub is_private: Option<bool>,
    /// Patterns of files wanted.
    pub include: Vec<String>,
    /// Patterns of files not wanted.
    pub exclude: Vec<String>,
    /// Patterns of files that go from the repository.
    pub delete: Vec<String>,
    /// The first line of what the commit says.
    pub title: Option<String>,
    /// The rest.
    pub description: Option<String>,
    /// Into a pull request.
    pub as_pull_request: bool,
    /// Another token than that of the environment, the account or the command-line tools.
    pub token: Option<Token>,
}

/// How an upload ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadEnd {
    /// Where it can be looked at in a browser.
    pub url: String,
    /// The commits that were made; none if nothing had changed.
    pub commits: Vec<String>,
    /// The pull request, if one was opened.
    pub pull_request: Option<u64>,
    /// Options that did not count, in words.
    pub notes: Vec<&'static str>,
}

/// What is uploaded, and to where.
struct Place {
    source: Source,
    /// The path in the repository; empty for the root.
    path: String,
    is_file: bool,
    include: Vec<String>,
}

/// Uploads; `None` when `ctx` was cancelled.
pub async fn upload(env: &Env, job: UploadJob, ctx: &Ctx) -> Result<Option<UploadEnd>, ApiError> {
    let place = place(&job)?;
    if job.as_pull_request && job.revision.is_some() {
        return Err(ApiError::bad_input(
            "A pull request is made onto main, so --revision cannot be given with --create-pr.",
        ));
    }
    let hub = hub(env, job.token.as_ref()).await?;
    let repo = open(&hub, &job).await?;
    let (request, notes) = request(&job, &place, repo)?;
    let parts = parts(env, hub.clone());
    let outcome = hubdesk_upload::run(&request, &parts, ctx).await;
    let uploaded = match outcome.map_err(|error| upload_error(&error))? {
        Outcome::Cancelled => return Ok(None),
        Outcome::Done(uploaded) => uploaded,
    };
    Ok(Some(ended(&hub, &request.repo, &uploaded, notes)))
}

/// How it ended, for a person.
pub(super) fn ended(
    hub: &Hub,
    repo: &RepoId,
    made: &Uploaded,
    notes: Vec<&'static str>,
) -> UploadEnd {
    UploadEnd {
        url: format!("{}/commit/{}", web_url(hub, repo), made.head),
        commits: made.commits.iter().map(ToString::to_string).collect(),
        pull_request: made.pull_request,
        notes,
    }
}

/// The repository, made if it is not there.
async fn open(hub: &Hub, job: &UploadJob) -> Result<RepoId, ApiError> {
    let name = if job.repo.contains('/') {
        job.repo.clone()
    } else {
        format!("{}/{}", facts_of(hub).await?.name, job.repo)
    };
    // As `hf`, which asks for nothing more: public unless the Hub or a person says otherwise.
    let visibility = match job.is_private {
        Some(true) => Visibility::Private,
        Some(false) | None => Visibility::Public,
    };
    let new = match job.kind {
        RepoKind::Model => NewRepo::model(&name, visibility),
        RepoKind::Dataset => NewRepo::dataset(&name, visibility),
        RepoKind::Space => NewRepo::space(&name, visibility, NewSpace::new(Sdk::Gradio)),
    };
    let mut new = new.map_err(|error| ApiError::bad_input(format!("{error}.")))?;
    new.existing = Existing::Take;
    let id = repo_id(job.kind, &name)?;
    let created = hub.create_repo(&new).await;
    let created = created.map_err(|error| hub_error(&id.to_string(), &error))?;
    Ok(created.id)
}

fn request(
    job: &UploadJob,
    place: &Place,
    repo: RepoId,
) -> Result<(Request, Vec<&'static str>), ApiError> {
    let mut notes = Vec::new();
    let mut only_folders = |list: &[String], note| {
        let is_void = place.is_file && !list.is_empty();
        is_void.then(|| notes.push(note));
        !is_void && !list.is_empty()
    };
    let include = only_folders(
        &place.include,
        "--include does not count, since a single file is uploaded.",
    );
    let exclude = only_folders(
        &job.exclude,
        "--exclude does not count, since a single file is uploaded.",
    );
    let delete = only_folders(
        &job.delete,
        "--delete does not count, since a single file is uploaded.",
    );
    let select = Patterns {
        include: include.then(|| patterns(&place.include)).transpose()?,
        exclude: match exclude {
            true => patterns(&job.exclude)?,
            false => Vec::new(),
        },
    };
    let removal = |patterns: Vec<Pattern>| Removal {
        below: place.source.to.clone(),
        patterns,
    };
    let remove = delete.then(|| patterns(&job.delete)).transpose()?;
    let title = job.title.clone().unwrap_or_else(|| match place.is_file {
        true => format!("Upload {} with Hubdesk", place.path),
        false => "Upload folder with Hubdesk".to_owned(),
    });
    let request = Request {
        repo,
        create: None,
        onto: match job.as_pull_request {
            true => Onto::PullRequest,
            false => Onto::Branch {
                name: revision(job.revision.as_deref())?,
                create: true,
            },
        },
        sources: vec![place.source.clone()],
        select,
        leave_out: LeaveOut::NOTHING,
        remove: remove.map(removal),
        acknowledged: None,
        message: Message {
            title,
            description: job.description.clone().unwrap_or_default(),
        },
        expect: None,
        overwrite: true,
    };
    Ok((request, notes))
}

/// What the arguments mean (`huggingface_hub.cli.upload`): without a path, what is called like the
/// repository; a path that does not exist may be a pattern.
fn place(job: &UploadJob) -> Result<Place, ApiError> {
    let named = job.repo.rsplit('/').next().unwrap_or_default();
    let local = job.local.clone().unwrap_or_else(|| PathBuf::from(named));
    let kind = |path: &Path| std::fs::metadata(path).ok().map(|found| found.is_file());
    let is_pattern = local
        .to_str()
        .is_some_and(|text| text.contains(['*', '?', '[']));
    let in_repo = job.path_in_repo.as_deref();
    match kind(&local) {
        Some(is_file) => {
            let name = local.file_name().and_then(|name| name.to_str());
            let path = match (in_repo, is_file) {
                (Some(path), _) => trimmed(path).to_owned(),
                (None, true) => name.unwrap_or_default().to_owned(),
                (None, false) => String::new(),
            };
            put(local, path, is_file, job.include.clone())
        }
        None if job.local.is_none() => Err(ApiError::bad_input(format!(
            "There is no file or folder {named:?} here. Say what is to be uploaded."
        ))),
        None if is_pattern => {
            if !job.include.is_empty() || in_repo.is_some_and(|path| path != ".") {
                return Err(ApiError::bad_input(
                    "Neither --include nor a path in the repository can be given with a pattern.",
                ));
            }
            let pattern = local.to_string_lossy().into_owned();
            put(PathBuf::from("."), String::new(), false, vec![pattern])
        }
        None => Err(ApiError::bad_input(format!(
            "There is no file or folder {}.",
            local.display()
        ))),
    }
}

fn put(
    local: PathBuf,
    path: String,
    is_file: bool,
    include: Vec<String>,
) -> Result<Place, ApiError> {
    let to = (!path.is_empty()).then(|| RepoPath::new(&path)).transpose();
    let to = to.map_err(|why| {
        ApiError::bad_input(format!("{path:?} cannot be a path in a repository: {why}."))
    })?;
    Ok(Place {
        source: Source {
            what: match is_file {
                true => What::File(local),
                false => What::Folder(local),
            },
            to,
        },
        path,
        is_file,
        include,
    })
}

/// A path in a repository as it may be written: `.` is the root, and a beginning `/` or `./` and a
/// slash at the end say nothing.
fn trimmed(path: &str) -> &str {
    let path = path.strip_prefix("./").unwrap_or(path);
    let path = path.trim_start_matches('/').trim_end_matches('/');
    if path == "." { "" } else { path }
}

/// What a run works with.
pub(super) fn parts(env: &Env, hub: Hub) -> Parts {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    Parts {
        xet: env
            .xet_cache()
            .and_then(|cache| chunk_store(Options::new(cache, hub.profile().clone()), &clock)),
        hub,
        fingerprints: Arc::new(()),
        clock,
        tuning: Tuning::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(local: Option<&Path>, path_in_repo: Option<&str>) -> UploadJob {
        UploadJob {
            repo: "a/b".to_owned(),
            kind: RepoKind::Model,
            local: local.map(Path::to_owned),
            path_in_repo: path_in_repo.map(str::to_owned),
            revision: None,
            is_private: None,
            include: Vec::new(),
            exclude: Vec::new(),
            delete: Vec::new(),
            title: None,
            description: None,
            as_pull_request: false,
            token: None,
        }
    }

    #[test]
    fn a_file_goes_under_its_name_and_a_folder_to_the_root() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("f.bin");
        std::fs::write(&file, "").unwrap();
        for (local, path, expected) in [
            (file.as_path(), None, "f.bin"),
            (file.as_path(), Some("./d/g.bin"), "d/g.bin"),
            (home.path(), None, ""),
            (home.path(), Some("."), ""),
            (home.path(), Some("/train/"), "train"),
        ] {
            let place = place(&job(Some(local), path)).unwrap();
            assert_eq!(place.path, expected, "{local:?} {path:?}");
            let to = place.source.to.map(|to| to.to_string());
            assert_eq!(to.unwrap_or_default(), expected);
        }
    }

    #[test]
    fn what_is_not_there_may_be_a_pattern() {
        let pattern = place(&job(Some(Path::new("*.nothing-like-it")), None)).unwrap();
        assert_eq!(pattern.include, ["*.nothing-like-it"]);
        assert!(!pattern.is_file && pattern.path.is_empty());
        for (local, path) in [
            (Some("*.nothing-like-it"), Some("d")),
            (Some("nothing-like-it"), None),
            (None, None),
        ] {
            assert!(
                place(&job(local.map(Path::new), path)).is_err(),
                "{local:?}"
            );
        }
    }

    #[test]
    fn options_for_folders_are_said_not_to_count_for_a_file() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("f");
        std::fs::write(&file, "").unwrap();
        let mut job = job(Some(&file), None);
        job.exclude = vec!["*".to_owned()];
        job.delete = vec!["*".to_owned()];
        let repo = repo_id(RepoKind::Model, "a/b").unwrap();
        let (request, notes) = request(&job, &place(&job).unwrap(), repo).unwrap();
        assert_eq!(notes.len(), 2);
        assert!(request.remove.is_none() && request.select.exclude.is_empty());
    }
}
