//! Weight files of two formats, with tensors of random numbers.

use serde_json::{Map, Value, json};

use crate::content::Content;

/// A tensor to be: name, type, shape.
pub(super) type Tensor = (String, Type, Vec<u64>);

/// What a tensor's numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    F32,
    F16,
    Bf16,
    I8,
    Q8_0,
    Q4K,
}

impl Type {
    /// How safetensors calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::F32 => "F32",
            Self::F16 => "F16",
            Self::Bf16 => "BF16",
            Self::I8 => "I8",
            Self::Q8_0 | Self::Q4K => unreachable!("safetensors has no such type"),
        }
    }

    /// The number GGUF gives it.
    fn gguf(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q8_0 => 8,
            Self::Q4K => 12,
            Self::I8 => 24,
            Self::Bf16 => 30,
        }
    }

    /// Numbers in a block, and the block's bytes.
    fn block(self) -> (u64, u64) {
        match self {
            Self::F32 => (1, 4),
            Self::F16 | Self::Bf16 => (1, 2),
            Self::I8 => (1, 1),
            Self::Q8_0 => (32, 34),
            Self::Q4K => (256, 144),
        }
    }

    fn size(self, shape: &[u64]) -> u64 {
        let (numbers, bytes) = self.block();
        shape.iter().product::<u64>() / numbers * bytes
    }

    /// Random numbers near zero. Made from integers alone, so that every machine makes the same.
    fn fill(self, seed: u64, size: u64) -> Content {
        let random = Content::random(seed, size);
        if self == Self::I8 {
            return random;
        }
        let mut bytes = random.read(0, size).to_vec();
        // Small exponents, so that no number is infinite or none at all. A quantised block begins
        // with its scale, and Q4_K with a second one.
        let (_, block) = self.block();
        let (scales, keep, set): (&[usize], u8, u8) = match self {
            Self::F32 => (&[3], 0x80, 0x3c),
            Self::Bf16 => (&[1], 0x80, 0x3c),
            Self::F16 => (&[1], 0x83, 0x20),
            Self::Q8_0 => (&[1], 0x03, 0x14),
            Self::Q4K => (&[1, 3], 0x03, 0x14),
            Self::I8 => (&[], 0xff, 0),
        };
        for block in bytes.chunks_mut(block as usize) {
            for at in scales {
                block[*at] = block[*at] & keep | set;
            }
        }
        bytes.into()
    }
}

/// The tensors of a small language model.
pub(super) fn transformer(layers: u64, hidden: u64, vocabulary: u64, kind: Type) -> Vec<Tensor> {
    let mut tensors = vec![(
        "model.embed_tokens.weight".to_owned(),
        kind,
        vec![vocabulary, hidden],
    )];
    for layer in 0..layers {
        for (part, shape) in [
            ("self_attn.q_proj", vec![hidden, hidden]),
            ("self_attn.k_proj", vec![hidden, hidden]),
            ("self_attn.v_proj", vec![hidden, hidden]),
            ("self_attn.o_proj", vec![hidden, hidden]),
            ("mlp.up_proj", vec![hidden * 3, hidden]),
            ("mlp.down_proj", vec![hidden, hidden * 3]),
            ("input_layernorm", vec![hidden]),
        ] {
            tensors.push((format!("model.layers.{layer}.{part}.weight"), kind, shape));
        }
    }
    tensors.push(("model.norm.weight".to_owned(), kind, vec![hidden]));
    tensors
}

/// A safetensors file: length, JSON header, data.
pub(super) fn safetensors(seed: u64, tensors: &[Tensor]) -> Content {
    let mut header = Map::new();
    header.insert("__metadata__".to_owned(), json!({"format": "pt"}));
    let mut end = 0;
    let mut data = Vec::new();
    for (n, (name, kind, shape)) in tensors.iter().enumerate() {
        let start = end;
        let size = kind.size(shape);
        end += size;
        let entry = json!({"dtype": kind.name(), "shape": shape, "data_offsets": [start, end]});
        header.insert(name.clone(), entry);
        data.push(kind.fill(seed + n as u64, size));
    }
    let mut header = Value::Object(header).to_string();
    while !header.len().is_multiple_of(8) {
        header.push(' ');
    }
    let mut start = (header.len() as u64).to_le_bytes().to_vec();
    start.extend(header.bytes());
    Content::chain([Content::from(start)].into_iter().chain(data))
}

/// What the Hub says about a model's safetensors: numbers by type.
pub(super) fn parameters<'a>(tensors: impl IntoIterator<Item = &'a Tensor>) -> Value {
    let mut by_type = Map::new();
    let mut total = 0;
    for (_, kind, shape) in tensors {
        let count: u64 = shape.iter().product();
        let known = by_type
            .get(kind.name())
            .and_then(Value::as_u64)
            .unwrap_or(0);
        by_type.insert(kind.name().to_owned(), (known + count).into());
        total += count;
    }
    json!({"parameters": by_type, "total": total})
}

/// A value of GGUF's metadata.
pub(super) enum Meta<'a> {
    Text(&'a str),
    Number(u32),
    Real(f32),
    Texts(Vec<String>),
}

/// A GGUF file, version 3: counts, metadata, tensor table, data.
pub(super) fn gguf(seed: u64, meta: &[(&str, Meta<'_>)], tensors: &[Tensor]) -> Content {
    const ALIGNMENT: u64 = 32;
    let text = |out: &mut Vec<u8>, text: &str| {
        out.extend((text.len() as u64).to_le_bytes());
        out.extend(text.bytes());
    };
    let mut out = b"GGUF".to_vec();
    out.extend(3_u32.to_le_bytes());
    out.extend((tensors.len() as u64).to_le_bytes());
    out.extend((meta.len() as u64).to_le_bytes());
    for (key, value) in meta {
        text(&mut out, key);
        match value {
            Meta::Number(number) => {
                out.extend(4_u32.to_le_bytes());
                out.extend(number.to_le_bytes());
            }
            Meta::Real(number) => {
                out.extend(6_u32.to_le_bytes());
                out.extend(number.to_le_bytes());
            }
            Meta::Text(value) => {
                out.extend(8_u32.to_le_bytes());
                text(&mut out, value);
            }
            Meta::Texts(values) => {
                out.extend(9_u32.to_le_bytes());
                out.extend(8_u32.to_le_bytes());
                out.extend((values.len() as u64).to_le_bytes());
                values.iter().for_each(|value| text(&mut out, value));
            }
        }
    }
    let mut offset = 0_u64;
    let mut data = Vec::new();
    for (n, (name, kind, shape)) in tensors.iter().enumerate() {
        text(&mut out, name);
        out.extend((shape.len() as u32).to_le_bytes());
        shape.iter().for_each(|side| out.extend(side.to_le_bytes()));
        out.extend(kind.gguf().to_le_bytes());
        out.extend(offset.to_le_bytes());
        let size = kind.size(shape);
        let padding = size.next_multiple_of(ALIGNMENT) - size;
        offset += size + padding;
        data.push(kind.fill(seed + n as u64, size));
        data.push(vec![0; padding as usize].into());
    }
    out.resize((out.len() as u64).next_multiple_of(ALIGNMENT) as usize, 0);
    Content::chain([Content::from(out)].into_iter().chain(data))
}
