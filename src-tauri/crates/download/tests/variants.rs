//! Choices found in listings as they are met at the Hub. The names follow the conventions of the
//! tools that make them; the sizes are small stand-ins.

use hubdesk_download::{Format, Variant, variants};

/// A listing: one file a line, each of 10 bytes, or of as many as its line says.
fn find(listing: &str) -> Vec<Variant> {
    let files = listing
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let files: Vec<(&str, u64)> = files
        .map(|line| match line.split_once(' ') {
            Some((path, size)) => (path, size.parse().expect("a size")),
            None => (line, 10),
        })
        .collect();
    variants(files)
}

/// The choices as `id | name | own files + companions`.
fn told(listing: &str) -> Vec<String> {
    let line = |variant: Variant| {
        let (id, name) = (variant.id, variant.name);
        let (files, companions) = (variant.files.join(","), variant.companions.join(","));
        format!("{id} | {name} | {files} + {companions}")
    };
    find(listing).into_iter().map(line).collect()
}

#[track_caller]
fn check(listing: &str, expected: &[&str]) {
    assert_eq!(told(listing), expected, "{listing}");
}

#[test]
fn quantisations_in_one_folder() {
    check(
        ".gitattributes
        README.md
        config.json
        llama-2-7b-chat.Q2_K.gguf 20
        llama-2-7b-chat.Q4_K_M.gguf 40
        llama-2-7b-chat.Q8_0.gguf 80",
        &[
            "gguf:llama-2-7b-chat.Q2_K | Q2_K | llama-2-7b-chat.Q2_K.gguf + README.md,config.json",
            "gguf:llama-2-7b-chat.Q4_K_M | Q4_K_M | llama-2-7b-chat.Q4_K_M.gguf + README.md,config.json",
            "gguf:llama-2-7b-chat.Q8_0 | Q8_0 | llama-2-7b-chat.Q8_0.gguf + README.md,config.json",
        ],
    );
}

#[test]
fn shards_belong_together_and_folders_name_what_files_do_not() {
    check(
        "Q4_K_M/Big-Q4_K_M-00001-of-00003.gguf
        Q4_K_M/Big-Q4_K_M-00002-of-00003.gguf
        Q4_K_M/Big-Q4_K_M-00003-of-00003.gguf
        BF16/model-00001-of-00002.gguf 30
        BF16/model-00002-of-00002.gguf 30
        Big-UD-IQ1_S.gguf 5",
        &[
            "gguf:Big-UD-IQ1_S | UD-IQ1_S | Big-UD-IQ1_S.gguf + ",
            "gguf:Q4_K_M/Big-Q4_K_M | Q4_K_M | Q4_K_M/Big-Q4_K_M-00001-of-00003.gguf,Q4_K_M/Big-Q4_K_M-00002-of-00003.gguf,Q4_K_M/Big-Q4_K_M-00003-of-00003.gguf + ",
            "gguf:BF16/model | BF16 | BF16/model-00001-of-00002.gguf,BF16/model-00002-of-00002.gguf + ",
        ],
    );
}

#[test]
fn parts_that_were_split_by_hand_belong_together() {
    check(
        "mixtral.Q6_K.gguf-split-a
        mixtral.Q6_K.gguf-split-b
        goliath.Q8_0.gguf.part1of2 20
        goliath.Q8_0.gguf.part2of2 20",
        &[
            "gguf:mixtral.Q6_K | Q6_K | mixtral.Q6_K.gguf-split-a,mixtral.Q6_K.gguf-split-b + ",
            "gguf:goliath.Q8_0 | Q8_0 | goliath.Q8_0.gguf.part1of2,goliath.Q8_0.gguf.part2of2 + ",
        ],
    );
}

#[test]
fn a_projector_goes_with_every_choice_and_is_none_itself() {
    check(
        "gemma-3-4b-it-Q4_K_M.gguf
        gemma-3-4b-it-f16.gguf 40
        imatrix.gguf
        mmproj-BF16.gguf 3
        mmproj-F16.gguf 3
        mmproj-F32.gguf 6",
        &[
            "gguf:gemma-3-4b-it-Q4_K_M | Q4_K_M | gemma-3-4b-it-Q4_K_M.gguf + mmproj-F16.gguf",
            "gguf:gemma-3-4b-it-f16 | F16 | gemma-3-4b-it-f16.gguf + mmproj-F16.gguf",
        ],
    );
}

#[test]
fn a_file_that_names_no_quantisation_is_named_by_itself() {
    check(
        "ggml-model.gguf",
        &["gguf:ggml-model | ggml-model | ggml-model.gguf + "],
    );
}

#[test]
fn one_safetensors_file_and_the_same_in_half_precision() {
    check(
        "config.json
        tokenizer.json
        tokenizer.model
        vocab.txt
        pytorch_model.bin
        tf_model.h5
        model.safetensors 40
        model.fp16.safetensors 20",
        &[
            "safetensors:model.fp16 | fp16 | model.fp16.safetensors + config.json,tokenizer.json,tokenizer.model,vocab.txt",
            "safetensors:model | default | model.safetensors + config.json,tokenizer.json,tokenizer.model,vocab.txt",
        ],
    );
}

#[test]
fn shards_with_their_index_and_the_form_of_another_tool_beside_them() {
    check(
        "LICENSE
        config.json
        consolidated.safetensors 30
        model-00001-of-00002.safetensors 10
        model-00002-of-00002.safetensors 10
        model.safetensors.index.json 1
        params.json
        tokenizer.model.v3",
        &[
            "safetensors:model-of-2 | default | model-00001-of-00002.safetensors,model-00002-of-00002.safetensors,model.safetensors.index.json + LICENSE,config.json,params.json,tokenizer.model.v3",
            "safetensors:consolidated | consolidated | consolidated.safetensors + LICENSE,config.json,params.json,tokenizer.model.v3",
        ],
    );
}

#[test]
fn shards_in_a_precision_in_each_of_the_two_forms() {
    let old = "diffusion_pytorch_model-00001-of-00002.fp16.safetensors
        diffusion_pytorch_model-00002-of-00002.fp16.safetensors
        diffusion_pytorch_model.safetensors.index.fp16.json";
    let new = "diffusion_pytorch_model.fp16-00001-of-00002.safetensors
        diffusion_pytorch_model.fp16-00002-of-00002.safetensors
        diffusion_pytorch_model.fp16.safetensors.index.json";
    for listing in [old, new] {
        let found = find(listing);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].name.as_str(), found[0].files.len()), ("fp16", 3));
    }
}

#[test]
fn a_pipeline_is_chosen_as_a_whole() {
    let listing = "model_index.json
        README.md
        sd_xl_base_1.0.safetensors 90
        scheduler/scheduler_config.json
        text_encoder/config.json
        text_encoder/model.safetensors 20
        text_encoder/model.fp16.safetensors
        tokenizer/vocab.json
        tokenizer/merges.txt
        unet/config.json
        unet/diffusion_pytorch_model.safetensors 40
        unet/diffusion_pytorch_model.fp16.safetensors 20
        vae/config.json
        vae/diffusion_pytorch_model.safetensors 5";
    let companions = "README.md,model_index.json,scheduler/scheduler_config.json,text_encoder/config.json,tokenizer/merges.txt,tokenizer/vocab.json,unet/config.json,vae/config.json";
    check(
        listing,
        &[
            &format!(
                "safetensors:fp16 | fp16 | text_encoder/model.fp16.safetensors,unet/diffusion_pytorch_model.fp16.safetensors,vae/diffusion_pytorch_model.safetensors + {companions}"
            ),
            &format!(
                "safetensors:default | default | text_encoder/model.safetensors,unet/diffusion_pytorch_model.safetensors,vae/diffusion_pytorch_model.safetensors + {companions}"
            ),
            &format!(
                "safetensors:sd_xl_base_1.0 | sd_xl_base_1.0 | sd_xl_base_1.0.safetensors + {companions}"
            ),
        ],
    );
}

#[test]
fn an_index_without_shards_and_an_adapter() {
    check("model.safetensors.index.json", &[]);
    check(
        "adapter_config.json
        adapter_model.safetensors",
        &[
            "safetensors:adapter_model | adapter_model | adapter_model.safetensors + adapter_config.json",
        ],
    );
}

#[test]
fn a_name_that_ends_like_a_version_has_no_precision() {
    check(
        "flux1.0.safetensors
        lora_v1.5.safetensors
        ltx-video-2b-v0.9-fp8.safetensors",
        &[
            "safetensors:flux1.0 | flux1.0 | flux1.0.safetensors + ",
            "safetensors:lora_v1.5 | lora_v1.5 | lora_v1.5.safetensors + ",
            "safetensors:ltx-video-2b-v0.9-fp8 | fp8 | ltx-video-2b-v0.9-fp8.safetensors + ",
        ],
    );
}

#[test]
fn exports_for_the_browser_with_their_external_data() {
    check(
        "config.json
        tokenizer.json
        onnx/model.onnx 2
        onnx/model.onnx_data 80
        onnx/model_fp16.onnx 1
        onnx/model_fp16.onnx_data 40
        onnx/model_fp16.onnx_data_1 5
        onnx/model_q4.onnx 30
        onnx/model_quantized.onnx 20",
        &[
            "onnx:onnx/quantized | quantized | onnx/model_quantized.onnx + config.json,tokenizer.json",
            "onnx:onnx/q4 | q4 | onnx/model_q4.onnx + config.json,tokenizer.json",
            "onnx:onnx/fp16 | fp16 | onnx/model_fp16.onnx,onnx/model_fp16.onnx_data,onnx/model_fp16.onnx_data_1 + config.json,tokenizer.json",
            "onnx:onnx/default | default | onnx/model.onnx,onnx/model.onnx_data + config.json,tokenizer.json",
        ],
    );
}

#[test]
fn an_encoder_and_a_decoder_are_one_choice_and_gaps_are_filled() {
    check(
        "onnx/decoder_model_merged.onnx 40
        onnx/decoder_model_merged_q4.onnx
        onnx/encoder_model.onnx 20",
        &[
            "onnx:onnx/q4 | q4 | onnx/decoder_model_merged_q4.onnx,onnx/encoder_model.onnx + ",
            "onnx:onnx/default | default | onnx/decoder_model_merged.onnx,onnx/encoder_model.onnx + ",
        ],
    );
}

#[test]
fn a_pipeline_exported_to_onnx_is_one_choice() {
    let found = find(
        "model_index.json
        text_encoder/model.onnx
        unet/model.onnx
        unet/model.onnx_data
        vae_decoder/model.onnx",
    );
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].format, found[0].files.len()), (Format::Onnx, 4));
}

#[test]
fn several_formats_are_told_apart_and_companions_stay_near() {
    let found = find(
        "config.json
        model.safetensors
        model-Q4_0.gguf
        onnx/model.onnx
        openvino/openvino_model.xml
        openvino/config.json
        coreml/model.mlmodel",
    );
    let formats: Vec<Format> = found.iter().map(|variant| variant.format).collect();
    assert_eq!(formats, [Format::Gguf, Format::Safetensors, Format::Onnx]);
    assert!(
        found
            .iter()
            .all(|variant| variant.companions == ["config.json"])
    );
}

#[test]
fn what_is_no_model_has_no_choices() {
    check(
        "README.md
        data/train-00000-of-00002.parquet
        data/train-00001-of-00002.parquet
        notes.gguf.txt
        pytorch_model.bin",
        &[],
    );
    check("", &[]);
}

#[test]
fn sizes_are_those_of_the_files_and_of_what_they_need() {
    let found = find(
        "config.json 7
        model.safetensors 40",
    );
    assert_eq!((found[0].weight_bytes, found[0].bytes), (40, 47));
}

#[test]
fn an_id_does_not_change_when_files_are_added() {
    let few = find("model-Q4_0.gguf");
    let more = find("other-Q4_0.gguf\nmodel-Q4_0.gguf\nsub/model-Q4_0.gguf");
    assert!(more.iter().any(|variant| variant.id == few[0].id));
    let mut ids: Vec<_> = more.iter().map(|variant| &variant.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 3, "and no two are the same");
}
