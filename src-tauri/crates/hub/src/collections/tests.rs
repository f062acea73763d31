use hubdesk_core::{RepoId, RepoKind};

use super::*;

#[test]
fn a_list_is_asked_for_as_the_hub_takes_it() {
    let query = CollectionQuery {
        owners: vec!["lab".to_owned(), "ada".to_owned()],
        items: vec![
            Entity::Repo(RepoId::new(RepoKind::Dataset, "a/d").unwrap()),
            Entity::Paper("2401.00001".to_owned()),
        ],
        text: Some("best of".to_owned()),
        sort: Some(CollectionSort::Trending),
        limit: None,
    };
    let url = query.first_page(Url::parse("https://huggingface.co/api/c").unwrap());
    assert_eq!(
        url.query(),
        Some(
            "owner=lab&owner=ada&item=datasets%2Fa%2Fd&item=papers%2F2401.00001&q=best+of\
             &sort=trending&limit=10"
        )
    );
}
