"""Discussions and pull requests: what the official client does and reads is what the raw API and our client say."""

import json
import urllib.request
import uuid

import pytest
from huggingface_hub.errors import HfHubHTTPError

REPO = "aurora-lab/polaris-mini-chat"
OWN = "demo/my-first-adapter"


@pytest.fixture
def api(standin):
    return standin.api(standin.token)


@pytest.fixture
def title():
    """One that nobody else used in the Hub these tests share."""
    return f"About {uuid.uuid4().hex}"


def raw(standin, path: str) -> dict:
    headers = {"Authorization": f"Bearer {standin.token}"}
    request = urllib.request.Request(f"{standin.endpoint}/api/models/{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_a_list_goes_over_pages_and_agrees_with_the_raw_one(api, standin):
    ours = list(api.get_repo_discussions(REPO))
    assert len([request for request in standin.requests() if "p=" in request.path]) > 1, "everything fitted on one page"
    theirs = []
    for page in range(len(ours)):
        theirs += raw(standin, f"{REPO}/discussions?p={page}")["discussions"]
    assert [(one.num, one.title, one.status) for one in ours] == [
        (one["num"], one["title"], one["status"]) for one in theirs
    ]
    assert "deleted" in [one.author for one in ours]


def test_a_list_can_be_narrowed(api):
    everything = list(api.get_repo_discussions(REPO))
    pulls = list(api.get_repo_discussions(REPO, discussion_type="pull_request"))
    assert pulls and all(one.is_pull_request for one in pulls)
    closed = list(api.get_repo_discussions(REPO, discussion_status="closed"))
    assert closed and all(one.status == "closed" for one in closed)
    assert len(closed) < len(everything)
    assert {one.author for one in api.get_repo_discussions(REPO, author="demo")} == {"demo"}


def test_a_pull_request_tells_its_commits_and_its_change(api):
    pull = next(iter(api.get_repo_discussions(REPO, discussion_type="pull_request")))
    details = api.get_discussion_details(REPO, pull.num)
    assert details.target_branch == "refs/heads/main"
    assert details.conflicting_files == [] and details.merge_commit_oid is None
    assert details.diff.startswith("diff --git a/README.md b/README.md")
    refs = {ref.ref: ref.target_commit for ref in api.list_repo_refs(REPO, include_pull_requests=True).pull_requests}
    assert refs[details.git_reference] in [event.oid for event in details.events if event.type == "commit"]


def test_a_discussion_from_its_opening_to_its_end(api, title):
    opened = api.create_discussion(REPO, title, description="Why?")
    assert (opened.title, opened.status, opened.is_pull_request) == (title, "open", False)
    comment = api.comment_discussion(REPO, opened.num, "Because.")
    assert comment.author == "demo" and not comment.edited
    edited = api.edit_discussion_comment(REPO, opened.num, comment.id, "Because <i>.")
    assert edited.edited and edited.content == "Because <i>." and "<i>" not in edited.rendered
    renamed = api.rename_discussion(REPO, opened.num, f"{title}!")
    assert (renamed.old_title, renamed.new_title) == (title, f"{title}!")
    assert api.change_discussion_status(REPO, opened.num, "closed", comment="Done").new_status == "closed"
    assert api.change_discussion_status(REPO, opened.num, "open").new_status == "open"

    details = api.get_discussion_details(REPO, opened.num)
    said = [event.content for event in details.events if event.type == "comment"]
    assert said == ["Why?", "Because <i>.", "Done"]
    assert details.title == f"{title}!"


def test_a_draft_is_published_and_merged(api, title):
    pull = api.create_pull_request(OWN, title)
    assert (pull.status, pull.git_reference) == ("draft", f"refs/pr/{pull.num}")
    with pytest.raises(HfHubHTTPError):
        api.merge_pull_request(OWN, pull.num)
    api.change_discussion_status(OWN, pull.num, "open")
    api.merge_pull_request(OWN, pull.num)
    details = api.get_discussion_details(OWN, pull.num)
    assert details.status == "merged"
    assert details.merge_commit_oid == api.list_repo_commits(OWN)[0].commit_id


def test_somebody_elses_pull_request_is_not_ours_to_merge(api):
    pull = next(iter(api.get_repo_discussions(REPO, discussion_type="pull_request")))
    with pytest.raises(HfHubHTTPError) as error:
        api.merge_pull_request(REPO, pull.num)
    assert error.value.response.status_code == 403


def test_the_command_line_does_the_same(home, standin, title):
    home.environment["HF_TOKEN"] = standin.token

    def discussions(*arguments: str):
        return home.hf("discussions", *arguments, "--format", "json").stdout

    num = str(json.loads(discussions("create", REPO, "--title", title, "--body", "Hm"))["num"])
    discussions("comment", REPO, num, "--body", "Hello")
    details = raw(standin, f"{REPO}/discussions/{num}")
    comment = next(event for event in details["events"] if event["data"].get("latest", {}).get("raw") == "Hello")
    discussions("edit", REPO, num, comment["id"], "--body", "Goodbye")
    discussions("rename", REPO, num, f"{title}?")
    discussions("close", REPO, num, "--yes")
    assert json.loads(discussions("info", REPO, num))["status"] == "closed"
    discussions("reopen", REPO, num, "--yes")
    listed = json.loads(discussions("list", REPO))
    assert f"{title}?" in [one["title"] for one in listed]

    pull = str(json.loads(discussions("create", OWN, "--title", title, "--pull-request"))["num"])
    discussions("reopen", OWN, pull, "--yes")
    discussions("merge", OWN, pull, "--yes")
    assert raw(standin, f"{OWN}/discussions/{pull}")["status"] == "merged"
    assert "diff --git" in home.hf("discussions", "diff", REPO, "1").stdout
