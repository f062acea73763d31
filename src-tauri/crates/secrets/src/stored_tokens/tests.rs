use hubdesk_core::Token;
use proptest::prelude::*;

use super::*;

/// Written by `huggingface_hub` 2.4.0: six sections saved by its own functions, two unknown keys
/// in one of them, one with two lines.
const GOLDEN: &str = include_str!("../../tests/golden/stored_tokens");

fn stored(token: &str) -> Stored {
    Stored {
        token: Token::new(token).unwrap(),
        refresh_token: None,
        expires_at: None,
    }
}

fn names(text: &str) -> Option<Vec<String>> {
    let tokens = StoredTokens::parse(text)?;
    Some(tokens.names().map(str::to_owned).collect())
}

fn token(text: &str, name: &str) -> Option<String> {
    let tokens = StoredTokens::parse(text)?;
    Some(tokens.get(name)?.token.expose().to_owned())
}

#[test]
fn a_file_of_the_official_client_is_read_whole() {
    let tokens = StoredTokens::parse(GOLDEN).unwrap();
    let names: Vec<&str> = tokens.names().collect();
    assert_eq!(
        names,
        [
            "% of: it; #1",
            "Käse 日本",
            "Zed",
            "my laptop",
            "my tok = [x]",
            "oauth-alice"
        ]
    );
    assert_eq!(tokens.get("my laptop"), Some(stored("hf_laptop")));
    assert_eq!(tokens.get("% of: it; #1"), Some(stored("hf_50%")));
    assert_eq!(
        tokens.get("oauth-alice"),
        Some(Stored {
            token: Token::new("hf_oauth_access").unwrap(),
            refresh_token: Token::new("hf_oauth_refresh"),
            expires_at: Some(1_797_748_734),
        })
    );
    assert_eq!(tokens.get("nobody"), None);
}

#[test]
fn a_file_of_the_official_client_is_written_back_byte_for_byte() {
    let tokens = StoredTokens::parse(GOLDEN).unwrap();
    assert_eq!(*tokens.to_text(), GOLDEN);
}

#[test]
fn a_new_sign_in_is_written_as_the_official_client_writes_it() {
    let mut tokens = StoredTokens::default();
    tokens.insert("b", &stored("hf_b"));
    let renewable = Stored {
        refresh_token: Token::new("hf_r"),
        expires_at: Some(7),
        ..stored("hf_a")
    };
    tokens.insert("a", &renewable);
    assert_eq!(
        *tokens.to_text(),
        "[a]\nhf_token = hf_a\nrefresh_token = hf_r\nexpires_at = 7\n\n[b]\nhf_token = hf_b\n\n"
    );
}

#[test]
fn what_is_stored_under_a_name_replaces_all_that_was_there_and_nothing_else() {
    let mut tokens = StoredTokens::parse(GOLDEN).unwrap();
    tokens.insert("oauth-alice", &stored("hf_new"));
    assert_eq!(tokens.get("oauth-alice"), Some(stored("hf_new")));
    assert!(!tokens.to_text().contains("note"));
    assert!(tokens.remove("oauth-alice") && !tokens.remove("oauth-alice"));
    assert_eq!(*tokens.to_text(), GOLDEN[..GOLDEN.find("[oauth").unwrap()]);
}

#[test]
fn sections_and_keys_are_read_by_the_rules_of_configparser() {
    let all_forms = "# comment\n[a]\n ; comment\nHF_Token : hf_a\r[b] rest\r\nhf_token=hf_b";
    assert_eq!(token(all_forms, "a").unwrap(), "hf_a");
    assert_eq!(token(all_forms, "b").unwrap(), "hf_b");
    assert_eq!(names("  [ a ]b]\n").unwrap(), [" a ]b"]);
    assert_eq!(names("").unwrap(), [""; 0]);
    assert_eq!(token("[a]\nhf_token = \n  hf_x\n", "a").unwrap(), "hf_x");
    assert_eq!(token("[a]\nhf_token =\n", "a"), None);
    assert_eq!(names("[a]\n").unwrap(), ["a"], "a section without a token");
}

#[test]
fn keys_of_the_default_section_are_every_sections() {
    let text = "[DEFAULT]\nhf_token = hf_d\nx = 1\n[a]\n[b]\nhf_token = hf_b\n[DEFAULT]\ny = 2\n";
    assert_eq!(names(text).unwrap(), ["a", "b"]);
    assert_eq!(token(text, "a").unwrap(), "hf_d");
    assert_eq!(
        *StoredTokens::parse(text).unwrap().to_text(),
        "[a]\nhf_token = hf_d\nx = 1\ny = 2\n\n[b]\nhf_token = hf_b\nx = 1\ny = 2\n\n"
    );
}

#[test]
fn what_the_official_client_cannot_read_cannot_be_read_here() {
    for text in [
        "[a]\n[a]\n",
        "[a]\nx = 1\nX = 2\n",
        "[DEFAULT]\nx = 1\n[a]\n[DEFAULT]\nx = 2\n",
        "x = 1\n",
        "[a]\nno delimiter\n",
        "[a]\n= nothing\n",
        "[]\n",
        "\u{feff}[a]\n",
    ] {
        assert_eq!(StoredTokens::parse(text), None, "{text:?}");
    }
}

#[test]
fn a_default_section_that_would_fill_the_memory_is_not_spread() {
    let value = "v".repeat(LARGEST_FILE / 2);
    let sections: String = (0..LARGEST_FILE / 16).map(|n| format!("[{n}]\n")).collect();
    assert!(StoredTokens::parse(&format!("[DEFAULT]\nk = {value}\n{sections}")).is_none());
    assert!(StoredTokens::parse(&format!("[DEFAULT]\nk = {value}\n[a]\n")).is_some());
}

#[test]
fn names_that_cannot_be_a_section_are_changed() {
    assert_eq!(section_name("my\r\nlaptop\n"), "my  laptop");
    assert_eq!(section_name(" DEFAULT "), "DEFAULT token");
    assert_eq!(section_name("\n"), "token");
    assert_eq!(section_name("[x] = y"), "[x] = y");
}

#[test]
fn a_time_that_is_no_number_is_unknown() {
    let tokens = StoredTokens::parse("[a]\nhf_token = t\nexpires_at = soon\n").unwrap();
    assert_eq!(tokens.get("a"), Some(stored("t")));
}

#[test]
fn no_value_is_ever_printed() {
    let tokens = StoredTokens::parse(GOLDEN).unwrap();
    let printed = format!("{tokens:?} {:?}", tokens.get("oauth-alice"));
    assert!(printed.contains("refresh_token"), "{printed}");
    for secret in ["hf_laptop", "hf_oauth", "50%", "lines", "a b"] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

/// Text with the format's own characters far more often than chance has them.
fn file() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "[ \t]{0,2}\\[[a-b\\]\\[ =#]{0,4}\\]?[a ]{0,2}",
        "[ \t]{0,2}[a-dA-D\\[#; ]{0,3} ?[=:]? ?[a-b%#;\\]= ]{0,3}",
        "[ \t\x0b\x1c\u{85}\u{2028}]{0,3}[a;#]{0,1}",
        "\\[DEFAULT\\]",
        ".{0,8}",
    ];
    let end = prop_oneof![4 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\r")];
    proptest::collection::vec((line, end), 0..12)
        .prop_map(|lines| lines.into_iter().flat_map(|(l, e)| [l, e.into()]).collect())
}

proptest! {
    #[test]
    fn what_was_read_is_read_again_from_what_is_written(text in file()) {
        if let Some(tokens) = StoredTokens::parse(&text) {
            let written = tokens.to_text();
            prop_assert_eq!(StoredTokens::parse(&written), Some(tokens), "{:?}", &*written);
        }
    }

    #[test]
    fn any_name_and_token_come_back(name in any::<String>(), token in "[!-~]{1,80}") {
        let mut tokens = StoredTokens::parse(GOLDEN).unwrap();
        let kept = tokens.insert(&name, &stored(&token));
        let read = StoredTokens::parse(&tokens.to_text()).unwrap();
        prop_assert_eq!(read.get(&kept), Some(stored(&token)));
        prop_assert_eq!(read, tokens);
    }

    #[test]
    fn reading_never_panics(text in any::<String>()) {
        let _ = StoredTokens::parse(&text);
    }
}
