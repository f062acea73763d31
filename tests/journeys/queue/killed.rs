//! The program is killed, and started again.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use hubdesk_tests::binary;

use super::*;

/// The program as a process of its own, which a browser would use.
struct Program {
    process: Child,
    url: String,
    client: reqwest::Client,
}

impl Program {
    fn start(world: &World) -> Self {
        let cli = world.cli();
        let mut command = Command::new(binary("hubdesk-devserver"));
        command
            .env_clear()
            .envs(
                cli.get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .args(["--key", "k", "--ui"])
            .arg(world.home())
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

    async fn call(&self, command: &str, request: Value) -> Value {
        let url = format!("{}/rpc/{command}", self.url);
        let sent = self
            .client
            .post(url)
            .header("x-hubdesk-key", "k")
            .json(&request);
        let answer = sent.send().await.unwrap().error_for_status().unwrap();
        answer.json::<Value>().await.unwrap()["answer"].clone()
    }

    /// What the first event says of the only transfer.
    async fn transfer(&self) -> Value {
        let url = format!("{}/events?key=k", self.url);
        let mut body = self.client.get(url).send().await.unwrap();
        let mut text = String::new();
        while !text.contains("\n\n") {
            text += &String::from_utf8_lossy(&body.chunk().await.unwrap().unwrap());
        }
        let event = text.strip_prefix("data: ").unwrap().trim();
        let event: Value = serde_json::from_str(event).unwrap();
        event["board"]["transfers"][0].clone()
    }

    async fn until(&self, is_so: impl Fn(&Value) -> bool) -> Value {
        let wait = async {
            loop {
                let transfer = self.transfer().await;
                if is_so(&transfer) {
                    return transfer;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(hubdesk_tests::PATIENCE, wait)
            .await
            .unwrap()
    }

    /// Nothing of it is told: this is a power cut, as far as a program can be cut.
    fn kill(&mut self) {
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

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_program_goes_on_by_itself_and_fetches_little_twice() {
    const KILLS: u64 = 3;
    let world = slow_world().await;
    let mut program = Program::start(&world);
    program.call("open_hub", json!({ "endpoint": null })).await;
    program
        .call("start_download", download_of("org/m", None))
        .await;
    for kill in 1..=KILLS {
        let enough = kill * (2 << 20);
        program
            .until(|transfer| transfer["bytesDone"].as_u64() > Some(enough))
            .await;
        program.kill();
        program = Program::start(&world);
    }
    let done = program.until(is("done")).await;
    assert_eq!(done["bytesDone"], SIZE);
    let sent = world.hub.log().body_bytes_of("w.bin");
    assert!(
        sent < SIZE + KILLS * (8 << 20),
        "{sent} bytes were sent for {SIZE}"
    );
    program.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_transfer_is_paused_after_a_kill() {
    let world = slow_world().await;
    let mut program = Program::start(&world);
    program.call("open_hub", json!({ "endpoint": null })).await;
    let id = program
        .call("start_download", download_of("org/m", None))
        .await;
    program.until(has_some).await;
    program.call("pause_transfer", json!({ "id": id })).await;
    program.kill();
    let mut program = Program::start(&world);
    let paused = program.until(|transfer| transfer["id"] == id).await;
    assert_eq!(paused["state"], "paused", "{paused:#}");
    program.call("resume_transfer", json!({ "id": id })).await;
    program.until(is("done")).await;
    program.kill();
}
