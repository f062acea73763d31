use hubdesk_core::RepoKind;

/// What stands where nobody has written anything yet; readers of cards look for these words.
const OPEN: &str = "[More Information Needed]";

/// The body of a card to be filled in: the sections people and programs look for. `name` is what
/// the title says. A Space's card is read by few; it gets the title alone.
pub fn template(kind: RepoKind, name: &str) -> String {
    let (title, sections): (_, &[(usize, &str, &str)]) = match kind {
        RepoKind::Model => ("Model Card for ", &MODEL),
        RepoKind::Dataset => ("Dataset Card for ", &DATASET),
        RepoKind::Space => ("", &[]),
    };
    let mut text = format!("# {title}{name}\n");
    for (level, heading, ask) in sections {
        text.push_str(&format!("\n{} {heading}\n", "#".repeat(*level)));
        if !ask.is_empty() {
            text.push_str(&format!("\n<!-- {ask} -->\n\n{OPEN}\n"));
        }
    }
    text
}

/// Level, heading, and what belongs below it; nothing for one that only holds others.
const MODEL: [(usize, &str, &str); 33] = [
    (2, "Model Details", ""),
    (
        3,
        "Model Description",
        "What it is, who made it, in which languages it works, what it was made from.",
    ),
    (
        3,
        "Model Sources",
        "Where its code, its paper and a demonstration are.",
    ),
    (2, "Uses", ""),
    (3, "Direct Use", "What it does as it is."),
    (
        3,
        "Downstream Use",
        "What it can become part of, or be trained further for.",
    ),
    (
        3,
        "Out-of-Scope Use",
        "What it does badly, and what it must not be used for.",
    ),
    (
        2,
        "Bias, Risks, and Limitations",
        "What goes wrong, for whom, and how often that was seen.",
    ),
    (
        3,
        "Recommendations",
        "What people who use it should do about that.",
    ),
    (
        2,
        "How to Get Started with the Model",
        "The shortest code that runs it.",
    ),
    (2, "Training Details", ""),
    (
        3,
        "Training Data",
        "What it was trained on, with a link to the data's own card.",
    ),
    (3, "Training Procedure", ""),
    (4, "Preprocessing", "What was done to the data before."),
    (
        4,
        "Training Hyperparameters",
        "Precision, batch size, learning rate and the like.",
    ),
    (
        4,
        "Speeds, Sizes, Times",
        "How long it took, and how large the checkpoints are.",
    ),
    (2, "Evaluation", ""),
    (3, "Testing Data, Factors & Metrics", ""),
    (4, "Testing Data", "What it was tested on."),
    (
        4,
        "Factors",
        "Groups and conditions that were looked at apart from each other.",
    ),
    (4, "Metrics", "What was measured, and why that."),
    (3, "Results", "What came out."),
    (4, "Summary", "The same in a sentence."),
    (
        2,
        "Model Examination",
        "What is known of how it comes to its answers.",
    ),
    (
        2,
        "Environmental Impact",
        "Machines, hours, place, and the emissions that follow from them.",
    ),
    (
        2,
        "Technical Specifications",
        "Architecture and objective, machines and programs.",
    ),
    (2, "Citation", ""),
    (3, "BibTeX", "The entry for a bibliography."),
    (3, "APA", "The same as a sentence."),
    (2, "Glossary", "Words that not every reader knows."),
    (2, "More Information", "Anything else."),
    (2, "Model Card Authors", "Who wrote this."),
    (2, "Model Card Contact", "Where to ask."),
];

const DATASET: [(usize, &str, &str); 25] = [
    (2, "Dataset Details", ""),
    (
        3,
        "Dataset Description",
        "What it holds, who put it together, in which languages, under which terms.",
    ),
    (
        3,
        "Dataset Sources",
        "Where its code, its paper and a demonstration are.",
    ),
    (2, "Uses", ""),
    (3, "Direct Use", "What it is good for."),
    (
        3,
        "Out-of-Scope Use",
        "What it is not good for, and must not be used for.",
    ),
    (
        2,
        "Dataset Structure",
        "Its fields, its splits, and how they relate.",
    ),
    (2, "Dataset Creation", ""),
    (3, "Curation Rationale", "Why it was made."),
    (3, "Source Data", ""),
    (
        4,
        "Data Collection and Processing",
        "How it was gathered, filtered and put into this form.",
    ),
    (
        4,
        "Who are the source data producers?",
        "People or programs the data comes from.",
    ),
    (3, "Annotations", ""),
    (
        4,
        "Annotation process",
        "What was added to the data, how, and by which rules.",
    ),
    (
        4,
        "Who are the annotators?",
        "People or programs that added it.",
    ),
    (
        4,
        "Personal and Sensitive Information",
        "What it says about people, and what was done to protect them.",
    ),
    (
        2,
        "Bias, Risks, and Limitations",
        "What is missing or lopsided, and what may follow from that.",
    ),
    (
        3,
        "Recommendations",
        "What people who use it should do about that.",
    ),
    (2, "Citation", ""),
    (3, "BibTeX", "The entry for a bibliography."),
    (3, "APA", "The same as a sentence."),
    (2, "Glossary", "Words that not every reader knows."),
    (2, "More Information", "Anything else."),
    (2, "Dataset Card Authors", "Who wrote this."),
    (2, "Dataset Card Contact", "Where to ask."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_has_the_sections_others_look_for() {
        let model = template(RepoKind::Model, "my-model");
        assert!(model.starts_with("# Model Card for my-model\n\n## Model Details\n\n### "));
        assert!(model.contains("\n## Bias, Risks, and Limitations\n"));
        assert!(model.contains(OPEN));
        let dataset = template(RepoKind::Dataset, "d");
        assert!(dataset.contains("\n### Curation Rationale\n"));
        assert_eq!(template(RepoKind::Space, "s"), "# s\n");
    }
}
