use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(header: &Value, data: u64) -> Result<SafetensorsFile, String> {
    parse(header.to_string().as_bytes(), Some(data))
}

fn tensor(dtype: &str, shape: &[u64], start: u64, end: u64) -> Value {
    json!({"dtype": dtype, "shape": shape, "data_offsets": [start, end]})
}

#[test]
fn tensors_come_in_the_order_of_their_data_and_are_counted_by_type() {
    let header = json!({
        "__metadata__": {"format": "pt", "epochs": 3},
        "b": tensor("F32", &[2, 2], 6, 22),
        "a": tensor("BF16", &[3], 0, 6),
        "scalar": tensor("F32", &[], 22, 26),
        "empty": tensor("F32", &[0, 7], 26, 26),
        "future": tensor("Q9", &[10], 30, 31),
    });
    let file = read(&header, 31).unwrap();
    let names: Vec<_> = file.tensors.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "scalar", "empty", "future"]);
    let counts = [("BF16", 3), ("F32", 5), ("Q9", 10)];
    assert_eq!(file.parameters(), BTreeMap::from(counts));
    assert_eq!(file.metadata["epochs"], "3");
}

#[test]
fn a_header_that_contradicts_itself_is_refused() {
    for (header, why) in [
        (
            json!({"a": tensor("U8", &[4], 0, 4), "b": tensor("U8", &[4], 3, 7)}),
            "overlaps",
        ),
        (
            json!({"a": tensor("U8", &[4], 0, 4), "b": tensor("U8", &[4], 0, 4)}),
            "overlaps",
        ),
        (json!({"a": tensor("U8", &[99], 0, 99)}), "ends after"),
        (json!({"a": tensor("U8", &[4], 4, 0)}), "no such size"),
        (json!({"a": tensor("U8", &[5], 0, 4)}), "no such size"),
        (
            json!({"a": tensor("U8", &[1 << 40, 1 << 40], 0, 4)}),
            "no such size",
        ),
        (
            json!({"a": tensor("F64", &[u64::MAX / 8], 0, 4)}),
            "no such size",
        ),
        (
            json!({"a": tensor("Q9", &[1 << 40, 1 << 40], 0, 4)}),
            "no such size",
        ),
        (
            json!({"a": {"dtype": "U8", "shape": [-1], "data_offsets": [0, 1]}}),
            "invalid value",
        ),
        (json!({"a": {"dtype": "U8", "shape": [1]}}), "missing field"),
        (json!([]), "invalid type"),
    ] {
        let error = read(&header, 50).unwrap_err();
        assert!(error.contains(why), "{header}: {error}");
    }
    let twice = r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},
        "a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#;
    assert!(parse(twice.as_bytes(), None).unwrap_err().contains("twice"));
}

#[test]
fn a_header_of_absurd_length_is_not_asked_for() {
    for length in [0, 1, LONGEST_HEADER + 1, u64::MAX] {
        assert!(header_length(&length.to_le_bytes()).is_err(), "{length}");
    }
    assert_eq!(
        header_length(&LONGEST_HEADER.to_le_bytes()),
        Ok(LONGEST_HEADER)
    );
    assert!(header_length(b"short").is_err());
}

proptest! {
    #[test]
    fn no_header_is_too_odd_to_read(
        text in r#"[\[\]{}",:0-9a-z_]{0,40}"#,
        offsets in any::<[u64; 4]>(),
        sides in any::<[u64; 2]>(),
        data in any::<Option<u64>>(),
    ) {
        let _ = parse(text.as_bytes(), data);
        let header = json!({
            "a": tensor("U8", &sides, offsets[0], offsets[1]),
            "b": tensor("?", &sides, offsets[2], offsets[3]),
        });
        if let Ok(file) = parse(header.to_string().as_bytes(), data) {
            let ends = file.tensors.windows(2).all(|two| two[0].offsets.end <= two[1].offsets.start);
            prop_assert!(ends);
            let _ = file.parameters();
        }
    }
}
