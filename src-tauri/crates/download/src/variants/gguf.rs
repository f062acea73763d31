use std::collections::BTreeMap;

use super::{File, Format, Variant, join, shard, strip_ending, variant};

/// Each model file is a choice, with all its shards; projectors for pictures go with every choice.
pub(super) fn find(files: &[File<'_>]) -> Vec<Variant> {
    let mut models: BTreeMap<String, Vec<File<'_>>> = BTreeMap::new();
    let mut projectors = Vec::new();
    for file in files {
        let Some(stem) = stem(file.name()) else {
            continue;
        };
        let name = stem.to_ascii_lowercase();
        if name.contains("mmproj") {
            projectors.push(*file);
        } else if !name.contains("imatrix") {
            models
                .entry(join(file.folder(), stem))
                .or_default()
                .push(*file);
        }
    }
    models
        .into_iter()
        .map(|(id, own)| {
            let name = name_of(&id);
            let projector = projector(&projectors, own[0].folder());
            variant((Format::Gguf, &id, name), own, projector, files)
        })
        .collect()
}

/// The name of the model a file is, or is a part of.
fn stem(name: &str) -> Option<&str> {
    if let Some(stem) = strip_ending(name, ".gguf") {
        return Some(shard(stem).map_or(stem, |(base, ..)| base));
    }
    // Split by hand: `model.gguf-split-a`, `model.gguf.part1of2`.
    let lower = name.to_ascii_lowercase();
    let at = lower
        .find(".gguf-split-")
        .or_else(|| lower.find(".gguf.part"))?;
    name.get(..at)
}

/// The quantisation in the file's own name, else in its folder's, else the file's name.
fn name_of(id: &str) -> String {
    let mut parts = id.rsplit('/');
    let own = parts.next().unwrap_or(id);
    quantisation(own)
        .or_else(|| parts.find_map(quantisation))
        .unwrap_or_else(|| own.to_owned())
}

/// One that lies beside the model if there is one; in half precision if there is a choice.
fn projector<'n>(projectors: &[File<'n>], folder: &str) -> Option<File<'n>> {
    let rank = |file: &&File<'_>| {
        let place = file.folder() != folder;
        let name = stem(file.name()).and_then(quantisation);
        let precision = match name.as_deref() {
            Some("F16" | "FP16") => 0,
            Some("BF16") => 1,
            Some("Q8_0") => 2,
            _ => 3,
        };
        (place, precision, file.size)
    };
    projectors.iter().min_by_key(rank).copied()
}

/// The last quantisation that a name speaks of, in the form llama.cpp writes it.
fn quantisation(name: &str) -> Option<String> {
    let upper = name.to_ascii_uppercase();
    let words: Vec<&str> = upper.split(['-', '.', '_']).collect();
    let mut last = None;
    let mut at = 0;
    while at < words.len() {
        match length(&words[at..]) {
            0 => at += 1,
            length => {
                let text = words[at..at + length].join("_");
                let is_dynamic = at > 0 && words[at - 1] == "UD";
                last = Some(if is_dynamic {
                    format!("UD-{text}")
                } else {
                    text
                });
                at += length;
            }
        }
    }
    last
}

/// How many words from the first on name a quantisation.
fn length(words: &[&str]) -> usize {
    let word = |at: usize| words.get(at).copied().unwrap_or_default();
    let is_size = |text: &str| matches!(text, "XXS" | "XS" | "S" | "M" | "L" | "XL");
    let digit = |prefix: &str| {
        let rest = word(0).strip_prefix(prefix);
        rest.is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit())
    };
    let is_digit = |text: &str| text.len() == 1 && text.as_bytes()[0].is_ascii_digit();
    match word(0) {
        "F16" | "FP16" | "BF16" | "F32" | "FP32" => 1,
        "MXFP4" | "NVFP4" => 1 + usize::from(word(1) == "MOE"),
        _ if digit("IQ") && (is_size(word(1)) || word(1) == "NL") => 2,
        _ if digit("TQ") && is_digit(word(1)) => 2,
        _ if digit("Q") => match word(1) {
            "K" => 2 + usize::from(is_size(word(2))),
            "0" | "1" if is_digit(word(2)) && is_digit(word(3)) => 4,
            "0" | "1" => 2,
            _ => 1,
        },
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::quantisation;

    #[test]
    fn quantisations_are_found_in_the_names_people_give() {
        for (name, expected) in [
            ("llama-2-7b-chat.Q4_K_M", "Q4_K_M"),
            ("Meta-Llama-3.1-8B-Instruct-IQ2_XXS", "IQ2_XXS"),
            ("ggml-model-q4_0", "Q4_0"),
            ("phi-2_Q6_K", "Q6_K"),
            ("model-Q4_0_8_8", "Q4_0_8_8"),
            ("DeepSeek-R1-UD-Q2_K_XL", "UD-Q2_K_XL"),
            ("Qwen3-0.6B-BF16", "BF16"),
            ("gemma-3-1b-it-f16", "F16"),
            ("gpt-oss-20b-MXFP4", "MXFP4"),
            ("gpt-oss-20b-mxfp4_moe", "MXFP4_MOE"),
            ("bitnet-TQ1_0", "TQ1_0"),
            ("x-IQ4_NL", "IQ4_NL"),
            ("Q8_0", "Q8_0"),
            ("granite-Q3_K_S", "Q3_K_S"),
        ] {
            assert_eq!(quantisation(name).as_deref(), Some(expected), "{name}");
        }
        for name in ["llama", "Q", "QK_M", "IQ4", "wizard-13b", "Qwen2-7B"] {
            assert_eq!(quantisation(name), None, "{name}");
        }
    }
}
