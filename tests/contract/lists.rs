use futures_util::TryStreamExt;
use hubdesk_core::{RepoId, RepoKind};
use hubdesk_hub::{
    DatasetFacet, Details, Error, ModelFilter, ParameterRange, QuickKind, QuickQuery, RepoQuery,
    Sort, SpaceFilter, SpaceSearch,
};
use hubdesk_standin::{RepoSeed, StandIn};
use serde_json::json;

use crate::scene::{MIRAS_TOKEN, Scene};

/// Models, datasets and Spaces that differ in everything lists go by.
async fn scene() -> Scene {
    let card = |lines: &str| format!("---\n{lines}\n---\n");
    let model = |name: &str, parameters: u64| {
        RepoSeed::model(name).property("safetensors", json!({"total": parameters}))
    };
    let running = json!({"stage": "RUNNING"});
    let builder = StandIn::builder()
        .repo(
            model("lab/small", 500_000_000)
                .likes(10)
                .recent_likes(9)
                .downloads(7)
                .created(1_000_000)
                .apps(&["ollama", "llama.cpp"])
                .file(
                    "README.md",
                    card("pipeline_tag: text-generation\ndatasets: [lab/rows]\nlicense: mit"),
                ),
        )
        .repo(
            model("lab/large", 7_000_000_000)
                .likes(90)
                .recent_likes(1)
                .downloads(5)
                .created(2_000_000)
                .apps(&["vllm"])
                .served_by(&["groq"])
                .gated()
                .file(
                    "README.md",
                    card("pipeline_tag: text-generation\nlicense: mit"),
                ),
        )
        .repo(RepoSeed::model("mira/bare").private("mira"))
        .repo(
            RepoSeed::dataset("lab/rows")
                .rows(10)
                .file("README.md", card("language: [en]\nsize_categories: [n<1K]")),
        )
        .repo(
            RepoSeed::dataset("lab/more-rows")
                .rows(900)
                .file("data.bin", "0123456789"),
        )
        .repo(
            RepoSeed::space("lab/draw")
                .property("runtime", running)
                .file(
                    "README.md",
                    card("title: Cat drawer\nemoji: C\nsdk: gradio\nmodels: [lab/small]"),
                ),
        )
        .repo(
            RepoSeed::space("lab/still")
                .property("runtime", json!({"stage": "PAUSED"}))
                .file("README.md", card("title: Cat painter\nsdk: static")),
        );
    Scene::start(builder).await
}

async fn names(scene: &Scene, kind: RepoKind, query: RepoQuery) -> Vec<String> {
    let hub = scene.hub(None);
    let found: Vec<_> = hub.all_repos(kind, &query).try_collect().await.unwrap();
    let names = found
        .into_iter()
        .map(|repo| repo.summary.id.name().to_owned());
    names.collect()
}

fn only(models: ModelFilter) -> RepoQuery {
    RepoQuery {
        models,
        ..RepoQuery::default()
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

#[tokio::test]
async fn models_are_narrowed_by_everything_a_list_takes() {
    let scene = scene().await;
    let default = RepoQuery::default;
    let small = ["lab/small"];
    let large = ["lab/large"];
    let both = ["lab/large", "lab/small"];
    let tagged = |tags: &[&str]| RepoQuery {
        filter: texts(tags),
        ..default()
    };
    let task = |task: &str| ModelFilter {
        pipeline_tag: Some(task.to_owned()),
        ..ModelFilter::default()
    };
    let apps = |apps: &[&str]| ModelFilter {
        apps: texts(apps),
        ..ModelFilter::default()
    };
    let providers = |providers: &[&str]| ModelFilter {
        providers: texts(providers),
        ..ModelFilter::default()
    };
    let served = ModelFilter {
        is_served: true,
        ..ModelFilter::default()
    };
    let sized = |min, max| ModelFilter {
        parameters: ParameterRange { min, max },
        ..ModelFilter::default()
    };
    for (query, expected) in [
        (default(), &both[..]),
        (tagged(&["license:mit", "text-generation"]), &both),
        (tagged(&["license:mit", "dataset:lab/rows"]), &small),
        (default().trained_on("lab/rows"), &small),
        (only(task("text-generation")), &both),
        (only(task("fill-mask")), &[]),
        (only(apps(&["ollama", "mlx"])), &small),
        (only(apps(&["ollama", "vllm"])), &both),
        (only(served), &large),
        (only(providers(&["groq", "novita"])), &large),
        (only(providers(&["novita"])), &[]),
        (only(providers(&["all"])), &large),
        (only(sized(Some(500_000_000), None)), &both),
        (only(sized(Some(500_000_001), Some(7_000_000_000))), &large),
        (only(sized(None, Some(1_000_000_000))), &small),
        (
            RepoQuery {
                gated: Some(true),
                ..default()
            },
            &large,
        ),
        (
            RepoQuery {
                gated: Some(false),
                ..default()
            },
            &small,
        ),
        (
            RepoQuery {
                search: Some("AB/SM".to_owned()),
                ..default()
            },
            &small,
        ),
        (
            RepoQuery {
                author: Some("mira".to_owned()),
                ..default()
            },
            &[],
        ),
    ] {
        let found = names(&scene, RepoKind::Model, query.clone()).await;
        assert_eq!(found, expected, "{query:?}");
    }
}

#[tokio::test]
async fn datasets_and_spaces_are_narrowed_by_what_they_alone_have() {
    let scene = scene().await;
    let facets = RepoQuery::default()
        .facet(DatasetFacet::Language, "en")
        .facet(DatasetFacet::SizeCategory, "n<1K");
    assert_eq!(names(&scene, RepoKind::Dataset, facets).await, ["lab/rows"]);
    let benchmarks = RepoQuery::default().official_benchmark();
    assert_eq!(names(&scene, RepoKind::Dataset, benchmarks).await, [""; 0]);
    let named = RepoQuery {
        dataset_name: Some("rows".to_owned()),
        search: Some("more".to_owned()),
        ..RepoQuery::default()
    };
    assert_eq!(
        names(&scene, RepoKind::Dataset, named).await,
        ["lab/more-rows"]
    );

    let linked = |spaces| RepoQuery {
        spaces,
        ..RepoQuery::default()
    };
    let any = SpaceFilter {
        is_linked: true,
        ..SpaceFilter::default()
    };
    assert_eq!(
        names(&scene, RepoKind::Space, linked(any)).await,
        ["lab/draw"]
    );
    let other = SpaceFilter {
        models: texts(&["lab/large"]),
        ..SpaceFilter::default()
    };
    assert_eq!(names(&scene, RepoKind::Space, linked(other)).await, [""; 0]);
}

#[tokio::test]
async fn every_order_orders_by_what_it_says() {
    let scene = scene().await;
    let sorted = async |kind, sort| {
        let query = RepoQuery {
            sort: Some(sort),
            ..RepoQuery::default()
        };
        names(&scene, kind, query).await[0].clone()
    };
    for (sort, first) in [
        (Sort::Trending, "lab/large"),
        (Sort::Likes, "lab/large"),
        (Sort::RecentLikes, "lab/small"),
        (Sort::Downloads, "lab/small"),
        (Sort::Created, "lab/large"),
        (Sort::Modified, "lab/large"),
        (Sort::Parameters, "lab/large"),
        (Sort::Id, "lab/small"),
    ] {
        assert_eq!(sorted(RepoKind::Model, sort).await, first, "{sort:?}");
    }
    assert_eq!(sorted(RepoKind::Dataset, Sort::Rows).await, "lab/more-rows");
    assert_eq!(sorted(RepoKind::Dataset, Sort::Size).await, "lab/rows");
    let query = RepoQuery {
        sort: Some(Sort::Rows),
        ..RepoQuery::default()
    };
    let refused = scene.hub(None).repos(RepoKind::Space, &query, None).await;
    assert!(matches!(refused, Err(Error::BadRequest { .. })));
}

#[tokio::test]
async fn an_entry_says_what_screens_show_and_only_its_owner_sees_a_private_one() {
    let scene = scene().await;
    let query = RepoQuery::default();
    let hub = scene.hub(Some(MIRAS_TOKEN));
    let models = hub.repos(RepoKind::Model, &query, None).await.unwrap();
    let names: Vec<_> = models
        .items
        .iter()
        .map(|one| one.summary.id.name())
        .collect();
    assert_eq!(names, ["lab/large", "lab/small", "mira/bare"]);
    let large = &models.items[0];
    assert_eq!(large.author.as_deref(), Some("lab"));
    assert_eq!(
        large.created_at.as_deref(),
        Some("1970-01-24T03:33:20.000Z")
    );
    assert_eq!(
        (large.trending_score, large.downloads_all_time),
        (Some(12.0), Some(45))
    );
    assert_eq!(large.summary.parameters, Some(7_000_000_000));

    let spaces = hub.repos(RepoKind::Space, &query, None).await.unwrap();
    let draw = &spaces.items[0];
    assert_eq!(
        (draw.title.as_deref(), draw.emoji.as_deref()),
        (Some("Cat drawer"), Some("C"))
    );
    assert_eq!(draw.stage.as_deref(), Some("RUNNING"));
    let datasets = hub.repos(RepoKind::Dataset, &query, None).await.unwrap();
    assert_eq!(datasets.items[0].size, Some(10));
}

#[tokio::test]
async fn spaces_are_found_by_what_they_do() {
    let scene = scene().await;
    let hub = scene.hub(None);
    let search = |sdks: &[&str], with_stopped| SpaceSearch {
        text: "cat drawer".to_owned(),
        sdks: texts(sdks),
        with_stopped,
        ..SpaceSearch::default()
    };
    let running = hub.search_spaces(&search(&[], false)).await.unwrap();
    assert_eq!(running.len(), 1);
    assert_eq!(running[0].space.summary.id.name(), "lab/draw");
    assert_eq!(running[0].space.title.as_deref(), Some("Cat drawer"));
    assert_eq!(running[0].relevance, Some(1.0));
    let all = hub.search_spaces(&search(&[], true)).await.unwrap();
    assert_eq!(all.len(), 2);
    let still = hub.search_spaces(&search(&["static"], true)).await.unwrap();
    assert_eq!(still[0].space.stage.as_deref(), Some("PAUSED"));
}

#[tokio::test]
async fn a_quick_search_finds_every_kind_and_what_is_asked_for() {
    let scene = scene().await;
    let hub = scene.hub(None);
    let query = QuickQuery {
        text: "LA".to_owned(),
        limit: Some(1),
        ..QuickQuery::default()
    };
    let hits = hub.quicksearch(&query).await.unwrap();
    assert_eq!((hits.models.best.len(), hits.models.total), (1, 2));
    assert_eq!(hits.models.best[0].id.name(), "lab/large");
    assert_eq!((hits.datasets.total, hits.spaces.total), (2, 2));
    assert_eq!(
        (hits.orgs.best[0].name.as_str(), hits.orgs.total),
        ("lab", 1)
    );
    assert!(hits.orgs.best[0].avatar.is_some());

    let large = RepoId::new(RepoKind::Model, "lab/large").unwrap();
    let narrow = QuickQuery {
        kinds: vec![QuickKind::Model],
        namespace: Some("lab".to_owned()),
        exclude: vec![large],
        limit: None,
        ..query
    };
    let hits = hub.quicksearch(&narrow).await.unwrap();
    assert_eq!(hits.models.best[0].id.name(), "lab/small");
    assert_eq!(
        (hits.models.total, hits.spaces.total, hits.orgs.total),
        (1, 0, 0)
    );
}

#[tokio::test]
async fn what_is_trending_comes_of_one_kind_or_of_all() {
    let scene = scene().await;
    let hub = scene.hub(None);
    let all = hub.trending(None, 20).await.unwrap();
    assert_eq!(all.len(), 6);
    assert_eq!(all[0].summary.id.to_string(), "model lab/large");
    let spaces = hub.trending(Some(RepoKind::Space), 1).await.unwrap();
    assert_eq!(spaces.len(), 1);
    assert_eq!(spaces[0].summary.id.kind(), RepoKind::Space);
}

#[tokio::test]
async fn every_tag_of_the_vocabulary_narrows_a_list() {
    use hubdesk_hub::{DatasetTags, ModelTags};

    let scene = scene().await;
    let hub = scene.hub(None);
    let all = hub.model_tags(None).await.unwrap();
    assert!(all.len() > 2, "{all:?}");
    for tag in all.iter().flat_map(|group| &group.tags) {
        let query = RepoQuery {
            filter: vec![tag.id.clone()],
            ..RepoQuery::default()
        };
        assert!(
            !names(&scene, RepoKind::Model, query).await.is_empty(),
            "{tag:?}"
        );
    }
    let tasks = hub.model_tags(Some(&ModelTags::Task)).await.unwrap();
    assert_eq!((tasks.len(), &tasks[0].group), (1, &ModelTags::Task));
    assert_eq!(tasks[0].tags[0].id, "text-generation");
    let sizes = hub
        .dataset_tags(Some(&DatasetTags::SizeCategory))
        .await
        .unwrap();
    assert_eq!(sizes[0].tags[0].id, "size_categories:n<1K");
    assert_eq!(sizes[0].tags[0].label, "n<1K");
}

#[tokio::test]
async fn a_list_in_full_has_the_same_repositories_and_only_what_was_asked_for() {
    let scene = scene().await;
    let hub = scene.hub(None);
    let query = RepoQuery {
        sort: Some(Sort::Likes),
        ..RepoQuery::default()
    };
    let brief = names(&scene, RepoKind::Model, query.clone()).await;
    let full: Vec<Details> = hub
        .all_details(RepoKind::Model, &query, &["likes", "config"])
        .try_collect()
        .await
        .unwrap();
    let full_names: Vec<&str> = full.iter().map(|details| details.id.name()).collect();
    assert!(!brief.is_empty() && full_names == brief);
    assert!(full.iter().all(|details| details.common.likes.is_some()));
    assert!(full.iter().all(|details| details.common.tags.is_empty()));
}
