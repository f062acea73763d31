//! The part of a repository's details that depends on its kind.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::SecurityStatus;
use crate::json::lenient;

/// What is said about models.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelFacts {
    /// What it does.
    #[serde(default, rename = "pipeline_tag", deserialize_with = "lenient")]
    pub pipeline_tag: Option<String>,
    /// Which library it is made for.
    #[serde(default, rename = "library_name", deserialize_with = "lenient")]
    pub library_name: Option<String>,
    /// The word that stands for the one to be guessed.
    #[serde(default, rename = "mask_token", deserialize_with = "lenient")]
    pub mask_token: Option<String>,
    /// Examples to try it with.
    #[serde(default, deserialize_with = "lenient")]
    pub widget_data: Option<Value>,
    /// What the Hub keeps of its configuration.
    #[serde(default, deserialize_with = "lenient")]
    pub config: Option<Value>,
    /// How Transformers loads it.
    #[serde(default, deserialize_with = "lenient")]
    pub transformers_info: Option<TransformersInfo>,
    /// How many parameters its safetensors files hold.
    #[serde(default, deserialize_with = "lenient")]
    pub safetensors: Option<Parameters>,
    /// What its GGUF files say.
    #[serde(default, deserialize_with = "lenient")]
    pub gguf: Option<Gguf>,
    /// Results its authors report, in the form of cards.
    #[serde(default, rename = "model-index", deserialize_with = "lenient")]
    pub model_index: Option<Value>,
    /// Results from the evaluation files of its repository.
    #[serde(default, deserialize_with = "lenient")]
    pub eval_results: Option<Value>,
    /// The models it was made from. The shape is not documented.
    #[serde(default, deserialize_with = "lenient")]
    pub base_models: Option<Value>,
    /// How many models were made from it.
    #[serde(default, deserialize_with = "lenient")]
    pub children_model_count: Option<u64>,
    /// `warm` if somebody runs it.
    #[serde(default, deserialize_with = "lenient")]
    pub inference: Option<String>,
    /// Who runs it.
    #[serde(
        default,
        rename = "inferenceProviderMapping",
        deserialize_with = "providers"
    )]
    pub providers: Vec<ProviderMapping>,
    /// Spaces that use it, by name.
    #[serde(default, deserialize_with = "lenient")]
    pub spaces: Vec<String>,
    /// What the scans found; only with [`Wanted::WithFiles`].
    #[serde(default, deserialize_with = "lenient")]
    pub security_repo_status: Option<SecurityStatus>,
}

/// How Transformers loads a model.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TransformersInfo {
    /// The class to load it with.
    pub auto_model: String,
    /// Its own class, if it brings one.
    #[serde(default)]
    pub custom_class: Option<String>,
    /// What it does.
    #[serde(default)]
    pub pipeline_tag: Option<String>,
    /// The class that prepares its input.
    #[serde(default)]
    pub processor: Option<String>,
}

/// Numbers of parameters.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Parameters {
    /// By type, such as `BF16`.
    #[serde(default, rename = "parameters", deserialize_with = "lenient")]
    pub by_type: BTreeMap<String, u64>,
    /// All of them.
    #[serde(default)]
    pub total: Option<u64>,
}

/// What the header of a GGUF file says, as far as the Hub tells.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Gguf {
    /// Parameters.
    #[serde(default, deserialize_with = "lenient")]
    pub total: Option<u64>,
    /// The architecture, such as `llama`.
    #[serde(default, deserialize_with = "lenient")]
    pub architecture: Option<String>,
    /// The longest context in tokens.
    #[serde(default, deserialize_with = "lenient")]
    pub context_length: Option<u64>,
    /// Everything else, such as the chat template.
    #[serde(flatten)]
    pub more: BTreeMap<String, Value>,
}

/// Somebody who runs a model.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderMapping {
    /// Who, such as `groq`.
    #[serde(default)]
    pub provider: String,
    /// What the model is called there.
    #[serde(default, deserialize_with = "lenient")]
    pub provider_id: Option<String>,
    /// `live`, `staging`, `error`, or what the Hub adds.
    #[serde(default, deserialize_with = "lenient")]
    pub status: Option<String>,
    /// What it can be asked to do.
    #[serde(default, deserialize_with = "lenient")]
    pub task: Option<String>,
}

/// What is said about datasets.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DatasetFacts {
    /// What it says about itself.
    #[serde(default, deserialize_with = "lenient")]
    pub description: Option<String>,
    /// How to cite it.
    #[serde(default, deserialize_with = "lenient")]
    pub citation: Option<String>,
    /// Its id at Papers with Code.
    #[serde(default, rename = "paperswithcode_id", deserialize_with = "lenient")]
    pub paperswithcode_id: Option<String>,
    /// The size of its main branch in bytes.
    #[serde(default, deserialize_with = "lenient")]
    pub main_size: Option<u64>,
}

/// What is said about Spaces.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SpaceFacts {
    /// What it is made with.
    #[serde(default, deserialize_with = "lenient")]
    pub sdk: Option<String>,
    /// Where it answers, as an address. As the server says, not checked.
    #[serde(default, deserialize_with = "lenient")]
    pub host: Option<String>,
    /// The first part of that address.
    #[serde(default, deserialize_with = "lenient")]
    pub subdomain: Option<String>,
    /// Models it uses, by name.
    #[serde(default, deserialize_with = "lenient")]
    pub models: Vec<String>,
    /// Datasets it uses, by name.
    #[serde(default, deserialize_with = "lenient")]
    pub datasets: Vec<String>,
    /// Where it runs, such as `us`.
    #[serde(default, deserialize_with = "lenient")]
    pub region: Option<String>,
    /// What it runs on, and how that goes.
    #[serde(default, deserialize_with = "lenient")]
    pub runtime: Option<Value>,
}

/// A map from provider to mapping, or a list of mappings that name their provider. A mapping that
/// is not one is left out.
fn providers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ProviderMapping>, D::Error> {
    let mapping = |provider: Option<&String>, value: Value| {
        let mut mapping: ProviderMapping = serde_json::from_value(value).ok()?;
        if let Some(provider) = provider {
            mapping.provider.clone_from(provider);
        }
        (!mapping.provider.is_empty()).then_some(mapping)
    };
    Ok(match Value::deserialize(deserializer)? {
        Value::Object(by_name) => by_name
            .into_iter()
            .filter_map(|(provider, value)| mapping(Some(&provider), value))
            .collect(),
        Value::Array(list) => list
            .into_iter()
            .filter_map(|value| mapping(None, value))
            .collect(),
        _ => Vec::new(),
    })
}
