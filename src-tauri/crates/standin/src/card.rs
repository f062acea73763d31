//! What a README's front matter says, and the tags a Hub derives from it.

use serde_json::{Map, Value};

use hubdesk_core::RepoKind;

/// The front matter of `readme` as a mapping; `None` when there is none or it is not YAML.
pub(crate) fn front_matter(readme: &str) -> Option<Map<String, Value>> {
    let readme = readme.strip_prefix('\u{feff}').unwrap_or(readme);
    let body = readme.trim_start().strip_prefix("---\n")?;
    let mut length = 0;
    for line in body.split_inclusive('\n') {
        if line.trim_end() == "---" && line.starts_with("---") {
            return serde_saphyr::from_str(&body[..length]).ok();
        }
        length += line.len();
    }
    None
}

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
