//! What can be said of the command line without a Hub.

#![expect(
    clippy::unwrap_used,
    reason = "a test that does not get what it needs has failed"
)]

use std::process::{Command, Output};

fn hubdesk_cli(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hubdesk-cli"))
        .args(args)
        .env_clear()
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn download_has_the_options_of_the_official_command() {
    let help = text(&hubdesk_cli(&["download", "--help"]).stdout);
    for option in [
        "REPO_ID",
        "FILENAMES",
        "--repo-type",
        "--revision",
        "--include",
        "--exclude",
        "--cache-dir",
        "--force-download",
        "--dry-run",
        "--max-workers",
        "--token",
        "--json",
    ] {
        assert!(help.contains(option), "{option} is missing from:\n{help}");
    }
}

#[test]
fn a_name_that_cannot_be_a_repository_is_refused_in_words() {
    let output = hubdesk_cli(&["download", "../x"]);
    assert!(!output.status.success());
    assert!(
        output.stdout.is_empty(),
        "only answers go to standard output"
    );
    assert!(text(&output.stderr).contains("\"../x\" is not a repository name"));
}

#[test]
fn an_error_is_json_where_json_is_asked_for() {
    let output = hubdesk_cli(&["--json", "download", "a/b", "--token", "ü"]);
    let line: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(line["error"]["code"], "badInput");
}

#[test]
fn auth_has_the_verbs_and_options_of_the_official_command() {
    for (verb, options) in [
        (
            "login",
            &[
                "--token",
                "--add-to-git-credential",
                "--force",
                "--share",
                "--json",
            ][..],
        ),
        ("logout", &["--token-name", "--json"]),
        ("list", &["--json"]),
        (
            "switch",
            &["--token-name", "--add-to-git-credential", "--json"],
        ),
        ("whoami", &["--json"]),
    ] {
        let help = text(&hubdesk_cli(&["auth", verb, "--help"]).stdout);
        for option in options {
            assert!(help.contains(option), "{option} is missing from:\n{help}");
        }
    }
}

#[test]
fn offline_says_so_in_words() {
    for args in [
        &["models", "ls"][..],
        &["datasets", "info", "a/b"],
        &["spaces", "ls", "a/b"],
        &["repos", "ls"],
        &["download", "a/b", "--dry-run"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_hubdesk-cli"))
            .args(args)
            .env_clear()
            .env("HF_HUB_OFFLINE", "1")
            .output()
            .unwrap();
        assert!(!output.status.success() && output.stdout.is_empty());
        assert!(text(&output.stderr).contains("HF_HUB_OFFLINE is set"));
    }
}
