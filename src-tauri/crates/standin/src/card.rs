//! What a README's front matter says, and the tags a Hub derives from it.

use axum::http::{StatusCode, header};
use hubdesk_core::RepoKind;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::ask::Ask;
use crate::error::Refusal;

/// The front matter of `readme` as a mapping; `None` when there is none or it is not YAML.
pub(crate) fn front_matter(readme: &str) -> Option<Map<String, Value>> {
    serde_saphyr::from_str(block(readme)?).ok()
}

/// What stands between the first line `---`, before which there is only white space, and the next.
fn block(readme: &str) -> Option<&str> {
    let text = readme.strip_prefix('\u{feff}').unwrap_or(readme);
    let rest = text.trim_start().strip_prefix("---")?;
    let body = ["\r\n", "\r", "\n"]
        .iter()
        .find_map(|end| rest.strip_prefix(end))?;
    let mut length = 0;
    for line in body.split_inclusive('\n') {
        if line.starts_with("---") && line.trim_end() == "---" && length > 0 {
            return Some(&body[..length]);
        }
        length += line.len();
    }
    None
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Question {
    content: String,
    repo_type: RepoKind,
}

/// `POST /api/validate-yaml`. unverified: what the Hub checks beyond this, and its words.
pub(crate) fn validate(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let card: Question = ask.json()?;
    let (errors, warnings) = match block(&card.content).map(serde_saphyr::from_str::<Value>) {
        None => (
            Vec::new(),
            vec!["empty or missing yaml metadata in repo card".to_owned()],
        ),
        Some(Ok(Value::Object(fields))) => (wrong(card.repo_type, &fields), Vec::new()),
        Some(Ok(Value::Null)) => (
            Vec::new(),
            vec!["empty yaml metadata in repo card".to_owned()],
        ),
        Some(Ok(_)) => (
            vec!["yaml metadata must be a mapping".to_owned()],
            Vec::new(),
        ),
        Some(Err(why)) => (vec![format!("invalid yaml: {why}")], Vec::new()),
    };
    if errors.is_empty() {
        let body = json!({"errors": [], "warnings": said(&warnings)});
        return Ok(Answer::json(body));
    }
    if ask
        .header(header::ACCEPT)
        .is_some_and(|accepted| accepted == "text/plain")
    {
        return Ok(Answer::text(errors.join("\n")).status(StatusCode::BAD_REQUEST));
    }
    Err(Refusal::Json(
        StatusCode::BAD_REQUEST,
        json!({"errors": said(&errors), "warnings": said(&warnings)}),
    ))
}

fn said(messages: &[String]) -> Value {
    let messages = messages.iter().map(|message| json!({ "message": message }));
    messages.collect()
}

/// The fields of which this Hub knows what they may be.
fn wrong(kind: RepoKind, fields: &Map<String, Value>) -> Vec<String> {
    let one_of = |key: &str, words: &[&str]| match fields.get(key) {
        Some(value) if !value.as_str().is_some_and(|word| words.contains(&word)) => {
            Some(format!("\"{key}\" must be one of [{}]", words.join(", ")))
        }
        _ => None,
    };
    let mut wrong = Vec::new();
    if kind == RepoKind::Space {
        if !fields.contains_key("sdk") {
            wrong.push("\"sdk\" is required".to_owned());
        }
        wrong.extend(one_of("sdk", &["gradio", "docker", "static"]));
        wrong.extend(one_of("colorFrom", &COLOURS));
        wrong.extend(one_of("colorTo", &COLOURS));
    }
    if matches!(fields.get("license"), Some(value) if !value.is_string() && !value.is_array()) {
        wrong.push("\"license\" must be a string or an array".to_owned());
    }
    wrong
}

const COLOURS: [&str; 8] = [
    "red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray",
];

/// The tags of a repository with this card and these files, in the order the Hub gives them.
pub(crate) fn tags<'a>(
    kind: RepoKind,
    card: &Map<String, Value>,
    files: impl Iterator<Item = &'a str>,
) -> Vec<String> {
    let mut tags = Vec::new();
    match kind {
        RepoKind::Model => {
            push(&mut tags, card, "library_name", "");
            for path in files {
                let format = path.rsplit_once('.').map(|(_, format)| format);
                if let Some(format @ ("safetensors" | "gguf" | "onnx")) = format {
                    tags.push(format.to_owned());
                }
            }
            push(&mut tags, card, "pipeline_tag", "");
            push(&mut tags, card, "tags", "");
            push(&mut tags, card, "language", "");
            push(&mut tags, card, "datasets", "dataset:");
            push(&mut tags, card, "base_model", "base_model:");
        }
        RepoKind::Dataset => {
            for key in [
                "task_categories",
                "language",
                "size_categories",
                "multilinguality",
            ] {
                push(&mut tags, card, key, &format!("{key}:"));
            }
            push(&mut tags, card, "tags", "");
        }
        RepoKind::Space => {
            push(&mut tags, card, "sdk", "");
            push(&mut tags, card, "tags", "");
        }
    }
    push(&mut tags, card, "license", "license:");
    tags.push("region:eu".to_owned());
    let mut seen = std::collections::HashSet::new();
    tags.retain(|tag| seen.insert(tag.clone()));
    tags
}

fn push(tags: &mut Vec<String>, card: &Map<String, Value>, key: &str, prefix: &str) {
    match card.get(key) {
        Some(Value::String(value)) => tags.push(format!("{prefix}{value}")),
        Some(Value::Array(values)) => {
            let values = values.iter().filter_map(Value::as_str);
            tags.extend(values.map(|value| format!("{prefix}{value}")));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_found_where_the_official_reader_finds_it() {
        for (text, found) in [
            ("---\na: 1\n---\ntext", true),
            ("\n\n---\na: 1\n---\n", true),
            ("---\na: 1\n--- \nT", true),
            ("---\na: 1\n---x\nT", false),
            ("--- \na: 1\n---\n", false),
            ("---\r\na: 1\r\n---\r\n", true),
            ("---\n---\n", false),
            ("# x\n---\na: 1\n---", false),
        ] {
            assert_eq!(front_matter(text).is_some(), found, "{text:?}");
        }
    }

    #[test]
    fn tags_come_from_card_and_files() {
        let card = front_matter("---\nlicense: mit\nlanguage: [en, de]\n---\n").unwrap();
        let tags = tags(RepoKind::Model, &card, ["a.gguf", "b.gguf"].into_iter());
        assert_eq!(tags, ["gguf", "en", "de", "license:mit", "region:eu"]);
    }
}
