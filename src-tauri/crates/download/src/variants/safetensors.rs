use std::collections::{BTreeMap, BTreeSet};

use super::{File, Format, Variant, is_pipeline, join, shard, strip_ending, variant};

/// Words that tell a precision when they end a name.
const PRECISIONS: [&str; 14] = [
    "fp32", "fp16", "bf16", "fp8", "fp4", "nf4", "int8", "int4", "8bit", "4bit", "awq", "gptq",
    "f16", "f32",
];

/// What the name of a file says: `model.fp16-00001-of-00002` is a part of `model` in `fp16`.
struct Parsed<'n> {
    base: &'n str,
    precision: &'n str,
    /// Shards there are; 1 for a file that is whole.
    count: u32,
}

/// Each precision is a choice, with all its shards and their index. In a pipeline a choice goes
/// through all the folders, and takes the plain files where a folder has none of its own.
pub(super) fn find(files: &[File<'_>]) -> Vec<Variant> {
    let is_pipeline = is_pipeline(files);
    let is_part = |file: &File<'_>| is_pipeline && !file.folder().is_empty();
    let (parts, single): (Vec<_>, Vec<_>) = files
        .iter()
        .filter(|file| parse(file.name()).is_some())
        .copied()
        .partition(is_part);
    let mut found = pipelines(&parts, files);
    found.extend(models(&single, files));
    found
}

/// One choice for each set of files with a name, a precision and a number of shards.
fn models(weights: &[File<'_>], files: &[File<'_>]) -> Vec<Variant> {
    let mut groups: BTreeMap<(&str, &str, &str, u32), Vec<File<'_>>> = BTreeMap::new();
    for file in weights {
        if let Some(parsed) = parse(file.name()) {
            let key = (file.folder(), parsed.base, parsed.precision, parsed.count);
            groups.entry(key).or_default().push(*file);
        }
    }
    let indices: Vec<_> = groups
        .iter()
        .filter(|((.., count), _)| *count == 0)
        .collect();
    let index = |folder: &str, base: &str, precision: &str| {
        let of_it = indices
            .iter()
            .find(|((f, b, p, _), _)| (*f, *b, *p) == (folder, base, precision));
        of_it.map(|(_, index)| index[0])
    };
    let choices = groups.iter().filter(|((.., count), _)| *count > 0);
    choices
        .map(|(&(folder, base, precision, count), own)| {
            let mut own = own.clone();
            if count > 1 {
                own.extend(index(folder, base, precision));
            }
            let shards = if count > 1 {
                format!("-of-{count}")
            } else {
                String::new()
            };
            let dot = if precision.is_empty() { "" } else { "." };
            let id = join(folder, &format!("{base}{dot}{precision}{shards}"));
            let name = name_of(folder, base, precision);
            variant((Format::Safetensors, &id, name), own, None, files)
        })
        .collect()
}

/// One choice for each precision that any folder of a pipeline has.
fn pipelines(parts: &[File<'_>], files: &[File<'_>]) -> Vec<Variant> {
    let precisions: BTreeSet<&str> = parts.iter().map(precision_of).collect();
    let folders: BTreeSet<&str> = parts.iter().map(File::folder).collect();
    let of = |folder: &str, precision: &str| -> Vec<File<'_>> {
        let wanted = |file: &&File<'_>| file.folder() == folder && precision_of(file) == precision;
        parts.iter().filter(wanted).copied().collect()
    };
    precisions
        .iter()
        .filter_map(|precision| {
            let mut own = Vec::new();
            for folder in &folders {
                let exact = of(folder, precision);
                own.extend(if exact.is_empty() {
                    of(folder, "")
                } else {
                    exact
                });
            }
            let name = if precision.is_empty() {
                "default"
            } else {
                precision
            };
            (!own.is_empty()).then(|| {
                variant(
                    (Format::Safetensors, name, name.to_owned()),
                    own,
                    None,
                    files,
                )
            })
        })
        .collect()
}

fn precision_of<'n>(file: &File<'n>) -> &'n str {
    parse(file.name()).map_or("", |parsed| parsed.precision)
}

/// The precision, or what else tells it from others.
fn name_of(folder: &str, base: &str, precision: &str) -> String {
    if !precision.is_empty() {
        return precision.to_owned();
    }
    let lower = base.to_ascii_lowercase();
    let last = lower.rsplit(['-', '_', '.']).next().unwrap_or_default();
    if PRECISIONS.contains(&last) {
        return last.to_owned();
    }
    match (base, folder.rsplit('/').next()) {
        ("model" | "diffusion_pytorch_model", Some("") | None) => "default".to_owned(),
        ("model" | "diffusion_pytorch_model", Some(folder)) => folder.to_owned(),
        _ => base.to_owned(),
    }
}

/// Reads the name of a weight file, or of the index of a set of shards (which counts 0).
fn parse(name: &str) -> Option<Parsed<'_>> {
    if let Some(stem) = strip_ending(name, ".safetensors") {
        let (stem, count) = match shard(stem) {
            Some((stem, _, count)) => (stem, count),
            // `model-00001-of-00002.fp16`, as older tools wrote it.
            None => match stem.rsplit_once('.').map(|(rest, end)| (shard(rest), end)) {
                Some((Some((base, _, count)), precision)) if is_precision(precision) => {
                    return Some(Parsed {
                        base,
                        precision,
                        count,
                    });
                }
                _ => (stem, 1),
            },
        };
        let (base, precision) = split_precision(stem);
        return Some(Parsed {
            base,
            precision,
            count,
        });
    }
    let index = strip_ending(name, ".json")?;
    // `model.safetensors.index.fp16.json`, or `model.fp16.safetensors.index.json`.
    let (stem, precision) = match index.split_once(".safetensors.index") {
        Some((stem, "")) => split_precision(stem),
        Some((stem, end)) => (stem, end.strip_prefix('.')?),
        None => return None,
    };
    Some(Parsed {
        base: stem,
        precision,
        count: 0,
    })
}

fn split_precision(stem: &str) -> (&str, &str) {
    match stem.rsplit_once('.') {
        Some((base, precision)) if is_precision(precision) => (base, precision),
        _ => (stem, ""),
    }
}

/// What stands between two dots at the end of a name is a precision if it looks like a word, and
/// not like the end of a version.
fn is_precision(word: &str) -> bool {
    let begins = word
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic());
    begins
        && word.len() <= 16
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
