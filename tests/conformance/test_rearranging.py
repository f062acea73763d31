"""Copies, moves and deletions: our engine's commits leave the tree that the official client's operations leave."""

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete, constants

from oracle import Refused

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")

FILES = {
    "a.txt": b"a",
    "w.bin": b"\0" + b"w" * 5000,
    "d/1.txt": b"1",
    "d/2.bin": b"\0" + b"2" * 5000,
    "d/deep/3.txt": b"3",
    "gone/x.txt": b"x",
    "gone/y.bin": b"\0" + b"y" * 5000,
}


@pytest.fixture(autouse=True)
def without_chunk_store(monkeypatch):
    """The stand-in has none, and the client does not look before it tries."""
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)


def fill(api, repo: str) -> None:
    operations = [CommitOperationAdd(path, content) for path, content in FILES.items()]
    api.create_commit(repo, operations, commit_message="Fill")


@pytest.fixture
def pair(theirs, own):
    """Two models with the same files: the first one for the official client, the second one for ours."""
    other = f"{own}_ours"
    theirs.create_repo(other, private=True)
    for repo in (own, other):
        fill(theirs, repo)
    yield own, other
    theirs.delete_repo(other)


def tree(api, repo: str) -> dict[str, tuple]:
    entries = api.list_repo_tree(repo, recursive=True)
    return {one.path: (one.size, one.blob_id, one.lfs and one.lfs.sha256) for one in entries if hasattr(one, "size")}


def copy(source: str, to: str) -> CommitOperationCopy:
    return CommitOperationCopy(src_path_in_repo=source, path_in_repo=to)


CASES = {
    "a copy": ([copy("a.txt", "b.txt")], [{"copy": "a.txt", "to": "b.txt"}]),
    "a copy of a large file": ([copy("w.bin", "d/w.bin")], [{"copy": "w.bin", "to": "d/w.bin"}]),
    "a move": (
        [copy("w.bin", "v.bin"), CommitOperationDelete("w.bin")],
        [{"move": "w.bin", "to": "v.bin"}],
    ),
    "a folder that is moved": (
        [
            *(copy(f"d/{rest}", f"e/{rest}") for rest in ("1.txt", "2.bin", "deep/3.txt")),
            CommitOperationDelete("d/", is_folder=True),
        ],
        [{"move": "d", "to": "e"}],
    ),
    "deletions": (
        [CommitOperationDelete("a.txt"), CommitOperationDelete("gone/", is_folder=True)],
        [{"delete": "a.txt"}, {"delete": "gone"}],
    ),
    "all at once": (
        [copy("w.bin", "1.bin"), copy("d/1.txt", "1.txt"), CommitOperationDelete("d/1.txt"), CommitOperationDelete("gone/x.txt")],
        [{"copy": "w.bin", "to": "1.bin"}, {"move": "d/1.txt", "to": "1.txt"}, {"delete": "gone/x.txt"}],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_tree_is_the_same_after(ours, theirs, pair, case):
    operations, acts = CASES[case]
    their_repo, our_repo = pair
    before = tree(theirs, our_repo)
    theirs.create_commit(their_repo, operations, commit_message="Theirs")
    (commit,) = ours("rearrange", repo=our_repo, acts=acts, title="Ours")
    after = tree(theirs, our_repo)
    assert after == tree(theirs, their_repo) != before
    assert theirs.list_repo_commits(our_repo)[0].commit_id == commit


def test_a_copy_from_another_repository_is_the_file_itself(ours, theirs, pair):
    their_repo, our_repo = pair
    theirs.create_commit(our_repo, [CommitOperationDelete("d/", is_folder=True)], commit_message="Empty")
    ours("rearrange", repo=our_repo, acts=[{"copy": "d", "of": their_repo, "to": "d"}], title="Ours")
    assert tree(theirs, our_repo) == tree(theirs, their_repo)


def test_what_is_in_the_way_is_not_replaced_unless_that_is_said(ours, theirs, pair):
    their_repo, our_repo = pair
    before = tree(theirs, our_repo)
    acts = [{"copy": "a.txt", "to": "w.bin"}]
    with pytest.raises(Refused, match="Occupied"):
        ours("rearrange", repo=our_repo, acts=acts, title="Ours")
    assert tree(theirs, our_repo) == before
    theirs.create_commit(their_repo, [copy("a.txt", "w.bin")], commit_message="Theirs")
    ours("rearrange", repo=our_repo, acts=acts, title="Ours", overwrite=True)
    assert tree(theirs, our_repo) == tree(theirs, their_repo)


PATTERNS = [["a.txt"], ["*.bin"], ["d/", "gone/*.txt"], ["d/deep/*", ".gitattributes"], ["nothing-like-it"]]


@pytest.mark.parametrize("patterns", PATTERNS, ids=" ".join)
def test_the_same_files_are_deleted_by_patterns(standin, home, theirs, pair, patterns):
    home.environment |= {"HF_TOKEN": standin.token}
    their_repo, our_repo = pair
    home.hf("repos", "delete-files", their_repo, *patterns)
    printed = home.hubdesk("repos", "delete-files", our_repo, *patterns).stdout.strip()
    assert tree(theirs, our_repo) == tree(theirs, their_repo)
    assert printed.endswith(theirs.list_repo_commits(our_repo)[0].commit_id)


def test_deleting_as_a_pull_request_leaves_main(standin, home, theirs, pair):
    home.environment |= {"HF_TOKEN": standin.token}
    _, our_repo = pair
    before = tree(theirs, our_repo)
    home.hubdesk("repos", "delete-files", our_repo, "a.txt", "--create-pr", "--commit-message", "Less")
    assert tree(theirs, our_repo) == before
    (discussion,) = theirs.get_repo_discussions(our_repo)
    assert discussion.title == "Less" and discussion.is_pull_request
    assert "a.txt" not in theirs.list_repo_files(our_repo, revision="refs/pr/1")
