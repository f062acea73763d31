"""Rows E: what one of the two clients says in a discussion, the other one reads."""

import pytest

REPO = "aurora-lab/polaris-mini-chat"


def author(name: str) -> str | None:
    """The official client has a name for accounts that are no more."""
    return None if name == "deleted" else name


def shown(one) -> dict:
    """What the official client has of a discussion, in our words."""
    return {
        "num": one.num,
        "title": one.title,
        "status": one.status,
        "is_pull_request": one.is_pull_request,
        "author": author(one.author),
    }


def event(one) -> list:
    what = {
        "comment": lambda: [one.content, one.edited, one.hidden],
        "status-change": lambda: one.new_status,
        "commit": lambda: [one.summary, one.oid],
        "title-change": lambda: [one.old_title, one.new_title],
    }[one.type]()
    return [one.id, one.type, author(one.author), what]


def same(ours, theirs, repo: str, num: int) -> dict:
    """A discussion that is the same for both, as we read it."""
    our, their = ours("discussion", repo=repo, num=num), theirs.get_discussion_details(repo, num)
    assert our["events"] == [event(one) for one in their.events]
    assert {name: our[name] for name in shown(their)} == shown(their)
    if their.is_pull_request:
        assert our["base"] == their.target_branch
        assert (our["merge_commit"], our["diff"]) == (their.merge_commit_oid, their.diff)
        assert our["conflicts"] == their.conflicting_files
    return our


@pytest.fixture
def talk(theirs, own):
    """A discussion that is open: its repository and its number."""
    return own, theirs.create_discussion(own, "Hello", description="First").num


def comments(found: dict) -> list[str]:
    return [what[0] for _, kind, _, what in found["events"] if kind == "comment"]


def test_e01_list_discussions(ours, theirs):
    for our, their in [
        ({}, {}),
        ({"only": "pull_request"}, {"discussion_type": "pull_request"}),
        ({"status": "closed"}, {"discussion_status": "closed"}),
        ({"author": "demo"}, {"author": "demo"}),
    ]:
        listed = ours("discussions", repo=REPO, **our)
        assert listed and listed == [shown(one) for one in theirs.get_repo_discussions(REPO, **their)]


def test_e02_read_a_discussion(ours, theirs):
    for one in theirs.get_repo_discussions(REPO):
        same(ours, theirs, REPO, one.num)


def test_e03_the_change_a_pull_request_proposes(ours, theirs):
    pull = next(iter(theirs.get_repo_discussions(REPO, discussion_type="pull_request")))
    assert "diff --git" in same(ours, theirs, REPO, pull.num)["diff"]


def test_e04_open_a_discussion(ours, theirs, talk):
    repo, num = talk
    assert comments(same(ours, theirs, repo, num)) == ["First"]
    num = ours("create_discussion", repo=repo, title="Ours", text="Our first")
    assert comments(same(ours, theirs, repo, num)) == ["Our first"]


def test_e05_open_a_pull_request(ours, theirs, own):
    drafts = [theirs.create_pull_request(own, "Theirs").num, ours("create_pull_request", repo=own, title="Ours", text="T")]
    for num in drafts:
        found = same(ours, theirs, own, num)
        assert found["is_pull_request"] and found["status"] == "draft"
    _, num = ours("commit", repo=own, title="Offer", put={"offer.txt": "x"}, as_pull_request=True)
    assert "offer.txt" in same(ours, theirs, own, num)["diff"]


def test_e06_comment(ours, theirs, talk):
    repo, num = talk
    theirs.comment_discussion(repo, num, "Theirs")
    ours("comment", repo=repo, num=num, text="Ours")
    assert comments(same(ours, theirs, repo, num)) == ["First", "Theirs", "Ours"]


def test_e07_edit_a_comment(ours, theirs, talk):
    repo, num = talk
    first = ours("discussion", repo=repo, num=num)["events"][0][0]
    theirs.edit_discussion_comment(repo, num, first, "Theirs")
    assert comments(same(ours, theirs, repo, num)) == ["Theirs"]
    ours("edit_comment", repo=repo, num=num, id=first, text="Ours")
    assert comments(same(ours, theirs, repo, num)) == ["Ours"]


def test_e09_rename_a_discussion(ours, theirs, talk):
    repo, num = talk
    theirs.rename_discussion(repo, num, "Theirs")
    ours("rename_discussion", repo=repo, num=num, title="Ours")
    found = same(ours, theirs, repo, num)
    assert found["title"] == "Ours"
    assert [what for _, kind, _, what in found["events"] if kind == "title-change"] == [
        ["Hello", "Theirs"],
        ["Theirs", "Ours"],
    ]


def test_e10_close_reopen_publish(ours, theirs, talk):
    repo, num = talk
    theirs.change_discussion_status(repo, num, "closed", comment="Done")
    assert same(ours, theirs, repo, num)["status"] == "closed"
    ours("reopen_discussion", repo=repo, num=num, text="Not yet")
    ours("close_discussion", repo=repo, num=num, text="Now")
    found = same(ours, theirs, repo, num)
    assert (found["status"], comments(found)) == ("closed", ["First", "Done", "Not yet", "Now"])
    draft = theirs.create_pull_request(repo, "Draft").num
    ours("reopen_discussion", repo=repo, num=draft)
    assert same(ours, theirs, repo, draft)["status"] == "open"


def test_e11_merge(ours, theirs, own):
    for merge in (
        lambda num: theirs.merge_pull_request(own, num, comment="Theirs"),
        lambda num: ours("merge", repo=own, num=num, text="Ours"),
    ):
        path = f"{len(theirs.list_repo_files(own))}.txt"
        _, num = ours("commit", repo=own, title="Offer", put={path: "x"}, as_pull_request=True)
        merge(num)
        found = same(ours, theirs, own, num)
        assert found["status"] == "merged"
        assert found["merge_commit"] == theirs.list_repo_commits(own)[0].commit_id
        assert theirs.file_exists(own, path)
