//! Small text files that many repositories have.

use serde_json::{Value, json};

use crate::content::mix;

/// What every new repository on a Hub begins with.
pub(super) const GITATTRIBUTES: &str = "\
*.gguf filter=lfs diff=lfs merge=lfs -text
*.parquet filter=lfs diff=lfs merge=lfs -text
*.safetensors filter=lfs diff=lfs merge=lfs -text
*.wav filter=lfs diff=lfs merge=lfs -text
";

/// JSON as configuration files are written: indented, with a line end.
pub(super) fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// A language model's configuration.
pub(super) fn config(layers: u64, hidden: u64, vocabulary: u64) -> Value {
    json!({
        "architectures": ["PolarisForCausalLM"],
        "bos_token_id": 1,
        "eos_token_id": 2,
        "hidden_act": "silu",
        "hidden_size": hidden,
        "intermediate_size": hidden * 3,
        "max_position_embeddings": 2048,
        "model_type": "polaris",
        "num_attention_heads": 4,
        "num_hidden_layers": layers,
        "rms_norm_eps": 1e-5,
        "torch_dtype": "bfloat16",
        "vocab_size": vocabulary,
    })
}

/// Words that could be words.
pub(super) fn vocabulary(count: usize) -> Vec<String> {
    const HEADS: [&str; 16] = [
        "ba", "co", "de", "fi", "gra", "ho", "ju", "ka", "lo", "mi", "no", "pe", "ri", "sto", "tu",
        "va",
    ];
    const TAILS: [&str; 16] = [
        "l", "n", "r", "st", "nd", "m", "ck", "sh", "ve", "lt", "rn", "x", "pp", "th", "ng", "se",
    ];
    (0..count)
        .map(|n| match n {
            0 => "<unk>".to_owned(),
            1 => "<s>".to_owned(),
            2 => "</s>".to_owned(),
            _ => format!(
                "{}{}{}",
                HEADS[n % 16],
                HEADS[n / 16 % 16],
                TAILS[n / 256 % 16]
            ),
        })
        .collect()
}

/// A tokenizer over [`vocabulary`].
pub(super) fn tokenizer(count: usize) -> String {
    let words = vocabulary(count).into_iter().enumerate();
    let vocabulary: Value = words
        .map(|(id, word)| (word, json!(id)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    pretty(&json!({
        "version": "1.0",
        "added_tokens": [],
        "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": vocabulary},
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
    }))
}

/// A sentence from a harbour's log, made of few parts.
pub(super) fn log_line(seed: u64) -> String {
    const SHIPS: [&str; 8] = [
        "Fair Isle",
        "Grey Heron",
        "Marigold",
        "North Star",
        "Old Thyme",
        "Sandpiper",
        "Tern",
        "Wild Oats",
    ];
    const DOINGS: [&str; 6] = [
        "asks for a pilot",
        "is moored at pier 4",
        "leaves with timber",
        "reports fog",
        "takes on water and coal",
        "waits for the tide",
    ];
    const WINDS: [&str; 5] = ["calm", "light breeze", "fresh breeze", "gale", "storm"];
    let pick = |n: u64, from: &[&'static str]| from[(mix(seed, n) % from.len() as u64) as usize];
    format!(
        "{} {}; wind: {}",
        pick(0, &SHIPS),
        pick(1, &DOINGS),
        pick(2, &WINDS)
    )
}
