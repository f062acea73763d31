use tempfile::TempDir;

use super::*;

/// A home of the official client in a folder that is not there yet.
struct Home {
    dir: TempDir,
    sign_in: CliSignIn,
}

impl Home {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("huggingface");
        let sign_in = CliSignIn::new(home.join("token"), home.join("stored_tokens"));
        Self { dir, sign_in }
    }

    /// With `alice`, who is active, and `bob`.
    fn with_two() -> Self {
        let home = Self::new();
        home.sign_in.save("alice", &stored("hf_a"), true).unwrap();
        home.sign_in.save("bob", &stored("hf_b"), false).unwrap();
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join("huggingface").join(name)
    }

    fn files(&self) -> Vec<String> {
        let files = fs::read_dir(self.path("")).unwrap();
        let mut names: Vec<String> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn names(&self) -> Vec<(String, bool)> {
        let names = self.sign_in.names().unwrap();
        names.into_iter().map(|n| (n.name, n.is_active)).collect()
    }

    fn active(&self) -> Option<String> {
        let active = self.sign_in.active().unwrap();
        active.map(|token| token.expose().to_owned())
    }
}

fn stored(token: &str) -> Stored {
    Stored {
        token: Token::new(token).unwrap(),
        refresh_token: None,
        expires_at: None,
    }
}

fn named(names: &[(&str, bool)]) -> Vec<(String, bool)> {
    names.iter().map(|(n, a)| ((*n).to_owned(), *a)).collect()
}

#[test]
fn without_files_there_is_nothing_and_looking_makes_none() {
    let home = Home::new();
    assert_eq!(home.names(), []);
    assert_eq!(home.active(), None);
    assert_eq!(home.sign_in.read("alice").unwrap(), None);
    assert!(!home.sign_in.remove("alice").unwrap());
    let switched = home.sign_in.switch("alice");
    assert!(matches!(switched, Err(SignInError::NoSuchName { .. })));
    assert!(!home.path("").try_exists().unwrap());
}

#[test]
fn a_saved_sign_in_is_listed_and_read_and_active_if_asked_for() {
    let home = Home::with_two();
    assert_eq!(home.names(), named(&[("alice", true), ("bob", false)]));
    assert_eq!(home.sign_in.read("bob").unwrap(), Some(stored("hf_b")));
    assert_eq!(home.active().unwrap(), "hf_a");
    let text = fs::read_to_string(home.path("token")).unwrap();
    assert_eq!(text, "hf_a", "the bare token");
}

#[cfg(unix)]
#[test]
fn files_and_folders_are_their_owners_alone_and_nothing_else_is_left() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::with_two();
    let mode = |name: &str| {
        let metadata = fs::metadata(home.path(name)).unwrap();
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode(""), 0o700);
    assert_eq!((mode("token"), mode("stored_tokens")), (0o600, 0o600));
    assert_eq!(
        home.files(),
        ["stored_tokens", "stored_tokens.lock", "token"]
    );
}

#[test]
fn switching_changes_the_active_token_only() {
    let home = Home::with_two();
    home.sign_in.switch("bob").unwrap();
    assert_eq!(home.names(), named(&[("alice", false), ("bob", true)]));
    let missing = home.sign_in.switch("carol");
    assert!(matches!(missing, Err(SignInError::NoSuchName { name }) if name == "carol"));
    assert_eq!(home.active().unwrap(), "hf_b");
}

#[test]
fn removing_the_active_one_removes_its_file_and_removing_another_does_not() {
    let home = Home::with_two();
    assert!(home.sign_in.remove("bob").unwrap());
    assert_eq!(home.active().unwrap(), "hf_a");
    assert!(home.sign_in.remove("alice").unwrap());
    assert_eq!(home.active(), None);
    assert_eq!(home.files(), ["stored_tokens", "stored_tokens.lock"]);
}

#[test]
fn only_the_token_that_is_meant_is_taken_back() {
    let home = Home::with_two();
    let (old, token) = (stored("hf_older").token, stored("hf_a").token);
    assert!(!home.sign_in.remove_if("alice", &old).unwrap());
    assert_eq!(home.names(), named(&[("alice", true), ("bob", false)]));
    assert!(home.sign_in.remove_if("alice", &token).unwrap());
    assert_eq!(home.names(), named(&[("bob", false)]));
    assert!(!home.sign_in.remove_if("alice", &token).unwrap());
}

#[test]
fn a_token_is_given_under_a_name_that_no_other_token_has() {
    let home = Home::with_two();
    let give = |name: &str, token, make_active| {
        let given = home.sign_in.give(name, &stored(token), make_active);
        given.unwrap()
    };
    let there = |name: &str, was_there| {
        let name = name.to_owned();
        Given::There { name, was_there }
    };
    assert_eq!(give("bob", "hf_c", true), Given::NameIsTaken);
    assert_eq!(home.active().unwrap(), "hf_a");
    assert_eq!(give("bob", "hf_b", true), there("bob", true));
    assert_eq!(home.active().unwrap(), "hf_b");
    assert_eq!(give("car\nol", "hf_c", false), there("car ol", false));
    assert_eq!(home.sign_in.read("car ol").unwrap(), Some(stored("hf_c")));
    assert_eq!(home.active().unwrap(), "hf_b");
}

#[test]
fn a_renewed_token_becomes_active_only_where_the_old_one_was() {
    let home = Home::with_two();
    let (old_a, old_b) = (stored("hf_a").token, stored("hf_b").token);
    let new = stored("hf_a2");
    assert_eq!(home.sign_in.renew("alice", &old_a, &new).unwrap(), new);
    assert_eq!(home.active().unwrap(), "hf_a2");
    home.sign_in.renew("bob", &old_b, &stored("hf_b2")).unwrap();
    assert_eq!(home.active().unwrap(), "hf_a2");
}

#[test]
fn what_another_program_renewed_first_is_adopted() {
    let home = Home::with_two();
    let stale = stored("hf_older").token;
    let found = home.sign_in.renew("alice", &stale, &stored("hf_late"));
    assert_eq!(found.unwrap(), stored("hf_a"));
    assert_eq!(home.active().unwrap(), "hf_a");
    let gone = home.sign_in.renew("carol", &stale, &stored("hf_late"));
    assert!(matches!(gone, Err(SignInError::NoSuchName { .. })));
}

#[test]
fn keys_we_do_not_know_survive_a_change_to_another_sign_in() {
    let home = Home::new();
    fs::create_dir(home.path("")).unwrap();
    fs::write(home.path("stored_tokens"), "[z]\nhf_token=t\nscope: all\n").unwrap();
    home.sign_in.save("a", &stored("hf_a"), false).unwrap();
    assert_eq!(
        fs::read_to_string(home.path("stored_tokens")).unwrap(),
        "[a]\nhf_token = hf_a\n\n[z]\nhf_token = t\nscope = all\n\n"
    );
}

#[test]
fn a_file_that_cannot_be_parsed_counts_as_empty_until_a_sign_in_replaces_it() {
    let home = Home::new();
    fs::create_dir(home.path("")).unwrap();
    for broken in [&b"[a]\n[a]\n"[..], b"[\xff]\nhf_token = t\n"] {
        fs::write(home.path("stored_tokens"), broken).unwrap();
        assert_eq!(home.names(), []);
        assert!(!home.sign_in.remove("a").unwrap());
        assert_eq!(fs::read(home.path("stored_tokens")).unwrap(), broken);
        home.sign_in.save("b", &stored("hf_b"), false).unwrap();
        assert_eq!(home.names(), named(&[("b", false)]));
    }
}

#[test]
fn a_file_of_more_than_a_mebibyte_is_refused_and_left_alone() {
    let home = Home::new();
    fs::create_dir(home.path("")).unwrap();
    let huge = vec![b'\n'; LARGEST_FILE + 1];
    fs::write(home.path("stored_tokens"), &huge).unwrap();
    let saved = home.sign_in.save("a", &stored("hf_a"), false);
    assert!(
        matches!(saved, Err(SignInError::TooLarge { path }) if path.ends_with("stored_tokens"))
    );
    assert_eq!(fs::read(home.path("stored_tokens")).unwrap(), huge);
}

#[test]
fn while_another_program_holds_the_lock_nothing_is_written() {
    let mut home = Home::with_two();
    home.sign_in.lock_tries = 2;
    let _held = LockFile::try_lock(&home.path("stored_tokens.lock")).unwrap();
    let saved = home.sign_in.save("alice", &stored("hf_new"), true);
    assert!(matches!(saved, Err(SignInError::Busy { .. })));
    assert_eq!(home.active().unwrap(), "hf_a");
}

#[test]
fn a_lock_that_is_given_back_in_time_is_waited_for() {
    let home = Home::with_two();
    let held = LockFile::try_lock(&home.path("stored_tokens.lock")).unwrap();
    std::thread::scope(|scope| {
        let saving = scope.spawn(|| home.sign_in.save("alice", &stored("hf_new"), true));
        drop(held);
        saving.join().unwrap().unwrap();
    });
    assert_eq!(home.active().unwrap(), "hf_new");
}

#[test]
fn writers_at_the_same_time_do_not_lose_each_others_sign_ins() {
    let home = Home::new();
    let sign_in = &home.sign_in;
    std::thread::scope(|scope| {
        for n in 0..8 {
            let token = stored(&format!("hf_{n}"));
            scope.spawn(move || sign_in.save(&n.to_string(), &token, true).unwrap());
        }
    });
    assert_eq!(home.names().len(), 8);
    assert_eq!(home.names().iter().filter(|(_, active)| *active).count(), 1);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_no_token_is_left_where_it_leads() {
    let home = Home::with_two();
    let target = home.dir.path().join("elsewhere");
    fs::rename(home.path("token"), &target).unwrap();
    std::os::unix::fs::symlink(&target, home.path("token")).unwrap();
    home.sign_in.switch("bob").unwrap();
    assert_eq!(fs::read_to_string(&target).unwrap(), "hf_b");
    assert!(home.path("token").is_symlink());
    assert!(home.sign_in.remove("bob").unwrap());
    assert!(!target.try_exists().unwrap());
}

#[test]
fn errors_name_the_file_and_never_a_token() {
    let home = Home::with_two();
    fs::remove_file(home.path("token")).unwrap();
    fs::create_dir(home.path("token")).unwrap();
    let error = home.sign_in.save("alice", &stored("hf_secret"), true);
    let error = error.unwrap_err();
    let printed = format!("{error} {error:?}");
    assert!(
        printed.contains("token") && !printed.contains("hf_secret"),
        "{printed}"
    );
}
