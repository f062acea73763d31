//! Whole repositories: made, removed, renamed, copied.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hubdesk_core::{RepoId, RepoKind, RepoPath};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::about::Visibility;
use crate::answer::Answer;
use crate::ask::Ask;
use crate::error::Refusal;
use crate::initial;
use crate::model::{Found, Repo};
use crate::people::OrgRole;
use crate::seed::{Change, RepoSeed};
use crate::setup::Setup;
use crate::space::Space;
use crate::template;

/// The longest short description of a Space.
const SHORT: usize = 60;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewRepo {
    name: String,
    organization: Option<String>,
    #[serde(rename = "type", default)]
    kind: RepoKind,
    visibility: Option<Visibility>,
    private: Option<bool>,
    region: Option<String>,
    license: Option<String>,
    #[serde(rename = "license_name")]
    license_name: Option<String>,
    #[serde(rename = "license_link")]
    license_link: Option<String>,
    #[serde(default)]
    files: Vec<NewFile>,
    sdk: Option<String>,
    #[serde(rename = "short_description")]
    short_description: Option<String>,
    template: Option<String>,
    #[serde(flatten)]
    setup: Setup,
}

#[derive(Deserialize)]
struct NewFile {
    path: String,
    content: String,
    encoding: Option<String>,
}

/// `POST /api/repos/create`.
///
/// unverified: the words of the refusals, and what a new Space's README holds beyond the keys it
/// cannot do without.
pub(crate) fn create(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let new: NewRepo = ask.json()?;
    let user = user(ask)?;
    let owner = new.organization.clone().unwrap_or(user.clone());
    let id = RepoId::new(new.kind, &format!("{owner}/{}", new.name))
        .map_err(|why| Refusal::BadRequest(why.to_string()))?;
    may_create(ask, &owner)?;
    check(&new)?;
    let now = ask.hub.seconds();
    let mut seed = RepoSeed::of(id.clone()).created(now);
    seed.about.creator = Some(user);
    for (path, content) in files(&id, &new)? {
        seed = seed.change(Change::file(&path, content));
    }
    let mut repo = Repo::grow(&seed.commit("initial commit"));
    if let Some(visibility) = Visibility::of(new.visibility, new.private) {
        repo.about.show_to(visibility);
    }
    if new.kind == RepoKind::Space {
        let mut space = Space::made(id.name(), now);
        new.setup.apply(&mut space, now);
        repo.space = Some(space);
    }
    if !ask.hub.model.insert(repo) {
        return Err(already(ask, &id));
    }
    Ok(made(ask, &id))
}

fn check(new: &NewRepo) -> Result<(), Refusal> {
    let bad = |why: &str| Err(Refusal::BadRequest(why.to_owned()));
    if new.visibility.is_some() && new.private.is_some() {
        return bad("visibility and private cannot be given together");
    }
    if new.visibility == Some(Visibility::Protected) && new.kind != RepoKind::Space {
        return bad("only Spaces can be protected");
    }
    if !matches!(new.region.as_deref(), None | Some("us" | "eu")) {
        return bad("\"region\" must be one of [us, eu]");
    }
    let description = new.short_description.as_deref().unwrap_or_default();
    if description.chars().count() > SHORT {
        return bad("\"short_description\" must be at most 60 characters");
    }
    match (new.kind, new.sdk.as_deref()) {
        (RepoKind::Space, Some("gradio" | "docker" | "static")) => {}
        (RepoKind::Space, _) => return bad("\"sdk\" must be one of [gradio, docker, static]"),
        _ => {}
    }
    if let Some(name) = &new.template {
        let template = template::of(name).filter(|_| new.kind == RepoKind::Space);
        match template {
            Some(template) if new.sdk.as_deref() == Some(template.sdk) => {}
            Some(_) => return bad("\"sdk\" must be the one of the template"),
            None => return bad("\"template\" must be one of the Space templates"),
        }
    }
    new.setup.check(new.kind)
}

/// What a new repository begins with: always `.gitattributes`, a README if there is something to
/// say in it, what its template holds, and what was sent along.
fn files(id: &RepoId, new: &NewRepo) -> Result<BTreeMap<String, Vec<u8>>, Refusal> {
    let mut files = BTreeMap::from([(
        ".gitattributes".to_owned(),
        initial::ATTRIBUTES.as_bytes().to_vec(),
    )]);
    let readme = initial::readme(
        id,
        new.sdk.as_deref(),
        &[
            ("license", &new.license),
            ("license_name", &new.license_name),
            ("license_link", &new.license_link),
            ("short_description", &new.short_description),
        ],
    );
    if let Some(readme) = readme {
        files.insert("README.md".to_owned(), readme.into_bytes());
    }
    let template = new.template.as_deref().and_then(template::of);
    for (path, content) in template.iter().flat_map(|template| template.files) {
        files.insert((*path).to_owned(), content.as_bytes().to_vec());
    }
    for file in &new.files {
        let bad = |why: String| Refusal::BadRequest(format!("{}: {why}", file.path));
        RepoPath::new(&file.path).map_err(|why| bad(why.to_string()))?;
        let content = match file.encoding.as_deref() {
            None | Some("utf-8") => file.content.clone().into_bytes(),
            Some("base64") => BASE64_STANDARD
                .decode(&file.content)
                .map_err(|why| bad(why.to_string()))?,
            Some(other) => return Err(bad(format!("encoding {other}"))),
        };
        files.insert(file.path.clone(), content);
    }
    let is_below_a_file = |path: &&String| {
        let mut parents = path.match_indices('/').map(|(at, _)| &path[..at]);
        parents.any(|parent| files.contains_key(parent))
    };
    match files.keys().find(is_below_a_file) {
        Some(path) => Err(Refusal::BadRequest(format!("{path} lies below a file"))),
        None => Ok(files),
    }
}

#[derive(Deserialize)]
struct Doomed {
    name: String,
    organization: Option<String>,
    #[serde(rename = "type", default)]
    kind: RepoKind,
}

/// `DELETE /api/repos/delete`, with a body. An old name is no name here.
pub(crate) fn delete(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let doomed: Doomed = ask.json()?;
    let owner = match doomed.organization {
        Some(owner) => owner,
        None => user(ask)?,
    };
    let id = named(ask, doomed.kind, &format!("{owner}/{}", doomed.name))?;
    ask.writer(&id)?;
    ask.hub.model.remove_repo(&id);
    Ok(Answer::json(Value::Null))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Move {
    from_repo: String,
    to_repo: String,
    #[serde(rename = "type")]
    kind: RepoKind,
}

/// `POST /api/repos/move`. Who may: a person within their own names and to where they may create;
/// out of an organisation only its administrators.
pub(crate) fn rename(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let wish: Move = ask.json()?;
    let from = named(ask, wish.kind, &wish.from_repo)?;
    let to = RepoId::new(wish.kind, &wish.to_repo)
        .map_err(|why| Refusal::BadRequest(why.to_string()))?;
    ask.writer(&from)?;
    let (old, new) = (
        from.owner().unwrap_or_default(),
        to.owner().unwrap_or_default(),
    );
    if old != new {
        may_create(ask, new)?;
        let user = user(ask)?;
        if old != user && ask.hub.people.role(&user, old) != Some(OrgRole::Admin) {
            return Err(Refusal::NotYours);
        }
    }
    if !ask.hub.model.rename(&from, &to) {
        return Err(already(ask, &to));
    }
    Ok(Answer::json(Value::Null))
}

#[derive(Deserialize)]
struct Copy {
    repository: String,
    visibility: Option<Visibility>,
    private: Option<bool>,
    #[serde(flatten)]
    setup: Setup,
}

/// `POST /api/{kind}/{id}/duplicate`.
pub(crate) fn answer(ask: &Ask<'_>, id: &RepoId, rest: &[&str]) -> Option<Result<Answer, Refusal>> {
    match (&ask.method, rest) {
        (&Method::POST, ["duplicate"]) => Some(duplicate(ask, id)),
        _ => None,
    }
}

/// unverified: whether history, branches and tags come along (here they do), and who sees a copy
/// of which nothing is said (here those who see the original).
fn duplicate(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let source = ask.repo(id)?;
    ask.check_gate(&source)?;
    let wish: Copy = ask.json()?;
    let to = RepoId::new(id.kind(), &wish.repository)
        .map_err(|why| Refusal::BadRequest(why.to_string()))?;
    may_create(ask, to.owner().unwrap_or_default())?;
    wish.setup.check(id.kind())?;
    let now = ask.hub.seconds();
    let mut copy = source.copy_as(&to, now, &user(ask)?);
    if let Some(visibility) = Visibility::of(wish.visibility, wish.private) {
        copy.about.show_to(visibility);
    }
    if let Some(space) = &mut copy.space {
        wish.setup.apply(space, now);
    }
    if !ask.hub.model.insert(copy) {
        return Err(already(ask, &to));
    }
    let mut answer = made(ask, &to);
    if let crate::answer::Body::Json(json) = &mut answer.body {
        json["filesCopyPending"] = json!(false);
    }
    Ok(answer)
}

/// Who asks.
fn user(ask: &Ask<'_>) -> Result<String, Refusal> {
    let credential = ask.credential.as_ref().ok_or(Refusal::SignedOut)?;
    Ok(credential.user.clone())
}

fn may_create(ask: &Ask<'_>, owner: &str) -> Result<(), Refusal> {
    let credential = ask.credential.as_ref().ok_or(Refusal::SignedOut)?;
    let may = credential.may("repo.write", owner, None);
    if may && ask.hub.people.may_create(&credential.user, owner) {
        Ok(())
    } else {
        Err(Refusal::NoNamespace(owner.to_owned()))
    }
}

/// A repository of exactly this name.
fn named(ask: &Ask<'_>, kind: RepoKind, name: &str) -> Result<RepoId, Refusal> {
    let missing = Refusal::NoRepo {
        is_anonymous: ask.is_anonymous(),
    };
    match RepoId::new(kind, name) {
        Ok(id) if matches!(ask.hub.model.find(&id), Found::Repo(_)) => Ok(id),
        _ => Err(missing),
    }
}

fn url(ask: &Ask<'_>, id: &RepoId) -> String {
    format!(
        "{}/{}{}",
        ask.hub.endpoint,
        id.kind().url_prefix(),
        id.name()
    )
}

fn made(ask: &Ask<'_>, id: &RepoId) -> Answer {
    let object = crate::repo::object_id(&id.to_string());
    Answer::json(json!({"url": url(ask, id), "name": id.name(), "id": object}))
}

/// The one refusal that says where to look.
fn already(ask: &Ask<'_>, id: &RepoId) -> Refusal {
    let why = format!("You already created this {} repo: {}", id.kind(), id.name());
    Refusal::Json(
        StatusCode::CONFLICT,
        json!({"error": why, "url": url(ask, id)}),
    )
}
