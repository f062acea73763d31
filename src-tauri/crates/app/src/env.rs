//! The only place that reads the environment. Names and precedence are the official client's
//! (`huggingface_hub.constants`).

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use hubdesk_cache::LinkSupport;
use hubdesk_core::Token;
use hubdesk_hub::Profile;

/// Where a token may be, the first one first.
pub(crate) const TOKENS: [&str; 2] = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"];

/// What the environment says, read once.
#[derive(Clone, Default)]
pub struct Env {
    vars: HashMap<String, String>,
    /// Never among `vars`. With the variable it comes from.
    token: Option<(&'static str, Token)>,
}

impl Env {
    /// The environment of this process.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads it"
    )]
    pub fn read() -> Self {
        const NAMES: [&str; 25] = [
            "APPDATA",
            "DISABLE_TELEMETRY",
            "DISPLAY",
            "DO_NOT_TRACK",
            "HF_ENDPOINT",
            "HF_HOME",
            "HF_HUB_CACHE",
            "HF_HUB_DISABLE_SHARED_BLOBS",
            "HF_HUB_DISABLE_TELEMETRY",
            "HF_HUB_DISABLE_IMPLICIT_TOKEN",
            "HF_HUB_DISABLE_SYMLINKS",
            "HF_HUB_DISABLE_XET",
            "HF_HUB_OFFLINE",
            "HF_HUB_USER_AGENT_ORIGIN",
            "HF_TOKEN_PATH",
            "HF_XET_CACHE",
            "HOME",
            "HUBDESK_OAUTH_CLIENT_ID",
            "HUGGINGFACE_HUB_CACHE",
            "LOCALAPPDATA",
            "TRANSFORMERS_OFFLINE",
            "USERPROFILE",
            "WAYLAND_DISPLAY",
            "XDG_CACHE_HOME",
            "XDG_CONFIG_HOME",
        ];
        let read = |name: &str| std::env::var(name).ok();
        Self::gather(&NAMES, read)
    }

    /// An environment made of `vars`, for tests.
    pub fn of<const N: usize>(vars: [(&str, &str); N]) -> Self {
        let read = |name: &str| {
            let var = vars.iter().find(|(given, _)| *given == name);
            var.map(|(_, value)| (*value).to_owned())
        };
        Self::gather(&vars.map(|(name, _)| name), read)
    }

    fn gather(names: &[&str], read: impl Fn(&str) -> Option<String>) -> Self {
        let vars = names.iter().filter(|name| !TOKENS.contains(name));
        Self {
            vars: vars
                .filter_map(|name| Some(((*name).to_owned(), read(name)?)))
                .collect(),
            token: TOKENS
                .iter()
                .find_map(|name| Some((*name, Token::new(&read(name)?)?))),
        }
    }

    /// The Hub's address, when one is set; it may be empty.
    pub fn endpoint(&self) -> Option<&str> {
        self.get("HF_ENDPOINT")
    }

    /// Nothing may be asked of the Hub. The second variable counts only where the first is not set.
    pub fn is_offline(&self) -> bool {
        match self.get("HF_HUB_OFFLINE") {
            Some(value) if !value.is_empty() => self.is_true("HF_HUB_OFFLINE"),
            _ => self.is_true("TRANSFORMERS_OFFLINE"),
        }
    }

    /// The cache folder. A variable that is set but empty counts as set, as in the official client.
    pub fn cache_dir(&self) -> PathBuf {
        match self
            .get("HF_HUB_CACHE")
            .or_else(|| self.get("HUGGINGFACE_HUB_CACHE"))
        {
            Some(path) => self.expand(path),
            None => self.hf_home().join("hub"),
        }
    }

    /// Whether snapshots may hold links instead of files, and blobs be shared by repositories: by
    /// the official client's variables. Without the chunk store nothing is shared either.
    pub fn links(&self) -> LinkSupport {
        if self.is_true("HF_HUB_DISABLE_SYMLINKS") {
            LinkSupport::Never
        } else if self.is_true("HF_HUB_DISABLE_SHARED_BLOBS") || self.is_true("HF_HUB_DISABLE_XET")
        {
            LinkSupport::Own
        } else {
            LinkSupport::Probe
        }
    }

    /// Where the chunk store's client keeps what it remembers; `None` where it is not to be used.
    pub(crate) fn xet_cache(&self) -> Option<PathBuf> {
        if self.is_true("HF_HUB_DISABLE_XET") {
            return None;
        }
        Some(match self.get("HF_XET_CACHE") {
            Some(path) => self.expand(path),
            None => self.hf_home().join("xet"),
        })
    }

    /// No token is to be sent that was not asked for.
    pub fn is_without_implicit_token(&self) -> bool {
        self.is_true("HF_HUB_DISABLE_IMPLICIT_TOKEN")
    }

    /// The variable that holds a token, by which the command-line tools go whatever is in their
    /// files.
    pub fn token_variable(&self) -> Option<&'static str> {
        self.token.as_ref().map(|(name, _)| *name)
    }

    /// The token of the environment, for who has consented to its use.
    pub fn token_of_environment(&self) -> Option<Token> {
        self.token.as_ref().map(|(_, token)| token.clone())
    }

    /// The token of the command-line tools' file, for who has consented to its use.
    pub fn token_of_file(&self) -> Option<Token> {
        let text = hubdesk_disk::read_if_there(&self.token_path()).ok()??;
        Token::new(std::str::from_utf8(&text).ok()?)
    }

    /// Where the command-line tools have their active token.
    pub fn token_path(&self) -> PathBuf {
        match self.get("HF_TOKEN_PATH") {
            Some(path) => self.expand(path),
            None => self.hf_home().join("token"),
        }
    }

    /// Where the command-line tools have all their tokens: beside the active one.
    pub fn stored_tokens_path(&self) -> PathBuf {
        self.token_path().with_file_name("stored_tokens")
    }

    /// Another client id for signing in than the one built in; it is good for any Hub.
    pub fn oauth_client_id(&self) -> Option<&str> {
        self.get("HUBDESK_OAUTH_CLIENT_ID")
            .map(str::trim)
            .filter(|id| !id.is_empty())
    }

    /// What git has to find its settings by.
    pub fn for_git(&self) -> Vec<(&'static str, PathBuf)> {
        let settings = match self.get("XDG_CONFIG_HOME") {
            Some(path) if !path.is_empty() => PathBuf::from(path),
            _ => self.home().join(".config"),
        };
        vec![("HOME", self.home()), ("XDG_CONFIG_HOME", settings)]
    }

    /// How the network is used: whether at all, and what the program says about itself.
    pub fn profile(&self) -> Profile {
        const SWITCHES: [&str; 3] = [
            "HF_HUB_DISABLE_TELEMETRY",
            "DISABLE_TELEMETRY",
            "DO_NOT_TRACK",
        ];
        let is_detailed = !SWITCHES.iter().any(|name| self.is_true(name));
        Profile {
            is_offline: self.is_offline(),
            ..Profile::introduced(is_detailed, self.get("HF_HUB_USER_AGENT_ORIGIN"))
        }
    }

    /// Where settings are kept.
    pub fn config_dir(&self) -> PathBuf {
        let base = if cfg!(windows) {
            self.get("APPDATA").map(PathBuf::from)
        } else if cfg!(target_os = "macos") {
            Some(self.home().join("Library/Application Support"))
        } else {
            // An empty or relative value is to be ignored (XDG base directory specification).
            self.get("XDG_CONFIG_HOME")
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        base.unwrap_or_else(|| self.home().join(".config"))
            .join("hubdesk")
    }

    /// Where what can be asked for again is kept; `None` where nobody says which place that is.
    pub(crate) fn own_cache_dir(&self) -> Option<PathBuf> {
        let home = |below: &str| Some(PathBuf::from(self.get("HOME")?).join(below));
        let base = if cfg!(windows) {
            self.get("LOCALAPPDATA").map(PathBuf::from)
        } else if cfg!(target_os = "macos") {
            home("Library/Caches")
        } else {
            let set = self.get("XDG_CACHE_HOME").map(PathBuf::from);
            set.filter(|path| path.is_absolute())
                .or_else(|| home(".cache"))
        };
        base.filter(|path| path.is_absolute())
            .map(|path| path.join("hubdesk"))
    }

    /// A window can be opened: always true where that is not a matter of the environment.
    pub fn has_display(&self) -> bool {
        let is_set = |name| self.get(name).is_some_and(|value| !value.is_empty());
        !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
    }

    fn hf_home(&self) -> PathBuf {
        match (self.get("HF_HOME"), self.get("XDG_CACHE_HOME")) {
            (Some(path), _) => self.expand(path),
            (None, Some(cache)) => Path::new(cache).join("huggingface"),
            (None, None) => self.home().join(".cache/huggingface"),
        }
    }

    fn home(&self) -> PathBuf {
        let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        PathBuf::from(self.get(name).unwrap_or("."))
    }

    /// `~` and `$VAR`, as Python's `expanduser` and `expandvars`; an unknown variable stays.
    fn expand(&self, path: &str) -> PathBuf {
        let rest = path
            .strip_prefix('~')
            .filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let path = match rest {
            Some(rest) => format!("{}{rest}", self.home().display()),
            None => path.to_owned(),
        };
        let mut parts = path.split('$');
        let mut expanded = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let end = part.find(|c| !is_name(c)).unwrap_or(part.len());
            match self.get(&part[..end]) {
                Some(value) => expanded.push_str(value),
                None => {
                    expanded.push('$');
                    expanded.push_str(&part[..end]);
                }
            }
            expanded.push_str(&part[end..]);
        }
        PathBuf::from(expanded)
    }

    fn is_true(&self, name: &str) -> bool {
        let value = self.get(name).unwrap_or_default().to_ascii_uppercase();
        matches!(value.as_str(), "1" | "ON" | "YES" | "TRUE")
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.vars.get(name).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_is_where_the_official_client_looks() {
        for (env, path) in [
            (Env::of([("HOME", "/h")]), "/h/.cache/huggingface/hub"),
            (
                Env::of([("HOME", "/h"), ("XDG_CACHE_HOME", "/x")]),
                "/x/huggingface/hub",
            ),
            (
                Env::of([("XDG_CACHE_HOME", "/x"), ("HF_HOME", "/hf")]),
                "/hf/hub",
            ),
            (
                Env::of([("HF_HOME", "/hf"), ("HUGGINGFACE_HUB_CACHE", "/old")]),
                "/old",
            ),
            (
                Env::of([("HUGGINGFACE_HUB_CACHE", "/old"), ("HF_HUB_CACHE", "/new")]),
                "/new",
            ),
            (Env::of([("HOME", "/h"), ("HF_HUB_CACHE", "~/c")]), "/h/c"),
            (
                Env::of([("HOME", "/h"), ("HF_HUB_CACHE", "$HOME/c/$NOPE")]),
                "/h/c/$NOPE",
            ),
            (Env::of([("HF_HOME", "")]), "hub"),
        ] {
            assert_eq!(env.cache_dir(), Path::new(path));
        }
    }

    #[test]
    fn the_chunk_store_is_used_as_the_official_client_would() {
        for (env, path) in [
            (Env::of([("HF_HOME", "/hf")]), Some("/hf/xet")),
            (
                Env::of([("HOME", "/h"), ("HF_XET_CACHE", "~/x")]),
                Some("/h/x"),
            ),
            (
                Env::of([("HF_HOME", "/hf"), ("HF_HUB_DISABLE_XET", "1")]),
                None,
            ),
        ] {
            assert_eq!(env.xet_cache().as_deref(), path.map(Path::new));
        }
    }

    #[test]
    fn blobs_are_shared_unless_a_variable_says_otherwise() {
        for (env, links) in [
            (Env::of([]), LinkSupport::Probe),
            (
                Env::of([("HF_HUB_DISABLE_SHARED_BLOBS", "1")]),
                LinkSupport::Own,
            ),
            (Env::of([("HF_HUB_DISABLE_XET", "ON")]), LinkSupport::Own),
            (
                Env::of([
                    ("HF_HUB_DISABLE_SYMLINKS", "1"),
                    ("HF_HUB_DISABLE_XET", "1"),
                ]),
                LinkSupport::Never,
            ),
            (
                Env::of([("HF_HUB_DISABLE_SHARED_BLOBS", "y")]),
                LinkSupport::Probe,
            ),
        ] {
            assert_eq!(env.links(), links);
        }
    }

    #[test]
    fn only_the_four_words_are_true() {
        for (value, expected) in [
            ("1", true),
            ("on", true),
            ("Yes", true),
            ("TRUE", true),
            ("y", false),
            ("", false),
        ] {
            let env = Env::of([("HF_HUB_OFFLINE", value)]);
            assert_eq!(env.is_offline(), expected, "{value}");
        }
    }

    #[test]
    fn the_other_offline_counts_only_where_the_first_is_not_set() {
        let is_offline = |first: &str| {
            Env::of([("HF_HUB_OFFLINE", first), ("TRANSFORMERS_OFFLINE", "1")]).is_offline()
        };
        assert!(is_offline(""));
        assert!(!is_offline("0"));
    }

    #[test]
    fn an_origin_is_added_to_the_user_agent_if_a_header_can_carry_it() {
        let agent = |origin| {
            Env::of([("HF_HUB_USER_AGENT_ORIGIN", origin)])
                .profile()
                .user_agent
        };
        let plain = Profile::default().user_agent;
        assert_eq!(agent("a b"), format!("{plain}; origin/a b"));
        assert_eq!(agent("a\nb"), plain);
    }

    #[test]
    fn who_switches_telemetry_off_is_told_no_more_than_the_application() {
        for name in [
            "HF_HUB_DISABLE_TELEMETRY",
            "DISABLE_TELEMETRY",
            "DO_NOT_TRACK",
        ] {
            let agent = |value| Env::of([(name, value)]).profile().user_agent;
            assert!(!agent("1").contains(';'), "{name}");
            assert_eq!(agent("0"), Profile::default().user_agent, "{name}");
        }
    }

    #[test]
    fn a_token_is_no_part_of_a_path() {
        let env = Env::of([("HF_TOKEN", "hf_a"), ("HF_HUB_CACHE", "/x/$HF_TOKEN")]);
        assert_eq!(env.cache_dir(), Path::new("/x/$HF_TOKEN"));
    }

    #[test]
    fn a_token_is_known_by_its_variable_and_an_empty_one_is_none() {
        let variable = |vars: [(&str, &str); 2]| Env::of(vars).token_variable();
        let (first, second) = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");
        assert_eq!(variable([(first, "a"), (second, "b")]), Some(first));
        assert_eq!(variable([(first, " "), (second, "b")]), Some(second));
        assert_eq!(variable([(first, ""), (second, "")]), None);
    }

    #[test]
    fn the_tools_have_all_their_tokens_beside_the_active_one() {
        let env = Env::of([("HF_HOME", "/hf"), ("HF_TOKEN_PATH", "/elsewhere/t")]);
        assert_eq!(
            env.stored_tokens_path(),
            Path::new("/elsewhere/stored_tokens")
        );
        let env = Env::of([("HF_HOME", "/hf")]);
        assert_eq!(env.token_path(), Path::new("/hf/token"));
    }
}
