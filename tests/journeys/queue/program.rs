//! The program as a process of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use hubdesk_tests::binary;

use super::*;

/// The program as a process of its own, which a browser would use.
pub(crate) struct Program {
    process: Child,
    url: String,
    client: reqwest::Client,
}

impl Program {
    pub(crate) fn start(world: &World) -> Self {
        let mut command = Command::new(binary("hubdesk-devserver"));
        args(&mut command, world);
        Self::spawn(command, world, &[])
    }

    /// The same for a person who chooses `folder` when asked for one.
    pub(crate) fn start_with_folder(world: &World, folder: &Path) -> Self {
        let mut command = Command::new(binary("hubdesk-devserver"));
        args(&mut command, world);
        command.arg("--folder").arg(folder);
        Self::spawn(command, world, &[])
    }

    /// The same in a mount namespace of its own, in which `script` has mounted something.
    #[cfg(target_os = "linux")]
    pub(super) fn start_in(world: &World, script: &str, vars: &[(&str, &str)]) -> Self {
        let mut program = Command::new("unshare");
        let script = format!("{script} && exec \"$0\" \"$@\"");
        program
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
            .arg(binary("hubdesk-devserver"));
        args(&mut program, world);
        let path = ("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        Self::spawn(program, world, &[vars, &[path]].concat())
    }

    /// Runs a command in the namespace of this one.
    #[cfg(target_os = "linux")]
    pub(super) fn inside(&self, script: &str) {
        let target = self.process.id().to_string();
        let done = Command::new("nsenter")
            .args(["--target", &target, "--user", "--mount"])
            .args(["--preserve-credentials", "sh", "-c", script])
            .status();
        assert!(done.unwrap().success(), "{script}");
    }

    fn spawn(mut command: Command, world: &World, vars: &[(&str, &str)]) -> Self {
        let cli = world.cli();
        let own = cli
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?)));
        command
            .env_clear()
            .envs(own)
            .envs(vars.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        let said = process.stdout.take().unwrap();
        BufReader::new(said).read_line(&mut line).unwrap();
        let line: Value = serde_json::from_str(&line).unwrap();
        let url = line["url"].as_str().unwrap();
        let url = url.split_once("/?").unwrap().0.to_owned();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self {
            process,
            url,
            client,
        }
    }

    pub(crate) async fn call(&self, command: &str, request: Value) -> Value {
        self.try_call(command, request).await.unwrap()
    }

    pub(super) async fn try_call(&self, command: &str, request: Value) -> Result<Value, Value> {
        let url = format!("{}/rpc/{command}", self.url);
        let sent = self
            .client
            .post(url)
            .header("x-hubdesk-key", "k")
            .json(&request);
        let answer = sent.send().await.unwrap();
        let is_done = answer.status().is_success();
        let said = answer.json::<Value>().await.unwrap();
        match is_done {
            true => Ok(said["answer"].clone()),
            false => Err(said),
        }
    }

    /// What the first event says.
    pub(crate) async fn board(&self) -> Value {
        let url = format!("{}/events?key=k", self.url);
        let mut body = self.client.get(url).send().await.unwrap();
        let mut text = String::new();
        while !text.contains("\n\n") {
            text += &String::from_utf8_lossy(&body.chunk().await.unwrap().unwrap());
        }
        let event = text.strip_prefix("data: ").unwrap().trim();
        let event: Value = serde_json::from_str(event).unwrap();
        event["board"].clone()
    }

    /// Waits until the only transfer is so.
    pub(crate) async fn until(&self, is_so: impl Fn(&Value) -> bool) -> Value {
        let board = self
            .until_board(|board| is_so(&board["transfers"][0]))
            .await;
        board["transfers"][0].clone()
    }

    pub(crate) async fn until_board(&self, is_so: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        let wait = async {
            loop {
                last = self.board().await;
                if is_so(&last) {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(hubdesk_tests::PATIENCE, wait).await;
        assert!(waited.is_ok(), "it stays at {last:#}");
        last
    }

    /// Nothing of it is told: this is a power cut, as far as a program can be cut.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn args(command: &mut Command, world: &World) {
    command.args(["--key", "k", "--ui"]).arg(world.home());
}
