//! The demo's models.

use serde_json::{Value, json};

use super::text::{GITATTRIBUTES, config, pretty, tokenizer, vocabulary};
use super::weights::{Meta, Tensor, Type, gguf, parameters, safetensors, transformer};
use super::{USER, media};
use crate::discussion_seed::DiscussionSeed;
use crate::seed::RepoSeed;

pub(super) fn all() -> Vec<RepoSeed> {
    vec![
        mini_chat(),
        mini_chat_gguf(),
        base(),
        embeddings(),
        diffusion(),
        gated(),
        private(),
        ownerless(),
    ]
}

fn mini_chat() -> RepoSeed {
    let tensors = transformer(4, 128, 2048, Type::Bf16);
    let config = config(4, 128, 2048);
    RepoSeed::model("aurora-lab/polaris-mini-chat")
        .created(1_718_000_000)
        .downloads(184_302)
        .likes(1_207)
        .recent_likes(64)
        .apps(&["vllm"])
        .served_by(&["hf-inference"])
        .renamed_from("aurora-lab/polaris-chat")
        .property("safetensors", parameters(&tensors))
        .property("config", about(&config))
        .file(".gitattributes", GITATTRIBUTES)
        .file("config.json", pretty(&config))
        .large("model.safetensors", safetensors(100, &tensors))
        .commit("First training run")
        .file("tokenizer.json", tokenizer(2048))
        .file("README.md", "# Polaris mini\n\nThe card follows.\n")
        .commit("Add the tokenizer")
        .tag("v0.9")
        .large("model.safetensors", safetensors(200, &tensors))
        .file(
            "generation_config.json",
            pretty(&json!({"temperature": 0.7, "top_p": 0.9})),
        )
        .commit("Second training run, better at short answers")
        .file("README.md", include_str!("cards/polaris-mini-chat.md"))
        .file("assets/overview.png", media::landscape(7, 480, 200))
        .file("LICENSE", include_str!("cards/licence.txt"))
        .commit("Write the card")
        .tag("v1.0")
        .branch("longer-context")
        .file(
            "config.json",
            pretty(&with(config, "max_position_embeddings", json!(8192))),
        )
        .commit("Try four times the context")
        .branch("main")
        .pull_request(1)
        .file("README.md", include_str!("cards/polaris-base.md"))
        .commit("Fix a typo in the card")
        .discussion(memory())
        .discussion(DiscussionSeed::by_nobody(
            "Which languages?",
            "Does it know anything but English? The card does not say.",
        ))
        .discussion(
            DiscussionSeed::new("Use a friendlier greeting", "juniper", "See the title.").locked(),
        )
}

fn memory() -> DiscussionSeed {
    DiscussionSeed::new(
        "How much memory does it need?",
        USER,
        "I have **4 GB**. Is that enough for:\n\n- one chat at a time\n- the whole context\n",
    )
    .reply("aurora-lab", "Plenty: the weights are a few megabytes.")
    .reply(USER, "Thank you, it runs.")
    .closed()
}

fn mini_chat_gguf() -> RepoSeed {
    let quantised = |kind, file_type| {
        let tensors: Vec<Tensor> = transformer(4, 256, 2048, kind)
            .into_iter()
            .map(|(name, kind, mut shape)| {
                let kind = if shape.len() == 1 { Type::F32 } else { kind };
                shape.reverse();
                (name.replace("model.layers", "blk"), kind, shape)
            })
            .collect();
        let meta = [
            ("general.architecture", Meta::Text("llama")),
            ("general.name", Meta::Text("Polaris mini chat")),
            ("general.file_type", Meta::Number(file_type)),
            ("llama.block_count", Meta::Number(4)),
            ("llama.context_length", Meta::Number(2048)),
            ("llama.embedding_length", Meta::Number(256)),
            ("llama.feed_forward_length", Meta::Number(768)),
            ("llama.attention.head_count", Meta::Number(4)),
            ("llama.attention.layer_norm_rms_epsilon", Meta::Real(1e-5)),
            ("tokenizer.ggml.model", Meta::Text("llama")),
            ("tokenizer.ggml.tokens", Meta::Texts(vocabulary(2048))),
        ];
        gguf(u64::from(file_type), &meta, &tensors)
    };
    let numbers = transformer(4, 256, 2048, Type::F16);
    let total: u64 = numbers
        .iter()
        .map(|(_, _, shape)| shape.iter().product::<u64>())
        .sum();
    RepoSeed::model("aurora-lab/polaris-mini-chat-GGUF")
        .created(1_719_400_000)
        .downloads(52_110)
        .likes(310)
        .recent_likes(95)
        .apps(&["llama.cpp", "lmstudio", "ollama"])
        .property(
            "gguf",
            json!({"total": total, "architecture": "llama", "context_length": 2048}),
        )
        .file(".gitattributes", GITATTRIBUTES)
        .file("README.md", include_str!("cards/polaris-mini-chat-gguf.md"))
        .large("polaris-mini-chat-F16.gguf", quantised(Type::F16, 1))
        .commit("Convert")
        .large("polaris-mini-chat-Q8_0.gguf", quantised(Type::Q8_0, 7))
        .large("polaris-mini-chat-Q4_K_M.gguf", quantised(Type::Q4K, 15))
        .commit("Quantise")
}

fn base() -> RepoSeed {
    let tensors = transformer(6, 192, 4096, Type::Bf16);
    let shards: Vec<&[Tensor]> = tensors.chunks(tensors.len().div_ceil(3)).collect();
    let count = shards.len();
    let file = |n: usize| format!("model-{:05}-of-{count:05}.safetensors", n + 1);
    let mut map = serde_json::Map::new();
    let mut total = 0;
    let config = config(6, 192, 4096);
    let mut repo = RepoSeed::model("aurora-lab/polaris-base")
        .created(1_714_000_000)
        .downloads(23_877)
        .likes(402)
        .property("safetensors", parameters(&tensors))
        .property("config", about(&config))
        .file(".gitattributes", GITATTRIBUTES)
        .file("README.md", include_str!("cards/polaris-base.md"))
        .file("config.json", pretty(&config))
        .file("tokenizer.json", tokenizer(4096));
    for (n, shard) in shards.into_iter().enumerate() {
        for (name, _, shape) in shard {
            map.insert(name.clone(), json!(file(n)));
            total += 2 * shape.iter().product::<u64>();
        }
        repo = repo.large(&file(n), safetensors(1000 + 100 * n as u64, shard));
    }
    let index = json!({"metadata": {"total_size": total}, "weight_map": map});
    repo.file("model.safetensors.index.json", pretty(&index))
        .commit("Release")
}

/// Has the demo's one big file, 48 MiB, so that there is progress to watch.
fn embeddings() -> RepoSeed {
    let tensors = vec![
        (
            "embeddings.word.weight".to_owned(),
            Type::I8,
            vec![65_536, 512],
        ),
        (
            "encoder.dense.weight".to_owned(),
            Type::I8,
            vec![32_768, 512],
        ),
        ("encoder.scale".to_owned(), Type::F32, vec![512]),
    ];
    RepoSeed::model("north-sea-data/gull-embeddings")
        .created(1_733_200_000)
        .downloads(640_118)
        .likes(96)
        .property("safetensors", parameters(&tensors))
        .file(".gitattributes", GITATTRIBUTES)
        .file("README.md", include_str!("cards/gull-embeddings.md"))
        .file(
            "config.json",
            pretty(&json!({"model_type": "gull", "hidden_size": 512})),
        )
        .file(
            "1_Pooling/config.json",
            pretty(&json!({"pooling_mode_mean_tokens": true})),
        )
        .file("tokenizer.json", tokenizer(3000))
        .large("model.safetensors", safetensors(4000, &tensors))
        .commit("Upload model")
}

fn diffusion() -> RepoSeed {
    let part = |seed, names: &[&str]| {
        let tensors: Vec<Tensor> = names
            .iter()
            .map(|name| (format!("{name}.weight"), Type::F16, vec![256, 192]))
            .collect();
        safetensors(seed, &tensors)
    };
    let index = json!({
        "_class_name": "SketchPipeline",
        "scheduler": ["diffusers", "DDIMScheduler"],
        "text_encoder": ["transformers", "TextEncoder"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
    });
    RepoSeed::model("paperbird/sketch-diffusion-small")
        .created(1_741_700_000)
        .downloads(8_954)
        .likes(655)
        .file(".gitattributes", GITATTRIBUTES)
        .file("README.md", include_str!("cards/sketch-diffusion-small.md"))
        .file("model_index.json", pretty(&index))
        .file(
            "scheduler/scheduler_config.json",
            pretty(&json!({"num_train_timesteps": 1000})),
        )
        .file(
            "text_encoder/config.json",
            pretty(&json!({"hidden_size": 192})),
        )
        .large(
            "text_encoder/model.safetensors",
            part(50, &["embed", "proj"]),
        )
        .file("unet/config.json", pretty(&json!({"sample_size": 32})))
        .large(
            "unet/diffusion_pytorch_model.safetensors",
            part(60, &["down.0", "down.1", "mid", "up.0", "up.1"]),
        )
        .file("vae/config.json", pretty(&json!({"latent_channels": 4})))
        .large(
            "vae/diffusion_pytorch_model.safetensors",
            part(70, &["encoder", "decoder"]),
        )
        .file("images/hills.png", media::landscape(21, 360, 240))
        .file("images/evening.png", media::landscape(34, 360, 240))
        .commit("Upload pipeline")
}

fn gated() -> RepoSeed {
    let tensors = transformer(2, 128, 1024, Type::F32);
    let config = config(2, 128, 1024);
    RepoSeed::model("willow-clinic/triage-notes-classifier")
        .created(1_748_300_000)
        .downloads(412)
        .likes(28)
        .gated()
        .property("safetensors", parameters(&tensors))
        .file(".gitattributes", GITATTRIBUTES)
        .file(
            "README.md",
            include_str!("cards/triage-notes-classifier.md"),
        )
        .file("config.json", pretty(&config))
        .large("model.safetensors", safetensors(700, &tensors))
        .commit("First release, for partners")
}

fn private() -> RepoSeed {
    let adapter = vec![
        (
            "base.q_proj.lora_A.weight".to_owned(),
            Type::F32,
            vec![8, 128],
        ),
        (
            "base.q_proj.lora_B.weight".to_owned(),
            Type::F32,
            vec![128, 8],
        ),
    ];
    let config = json!({"base_model_name_or_path": "aurora-lab/polaris-mini-chat", "r": 8});
    RepoSeed::model("demo/my-first-adapter")
        .created(1_752_900_000)
        .private(USER)
        .file(".gitattributes", GITATTRIBUTES)
        .file("README.md", include_str!("cards/my-first-adapter.md"))
        .file("adapter_config.json", pretty(&config))
        .large("adapter_model.safetensors", safetensors(900, &adapter))
        .commit("Try it out")
}

/// As the oldest models are: no owner, and a date before dates were kept.
fn ownerless() -> RepoSeed {
    let tensors = transformer(1, 64, 512, Type::F32);
    RepoSeed::model("pebble-base")
        .created(1_646_263_744)
        .downloads(1_204_551)
        .likes(2_018)
        .property("safetensors", parameters(&tensors))
        .file(".gitattributes", GITATTRIBUTES)
        .file("README.md", include_str!("cards/pebble-base.md"))
        .file("config.json", pretty(&config(1, 64, 512)))
        .file("vocab.txt", vocabulary(512).join("\n"))
        .large("model.safetensors", safetensors(300, &tensors))
        .commit("Import")
}

/// The part of a configuration the Hub repeats.
fn about(config: &Value) -> Value {
    json!({"architectures": config["architectures"], "model_type": config["model_type"]})
}

fn with(mut config: Value, key: &str, value: Value) -> Value {
    config[key] = value;
    config
}
