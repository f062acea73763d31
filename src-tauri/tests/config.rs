//! The window's rights, as they are shipped.

#![expect(
    clippy::unwrap_used,
    reason = "a test that does not get what it needs has failed"
)]

use serde_json::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_page_may_load_and_connect_to_nothing_outside() {
    let config = json(include_str!("../tauri.conf.json"));
    let csp = config["app"]["security"]["csp"].as_str().unwrap();
    assert!(csp.starts_with("default-src 'none';"), "{csp}");
    for danger in [
        "unsafe-inline",
        "unsafe-eval",
        "https:",
        "*",
        "blob:",
        "wss:",
        "ws:",
    ] {
        assert!(!csp.contains(danger), "{danger} in {csp}");
    }
    for part in csp.split(';').map(str::trim) {
        if let Some(connect) = part.strip_prefix("connect-src ") {
            assert_eq!(
                connect, "ipc: http://ipc.localhost",
                "only the way to the program itself"
            );
        }
    }
    assert_eq!(config["app"]["withGlobalTauri"], false);
}

#[test]
fn the_window_may_call_the_two_doors_and_nothing_of_the_system() {
    let capability = json(include_str!("../capabilities/main.json"));
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
    assert_eq!(
        capability["permissions"],
        serde_json::json!(["allow-rpc", "allow-subscribe"])
    );
    assert!(
        capability.get("remote").is_none(),
        "no page from elsewhere has rights"
    );
}
