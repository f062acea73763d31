//! The witness of every journey is no use if it overlooks anything.

use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hubdesk_tests::witness::Witness;

const SECRET: &str = "hf_canary_planted/+?123";

fn witness() -> (Witness, tempfile::TempDir) {
    let witness = Witness::default();
    witness.mark(SECRET);
    (witness, tempfile::tempdir().unwrap())
}

#[test]
fn a_token_in_what_is_said_is_caught_in_every_form() {
    let hex: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut leaks = vec![
        format!("before {SECRET} after"),
        format!("before {hex} after"),
        hex.to_uppercase(),
        "x=hf%5Fcanary%5Fplanted%2F%2B%3F123&y".to_owned(),
    ];
    for before in ["", "a", "ab", "abc", "user:", "Bearer "] {
        leaks.push(STANDARD.encode(format!("{before}{SECRET}and more")));
    }
    for leak in leaks {
        let (witness, home) = witness();
        witness.hear("an answer", leak.clone());
        assert_eq!(witness.leaks(home.path()).len(), 1, "{leak}");
    }
    let (witness, home) = witness();
    witness.hear("an answer", "nothing of note, hf_… at most");
    assert!(witness.leaks(home.path()).is_empty());
}

#[test]
fn a_token_in_a_file_is_caught_unless_the_place_was_declared() {
    let (witness, home) = witness();
    let folder = home.path().join("config/deep");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("settings.json");
    std::fs::write(&file, format!("{{\"token\":\"{SECRET}\"}}")).unwrap();
    assert_eq!(witness.leaks(home.path()).len(), 1);
    witness.allow_file(file);
    assert!(witness.leaks(home.path()).is_empty());
    std::fs::write(folder.join("hf_canary.db"), STANDARD.encode(SECRET)).unwrap();
    assert_eq!(witness.leaks(home.path()).len(), 1);
}

#[test]
fn a_token_in_the_log_is_caught() {
    let (witness, home) = witness();
    tracing::subscriber::with_default(witness.subscriber(), || {
        tracing::debug!(header = %SECRET, "sent");
    });
    assert_eq!(witness.leaks(home.path()), ["the log: a token in clear"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_token_in_the_arguments_or_the_environment_of_a_process_is_caught() {
    let plant = |act: fn(&mut Command)| {
        let (witness, home) = witness();
        let watch = witness.watch_processes();
        let mut command = Command::new("cat");
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        command.stderr(Stdio::null());
        act(&mut command);
        let mut child = command.spawn().unwrap();
        let mut leaks = Vec::new();
        for _ in 0..1000 {
            leaks = witness.leaks(home.path());
            if !leaks.is_empty() {
                break;
            }
            std::thread::park_timeout(std::time::Duration::from_millis(5));
        }
        // It ends with its input.
        drop(child.stdin.take());
        child.wait().unwrap();
        drop(watch);
        leaks
    };
    let expected = ["a process: a token in clear"];
    assert_eq!(plant(|cat| _ = cat.env("LEAK", SECRET)), expected);
    assert_eq!(plant(|cat| _ = cat.args(["-", "--", SECRET])), expected);
}
