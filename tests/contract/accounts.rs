use futures_util::{Stream, TryStreamExt};
use hubdesk_core::{RepoId, RepoKind, Revision};
use hubdesk_hub::{
    Account, AccountKind, Closed, Error, OrgRole, Restriction, Shortcoming, StorageQuery,
    StorageSort, What,
};
use hubdesk_standin::{Builder, Credential, Grants, Profile, RepoSeed, StandIn};

use crate::scene::{MIRA, MIRAS_TOKEN, OTHERS_TOKEN, READ_TOKEN, Scene};

const FINE: &str = "hf_fine";

fn model(name: &str) -> RepoId {
    RepoId::new(RepoKind::Model, name).unwrap()
}

/// Mira's model and a private one, one of the lab, and one behind a gate that let her in.
fn world() -> Builder {
    StandIn::builder()
        .repo(
            RepoSeed::model("mira/m")
                .likes(5)
                .file("a.txt", "0123456789"),
        )
        .repo(
            RepoSeed::dataset("mira/d")
                .private(MIRA)
                .file("b.txt", "01234"),
        )
        .repo(RepoSeed::model("lab/l").file("c.txt", "0"))
        .repo(
            RepoSeed::model("club/gated")
                .gated()
                .grant(MIRA)
                .file("d.txt", "d"),
        )
        .like(MIRA, &model("lab/l"))
        .like(MIRA, &model("mira/m"))
        .follow("other", MIRA)
        .follow(MIRA, "lab")
        .profile(
            "lab",
            Profile {
                full_name: Some("The Lab".to_owned()),
                plan: Some("team".to_owned()),
                is_verified: true,
                restrictions: vec!["sso".to_owned()],
                ..Profile::default()
            },
        )
}

async fn with_token(credential: Credential) -> Scene {
    Scene::start(world().token(FINE, credential)).await
}

async fn names(accounts: impl Stream<Item = Result<Account, Error>>) -> Vec<String> {
    let accounts: Vec<_> = accounts.try_collect().await.unwrap();
    accounts.into_iter().map(|account| account.name).collect()
}

#[tokio::test]
async fn whoami_knows_the_person_their_organisations_and_the_token() {
    let scene = Scene::start(world()).await;
    let me = scene.hub(Some(MIRAS_TOKEN)).whoami().await.unwrap();
    assert_eq!(
        (me.kind.clone(), me.name.as_str()),
        (AccountKind::User, MIRA)
    );
    assert_eq!((me.id.len(), me.is_email_verified), (24, Some(true)));
    let avatar = me.avatar.as_ref().unwrap();
    assert_eq!(
        avatar.as_str(),
        format!("{}/avatars/mira.svg", scene.standin.endpoint())
    );
    let lab = &me.orgs[0];
    assert_eq!(
        (lab.full_name.as_str(), lab.plan.as_deref()),
        ("The Lab", Some("team"))
    );
    assert_eq!(lab.role, Some(OrgRole::Admin));
    assert_eq!(lab.restrictions, [Restriction::Sso]);
    assert_eq!(
        (me.credential.as_str(), me.expires_at.as_deref()),
        ("access_token", None)
    );
    let places = me.namespaces();
    assert_eq!(
        places[1].closed,
        Some(Closed::Restricted(&lab.restrictions))
    );
    assert_eq!(me.what_will_not_work(), []);

    let reader = scene.hub(Some(READ_TOKEN)).whoami().await.unwrap();
    assert_eq!(reader.what_will_not_work()[0], Shortcoming::CannotWrite);
}

#[tokio::test]
async fn a_fine_grained_token_says_what_it_may_do_and_does_no_more() {
    let grants = Grants::default()
        .everywhere("discussion.write")
        .of_org("lab", &["repo.write"])
        .of_repo(&model("mira/m"), &["repo.content.read"]);
    let scene = with_token(Credential::fine_grained(MIRA, grants)).await;
    let me = scene.hub(Some(FINE)).whoami().await.unwrap();
    let fine = me.token.as_ref().unwrap().fine_grained.as_ref().unwrap();
    assert_eq!(fine.global, ["discussion.write"]);
    assert!(fine.allows_in("repo.write", "lab") && !fine.allows_in("repo.write", MIRA));
    assert_eq!(
        me.what_will_not_work(),
        [
            Shortcoming::WritesOnlyIn(vec!["lab".to_owned()]),
            Shortcoming::CannotReadGated,
            Shortcoming::NoCollections,
            Shortcoming::NoInference,
        ]
    );

    let branch: Revision = "b".parse().unwrap();
    let make = async |name| {
        scene
            .repo(Some(FINE), name)
            .create_branch(&branch, None)
            .await
    };
    make("lab/l").await.unwrap();
    let refused = make("mira/m").await;
    assert!(
        matches!(refused, Err(Error::Forbidden { .. })),
        "{refused:?}"
    );
    let data = RepoId::new(RepoKind::Dataset, "mira/d").unwrap();
    let hidden = scene.hub(Some(FINE)).repo(&data).refs().await;
    assert!(
        matches!(hidden, Err(Error::NotFound(What::Repo, _))),
        "{hidden:?}"
    );
}

#[tokio::test]
async fn a_gate_stays_closed_to_a_token_that_may_not_pass_any() {
    for (grants, is_open) in [
        (Grants::default(), false),
        (Grants::default().gated(), true),
    ] {
        let scene = with_token(Credential::fine_grained(MIRA, grants)).await;
        let repo = scene.repo(Some(FINE), "club/gated");
        let commit = repo.resolve(&Revision::main()).await.unwrap();
        let head = repo.file(&commit, "d.txt").get(None).await;
        assert_eq!(head.is_ok(), is_open);
        let is_gated = matches!(head.err(), Some(Error::Gated { .. }));
        assert_eq!(is_gated, !is_open);
    }
}

#[tokio::test]
async fn a_token_that_is_over_does_not_count_and_says_when_it_will_be() {
    let year_3000 = 32_503_680_000;
    let scene = with_token(Credential::of(MIRA).until(year_3000)).await;
    let me = scene.hub(Some(FINE)).whoami().await.unwrap();
    assert_eq!(me.expires_at.as_deref(), Some("3000-01-01T00:00:00.000Z"));
    let scene = with_token(Credential::of(MIRA).until(1)).await;
    let over = scene.hub(Some(FINE)).whoami().await;
    assert!(matches!(over, Err(Error::SignedOut { .. })), "{over:?}");
}

#[tokio::test]
async fn an_organisations_own_token_is_told_apart() {
    let scene = with_token(Credential::of_org("lab")).await;
    let org = scene.hub(Some(FINE)).whoami().await.unwrap();
    assert!(!org.is_person());
    let why = Shortcoming::NotAPerson(AccountKind::Org);
    assert_eq!(org.what_will_not_work(), [why]);
}

#[tokio::test]
async fn people_and_organisations_have_pages() {
    let scene = Scene::start(world()).await;
    let hub = scene.hub(Some(OTHERS_TOKEN));
    let mira = hub.user_overview(MIRA).await.unwrap();
    assert_eq!((mira.name.as_str(), mira.is_followed), (MIRA, Some(true)));
    assert_eq!(
        (mira.counts.models, mira.counts.datasets),
        (Some(1), Some(0))
    );
    assert_eq!(
        (mira.counts.likes, mira.counts.followers),
        (Some(2), Some(1))
    );
    assert_eq!(mira.orgs[0].full_name, "The Lab");
    let own = scene
        .hub(Some(MIRAS_TOKEN))
        .user_overview(MIRA)
        .await
        .unwrap();
    assert_eq!(
        own.counts.datasets,
        Some(1),
        "what is private counts for its owner"
    );

    let lab = hub.org_overview("lab").await.unwrap();
    assert_eq!((lab.full_name.as_str(), lab.is_verified), ("The Lab", true));
    assert_eq!(
        (lab.counts.members, lab.counts.followers),
        (Some(1), Some(1))
    );
    let person = hub.org_overview(MIRA).await;
    assert!(
        matches!(person, Err(Error::NotFound(What::Page, _))),
        "{person:?}"
    );
    let nobody = hub.user_overview("nobody").await;
    assert!(matches!(nobody, Err(Error::NotFound(What::Page, _))));
    let odd = hub.user_overview("..").await;
    assert!(matches!(odd, Err(Error::Unaddressable { .. })));
}

#[tokio::test]
async fn who_follows_whom_and_who_belongs_where_is_listed_over_pages() {
    let builder = world().page_size(1).follow("zoe", MIRA).follow(MIRA, "zoe");
    let scene = Scene::start(builder).await;
    let hub = scene.hub(Some(MIRAS_TOKEN));
    assert_eq!(names(hub.user_followers(MIRA)).await, ["other", "zoe"]);
    assert_eq!(names(hub.user_following(MIRA)).await, ["zoe"]);
    assert_eq!(names(hub.org_followers("lab")).await, [MIRA]);
    let members: Vec<_> = hub.org_members("lab").try_collect().await.unwrap();
    assert_eq!(members[0].role, Some(OrgRole::Admin));
    let outside: Vec<_> = scene
        .hub(None)
        .org_members("lab")
        .try_collect()
        .await
        .unwrap();
    assert_eq!(outside[0].role, None, "roles are the members' own business");
}

#[tokio::test]
async fn a_picture_is_found_and_not_loaded() {
    let elsewhere = |url: &str| Profile {
        avatar: Some(url.to_owned()),
        ..Profile::default()
    };
    let builder = world()
        .profile("other", elsewhere("https://pictures.invalid/o.png"))
        .profile(MIRA, elsewhere("http://pictures.invalid/m.png"));
    let scene = Scene::start(builder).await;
    let hub = scene.hub(Some(MIRAS_TOKEN));
    let there = hub.avatar("other").await.unwrap();
    assert_eq!(there.as_str(), "https://pictures.invalid/o.png");
    let own = hub.avatar("lab").await.unwrap();
    assert_eq!(
        own.as_str(),
        format!("{}/avatars/lab.svg", scene.standin.endpoint())
    );
    let plain = hub.avatar(MIRA).await;
    assert!(
        matches!(plain, Err(Error::UnsafeRedirect { .. })),
        "{plain:?}"
    );
    assert_eq!(hub.whoami().await.unwrap().avatar, None);
    let nobody = hub.avatar("nobody").await;
    assert!(matches!(nobody, Err(Error::NotFound(What::Page, _))));
    let asked = scene.standin.log().records();
    assert!(asked.iter().all(|record| record.path.starts_with("/api/")));
}

#[tokio::test]
async fn likes_are_listed_and_taken_back() {
    let scene = Scene::start(world()).await;
    let hub = scene.hub(Some(MIRAS_TOKEN));
    let liked = async || -> Vec<String> {
        let likes: Vec<_> = hub.likes(MIRA).try_collect().await.unwrap();
        likes.iter().map(|like| like.entity.to_string()).collect()
    };
    assert_eq!(liked().await, ["model mira/m", "model lab/l"]);
    scene.model().unlike().await.unwrap();
    assert_eq!(liked().await, ["model lab/l"]);
    let info = scene.model().info(&Revision::main()).await.unwrap();
    assert_eq!(info.summary.likes, Some(4));
    scene.model().unlike().await.unwrap();
    let info = scene.model().info(&Revision::main()).await.unwrap();
    assert_eq!(
        info.summary.likes,
        Some(4),
        "what is not liked cannot lose a like"
    );
    let refused = scene.repo(Some(READ_TOKEN), "lab/l").unlike().await;
    assert!(
        matches!(refused, Err(Error::Forbidden { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn what_takes_up_storage_is_told_to_whom_it_belongs() {
    let scene = Scene::start(world()).await;
    let hub = scene.hub(Some(MIRAS_TOKEN));
    let query = StorageQuery::default();
    let all: Vec<_> = hub.stored_repos(&query).try_collect().await.unwrap();
    let names: Vec<_> = all.iter().map(|one| one.entity.to_string()).collect();
    assert_eq!(names, ["model mira/m", "dataset mira/d"]);
    assert_eq!((all[0].size, all[1].size), (10, 5));
    assert_eq!(all[1].visibility, "private");
    let percent = all[0].percent.unwrap() + all[1].percent.unwrap();
    assert!((percent - 100.0).abs() < 0.001, "{percent}");

    let least = StorageQuery {
        sort: Some(StorageSort::Size),
        is_ascending: true,
        ..query.clone()
    };
    let first = Box::pin(hub.stored_repos(&least)).try_next().await.unwrap();
    assert_eq!(first.unwrap().size, 5);
    let lab = StorageQuery {
        org: Some("lab".to_owned()),
        ..query
    };
    let of_lab: Vec<_> = hub.stored_repos(&lab).try_collect().await.unwrap();
    assert_eq!(of_lab.len(), 1);
    let other = scene.hub(Some(OTHERS_TOKEN));
    let refused: Result<Vec<_>, _> = other.stored_repos(&lab).try_collect().await;
    assert!(
        matches!(refused, Err(Error::Forbidden { .. })),
        "{refused:?}"
    );
}
