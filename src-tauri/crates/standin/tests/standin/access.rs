use hubdesk_standin::{RepoSeed, StandIn};

use super::{OWNER, Peer, STRANGER};

#[tokio::test]
async fn whoami_tells_the_user_of_a_token_and_refuses_the_rest() {
    let peer = Peer::start(StandIn::builder()).await;
    let me = peer.get_as(OWNER, "/api/whoami-v2").await;
    assert_eq!(me.status, 200);
    assert_eq!(
        (&me.json()["name"], &me.json()["type"]),
        (&"owner".into(), &"user".into())
    );
    assert_eq!(peer.get("/api/whoami-v2").await.status, 401);
    let bad = peer.get_as("hf_nobody", "/api/whoami-v2").await;
    assert_eq!(bad.status, 401);
    let message = "Invalid credentials in Authorization header";
    assert_eq!(bad.header("x-error-message"), message);
    assert_eq!(bad.json()["error"], message);
}

#[tokio::test]
async fn who_sees_what_of_private_gated_and_missing_repositories() {
    let builder = StandIn::builder()
        .repo(
            RepoSeed::model("org/private")
                .private("owner")
                .file("f", "x"),
        )
        .repo(
            RepoSeed::model("org/gated")
                .gated()
                .grant("owner")
                .file("f", "x"),
        )
        .repo(RepoSeed::model("org/taken-down").disabled().file("f", "x"));
    let peer = Peer::start(builder).await;
    let missing = Some("RepoNotFound");
    let gated = Some("GatedRepo");
    // Name, then as status and code: anonymous, another user, the owner.
    for (path, expected) in [
        (
            "/api/models/org/private",
            [(401, missing), (404, missing), (200, None)],
        ),
        (
            "/api/models/org/private/tree/main",
            [(401, missing), (404, missing), (200, None)],
        ),
        (
            "/org/private/resolve/main/f",
            [(401, missing), (404, missing), (200, None)],
        ),
        (
            "/api/models/org/private/auth-check",
            [(401, missing), (404, missing), (200, None)],
        ),
        (
            "/api/models/org/gated",
            [(200, None), (200, None), (200, None)],
        ),
        (
            "/api/models/org/gated/tree/main",
            [(200, None), (200, None), (200, None)],
        ),
        (
            "/org/gated/resolve/main/f",
            [(401, gated), (403, gated), (200, None)],
        ),
        (
            "/api/models/org/gated/auth-check",
            [(401, gated), (403, gated), (200, None)],
        ),
        (
            "/api/models/org/nothing",
            [(401, missing), (404, missing), (404, missing)],
        ),
        (
            "/org/nothing/resolve/main/f",
            [(401, missing), (404, missing), (404, missing)],
        ),
        (
            "/org/taken-down/resolve/main/f",
            [(403, None), (403, None), (403, None)],
        ),
    ] {
        let replies = [
            peer.get(path).await,
            peer.get_as(STRANGER, path).await,
            peer.get_as(OWNER, path).await,
        ];
        let seen = replies.each_ref().map(|reply| (reply.status, reply.code()));
        assert_eq!(seen, expected, "{path}");
    }
    let down = peer.get("/api/models/org/taken-down").await;
    assert_eq!(
        down.header("x-error-message"),
        "Access to this resource is disabled."
    );
}

#[tokio::test]
async fn lists_hold_private_repositories_only_for_those_who_may_see_them() {
    let secret = RepoSeed::model("org/secret")
        .private("owner")
        .file("f", "x");
    let peer = Peer::with(secret).await;
    assert_eq!(peer.json("/api/models").await, serde_json::json!([]));
    assert_eq!(
        peer.get_as(STRANGER, "/api/models").await.json(),
        serde_json::json!([])
    );
    let mine = peer.get_as(OWNER, "/api/models").await.json();
    assert_eq!(mine[0]["id"], "org/secret");
    assert_eq!(
        peer.json("/api/quicksearch?q=secret").await["modelsCount"],
        0
    );
}

#[tokio::test]
async fn only_the_owner_may_write() {
    let peer = Peer::with(RepoSeed::model("owner/m").file("f", "x")).await;
    let path = "/api/models/owner/m/auth-check/write";
    assert_eq!(peer.get(path).await.status, 401);
    assert_eq!(peer.get_as(STRANGER, path).await.status, 403);
    assert_eq!(peer.get_as(OWNER, path).await.status, 200);
}
