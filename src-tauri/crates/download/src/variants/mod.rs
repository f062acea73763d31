//! Which of a repository's files are choices of one model, and what each choice needs.
//!
//! By names and sizes only, as people and their tools give them: GGUF quantisations and their
//! shards, precisions of safetensors, ONNX exports. Pure. What is not recognised is no choice, and
//! then everything, patterns or ticked files are left.

mod fits;
mod gguf;
mod onnx;
mod safetensors;

use std::collections::BTreeSet;

pub use fits::{Fits, Machine};

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Names it within its repository, whatever else is added to that. Good to be stored.
    pub id: String,
    /// What kind of files it is made of.
    pub format: Format,
    /// What tells it from the others, such as `Q4_K_M` or `fp16`. Not unique.
    pub name: String,
    /// Its own files.
    pub files: Vec<String>,
    /// What it needs besides: configuration, tokenizer, licence, projector.
    pub companions: Vec<String>,
    /// Bytes of its own files: about what it takes in memory.
    pub weight_bytes: u64,
    /// Bytes of all it needs.
    pub bytes: u64,
}

/// What kind of files a [`Variant`] is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For llama.cpp and what is built on it.
    Gguf,
    /// For transformers and diffusers.
    Safetensors,
    /// For ONNX Runtime and transformers.js.
    Onnx,
}

/// Finds the choices among the files of a listing, smallest first within each format.
pub fn variants<'n>(files: impl IntoIterator<Item = (&'n str, u64)>) -> Vec<Variant> {
    let files: Vec<File<'n>> = files
        .into_iter()
        .map(|(path, size)| File { path, size })
        .collect();
    let mut found = gguf::find(&files);
    found.extend(safetensors::find(&files));
    found.extend(onnx::find(&files));
    found.sort_by(|a, b| {
        let key = |v: &Variant| (v.format, v.weight_bytes);
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    found
}

/// One file of a listing.
#[derive(Debug, Clone, Copy)]
struct File<'n> {
    path: &'n str,
    size: u64,
}

impl<'n> File<'n> {
    fn folder(&self) -> &'n str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    fn name(&self) -> &'n str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }
}

/// A repository in the layout of diffusers: parts of one model in folders of their own.
fn is_pipeline(files: &[File<'_>]) -> bool {
    files.iter().any(|file| file.path == "model_index.json")
}

/// Puts a choice together, with the companions that lie beside its files, above them, or, in a
/// pipeline, anywhere.
fn variant(
    (format, id, name): (Format, &str, String),
    own: Vec<File<'_>>,
    extra: Option<File<'_>>,
    files: &[File<'_>],
) -> Variant {
    let folders: BTreeSet<&str> = own.iter().map(File::folder).collect();
    let is_near = |file: &File<'_>| {
        let above = |folder: &&str| is_above(file.folder(), folder);
        is_pipeline(files) || folders.iter().any(above)
    };
    let companions: Vec<File<'_>> = files
        .iter()
        .filter(|file| is_companion(file) && is_near(file))
        .copied()
        .chain(extra)
        .collect();
    let sum = |files: &[File<'_>]| {
        files
            .iter()
            .fold(0, |sum: u64, file| sum.saturating_add(file.size))
    };
    let names = |files: &[File<'_>]| {
        let mut names: Vec<String> = files.iter().map(|file| file.path.to_owned()).collect();
        names.sort();
        names
    };
    let kind = match format {
        Format::Gguf => "gguf",
        Format::Safetensors => "safetensors",
        Format::Onnx => "onnx",
    };
    Variant {
        id: format!("{kind}:{id}"),
        format,
        name,
        weight_bytes: sum(&own),
        bytes: sum(&own).saturating_add(sum(&companions)),
        files: names(&own),
        companions: names(&companions),
    }
}

fn is_above(folder: &str, of: &str) -> bool {
    folder.is_empty()
        || of == folder
        || of
            .strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
}

/// Whether a file describes a model rather than being a part of one.
fn is_companion(file: &File<'_>) -> bool {
    const ENDINGS: [&str; 11] = [
        "json", "txt", "model", "jinja", "md", "py", "yaml", "yml", "tiktoken", "spm", "bpe",
    ];
    const BEGINNINGS: [&str; 6] = [
        "license",
        "notice",
        "use_policy",
        "tokenizer",
        "vocab",
        "merges",
    ];
    let name = file.name().to_ascii_lowercase();
    if name.ends_with(".index.json") || name.contains(".safetensors.index.") {
        return false;
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let has_good_ending = ending.is_some_and(|ending| ENDINGS.contains(&ending));
    let begins_well = BEGINNINGS
        .iter()
        .any(|beginning| name.starts_with(beginning));
    has_good_ending || (begins_well && ending.is_none_or(|ending| ending.len() <= 3))
}

/// The number and the count of a shard, and the name without them:
/// `model-00001-of-00003` is the first of three of `model`.
fn shard(stem: &str) -> Option<(&str, u32, u32)> {
    let (rest, count) = stem.rsplit_once("-of-")?;
    let (base, number) = rest.rsplit_once('-')?;
    let digits = |text: &str| {
        let is_number = text.len() >= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse().ok()).flatten()
    };
    Some((base, digits(number)?, digits(count)?))
}

fn join(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// Without its ending, whatever case that is in.
fn strip_ending<'n>(name: &'n str, ending: &str) -> Option<&'n str> {
    let at = name.len().checked_sub(ending.len())?;
    let (stem, found) = (name.get(..at)?, name.get(at..)?);
    found.eq_ignore_ascii_case(ending).then_some(stem)
}
