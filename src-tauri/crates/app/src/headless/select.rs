use hubdesk_core::{Pattern, Patterns};
use hubdesk_download::Select;

use super::DownloadJob;
use crate::api::ApiError;

/// One named file is that file, and must exist. Several, or folders, are patterns; then patterns
/// of `--include` and `--exclude` do not count (`huggingface_hub.cli.download`).
pub(super) fn select(job: &DownloadJob) -> Result<Select, ApiError> {
    let (folders, files): (Vec<_>, Vec<_>) = job.files.iter().partition(|name| name.ends_with('/'));
    if let ([file], []) = (files.as_slice(), folders.as_slice()) {
        return Ok(Select::Files(vec![(*file).clone()]));
    }
    if let Some(folder) = folders.first()
        && !(job.include.is_empty() && job.exclude.is_empty())
    {
        return Err(ApiError::bad_input(format!(
            "A folder ({folder:?}) cannot be combined with --include or --exclude; use --include \"{folder}*\".",
        )));
    }
    if job.files.is_empty() {
        let include = (!job.include.is_empty())
            .then(|| patterns(&job.include))
            .transpose()?;
        return Ok(Select::Matching(Patterns {
            include,
            exclude: patterns(&job.exclude)?,
        }));
    }
    let folders = folders
        .iter()
        .map(|folder| format!("{}/**", folder.trim_end_matches('/')));
    let globs: Vec<String> = files.into_iter().cloned().chain(folders).collect();
    Ok(Select::Matching(Patterns {
        include: Some(patterns(&globs)?),
        exclude: vec![],
    }))
}

pub(super) fn patterns(globs: &[String]) -> Result<Vec<Pattern>, ApiError> {
    let compile = |glob: &String| {
        Pattern::new(glob).ok_or_else(|| ApiError::bad_input("A pattern is too long."))
    };
    globs.iter().map(compile).collect()
}

#[cfg(test)]
mod tests {
    use hubdesk_core::RepoKind;

    use super::*;

    fn job(files: &[&str], include: &[&str]) -> DownloadJob {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        DownloadJob {
            repo: "a/b".to_owned(),
            kind: RepoKind::Model,
            revision: None,
            files: owned(files),
            include: owned(include),
            exclude: vec![],
            local_dir: None,
            local_files_only: false,
            cache_dir: None,
            force: false,
            max_workers: 8,
            token: None,
        }
    }

    fn selects(job: &DownloadJob, path: &str) -> bool {
        match select(job).unwrap() {
            Select::Matching(patterns) => patterns.select(path),
            Select::Files(files) => files == [path],
            Select::All => true,
            Select::Variant(_) => false,
        }
    }

    #[test]
    fn names_folders_and_patterns_mean_what_they_mean_to_the_official_command() {
        assert!(selects(&job(&[], &[]), "anything"));
        assert!(matches!(
            select(&job(&["a.txt"], &[])).unwrap(),
            Select::Files(_)
        ));
        assert!(selects(&job(&["a.txt", "b.txt"], &[]), "b.txt"));
        assert!(
            !selects(&job(&["a.txt", "b.txt"], &["*"]), "c.txt"),
            "named files beat patterns"
        );
        assert!(selects(&job(&["art/"], &[]), "art/x/y.png"));
        assert!(!selects(&job(&["art/"], &[]), "artful.png"));
        assert!(select(&job(&["art/"], &["*.png"])).is_err());
    }
}
