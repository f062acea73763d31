//! The demo's Spaces.

use serde_json::{Value, json};

use super::text::GITATTRIBUTES;
use super::{USER, media};
use crate::discussion_seed::DiscussionSeed;
use crate::seed::RepoSeed;

pub(super) fn all() -> Vec<RepoSeed> {
    vec![
        RepoSeed::space("aurora-lab/polaris-chat")
            .created(1_720_100_000)
            .likes(540)
            .property("runtime", runtime("RUNNING", "cpu-basic"))
            .file(".gitattributes", GITATTRIBUTES)
            .file("README.md", include_str!("cards/space-polaris-chat.md"))
            .file("app.py", include_str!("cards/app.py.txt"))
            .file("requirements.txt", "gradio\ntransformers\n")
            .commit("First version")
            .discussion(DiscussionSeed::new(
                "It forgets what I said",
                "juniper",
                "After the third question it starts anew. `app.py` keeps no history, I think.",
            )),
        RepoSeed::space("paperbird/sketchbook")
            .created(1_742_000_000)
            .likes(89)
            .property("runtime", runtime("RUNNING", "cpu-basic"))
            .file(".gitattributes", GITATTRIBUTES)
            .file("README.md", include_str!("cards/space-sketchbook.md"))
            .file("index.html", include_str!("cards/sketchbook.html"))
            .file("hills.png", media::landscape(89, 320, 200))
            .commit("Open the sketchbook"),
        RepoSeed::space("field-notes/bird-listener")
            .created(1_745_800_000)
            .likes(17)
            .property("runtime", runtime("SLEEPING", "cpu-upgrade"))
            .file(".gitattributes", GITATTRIBUTES)
            .file("README.md", include_str!("cards/space-bird-listener.md"))
            .file(
                "Dockerfile",
                "FROM python:3.12-slim\nCOPY app.py .\nCMD [\"python\", \"app.py\"]\n",
            )
            .file("app.py", "print(\"listening\")\n")
            .commit("Listen"),
        RepoSeed::space("demo/night-sky")
            .created(1_747_300_000)
            .private(USER)
            .file(".gitattributes", GITATTRIBUTES)
            .file("README.md", include_str!("cards/space-night-sky.md"))
            .file("app.py", "print(\"looking up\")\n")
            .commit("Look up"),
    ]
}

fn runtime(stage: &str, hardware: &str) -> Value {
    json!({
        "stage": stage,
        "hardware": {"current": hardware, "requested": hardware},
        "gcTimeout": 172_800,
        "replicas": {"current": 1, "requested": 1},
        "domains": [],
    })
}
