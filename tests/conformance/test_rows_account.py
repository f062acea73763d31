"""Rows A: who is signed in, and what is theirs."""

import json

import pytest
from huggingface_hub.errors import HfHubHTTPError

from oracle import Refused


@pytest.fixture
def person(home, standin):
    """Somebody who signed in with our command line, and shares that with the official one."""
    home.hubdesk("auth", "login", "--token", standin.token, "--share")
    return home


def test_a01_who_somebody_is(ours, theirs):
    our, their = ours("whoami"), theirs.whoami()
    token = their["auth"]["accessToken"]
    assert our["is_person"] == (their["type"] == "user")
    assert (our["id"], our["name"], our["full_name"]) == (their["id"], their["name"], their["fullname"])
    assert (our["email"], our["is_pro"]) == (their.get("email"), their["isPro"])
    assert our["orgs"] == [org["name"] for org in their["orgs"]]
    assert our["token"] == [token["displayName"], token["role"]]


def test_a02_sign_in(person, standin):
    assert json.loads(person.hf("auth", "whoami", "--json").stdout)["user"] == "demo"
    assert json.loads(person.hubdesk("auth", "whoami", "--json").stdout)["user"] == "demo"


def test_a03_sign_out(person):
    person.hubdesk("auth", "logout")
    for run in (person.hf, person.hubdesk):
        assert run("auth", "whoami", check=False).returncode != 0


def test_a04_list_sign_ins(person):
    (account,) = json.loads(person.hubdesk("auth", "list", "--json").stdout)["accounts"]
    assert account["user"] == "demo"
    assert "demo's token" in person.hf("auth", "list").stdout


def test_a05_switch_between_sign_ins(person):
    for run in (person.hf, person.hubdesk):
        run("auth", "switch", "--token-name", "demo's token")
        assert run("auth", "switch", "--token-name", "nobody's token", check=False).returncode != 0
    assert json.loads(person.hf("auth", "whoami", "--json").stdout)["user"] == "demo"


def test_a06_show_the_token(person, standin):
    assert person.hubdesk("auth", "token").stdout.strip() == person.hf("auth", "token").stdout.strip() == standin.token


def may(ours, id: str, write: bool) -> bool:
    try:
        return ours("auth_check", repo=id, write=write)
    except Refused:
        return False


def test_a07_check_access(ours, theirs, demo, own):
    _, gated = next(one for one in demo.gated_names if one[0] == "model")
    for id, write in [(own, False), (own, True), (demo.model.id, False)]:
        theirs.auth_check(id, write=write)
        assert may(ours, id, write)
    for id, write in [(demo.model.id, True), (gated, False), ("nobody/has-this", False)]:
        with pytest.raises(HfHubHTTPError):
            theirs.auth_check(id, write=write)
        assert not may(ours, id, write)


def test_a09_a_persons_page(ours, theirs):
    our, their = ours("user", name="demo"), theirs.get_user_overview("demo")
    assert (our["name"], our["full_name"], our["details"]) == (their.username, their.fullname, their.details)
    assert (our["is_pro"], our["is_followed"]) == (their.is_pro, their.is_following)
    assert our["orgs"] == [org.name for org in their.orgs]
    for name in ("models", "datasets", "spaces", "discussions", "papers", "upvotes", "likes", "followers", "following"):
        assert our["counts"][name] == getattr(their, f"num_{name}"), name


def test_a10_an_organisations_page(ours, theirs):
    our, their = ours("organization", name="aurora-lab"), theirs.get_organization_overview("aurora-lab")
    assert (our["name"], our["full_name"], our["details"]) == (their.name, their.fullname, their.details)
    assert (our["is_verified"], our["plan"]) == (their.is_verified, their.plan)
    assert our["is_followed"] == their.is_following
    assert our["counts"]["members"] == their.num_users
    for name in ("models", "datasets", "spaces", "followers", "papers"):
        assert our["counts"][name] == getattr(their, f"num_{name}"), name


def liked(likes) -> set[tuple[str, str]]:
    kinds = {"model": likes.models, "dataset": likes.datasets, "space": likes.spaces}
    return {(kind, id) for kind, ids in kinds.items() for id in ids}


def test_a15_what_somebody_likes(ours, theirs):
    our = {tuple(like) for like in ours("likes", name="demo")}
    assert our and our == liked(theirs.list_liked_repos("demo"))


def test_a17_take_a_like_back(ours, theirs):
    before = liked(theirs.list_liked_repos())
    ours("unlike", repo="north-sea-data/gull-embeddings")
    gone = before - liked(theirs.list_liked_repos())
    assert gone == {("model", "north-sea-data/gull-embeddings")}
    theirs.unlike("aurora-lab/polaris-mini-chat")
    assert ["model", "aurora-lab/polaris-mini-chat"] not in ours("likes", name="demo")


def test_a18_own_repositories_with_their_storage(ours, theirs):
    their = [(one.type, one.id, one.storage, one.storage_percent, one.visibility) for one in theirs.list_user_repos()]
    our = [(one["kind"], one["id"], one["size"], one["percent"], one["visibility"]) for one in ours("stored")]
    assert our and our == their
