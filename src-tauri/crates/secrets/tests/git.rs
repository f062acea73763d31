//! git's credential helper, with a private home for git: what is handed over, and what never is.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a helper of tests may fail the test")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use hubdesk_core::Token;
use hubdesk_secrets::{GitCredential, GitError};
use tempfile::TempDir;

const HUB: &str = "https://huggingface.co";

/// A home of git in which `helper` is set, if there is one.
struct Home(TempDir);

impl Home {
    fn with(helper: Option<&str>) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        let config = helper.map(|helper| format!("[credential]\n\thelper = \"{helper}\"\n"));
        fs::write(home.path(".gitconfig"), config.unwrap_or_default()).unwrap();
        home
    }

    /// Git's own helper that writes to a file.
    fn with_store() -> Self {
        let home = Self::with(None);
        let config = format!(
            "[credential]\n\thelper = store --file {}\n",
            home.path("kept").display()
        );
        fs::write(home.path(".gitconfig"), config).unwrap();
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn git(&self) -> GitCredential {
        self.run(GitCredential::new())
    }

    fn run(&self, git: GitCredential) -> GitCredential {
        git.with_env("HOME", self.0.path())
            .with_env("XDG_CONFIG_HOME", self.0.path())
            .with_env("GIT_CONFIG_NOSYSTEM", "1")
    }

    /// A program that is called in git's place.
    fn program(&self, script: &str) -> GitCredential {
        let path = self.path("program");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        self.run(GitCredential::at(path))
    }
}

fn token() -> Token {
    Token::new("hf_marked").unwrap()
}

fn kept(home: &Home) -> String {
    fs::read_to_string(home.path("kept")).unwrap()
}

#[tokio::test]
async fn an_approved_token_is_kept_by_the_helper_until_it_is_rejected() {
    let home = Home::with_store();
    let git = home.git();
    git.approve(HUB, &token()).await.unwrap();
    assert_eq!(kept(&home), "https://hf_user:hf_marked@huggingface.co\n");
    git.reject("https://other.example").await.unwrap();
    assert_ne!(kept(&home), "", "another Hub's token is not touched");
    git.reject(HUB).await.unwrap();
    assert_eq!(kept(&home), "");
}

#[tokio::test]
async fn a_helper_is_found_where_one_is_set_for_every_address() {
    assert!(Home::with_store().git().is_configured().await.unwrap());
    assert!(!Home::with(None).git().is_configured().await.unwrap());
    let taken_back = Home::with(Some("cache"));
    let more = "[credential]\n\thelper = cache\n\thelper =\n";
    fs::write(taken_back.path(".gitconfig"), more).unwrap();
    assert!(!taken_back.git().is_configured().await.unwrap());
}

#[tokio::test]
async fn without_a_helper_approving_changes_nothing_and_is_no_error() {
    let home = Home::with(None);
    home.git().approve(HUB, &token()).await.unwrap();
    assert_eq!(fs::read_dir(home.0.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn the_token_is_in_no_argument_and_no_variable_and_no_question_is_asked() {
    let home = Home::with(None);
    let record = "cat > \"$HOME/stdin\"; echo \"$@\" > \"$HOME/args\"; env > \"$HOME/env\"";
    let git = home.program(record);
    git.with_env("LATE", "1")
        .approve(HUB, &token())
        .await
        .unwrap();
    let read = |name: &str| fs::read_to_string(home.path(name)).unwrap();
    assert_eq!(read("args"), "credential approve\n");
    assert_eq!(
        read("stdin"),
        "url=https://huggingface.co\nusername=hf_user\npassword=hf_marked\n\n"
    );
    assert!(!read("env").contains("hf_marked"));
    assert!(read("env").contains("GIT_TERMINAL_PROMPT=0\n"));
}

#[tokio::test]
async fn the_tokens_of_our_own_environment_are_not_passed_on() {
    let home = Home::with(None);
    let git = home.program("env > \"$HOME/env\"");
    let git = git
        .with_env("HF_TOKEN", "hf_marked")
        .with_env("HUGGING_FACE_HUB_TOKEN", "hf_marked");
    git.reject(HUB).await.unwrap();
    let environment = fs::read_to_string(home.path("env")).unwrap();
    assert!(!environment.contains("hf_marked"), "{environment}");
}

#[tokio::test]
async fn no_git_is_said_in_so_many_words() {
    let home = Home::with(None);
    let git = home.run(GitCredential::at(home.path("no-git")));
    let error = git.approve(HUB, &token()).await.unwrap_err();
    assert!(matches!(error, GitError::NotInstalled));
    assert!(matches!(
        git.is_configured().await,
        Err(GitError::NotInstalled)
    ));
}

#[tokio::test]
async fn a_git_that_refuses_says_so_without_its_words() {
    let home = Home::with(None);
    let git = home.program("cat >&2; exit 7");
    let error = git.approve(HUB, &token()).await.unwrap_err();
    assert!(matches!(error, GitError::Failed { status } if status.code() == Some(7)));
    assert!(!format!("{error} {error:?}").contains("hf_marked"));
}

#[tokio::test]
async fn a_program_that_ends_without_listening_is_no_error_of_the_pipe() {
    let home = Home::with(None);
    let git = home.program("exec <&-; exit 0");
    git.approve(HUB, &token()).await.unwrap();
}

#[tokio::test]
async fn an_address_with_a_line_break_is_refused_before_anything_starts() {
    let home = Home::with_store();
    let smuggled = "https://huggingface.co\nhost=evil.example";
    let error = home.git().approve(smuggled, &token()).await.unwrap_err();
    assert!(matches!(error, GitError::BadEndpoint { .. }));
    assert!(!home.path("kept").try_exists().unwrap());
}

/// Time stands still until the helper runs, since something blocks; then it jumps to the limit.
#[cfg(target_os = "linux")]
#[tokio::test(start_paused = true)]
async fn a_helper_that_hangs_is_given_up_and_ended_with_git() {
    let home = Home::with(None);
    let (pid, helper) = (home.path("pid"), home.path("hang"));
    let script =
        "#!/bin/sh\necho $$ > \"$HOME/new\"; mv \"$HOME/new\" \"$HOME/pid\"; exec sleep 600\n";
    fs::write(&helper, script).unwrap();
    fs::set_permissions(&helper, fs::Permissions::from_mode(0o700)).unwrap();
    let config = format!("[credential]\n\thelper = {}\n", helper.display());
    fs::write(home.path(".gitconfig"), config).unwrap();

    let started = tokio::task::spawn_blocking(move || {
        assert!(soon(|| pid.try_exists().unwrap()), "it never started");
        fs::read_to_string(pid).unwrap()
    });
    let error = home.git().approve(HUB, &token()).await.unwrap_err();
    assert!(matches!(error, GitError::GaveUp));
    let pid = started.await.unwrap();
    assert!(soon(|| !is_running(pid.trim())), "the helper {pid} is left");
}

/// Whether `condition` comes true while a good many looks are taken.
#[cfg(target_os = "linux")]
fn soon(condition: impl Fn() -> bool) -> bool {
    (0..1_000_000).any(|_| {
        std::thread::yield_now();
        condition()
    })
}

/// A process that has ended but was not waited for by its parent does not run.
#[cfg(target_os = "linux")]
fn is_running(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit(") ").next().unwrap_or_default();
    !state.is_empty() && !state.starts_with('Z')
}

#[tokio::test]
async fn a_helper_set_in_the_folder_we_run_in_is_not_asked() {
    let home = Home::with(None);
    let repository = home.path("repository");
    init(&repository);
    let config = repository.join(".git/config");
    let marked = format!(
        "[credential]\n\thelper = \"!touch {} #\"\n",
        home.path("ran").display()
    );
    fs::write(&config, fs::read_to_string(&config).unwrap() + &marked).unwrap();
    let git = home.program(&format!("cd {} && exec git \"$@\"", repository.display()));
    assert!(!git.is_configured().await.unwrap());
    git.approve(HUB, &token()).await.unwrap();
    assert!(!home.path("ran").try_exists().unwrap());
}

fn init(repository: &Path) {
    let status = std::process::Command::new("git")
        .args(["init", "--quiet"])
        .arg(repository)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .status();
    assert!(status.unwrap().success());
}
