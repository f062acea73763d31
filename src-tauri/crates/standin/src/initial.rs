//! What a repository begins with.

use hubdesk_core::{RepoId, RepoKind};

/// The patterns of files that are kept as large ones; fewer than the Hub's, to the same effect.
pub(crate) const ATTRIBUTES: &str = "\
*.bin filter=lfs diff=lfs merge=lfs -text
*.gguf filter=lfs diff=lfs merge=lfs -text
*.parquet filter=lfs diff=lfs merge=lfs -text
*.safetensors filter=lfs diff=lfs merge=lfs -text
";

/// The card of a new repository: of every Space, and of what has something to say.
pub(crate) fn readme(
    id: &RepoId,
    sdk: Option<&str>,
    said: &[(&str, &Option<String>)],
) -> Option<String> {
    let mut lines = Vec::new();
    let name = id.name().rsplit('/').next().unwrap_or_default();
    let is_space = id.kind() == RepoKind::Space;
    if let (true, Some(sdk)) = (is_space, sdk) {
        lines.push(format!("title: {name:?}"));
        lines.push("emoji: 🚀".to_owned());
        lines.push("colorFrom: blue".to_owned());
        lines.push("colorTo: indigo".to_owned());
        lines.push(format!("sdk: {sdk}"));
        if sdk == "gradio" {
            lines.push("app_file: app.py".to_owned());
        }
        lines.push("pinned: false".to_owned());
    }
    for (key, value) in said {
        if let Some(value) = value {
            lines.push(format!("{key}: {}", serde_json::json!(value)));
        }
    }
    (!lines.is_empty()).then(|| format!("---\n{}\n---\n", lines.join("\n")))
}
