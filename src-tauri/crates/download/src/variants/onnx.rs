use std::collections::{BTreeMap, BTreeSet};

use super::{File, Format, Variant, is_pipeline, join, variant};

/// The endings exporters give a model in another precision: `model_q4.onnx`.
const PRECISIONS: [&str; 13] = [
    "fp32",
    "fp16",
    "bf16",
    "int8",
    "uint8",
    "q8",
    "q4",
    "q4f16",
    "q2",
    "q2f16",
    "bnb4",
    "int4",
    "quantized",
];

/// The parts of one model, by their name without precision.
type Parts<'n> = BTreeMap<String, BTreeMap<&'n str, Vec<File<'n>>>>;

/// Each precision is a choice of all the models in a folder (an encoder and a decoder are one), each
/// with its external data. A model that is not to be had in a precision is taken as it is.
pub(super) fn find(files: &[File<'_>]) -> Vec<Variant> {
    let is_pipeline = is_pipeline(files);
    let mut sets: BTreeMap<&str, Parts<'_>> = BTreeMap::new();
    for file in files {
        if let Some((base, precision)) = parse(file.name()) {
            // In a pipeline the folders are parts of one model.
            let set = if is_pipeline { "" } else { file.folder() };
            let part = join(file.folder(), base);
            let precisions = sets.entry(set).or_default().entry(part).or_default();
            precisions.entry(precision).or_default().push(*file);
        }
    }
    sets.iter()
        .flat_map(|(folder, parts)| choices(folder, parts, files))
        .collect()
}

fn choices(folder: &str, parts: &Parts<'_>, files: &[File<'_>]) -> Vec<Variant> {
    let precisions: BTreeSet<&str> = parts.values().flat_map(|by| by.keys().copied()).collect();
    let choice = |precision: &&str| {
        let of_part = |by: &BTreeMap<&str, Vec<File<'_>>>| -> Vec<(String, u64)> {
            let own = by.get(precision).or_else(|| by.get(""));
            let own = own.map(Vec::as_slice).unwrap_or_default();
            own.iter()
                .map(|file| (file.path.to_owned(), file.size))
                .collect()
        };
        let names: Vec<(String, u64)> = parts.values().flat_map(of_part).collect();
        let own = files
            .iter()
            .filter(|file| names.iter().any(|(name, _)| name == file.path))
            .copied()
            .collect();
        let name = if precision.is_empty() {
            "default"
        } else {
            precision
        };
        variant(
            (Format::Onnx, &join(folder, name), name.to_owned()),
            own,
            None,
            files,
        )
    };
    precisions.iter().map(choice).collect()
}

/// The name of a model without its precision, and the precision; for external data those of the
/// model it belongs to: `model_q4.onnx_data`, `model.onnx.data`, `model.onnx_data_1`.
fn parse(name: &str) -> Option<(&str, &str)> {
    let at = name.find(".onnx")?;
    let (stem, rest) = (name.get(..at)?, name.get(at + ".onnx".len()..)?);
    let is_data = rest.starts_with("_data") || rest.starts_with(".data");
    if !rest.is_empty() && !is_data {
        return None;
    }
    Some(match stem.rsplit_once('_') {
        Some((base, end)) if PRECISIONS.contains(&end) => (base, end),
        _ => (stem, ""),
    })
}
