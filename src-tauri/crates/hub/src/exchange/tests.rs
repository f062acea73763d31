use proptest::prelude::*;

use super::*;

fn shown(url: &str) -> String {
    let token = Token::new("hf_secret");
    redact(
        &Url::parse(url).unwrap(),
        &Endpoint::default(),
        token.as_ref(),
    )
}

fn words(header: Option<&str>, body: &str) -> Option<String> {
    let mut headers = HeaderMap::new();
    if let Some(header) = header {
        headers.insert("x-error-message", header.parse().unwrap());
    }
    let url = Url::parse("https://huggingface.co/api").unwrap();
    let mut exchange = Exchange::new("GET", &url, &Endpoint::default());
    let token = Token::new("hf_secret");
    exchange.explained(&headers, body, token.as_ref(), &Endpoint::default());
    exchange.message
}

#[test]
fn an_address_is_shown_without_its_secrets() {
    for (url, expected) in [
        (
            "https://huggingface.co/api/models?search=x&limit=5",
            "https://huggingface.co/api/models?search=x&limit=5",
        ),
        (
            "https://huggingface.co/f?X-Amz-Signature=abc&expand=true",
            "https://huggingface.co/f?X-Amz-Signature=…&expand=true",
        ),
        (
            "https://cdn.example/f?Expires=1&Signature=abc&bare",
            "https://cdn.example/f?Expires=…&Signature=…&…",
        ),
        ("https://me:pw@cdn.example/f#frag", "https://cdn.example/f"),
        (
            "https://huggingface.co/hf_secret?x=hf_secret",
            "https://huggingface.co/hf_…?x=hf_…",
        ),
    ] {
        assert_eq!(shown(url), expected);
    }
    assert!(shown(&format!("https://cdn.example/{}", "x".repeat(9000))).len() < 2010);
}

#[test]
fn the_words_of_an_error_are_collected_once_each() {
    for (header, body, expected) in [
        (None, r#"{"error":"no"}"#, Some("no")),
        (Some("no"), r#"{"error":"no"}"#, Some("no")),
        (Some("a"), r#"{"error":["b","c"]}"#, Some("a; b; c")),
        (
            None,
            r#"{"error":"x","error_description":"y"}"#,
            Some("x: y"),
        ),
        (None, r#"{"errors":[{"message":"m"}]}"#, Some("m")),
        (
            None,
            r#"{"errors":[{"message":"m"},{}],"warnings":[{"message":"w"}]}"#,
            Some("m; w"),
        ),
        (None, r#"{"error_description":"d"}"#, Some("d")),
        (None, r#"{"error":{"message":"m"}}"#, None),
        (None, "plain\ntext", Some("plain text")),
        (None, "<html>no</html>", None),
        (None, "{}", None),
        (None, "", None),
    ] {
        assert_eq!(
            words(header, body).as_deref(),
            expected,
            "{header:?} {body}"
        );
    }
}

#[test]
fn a_message_is_one_short_line_without_the_token() {
    let message = words(None, "bad \u{1b}[31m\u{202e}hf_secret\r\nend").unwrap();
    assert_eq!(message, "bad [31mhf_… end");
    let long = words(None, &"x".repeat(5000)).unwrap();
    assert_eq!(long.chars().count(), LONGEST_MESSAGE + 1);
}

#[test]
fn the_repository_of_a_refusal_is_one_of_this_hub() {
    let endpoint = Endpoint::parse("http://127.0.0.1:1/hub").unwrap();
    let of = |body: &str| named(body, &endpoint).map(|repo| repo.to_string());
    let page = |page: &str| of(&serde_json::json!({ "error": "x", "url": page }).to_string());
    let expected = RepoId::new(hubdesk_core::RepoKind::Dataset, "a/b").unwrap();
    let at = "http://127.0.0.1:1/hub/datasets/a/b";
    assert_eq!(page(at), Some(expected.to_string()));
    for other in [
        "https://evil.example/a/b",
        "http://127.0.0.1:1/hub/a",
        "x",
        "",
    ] {
        assert_eq!(page(other), None, "{other}");
    }
    assert_eq!(
        (of("{}"), of("no JSON"), of(r#"{"url": 7}"#)),
        (None, None, None)
    );
}

#[test]
fn the_host_is_read_from_the_redacted_address() {
    let url = Url::parse("https://cdn.example:8443?x=1").unwrap();
    let exchange = Exchange::new("GET", &url, &Endpoint::default());
    assert_eq!(exchange.host(), "cdn.example:8443");
}

/// JSON of the forms that errors have, and near misses.
fn body() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        ".{0,30}".prop_map(|text| format!("{text}hf_secret")),
        "[\u{0}-\u{9f}\u{200b}-\u{202e}]{0,20}",
        "x{400,600}",
    ];
    let value = text.prop_map(serde_json::Value::from);
    let list = prop::collection::vec(value.clone(), 0..40).prop_map(serde_json::Value::from);
    let said = value
        .clone()
        .prop_map(|message| serde_json::json!({ "message": message }));
    let said = prop::collection::vec(said, 0..40).prop_map(serde_json::Value::from);
    let key = "error|error_description|errors|warnings|message";
    let entry = (key, prop_oneof![value, list, said]);
    prop_oneof![
        prop::collection::vec(entry, 0..5).prop_map(|entries| {
            serde_json::Value::Object(entries.into_iter().collect()).to_string()
        }),
        any::<String>(),
        r#"[{}\[\]":,a-z]{0,60}"#,
    ]
}

proptest! {
    #[test]
    fn whatever_an_error_says_is_shown_as_one_short_line_without_the_token(body in body()) {
        let message = words(None, &body).unwrap_or_default();
        prop_assert!(message.chars().count() <= LONGEST_MESSAGE + 1);
        prop_assert!(!message.contains("hf_secret"), "{}", message);
        prop_assert!(!message.chars().any(|c| c.is_control() || is_invisible(c)));
    }
}
