use super::*;

fn action(json: Value) -> Action {
    serde_json::from_value(json).unwrap()
}

#[test]
fn parts_must_make_up_the_file() {
    let of = |names: &[&str]| {
        let header: BTreeMap<_, _> = names.iter().map(|name| (*name, *name)).collect();
        action(serde_json::json!({"href": "h", "header": header}))
    };
    let good = of(&["00002", "00001", "00010", "00003", "chunk_size"]);
    assert!(good.parts(31, 10).is_err(), "10 is not the fourth");
    let good = of(&["00002", "00001", "4", "00003", "chunk_size"]);
    assert_eq!(
        good.parts(31, 10).unwrap(),
        ["00001", "00002", "00003", "4"]
    );
    assert!(good.parts(30, 10).is_err(), "one too many");
    assert!(good.parts(41, 10).is_err(), "one too few");
    assert!(good.parts(31, 0).is_err());
}

#[test]
fn the_chunk_stores_token_is_read_from_the_headers() {
    let with = |store: &str| {
        let header = serde_json::json!({
            "X-Xet-Cas-Url": store, "X-Xet-Access-Token": "xet", "X-Xet-Token-Expiration": "9",
        });
        action(serde_json::json!({"href": "h", "header": header})).xet_token()
    };
    assert_eq!(with("https://cas.example").unwrap().expires, 9);
    assert!(with("http://cas.example").is_none());
}
