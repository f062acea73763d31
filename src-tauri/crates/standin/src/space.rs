//! The state of a Space that runs, or does as if.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use hubdesk_core::date;
use serde_json::{Value, json};

use crate::live::LogBook;

/// What the Hub says of the sleep of Spaces that cost nothing: 48 hours.
const FREE_SLEEP: i64 = 172_800;

/// One Space. It moves on when it is looked at: each look shows a stage, and the next look the
/// following one, so that a test sees every stage and waits for none.
#[derive(Clone)]
pub(crate) struct Space {
    pub(crate) stage: String,
    ahead: VecDeque<&'static str>,
    current: Option<String>,
    requested: String,
    sleep: Option<i64>,
    host: String,
    pub(crate) secrets: Settings,
    pub(crate) variables: Settings,
    pub(crate) build_log: Arc<LogBook>,
    pub(crate) run_log: Arc<LogBook>,
}

/// Secrets or variables by name.
pub(crate) type Settings = BTreeMap<String, Setting>;

/// A secret or a variable.
#[derive(Clone)]
pub(crate) struct Setting {
    /// `None` for a secret: nobody ever asks for it.
    pub(crate) value: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) updated: u64,
}

impl Space {
    /// A Space called `name` as a seed describes its runtime, built at `date`.
    pub(crate) fn new(name: &str, runtime: Option<&Value>, date: u64) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let described = runtime.unwrap_or(&Value::Null);
        let current = text(&described["hardware"]["current"]);
        let current = current.unwrap_or_else(|| "cpu-basic".to_owned());
        let space = Self {
            stage: text(&described["stage"]).unwrap_or_else(|| "RUNNING".to_owned()),
            ahead: VecDeque::new(),
            requested: text(&described["hardware"]["requested"]).unwrap_or(current.clone()),
            current: Some(current),
            sleep: described["gcTimeout"].as_i64().or(Some(FREE_SLEEP)),
            host: name.replace(['/', '.', '_'], "-").to_lowercase(),
            secrets: BTreeMap::new(),
            variables: BTreeMap::new(),
            build_log: Arc::default(),
            run_log: Arc::default(),
        };
        space.write_build(date);
        space.write_start(date);
        space.write_ready(date);
        space
    }

    /// One that was just made: it gets ready, on a machine that costs nothing.
    pub(crate) fn made(name: &str, now: u64) -> Self {
        let mut space = Self::new(name, None, now);
        space.current = None;
        space.run_log.clear();
        space.restart(false, now);
        space
    }

    /// A copy of it, just made, with its variables. Nobody else's secrets come along, nor does the
    /// machine somebody else pays.
    pub(crate) fn copy_as(&self, name: &str, now: u64) -> Self {
        Self {
            variables: self.variables.clone(),
            ..Self::made(name, now)
        }
    }

    /// Starts it, from its container or from nothing. Unverified: through which stages it goes.
    pub(crate) fn restart(&mut self, is_factory: bool, now: u64) {
        self.ahead = VecDeque::from(["APP_STARTING", "RUNNING"]);
        if is_factory {
            self.ahead.push_front("BUILDING");
        }
        self.stage = "BUILDING".to_owned();
        self.write_build(now);
    }

    pub(crate) fn pause(&mut self) {
        self.ahead.clear();
        self.stage = "PAUSED".to_owned();
    }

    /// Asks for another machine. Unverified: that it starts, whatever it did before.
    pub(crate) fn request(&mut self, flavour: &str, sleep: Option<i64>, now: u64) {
        flavour.clone_into(&mut self.requested);
        self.set_sleep(
            sleep
                .or((!self.is_free()).then_some(-1))
                .unwrap_or(FREE_SLEEP),
        );
        self.restart(false, now);
    }

    /// Unverified: what is asked of a free machine is ignored.
    pub(crate) fn set_sleep(&mut self, seconds: i64) {
        self.sleep = Some(if self.is_free() { FREE_SLEEP } else { seconds });
    }

    fn is_free(&self) -> bool {
        self.requested == "cpu-basic"
    }

    /// Goes on to the next stage, if one is ahead.
    pub(crate) fn advance(&mut self, now: u64) {
        let Some(next) = self.ahead.pop_front() else {
            return;
        };
        next.clone_into(&mut self.stage);
        match next {
            "APP_STARTING" => self.write_start(now),
            "RUNNING" => {
                self.current = Some(self.requested.clone());
                self.write_ready(now);
            }
            _ => {}
        }
    }

    pub(crate) fn is_moving(&self) -> bool {
        !self.ahead.is_empty()
    }

    /// Whether it may still write something.
    pub(crate) fn is_alive(&self) -> bool {
        self.is_moving() || self.stage.starts_with("RUNNING")
    }

    pub(crate) fn runtime(&self) -> Value {
        let running = u64::from(self.stage.starts_with("RUNNING"));
        json!({
            "stage": self.stage,
            "hardware": {"current": self.current, "requested": self.requested},
            "gcTimeout": self.sleep,
            "storage": Value::Null,
            "devMode": false,
            "replicas": {"current": running, "requested": 1},
            "domains": [{
                "domain": format!("{}.spaces.invalid", self.host),
                "stage": "READY",
                "isCustom": false,
            }],
        })
    }

    fn write_build(&self, date: u64) {
        self.build_log.clear();
        for line in [
            "===== Build =====",
            "Installing what is required",
            "Pushing the image",
        ] {
            self.build_log.write(line, date);
        }
    }

    fn write_start(&self, date: u64) {
        self.run_log.clear();
        self.run_log.write("===== Application Startup =====", date);
    }

    fn write_ready(&self, date: u64) {
        self.run_log
            .write("Running on local URL:  http://0.0.0.0:7860", date);
    }
}

impl Setting {
    pub(crate) fn shown(&self, key: &str) -> Value {
        let mut shown = json!({ "key": key, "updatedAt": date::iso(self.updated) });
        for (name, text) in [("value", &self.value), ("description", &self.description)] {
            if let Some(text) = text {
                shown[name] = json!(text);
            }
        }
        shown
    }
}
