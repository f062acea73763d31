//! What a new Space can begin as. The names are two of the Hub's; the files are made up.

use serde_json::{Value, json};

use crate::answer::Answer;

/// One of the templates.
pub(crate) struct Template {
    name: &'static str,
    repo: &'static str,
    pub(crate) sdk: &'static str,
    is_better_private: bool,
    /// What a Space made from it holds.
    pub(crate) files: &'static [(&'static str, &'static str)],
}

const TEMPLATES: [Template; 2] = [
    Template {
        name: "JupyterLab",
        repo: "SpacesExamples/jupyterlab",
        sdk: "docker",
        is_better_private: true,
        files: &[("Dockerfile", "FROM python:3.13\nCMD jupyter-lab\n")],
    },
    Template {
        name: "Streamlit",
        repo: "streamlit/streamlit-template-space",
        sdk: "docker",
        is_better_private: false,
        files: &[
            ("Dockerfile", "FROM python:3.13\nCMD streamlit run app.py\n"),
            ("app.py", "import streamlit\n"),
        ],
    },
];

/// The template in this repository.
pub(crate) fn of(repo: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.repo == repo)
}

/// `GET /api/spaces/templates`.
pub(crate) fn list() -> Answer {
    let rows = TEMPLATES.iter().map(|template| {
        json!({
            "name": template.name,
            "repoId": template.repo,
            "sdk": template.sdk,
            "preferredPrivate": template.is_better_private,
        })
    });
    Answer::json(json!({ "templates": rows.collect::<Value>() }))
}
