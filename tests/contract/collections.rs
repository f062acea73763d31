use futures_util::TryStreamExt;
use hubdesk_core::{RepoId, RepoKind};
use hubdesk_hub::{
    Collection, CollectionChange, CollectionQuery, CollectionSlug, CollectionSort, Entity, Error,
    Hub, ItemChange, NewCollection, Theme, What,
};
use hubdesk_standin::{
    CollectionSeed, Credential, Effect, Fault, Grants, RepoSeed, Route, StandIn,
};

use crate::scene::{MIRA, MIRAS_TOKEN, OTHERS_TOKEN, READ_TOKEN, Scene};

fn model(name: &str) -> Entity {
    Entity::Repo(RepoId::new(RepoKind::Model, name).unwrap())
}

fn new(title: &str) -> NewCollection {
    NewCollection {
        title: title.to_owned(),
        namespace: MIRA.to_owned(),
        description: None,
        is_private: false,
    }
}

/// Six models of Mira's, and two collections of others.
async fn scene() -> Scene {
    let mut builder = StandIn::builder().page_size(1);
    for n in 0..6 {
        builder = builder.repo(RepoSeed::model(&format!("mira/m{n}")).likes(n));
    }
    let lab = CollectionSeed::new("lab", "Best of")
        .upvotes(3)
        .item("model", "mira/m0", None);
    let other =
        CollectionSeed::new("other", "Worst of")
            .upvotes(9)
            .item("paper", "2401.00001", None);
    let hidden = CollectionSeed::new("other", "Nobody's business").private();
    Scene::start(builder.collection(lab).collection(other).collection(hidden)).await
}

fn ids(collection: &Collection) -> Vec<&str> {
    collection
        .items
        .iter()
        .map(|item| item.entity.id())
        .collect()
}

async fn titles(hub: &Hub, query: CollectionQuery) -> Vec<String> {
    let all: Vec<_> = hub.all_collections(&query).try_collect().await.unwrap();
    all.into_iter().map(|collection| collection.title).collect()
}

#[tokio::test]
async fn a_collection_is_made_filled_changed_and_removed() {
    let scene = scene().await;
    let hub = scene.hub(Some(MIRAS_TOKEN));
    let made = hub
        .create_collection(&new("Mira's, in short"))
        .await
        .unwrap();
    assert_eq!(made.slug.owner(), MIRA);
    let slug = made.slug;
    for n in 0..6 {
        let entity = model(&format!("mira/m{n}"));
        hub.add_item(&slug, &entity, (n == 2).then_some("two"))
            .await
            .unwrap();
    }
    hub.add_item(&slug, &Entity::Paper("2401.00002".to_owned()), None)
        .await
        .unwrap();
    let lab = &hub
        .collections(&CollectionQuery::default(), None)
        .await
        .unwrap()
        .items[0];
    let nested = Entity::Collection(lab.slug.clone());
    let filled = hub.add_item(&slug, &nested, None).await.unwrap();
    assert_eq!(filled.items.len(), 8);
    assert_eq!(filled.items[2].note.as_deref(), Some("two"));
    assert_eq!(filled.items[5].summary.as_ref().unwrap().likes, Some(5));
    assert_eq!(filled.items[7].entity, nested);
    assert_eq!(hub.collection(&slug).await.unwrap(), filled);

    let change = ItemChange {
        note: Some("second".to_owned()),
        position: Some(0),
    };
    hub.edit_item(&slug, &filled.items[2].object_id, &change)
        .await
        .unwrap();
    hub.remove_item(&slug, &filled.items[0].object_id)
        .await
        .unwrap();
    let now = hub.collection(&slug).await.unwrap();
    assert_eq!(ids(&now)[..3], ["mira/m2", "mira/m1", "mira/m3"]);
    assert_eq!(now.items[0].note.as_deref(), Some("second"));
    assert_eq!(now.items[1].position, 1);

    hub.delete_collection(&slug).await.unwrap();
    let gone = hub.collection(&slug).await;
    assert!(
        matches!(gone, Err(Error::NotFound(What::Page, _))),
        "{gone:?}"
    );
}

#[tokio::test]
async fn the_slug_follows_the_title_and_its_number_stays() {
    let scene = scene().await;
    let hub = scene.hub(Some(MIRAS_TOKEN));
    let made = hub.create_collection(&new("First name")).await.unwrap();
    hub.create_collection(&new("Another")).await.unwrap();
    let change = CollectionChange {
        title: Some("Second name".to_owned()),
        description: Some("What it is".to_owned()),
        position: Some(1),
        is_private: Some(true),
        theme: Some(Theme::Pink),
    };
    let now = hub.update_collection(&made.slug, &change).await.unwrap();
    assert_ne!(now.slug, made.slug);
    assert_eq!(now.slug.id(), made.slug.id());
    assert_eq!(
        (now.title.as_str(), now.theme.clone()),
        ("Second name", Some(Theme::Pink))
    );
    assert_eq!((now.position, now.is_private), (Some(1), true));
    assert_eq!(hub.collection(&now.slug).await.unwrap(), now);
    let hidden = scene.hub(None).collection(&now.slug).await;
    assert!(matches!(hidden, Err(Error::NotFound(What::Page, _))));
    let odd = CollectionChange {
        theme: Some(Theme::Other("mauve".to_owned())),
        ..CollectionChange::default()
    };
    let refused = hub.update_collection(&now.slug, &odd).await;
    assert!(
        matches!(refused, Err(Error::BadRequest { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn lists_go_over_pages_show_four_items_and_can_be_narrowed() {
    let scene = scene().await;
    let hub = scene.hub(Some(MIRAS_TOKEN));
    let made = hub.create_collection(&new("Mine")).await.unwrap();
    for n in 0..6 {
        hub.add_item(&made.slug, &model(&format!("mira/m{n}")), None)
            .await
            .unwrap();
    }
    let default = CollectionQuery::default;
    let found = |query| titles(&hub, query);
    assert_eq!(found(default()).await, ["Worst of", "Best of", "Mine"]);
    let of_lab = CollectionQuery {
        owners: vec!["lab".to_owned()],
        ..default()
    };
    assert_eq!(found(of_lab).await, ["Best of"]);
    let with_m0 = CollectionQuery {
        items: vec![model("mira/m0")],
        ..default()
    };
    assert_eq!(found(with_m0).await, ["Best of", "Mine"]);
    let paper = Entity::Paper("2401.00001".to_owned());
    let with_paper = CollectionQuery {
        items: vec![paper],
        ..default()
    };
    assert_eq!(found(with_paper).await, ["Worst of"]);
    let worded = CollectionQuery {
        text: Some("OF".to_owned()),
        ..default()
    };
    assert_eq!(found(worded).await, ["Worst of", "Best of"]);
    let newest = CollectionQuery {
        sort: Some(CollectionSort::Modified),
        ..default()
    };
    assert_eq!(found(newest).await[0], "Mine");

    let mine = CollectionQuery {
        owners: vec![MIRA.to_owned()],
        ..default()
    };
    let page = hub.collections(&mine, None).await.unwrap();
    assert_eq!(
        (page.items[0].items.len(), page.items[0].position),
        (4, None)
    );
    let first = hub.collections(&default(), None).await.unwrap();
    let next = first.next.unwrap();
    let second = hub.collections(&default(), Some(&next)).await.unwrap();
    assert_eq!(second.items[0].title, "Best of");
}

#[tokio::test]
async fn what_is_there_already_is_a_conflict_and_what_is_too_long_is_refused() {
    let scene = scene().await;
    let hub = scene.hub(Some(MIRAS_TOKEN));
    let slug = hub.create_collection(&new("Mine")).await.unwrap().slug;
    let again = hub.create_collection(&new("Mine")).await;
    assert!(matches!(again, Err(Error::Conflict { .. })), "{again:?}");
    hub.add_item(&slug, &model("mira/m0"), None).await.unwrap();
    let again = hub.add_item(&slug, &model("mira/m0"), None).await;
    assert!(matches!(again, Err(Error::Conflict { .. })), "{again:?}");
    let missing = hub.add_item(&slug, &model("mira/none"), None).await;
    assert!(matches!(missing, Err(Error::NotFound(..))), "{missing:?}");
    let long = hub.create_collection(&new(&"x".repeat(61))).await;
    assert!(matches!(long, Err(Error::BadRequest { .. })), "{long:?}");
}

#[tokio::test]
async fn only_the_owner_changes_a_collection_and_only_with_a_token_for_it() {
    let scene = scene().await;
    let slug = scene
        .hub(Some(MIRAS_TOKEN))
        .create_collection(&new("Mine"))
        .await
        .unwrap()
        .slug;
    scene.standin.people().put(
        "hf_collects",
        Credential::fine_grained(MIRA, Grants::default().of_user(MIRA, &["collection.write"])),
    );
    scene.standin.people().put(
        "hf_writes",
        Credential::fine_grained(MIRA, Grants::default().of_user(MIRA, &["repo.write"])),
    );
    for (token, may) in [
        (READ_TOKEN, false),
        (OTHERS_TOKEN, false),
        ("hf_writes", false),
        ("hf_collects", true),
    ] {
        let hub = scene.hub(Some(token));
        let added = hub.add_item(&slug, &model("mira/m0"), None).await;
        assert_eq!(added.is_ok(), may, "{token}");
        let is_refusal = matches!(added, Err(Error::Forbidden { .. }));
        assert_eq!(is_refusal, !may, "{token}");
    }
    let anonymous = scene.hub(None).delete_collection(&slug).await;
    assert!(
        matches!(anonymous, Err(Error::SignedOut { .. })),
        "{anonymous:?}"
    );
}

#[tokio::test]
async fn a_collection_whose_answer_was_lost_is_found_and_not_made_again() {
    let scene = scene().await;
    let hub = scene.hub(Some(MIRAS_TOKEN));
    cut_one_answer(&scene);
    let made = hub.create_collection(&new("Mine")).await.unwrap();
    assert_eq!((made.title.as_str(), posts(&scene)), ("Mine", 1));

    cut_one_answer(&scene);
    let filled = hub
        .add_item(&made.slug, &model("mira/m1"), None)
        .await
        .unwrap();
    assert_eq!((ids(&filled), posts(&scene)), (vec!["mira/m1"], 2));
    assert_eq!(ids(&hub.collection(&made.slug).await.unwrap()), ["mira/m1"]);
}

#[tokio::test]
async fn what_is_removed_although_the_answer_was_lost_is_removed() {
    let scene = scene().await;
    let hub = scene.hub(Some(MIRAS_TOKEN));
    let slug: CollectionSlug = hub.create_collection(&new("Mine")).await.unwrap().slug;
    let filled = hub.add_item(&slug, &model("mira/m1"), None).await.unwrap();
    lose_answer_to(&scene, "DELETE", Effect::Cut { after: 0 });
    hub.remove_item(&slug, &filled.items[0].object_id)
        .await
        .unwrap();
    assert!(hub.collection(&slug).await.unwrap().items.is_empty());
    lose_answer_to(&scene, "DELETE", Effect::Cut { after: 0 });
    hub.delete_collection(&slug).await.unwrap();
    assert!(hub.collection(&slug).await.is_err());
    let records = scene.standin.log().records();
    let sent = records.iter().filter(|record| record.method == "DELETE");
    assert_eq!(sent.count(), 2);
}

#[tokio::test]
async fn what_was_there_before_is_not_taken_for_what_was_never_made() {
    let scene = scene().await;
    let hub = scene.hub(Some(MIRAS_TOKEN));
    let slug = hub.create_collection(&new("Mine")).await.unwrap().slug;
    let entity = model("mira/m1");
    hub.add_item(&slug, &entity, None).await.unwrap();
    lose_answer_to(&scene, "POST", Effect::status(502));
    let again = hub.create_collection(&new("Mine")).await;
    assert!(matches!(again, Err(Error::Conflict { .. })), "{again:?}");
    lose_answer_to(&scene, "POST", Effect::status(502));
    let again = hub.add_item(&slug, &entity, None).await;
    assert!(matches!(again, Err(Error::Conflict { .. })), "{again:?}");
}

fn cut_one_answer(scene: &Scene) {
    lose_answer_to(scene, "POST", Effect::Cut { after: 0 });
}

fn lose_answer_to(scene: &Scene, method: &'static str, effect: Effect) {
    let fault = Fault::on(Route::Change, effect).method(method).times(1);
    scene.standin.faults().add(fault);
}

fn posts(scene: &Scene) -> usize {
    let records = scene.standin.log().records();
    records
        .iter()
        .filter(|record| record.method == "POST")
        .count()
}
