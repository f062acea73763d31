use super::*;
use crate::Endpoint;

/// The address up to what is asked for with `expand`.
fn written(kind: RepoKind, query: &RepoQuery) -> String {
    let list = route::list(&Endpoint::default(), kind);
    let url = query.first_page(list, kind).to_string();
    url.split("&expand=").next().unwrap_or_default().to_owned()
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

#[test]
fn a_list_of_models_is_asked_for_as_the_official_client_does() {
    let query = RepoQuery {
        search: Some("q w".to_owned()),
        author: Some("x".to_owned()),
        filter: texts(&["text-generation", "license:mit"]),
        gated: Some(true),
        models: ModelFilter {
            pipeline_tag: Some("text-generation".to_owned()),
            apps: texts(&["ollama", "lmstudio"]),
            is_served: true,
            providers: texts(&["groq", "novita"]),
            parameters: ParameterRange {
                min: Some(6_000_000_000),
                max: Some(128_000_000_000),
            },
        },
        sort: Some(Sort::Modified),
        limit: Some(5),
        ..RepoQuery::default()
    }
    .trained_on("squad");
    assert_eq!(
        written(RepoKind::Model, &query),
        "https://huggingface.co/api/models?filter=text-generation&filter=license%3Amit\
         &filter=dataset%3Asquad&author=x&apps=ollama&apps=lmstudio&gated=true&inference=warm\
         &inference_provider=groq&inference_provider=novita&pipeline_tag=text-generation\
         &num_parameters=min%3A6B%2Cmax%3A128B&search=q+w&sort=lastModified&limit=5"
    );
}

#[test]
fn a_list_of_datasets_is_asked_for_as_the_official_client_does() {
    let query = RepoQuery {
        search: Some("s".to_owned()),
        dataset_name: Some("d".to_owned()),
        ..RepoQuery::default()
    }
    .facet(DatasetFacet::Language, "en")
    .facet(DatasetFacet::SizeCategory, "n<1K")
    .official_benchmark();
    assert_eq!(
        written(RepoKind::Dataset, &query),
        "https://huggingface.co/api/datasets?filter=language%3Aen\
         &filter=size_categories%3An%3C1K&filter=benchmark%3Aofficial&search=d&search=s\
         &limit=50"
    );
}

#[test]
fn a_list_of_spaces_is_asked_for_as_the_official_client_does() {
    let query = RepoQuery {
        filter: texts(&["a", "b"]),
        gated: Some(true),
        spaces: SpaceFilter {
            is_linked: true,
            models: texts(&["m/x"]),
            datasets: texts(&["d/1", "d/2"]),
        },
        ..RepoQuery::default()
    };
    assert_eq!(
        written(RepoKind::Space, &query),
        "https://huggingface.co/api/spaces?filter=a&filter=b&limit=50&linked=true\
         &datasets=d%2F1&datasets=d%2F2&models=m%2Fx"
    );
}
