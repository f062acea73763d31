//! What is printed, in the names that `hf … --json` has for it. What is not there has no field.

use hubdesk_app::{
    ByteCount, Common, DatasetFacts, Details, EntryKind, FileSecurity, Gated, LastCommit,
    ListedRepo, ModelFacts, OfKind, RepoKind, Sibling, SpaceFacts, StoredRepo, TreeEntry,
};
use serde_json::{Map, Value, json};

/// Something printed: its fields by name.
pub(crate) type Row = Map<String, Value>;

/// An entry of a list.
pub(crate) fn listed(repo: &ListedRepo) -> Row {
    let summary = &repo.summary;
    let is_space = summary.id.kind() == RepoKind::Space;
    let runtime = repo.stage.as_ref().map(|stage| json!({ "stage": stage }));
    let safetensors = summary.parameters.map(|total| json!({ "total": total }));
    row([
        ("id", summary.id.name().into()),
        ("author", repo.author.clone().into()),
        ("created_at", time(repo.created_at.as_deref())),
        ("last_modified", time(summary.last_modified.as_deref())),
        ("private", summary.is_private.into()),
        // Of a Space it is not asked.
        ("gated", (!is_space).then(|| gated(&summary.gated)).into()),
        ("disabled", summary.is_disabled.into()),
        ("downloads", summary.downloads.into()),
        ("downloads_all_time", repo.downloads_all_time.into()),
        ("likes", summary.likes.into()),
        ("trending_score", repo.trending_score.map(score).into()),
        ("tags", summary.tags.clone().into()),
        ("pipeline_tag", summary.pipeline_tag.clone().into()),
        ("library_name", summary.library_name.clone().into()),
        ("safetensors", safetensors.into()),
        ("sdk", summary.sdk.clone().into()),
        ("runtime", runtime.into()),
        ("title", repo.title.clone().into()),
        ("emoji", repo.emoji.clone().into()),
        ("description", summary.description.clone().into()),
        ("main_size", repo.size.into()),
    ])
}

/// A repository in full, or with the properties `asked` if there are any.
pub(crate) fn details(details: &Details, asked: &[String]) -> Row {
    let of_kind = match &details.of_kind {
        OfKind::Model(facts) => model(facts, details.id.name()),
        OfKind::Dataset(facts) => dataset(facts),
        OfKind::Space(facts) => space(facts),
    };
    let is_asked = |name: &str| asked.is_empty() || asked.iter().any(|one| one.trim() == name);
    let mut all = common(&details.common);
    all.push(("sha", details.sha.as_str().into()));
    let wanted = all.into_iter().chain(of_kind);
    let wanted = wanted.filter(|(name, _)| is_asked(name));
    let mut row = row([("id", details.id.name().into())]);
    row.extend(
        wanted
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (field(name), value)),
    );
    row
}

/// The field of a property that the Hub calls `name`: `cardData` is `card_data`.
pub(crate) fn field(name: &str) -> String {
    let mut field = String::with_capacity(name.len() + 4);
    for c in name.trim().chars() {
        match c {
            '-' => field.push('_'),
            c if c.is_ascii_uppercase() => field.extend(['_', c.to_ascii_lowercase()]),
            c => field.push(c),
        }
    }
    field
}

/// A file or a folder.
pub(crate) fn entry(entry: &TreeEntry) -> Row {
    let is_file = entry.kind == EntryKind::File;
    let oid = entry.oid.to_string();
    let lfs = entry.lfs.as_ref().map(|lfs| {
        Value::Object(row([
            ("size", lfs.size.into()),
            ("sha256", lfs.sha256.to_string().into()),
            ("pointer_size", lfs.pointer_size.into()),
        ]))
    });
    row([
        ("path", entry.path.clone().into()),
        ("size", is_file.then_some(entry.size).into()),
        (if is_file { "blob_id" } else { "tree_id" }, oid.into()),
        ("lfs", lfs.into()),
        ("xet_hash", entry.xet_hash.clone().into()),
        ("last_commit", entry.last_commit.as_ref().map(commit).into()),
        ("security", entry.security.as_ref().map(security).into()),
    ])
}

/// A repository with what it takes up. As `hf` has it for people, and the bytes besides.
pub(crate) fn stored(repo: &StoredRepo) -> Row {
    let day = repo.updated_at.as_deref().and_then(|time| time.get(..10));
    let percent = format!("{:.1}%", repo.percent.unwrap_or_default());
    // `hf` writes the thousand with a large K.
    let size = ByteCount(repo.size).to_string().replace("kB", "KB");
    row([
        ("id", repo.entity.id().into()),
        ("type", repo.entity.kind().into()),
        ("updated", day.into()),
        ("visibility", repo.visibility.clone().into()),
        ("storage", size.into()),
        ("%_of_total", percent.into()),
        ("storage_bytes", repo.size.into()),
    ])
}

/// A time as `hf` writes it: `2024-06-10T06:13:20+00:00`, or with six digits behind the second.
pub(crate) fn time(text: Option<&str>) -> Value {
    let Some(text) = text else { return Value::Null };
    let Some(utc) = text.strip_suffix('Z') else {
        return text.into();
    };
    let (second, fraction) = utc.split_once('.').unwrap_or((utc, ""));
    if fraction.bytes().all(|digit| digit == b'0') {
        return format!("{second}+00:00").into();
    }
    format!("{second}.{fraction:0<6}+00:00").into()
}

fn row<'a>(fields: impl IntoIterator<Item = (&'a str, Value)>) -> Row {
    let there = fields.into_iter().filter(|(_, value)| !value.is_null());
    there
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// By the Hub's names.
fn common(common: &Common) -> Vec<(&'static str, Value)> {
    let siblings = common.siblings.as_ref();
    let siblings = siblings.map(|files| files.iter().map(sibling).collect::<Vec<_>>());
    let group = common.resource_group.as_ref();
    let group = group
        .map(|group| json!({ "id": group.id, "name": group.name, "numUsers": group.num_users }));
    vec![
        ("author", common.author.clone().into()),
        ("createdAt", time(common.created_at.as_deref())),
        ("lastModified", time(common.last_modified.as_deref())),
        ("private", common.is_private.into()),
        ("disabled", common.is_disabled.into()),
        ("gated", gated(&common.gated)),
        ("downloads", common.downloads.into()),
        ("downloadsAllTime", common.downloads_all_time.into()),
        ("likes", common.likes.into()),
        ("trendingScore", common.trending_score.into()),
        ("usedStorage", common.used_storage.into()),
        ("tags", common.tags.clone().into()),
        ("cardData", common.card_data.clone().into()),
        ("siblings", siblings.into()),
        ("resourceGroup", group.into()),
    ]
}

fn model(facts: &ModelFacts, name: &str) -> Vec<(&'static str, Value)> {
    let transformers = facts.transformers_info.as_ref().map(|info| {
        Value::Object(row([
            ("auto_model", info.auto_model.clone().into()),
            ("custom_class", info.custom_class.clone().into()),
            ("pipeline_tag", info.pipeline_tag.clone().into()),
            ("processor", info.processor.clone().into()),
        ]))
    });
    let safetensors = facts.safetensors.as_ref();
    let safetensors =
        safetensors.map(|count| json!({ "parameters": count.by_type, "total": count.total }));
    let gguf = facts.gguf.as_ref().map(|gguf| {
        let mut all = row([
            ("total", gguf.total.into()),
            ("architecture", gguf.architecture.clone().into()),
            ("context_length", gguf.context_length.into()),
        ]);
        all.extend(gguf.more.clone());
        Value::Object(all)
    });
    let provider = |mapping: &hubdesk_app::ProviderMapping| {
        json!({
            "provider": mapping.provider,
            "hf_model_id": name,
            "provider_id": mapping.provider_id,
            "status": mapping.status,
            "task": mapping.task,
        })
    };
    let security = facts.security_repo_status.as_ref().map(|status| {
        let issues = status.issues.iter();
        let issues = issues.map(|issue| json!({ "path": issue.path, "level": issue.level }));
        json!({ "scansDone": status.is_done, "filesWithIssues": issues.collect::<Vec<_>>() })
    });
    vec![
        ("pipeline_tag", facts.pipeline_tag.clone().into()),
        ("library_name", facts.library_name.clone().into()),
        ("mask_token", facts.mask_token.clone().into()),
        ("widgetData", facts.widget_data.clone().into()),
        ("config", facts.config.clone().into()),
        ("transformersInfo", transformers.into()),
        ("safetensors", safetensors.into()),
        ("gguf", gguf.into()),
        ("model-index", facts.model_index.clone().into()),
        ("evalResults", facts.eval_results.clone().into()),
        ("baseModels", facts.base_models.clone().into()),
        ("childrenModelCount", facts.children_model_count.into()),
        ("inference", facts.inference.clone().into()),
        (
            "inferenceProviderMapping",
            some(facts.providers.iter().map(provider)),
        ),
        ("spaces", facts.spaces.clone().into()),
        ("securityRepoStatus", security.into()),
    ]
}

fn dataset(facts: &DatasetFacts) -> Vec<(&'static str, Value)> {
    vec![
        ("description", facts.description.clone().into()),
        ("citation", facts.citation.clone().into()),
        ("paperswithcode_id", facts.paperswithcode_id.clone().into()),
        ("mainSize", facts.main_size.into()),
    ]
}

fn space(facts: &SpaceFacts) -> Vec<(&'static str, Value)> {
    let runtime = facts.runtime.as_ref().map(|raw| {
        Value::Object(row([
            ("stage", raw["stage"].clone()),
            ("hardware", raw["hardware"]["current"].clone()),
            ("requested_hardware", raw["hardware"]["requested"].clone()),
            ("sleep_time", raw["gcTimeout"].clone()),
            ("storage", raw["storage"].clone()),
            ("dev_mode", raw["devMode"].as_bool().unwrap_or(false).into()),
            ("volumes", raw["volumes"].clone()),
            ("raw", raw.clone()),
        ]))
    });
    let names = |names: &[String]| some(names.iter().cloned().map(Value::from));
    vec![
        ("sdk", facts.sdk.clone().into()),
        ("host", facts.host.clone().into()),
        ("subdomain", facts.subdomain.clone().into()),
        ("models", names(&facts.models)),
        ("datasets", names(&facts.datasets)),
        ("region", facts.region.clone().into()),
        ("runtime", runtime.into()),
    ]
}

/// A list, if there is anything on it: the Hub leaves the others out.
fn some(values: impl Iterator<Item = Value>) -> Value {
    let values: Vec<Value> = values.collect();
    (!values.is_empty()).then_some(values).into()
}

fn sibling(file: &Sibling) -> Value {
    let lfs = file.lfs.as_ref().map(|lfs| {
        json!({
            "size": lfs.size,
            "sha256": lfs.sha256.to_string(),
            "pointer_size": lfs.pointer_size,
        })
    });
    Value::Object(row([
        ("rfilename", file.path.clone().into()),
        ("size", file.size.into()),
        ("blob_id", file.blob_id.clone().into()),
        ("lfs", lfs.into()),
    ]))
}

fn commit(commit: &LastCommit) -> Value {
    json!({ "oid": commit.id, "title": commit.title, "date": time(Some(&commit.date)) })
}

fn security(security: &FileSecurity) -> Value {
    let mut all = row([
        ("safe", (security.status == "safe").into()),
        ("status", security.status.clone().into()),
    ]);
    for scan in &security.scans {
        let imports = scan.imports.iter().map(
            |(module, name, safety)| json!({ "module": module, "name": name, "safety": safety }),
        );
        let said = row([
            ("status", scan.status.clone().into()),
            ("message", scan.message.clone().into()),
            ("reportLink", scan.report.clone().into()),
            ("pickleImports", some(imports)),
        ]);
        all.insert(field(&scan.scanner), said.into());
    }
    Value::Object(all)
}

fn gated(gated: &Gated) -> Value {
    match gated {
        Gated::No => false.into(),
        Gated::Auto => "auto".into(),
        Gated::Manual => "manual".into(),
        Gated::Other(word) => word.clone().into(),
    }
}

/// The Hub counts it in whole numbers, as far as we know.
fn score(score: f64) -> Value {
    if score.fract() == 0.0 {
        (score as i64).into()
    } else {
        score.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_called_as_in_the_official_command() {
        for (name, expected) in [
            ("cardData", "card_data"),
            ("inferenceProviderMapping", "inference_provider_mapping"),
            ("model-index", "model_index"),
            ("library_name", "library_name"),
            (" sha ", "sha"),
        ] {
            assert_eq!(field(name), expected);
        }
    }

    #[test]
    fn times_are_written_as_in_the_official_command() {
        for (text, expected) in [
            ("2024-06-10T06:13:20.000Z", "2024-06-10T06:13:20+00:00"),
            ("2024-06-10T06:13:20Z", "2024-06-10T06:13:20+00:00"),
            (
                "2024-06-10T06:13:20.120Z",
                "2024-06-10T06:13:20.120000+00:00",
            ),
            ("some day", "some day"),
        ] {
            assert_eq!(time(Some(text)), expected);
        }
        assert_eq!(time(None), Value::Null);
    }

    #[test]
    fn a_score_is_whole_if_it_can_be() {
        assert_eq!(score(7.0).to_string(), "7");
        assert_eq!(score(0.5).to_string(), "0.5");
    }
}
