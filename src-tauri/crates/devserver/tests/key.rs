//! Nobody without the key, and nobody under another name.

#![expect(
    clippy::unwrap_used,
    reason = "a test that does not get what it needs has failed"
)]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

struct Server {
    child: Child,
    base: String,
    key: String,
    _home: tempfile::TempDir,
}

impl Server {
    fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("index.html"), "<!doctype html>the page").unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_hubdesk-devserver"))
            .arg("--ui")
            .arg(home.path())
            .env_clear()
            .env("HOME", home.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        let (base, key) = line["url"].as_str().unwrap().split_once("/?key=").unwrap();
        Self {
            child,
            base: base.to_owned(),
            key: key.to_owned(),
            _home: home,
        }
    }

    fn client() -> reqwest::Client {
        reqwest::Client::builder().no_proxy().build().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[tokio::test]
async fn only_who_knows_the_key_may_call() {
    let server = Server::start();
    let call = |key: &str| {
        let url = format!("{}/rpc/session", server.base);
        Server::client()
            .post(url)
            .header("x-hubdesk-key", key)
            .json(&())
            .send()
    };
    assert_eq!(call("").await.unwrap().status(), 403);
    assert_eq!(call("0").await.unwrap().status(), 403);
    let unread = Server::client()
        .post(format!("{}/rpc/session", server.base))
        .body("not JSON");
    assert_eq!(unread.send().await.unwrap().status(), 403, "it was read");
    let answer: serde_json::Value = call(&server.key).await.unwrap().json().await.unwrap();
    assert_eq!(answer["answer"]["stage"], "welcome");
    for path in ["events", "opened"] {
        let get = |key: &str| {
            Server::client()
                .get(format!("{}/{path}?key={key}", server.base))
                .send()
        };
        assert_eq!(get("0").await.unwrap().status(), 403, "{path}");
        assert_eq!(get(&server.key).await.unwrap().status(), 200, "{path}");
    }
}

#[tokio::test]
async fn a_name_of_the_web_that_leads_here_gets_nothing() {
    let server = Server::start();
    let get = Server::client()
        .get(&server.base)
        .header("host", "evil.example")
        .send();
    assert_eq!(get.await.unwrap().status(), 421);
}

#[tokio::test]
async fn every_path_of_the_window_is_the_one_page_under_the_windows_rules() {
    let server = Server::start();
    let page = Server::client()
        .get(format!("{}/models/a/b", server.base))
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 200);
    let csp = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        csp.starts_with("default-src 'none'; script-src 'self'"),
        "{csp}"
    );
    assert!(page.text().await.unwrap().contains("the page"));
}
