use std::time::Duration;

use hubdesk_hub::{Authorization, Error, Grant, Hub, OAuth, SignInError};
use hubdesk_standin::{Effect, Fault, Route, StandIn};
use url::Url;

use crate::scene::{MIRA, Scene};

const CLIENT: &str = "hubdesk-tests";
const SCOPES: [&str; 3] = ["openid", "profile", "write-repos"];

/// What a browser is told when the person decides on the page at `url`, and where it is sent.
async fn decide(url: &str, decision: &str) -> (u16, Option<Url>) {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let answer = client
        .get(format!("{url}&{decision}"))
        .send()
        .await
        .unwrap();
    let location = answer.headers().get("location");
    let location = location.map(|to| Url::parse(to.to_str().unwrap()).unwrap());
    (answer.status().as_u16(), location)
}

async fn begun(scene: &Scene) -> (OAuth, Authorization) {
    let oauth = OAuth::discover(&scene.hub(None), CLIENT).await.unwrap();
    let redirect = Url::parse("http://127.0.0.1:7777/callback").unwrap();
    let authorization = oauth.authorize(&redirect, &SCOPES);
    (oauth, authorization)
}

async fn consent(authorization: &Authorization, decision: &str) -> String {
    let page = authorization.url.as_str();
    let page = page.replacen("/oauth/authorize?", "/oauth/authorize/decide?", 1);
    let (_, location) = decide(&page, decision).await;
    let location = location.unwrap();
    assert!(
        location
            .as_str()
            .starts_with("http://127.0.0.1:7777/callback?")
    );
    location.query().unwrap().to_owned()
}

async fn signed_in(scene: &Scene) -> (OAuth, Grant) {
    let (oauth, authorization) = begun(scene).await;
    let query = consent(&authorization, &format!("allow=true&as={MIRA}")).await;
    let code = authorization.code(&query).unwrap();
    let grant = oauth.redeem(&authorization, &code).await.unwrap();
    (oauth, grant)
}

fn hub_of(scene: &Scene, grant: &Grant) -> Hub {
    scene.hub(Some(grant.access.expose()))
}

#[tokio::test]
async fn a_person_signs_in_with_a_browser() {
    let scene = Scene::of_one_model().await;
    let (_, grant) = signed_in(&scene).await;
    assert_eq!(grant.scopes, SCOPES);
    assert_eq!(grant.lifetime, Some(Duration::from_secs(8 * 3600)));
    let hub = hub_of(&scene, &grant);
    assert_eq!(hub.whoami().await.unwrap().name, MIRA);
    let info = hub.user_info().await.unwrap();
    assert_eq!(info.preferred_username.as_deref(), Some(MIRA));
}

#[tokio::test]
async fn a_code_is_good_once_and_only_with_its_verifier() {
    let scene = Scene::of_one_model().await;
    let (oauth, authorization) = begun(&scene).await;
    let query = consent(&authorization, "allow=true").await;
    let (_, another) = begun(&scene).await;
    assert!(matches!(another.code(&query), Err(SignInError::NotOurs)));

    let code = authorization.code(&query).unwrap();
    let stolen = oauth.redeem(&another, &code).await;
    assert!(
        matches!(stolen, Err(SignInError::SessionOver)),
        "{stolen:?}"
    );
    let again = oauth.redeem(&authorization, &code).await;
    assert!(matches!(again, Err(SignInError::SessionOver)), "{again:?}");
}

#[tokio::test]
async fn a_person_who_says_no_is_understood() {
    let scene = Scene::of_one_model().await;
    let (_, authorization) = begun(&scene).await;
    let query = consent(&authorization, "allow=false").await;
    assert!(matches!(
        authorization.code(&query),
        Err(SignInError::Denied)
    ));
}

#[tokio::test]
async fn a_session_is_renewed_and_its_old_key_is_then_worthless() {
    let scene = Scene::of_one_model().await;
    let (oauth, first) = signed_in(&scene).await;
    let old = first.refresh.unwrap();
    let second = oauth.refresh(&old).await.unwrap();
    assert_ne!(second.access, first.access);
    hub_of(&scene, &second).whoami().await.unwrap();
    let stolen = oauth.refresh(&old).await;
    assert!(
        matches!(stolen, Err(SignInError::SessionOver)),
        "{stolen:?}"
    );
}

#[tokio::test]
async fn a_token_that_is_over_is_refused() {
    let builder = StandIn::builder().oauth_lifetime(Duration::ZERO);
    let scene = Scene::start(builder).await;
    let (_, grant) = signed_in(&scene).await;
    let over = hub_of(&scene, &grant).whoami().await;
    assert!(matches!(over, Err(Error::SignedOut { .. })), "{over:?}");
}

#[tokio::test]
async fn a_person_signs_in_on_another_device_although_the_line_is_bad() {
    let scene = Scene::of_one_model().await;
    let oauth = OAuth::discover(&scene.hub(None), CLIENT).await.unwrap();
    let code = oauth.device(&SCOPES).await.unwrap();
    assert!(code.complete.as_str().ends_with(&code.user_code));
    let trouble = Effect::Status(503.try_into().unwrap(), Vec::new());
    let fault = Fault::on(Route::Other, trouble).times(1);
    let page = code.complete.as_str();
    let page = page.replacen("/oauth/device?", "/oauth/device/decide?", 1);
    assert_eq!(decide(&page, &format!("allow=true&as={MIRA}")).await.0, 200);
    scene.standin.faults().add(fault);
    let grant = oauth.wait(&code).await.unwrap();
    assert_eq!(hub_of(&scene, &grant).whoami().await.unwrap().name, MIRA);
}

#[tokio::test]
async fn a_device_that_is_refused_is_told() {
    let scene = Scene::of_one_model().await;
    let oauth = OAuth::discover(&scene.hub(None), CLIENT).await.unwrap();
    let code = oauth.device(&SCOPES).await.unwrap();
    let page = code.complete.as_str();
    let page = page.replacen("/oauth/device?", "/oauth/device/decide?", 1);
    decide(&page, "allow=false").await;
    let refused = oauth.wait(&code).await;
    assert!(matches!(refused, Err(SignInError::Denied)), "{refused:?}");
}
