use serde_json::json;

use super::*;

const SHA: &str = "0123456789abcdef0123456789abcdef01234567";

fn model(mut json: Value) -> (Common, ModelFacts) {
    json["id"] = json!("a/b");
    json["sha"] = json!(SHA);
    let details = read(RepoKind::Model, &json).unwrap();
    match details.of_kind {
        OfKind::Model(facts) => (details.common, *facts),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_odd_field_hides_no_other() {
    let (common, facts) = model(json!({
        "likes": "many", "author": 7, "tags": [1], "downloads": 5,
        "safetensors": "none", "gguf": "no", "config": null, "transformersInfo": {"x": 1},
        "pipeline_tag": "fill-mask", "inferenceProviderMapping": 3,
    }));
    assert_eq!((common.likes, common.downloads), (None, Some(5)));
    assert_eq!((common.author, common.tags), (None, vec![]));
    assert_eq!(facts.pipeline_tag.as_deref(), Some("fill-mask"));
    assert_eq!((facts.safetensors, facts.gguf), (None, None));
    assert_eq!((facts.transformers_info, facts.providers), (None, vec![]));
}

#[test]
fn providers_come_as_a_map_or_as_a_list() {
    let entry = json!({"provider": "groq", "providerId": "x", "status": "live", "task": "t"});
    let (_, of_list) = model(json!({"inferenceProviderMapping": [entry, {"status": "live"}]}));
    let mut entry = entry;
    entry.as_object_mut().unwrap().remove("provider");
    let (_, of_map) = model(json!({"inferenceProviderMapping": {"groq": entry, "odd": 1}}));
    assert_eq!(of_list.providers, of_map.providers);
    assert_eq!(of_map.providers.len(), 1);
    assert_eq!(of_map.providers[0].provider_id.as_deref(), Some("x"));
}

#[test]
fn what_a_gguf_file_says_is_kept_whole() {
    let (_, facts) =
        model(json!({"gguf": {"total": 3, "architecture": "llama", "eos_token": "e"}}));
    let gguf = facts.gguf.unwrap();
    assert_eq!((gguf.total, gguf.context_length), (Some(3), None));
    assert_eq!(gguf.more["eos_token"], "e");
}

#[test]
fn files_that_cannot_be_read_are_not_taken_for_none() {
    let json = json!({"id": "a/b", "sha": SHA, "siblings": [{"size": 3}]});
    assert!(read(RepoKind::Model, &json).is_err());
    let json = json!({"id": "../b", "sha": SHA});
    assert!(read(RepoKind::Model, &json).is_err());
}
