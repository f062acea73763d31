use super::*;

#[test]
fn a_name_is_enough_and_what_is_null_or_odd_is_absence() {
    let bare = read(r#"{"name":"ada"}"#);
    assert!(bare.is_person());
    let odd = r#"{"name":"ada","type":null,"email":7,"avatarUrl":null,"orgs":[{"x":1}],
        "auth":{"accessToken":null,"expiresAt":{}}}"#;
    assert_eq!(read(odd), bare);
}

#[test]
fn an_organisations_credential_is_not_a_persons() {
    for kind in ["org", "app", "robot"] {
        assert!(!read(&format!(r#"{{"type":"{kind}","name":"lab"}}"#)).is_person());
    }
}

#[test]
fn everything_the_hub_says_is_there() {
    let user = read(
        r#"{"type":"user","id":"6","name":"ada","avatarUrl":"/avatars/a.svg","canPay":true,
        "email":"a@x.example","emailVerified":true,
        "orgs":[{"type":"org","id":"7","name":"lab","avatarUrl":"https://c.example/l.png",
          "plan":"team","roleInOrg":"contributor","securityRestrictions":["sso","moon"]}],
        "auth":{"type":"access_token","expiresAt":"2026-01-01T00:00:00.000Z","accessToken":{
          "displayName":"laptop","role":"fineGrained","createdAt":"2025-01-01T00:00:00.000Z",
          "fineGrained":{"canReadGatedRepos":true,"global":["discussion.write"],
            "scoped":[{"entity":{"_id":"7","name":"lab","type":"org"},
              "permissions":["repo.write"]},{"entity":3}]}}}}"#,
    );
    let avatar = user.avatar.unwrap();
    assert_eq!(avatar.as_str(), "https://huggingface.co/avatars/a.svg");
    assert_eq!(user.expires_at.as_deref(), Some("2026-01-01T00:00:00.000Z"));
    let org = &user.orgs[0];
    assert_eq!(org.role, Some(OrgRole::Contributor));
    let moon = Restriction::Other("moon".to_owned());
    assert_eq!(org.restrictions, [Restriction::Sso, moon]);
    let facts = user.token.unwrap().fine_grained.unwrap();
    assert!(facts.can_read_gated_repos);
    assert_eq!((facts.global.len(), facts.scoped.len()), (1, 1));
    assert_eq!(facts.scoped[0].entity.name.as_deref(), Some("lab"));
}
