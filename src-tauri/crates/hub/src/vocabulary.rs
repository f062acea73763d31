use hubdesk_core::RepoKind;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::call::Call;
use crate::json::{each, lenient, or_default};
use crate::words::words;
use crate::{Error, Hub, route};

/// The tags of a kind of repository, by what they are about.
pub type Vocabulary<G> = Vec<TagGroup<G>>;

/// Tags that are about the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagGroup<G> {
    /// What they are about.
    pub group: G,
    /// The tags, in the Hub's order.
    pub tags: Vec<Tag>,
}

/// A tag to narrow a list by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tag {
    /// What goes into [`RepoQuery::filter`](crate::RepoQuery::filter).
    pub id: String,
    /// What people are shown.
    #[serde(default, deserialize_with = "or_default")]
    pub label: String,
    /// What it is about within its group, such as `nlp` for a task.
    #[serde(default, deserialize_with = "lenient")]
    pub sub_type: Option<String>,
    /// Whether it can be chosen; it can if the Hub does not say.
    #[serde(default, rename = "clickable", deserialize_with = "lenient")]
    choosable: Option<bool>,
}

words! {
    /// What tags of models are about.
    pub enum ModelTags {
        /// What it does.
        Task = "pipeline_tag",
        /// What it is made for.
        Library = "library",
        /// What it was trained on.
        Dataset = "dataset",
        /// Flat storage it belongs to.
        Bucket = "bucket",
        /// Which languages it knows.
        Language = "language",
        /// Under which terms it may be used.
        License = "license",
        /// Which papers tell about it.
        Arxiv = "arxiv",
        /// Under which permanent name it is cited.
        Doi = "doi",
        /// Where it is stored.
        Region = "region",
        /// Where it can be run.
        Deploy = "deploy",
        /// The rest.
        Rest = "other",
    }
}

words! {
    /// What tags of datasets are about.
    pub enum DatasetTags {
        /// Whether models are compared with it.
        Benchmark = "benchmark",
        /// What it is for.
        TaskCategory = "task_categories",
        /// How large it is.
        SizeCategory = "size_categories",
        /// What is in it: text, images, …
        Modality = "modality",
        /// How its files are written.
        Format = "format",
        /// What reads it.
        Library = "library",
        /// Which languages are in it.
        Language = "language",
        /// Under which terms it may be used.
        License = "license",
        /// Which papers tell about it.
        Arxiv = "arxiv",
        /// Under which permanent name it is cited.
        Doi = "doi",
        /// Where it is stored.
        Region = "region",
        /// The rest.
        Rest = "other",
        /// What it is for, exactly.
        TaskId = "task_ids",
        /// Who annotated it.
        AnnotationsCreators = "annotations_creators",
        /// Who wrote it.
        LanguageCreators = "language_creators",
        /// Whether it is in one language or in several.
        Multilinguality = "multilinguality",
        /// What it was made from.
        SourceDatasets = "source_datasets",
    }
}

impl Tag {
    /// Whether a list can be narrowed by it.
    pub fn can_be_chosen(&self) -> bool {
        self.choosable != Some(false)
    }
}

impl Hub {
    /// The tags of models that are about `group`, or all there are. All are several megabytes:
    /// ask for a group when it is opened, and keep the answer for a day.
    pub async fn model_tags(
        &self,
        group: Option<&ModelTags>,
    ) -> Result<Vocabulary<ModelTags>, Error> {
        let group = group.map(ModelTags::as_str);
        self.tags(RepoKind::Model, group).await
    }

    /// The tags of datasets that are about `group`, or all there are, as [`Hub::model_tags`].
    pub async fn dataset_tags(
        &self,
        group: Option<&DatasetTags>,
    ) -> Result<Vocabulary<DatasetTags>, Error> {
        let group = group.map(DatasetTags::as_str);
        self.tags(RepoKind::Dataset, group).await
    }

    async fn tags<G: From<String>>(
        &self,
        kind: RepoKind,
        group: Option<&str>,
    ) -> Result<Vocabulary<G>, Error> {
        let rest = format!("{}-tags-by-type", kind.plural());
        let mut url = route::below_api(self.endpoint(), &rest);
        if let Some(group) = group {
            url.query_pairs_mut().append_pair("type", group);
        }
        let groups: Map<String, Value> = self.ask(&Call::get(url, None)).await?.value;
        Ok(groups.into_iter().map(read).collect())
    }
}

fn read<G: From<String>>((group, tags): (String, Value)) -> TagGroup<G> {
    TagGroup {
        group: group.into(),
        tags: each(tags).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_group_grows_and_a_tag_can_be_chosen_unless_the_hub_says_no() {
        let tags =
            json!([{"id": "a", "label": "A", "type": "x"}, {"id": "b", "clickable": false}, 3]);
        let group: TagGroup<ModelTags> = read(("pipeline_tag".to_owned(), tags));
        assert_eq!(group.group, ModelTags::Task);
        let can: Vec<_> = group.tags.iter().map(Tag::can_be_chosen).collect();
        assert_eq!(can, [true, false]);
        let new: TagGroup<DatasetTags> = read(("mood".to_owned(), json!("?")));
        assert_eq!((new.group.as_str(), new.tags.len()), ("mood", 0));
    }
}
