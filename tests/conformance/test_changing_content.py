"""The official client changes repositories of our stand-in, and Hubdesk downloads what it left there.

Everything happens on branches of their own in the signed-in user's repository, so that no test sees another's.
"""

import hashlib
import itertools
import json
import os

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete, constants
from huggingface_hub.errors import BadRequestError, EntryNotFoundError, GatedRepoError, HfHubHTTPError
from huggingface_hub.utils import get_session

from soundness import digest_of, tree_of

# What the client says about its own HTTP library when it sends bytes.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")

# Above the size from which the stand-in wants parts.
SEVERAL_PARTS = 11_000_000

branch_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def without_chunk_store(monkeypatch, home, standin):
    """The stand-in has none, and the client does not look before it tries."""
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    home.environment |= {"HF_HUB_DISABLE_XET": "1", "HF_TOKEN": standin.token}


@pytest.fixture
def api(standin):
    return standin.api(standin.token)


@pytest.fixture
def own(demo):
    """The id of the signed-in user's model."""
    return next(id for kind, id in demo.private_names if kind == "model")


@pytest.fixture
def branch(api, own):
    """A branch of that model, as yet the same as `main`."""
    name = f"content-{next(branch_numbers)}"
    api.create_branch(own, branch=name)
    return name


@pytest.fixture
def download(home, own):
    """Downloads a revision with Hubdesk: path to content."""

    def run(revision: str) -> dict[str, bytes]:
        result = home.hubdesk("download", own, "--revision", revision, "--json")
        return tree_of(json.loads(result.stdout)["path"])

    return run


def add(path: str, content: bytes) -> CommitOperationAdd:
    return CommitOperationAdd(path_in_repo=path, path_or_fileobj=content)


def large(size: int) -> bytes:
    """Content of no use to git. The zero at its beginning says so: this repository has no rule for `.bin`."""
    return b"\0" + os.urandom(size - 1)


def heads(api, id: str, revision: str) -> list[str]:
    return [commit.commit_id for commit in api.list_repo_commits(id, revision=revision)]


def test_a_commit_of_every_kind_of_operation(api, own, branch, download):
    before = download(branch)
    large = next(path for path, info in large_files(api, own).items() if info)
    first = api.create_commit(
        own,
        [add("notes/a.txt", b"a"), add("notes/b.txt", b"b"), add("logs/1", b"1"), add("data.bin", b"\0large")],
        commit_message="Add",
        commit_description="Four files.",
        revision=branch,
    )
    operations = [
        CommitOperationCopy("notes/a.txt", "copy.txt"),
        CommitOperationCopy(large, "copy.large"),
        CommitOperationDelete("notes/b.txt"),
        CommitOperationDelete("logs/"),
        add("notes/c.txt", b"c"),
        add("notes/a.txt", b"changed"),
    ]
    second = api.create_commit(own, operations, commit_message="Change", revision=branch, parent_commit=first.oid)

    newest, parent = api.list_repo_commits(own, revision=branch)[:2]
    assert (newest.commit_id, newest.title) == (second.oid, "Change")
    assert (parent.commit_id, parent.title, parent.message) == (first.oid, "Add", "Four files.")
    expected = before | {
        "notes/a.txt": b"changed",
        "notes/c.txt": b"c",
        "copy.txt": b"a",
        "copy.large": before[large],
        "data.bin": b"\0large",
    }
    assert download(branch) == expected
    assert download(second.oid) == expected
    assert set(api.list_repo_files(own, revision=branch)) == set(expected)


def large_files(api, id: str) -> dict:
    return {entry.path: entry.lfs for entry in api.list_repo_tree(id, recursive=True) if hasattr(entry, "lfs")}


def test_a_stale_parent_is_refused_and_nothing_happens(api, own, branch):
    (parent, *_) = heads(api, own, branch)
    api.create_commit(own, [add("a", b"a")], commit_message="First", revision=branch, parent_commit=parent)
    now = heads(api, own, branch)
    with pytest.raises(HfHubHTTPError) as error:
        api.create_commit(own, [add("b", b"b")], commit_message="Second", revision=branch, parent_commit=parent)
    assert error.value.response.status_code == 412
    assert heads(api, own, branch) == now


def test_a_pull_request_is_opened_and_main_stays(api, own, download):
    before = heads(api, own, "main")
    made = api.create_commit(own, [add("offer.txt", b"offer")], commit_message="Offer", create_pr=True)
    assert made.pr_revision == f"refs/pr/{made.pr_num}"
    assert heads(api, own, made.pr_revision) == [made.oid, *before]
    assert heads(api, own, "main") == before
    assert download(made.pr_revision)["offer.txt"] == b"offer"
    assert made.pr_revision in [ref.ref for ref in api.list_repo_refs(own, include_pull_requests=True).pull_requests]


def test_what_has_not_changed_is_not_committed_again(api, own, branch):
    content = b"the same\n" * 200
    for path in ("same.txt", "same.safetensors"):
        api.upload_file(path_or_fileobj=content, path_in_repo=path, repo_id=own, revision=branch)
    before = heads(api, own, branch)
    for path in ("same.txt", "same.safetensors"):
        api.upload_file(path_or_fileobj=content, path_in_repo=path, repo_id=own, revision=branch)
    assert heads(api, own, branch) == before


@pytest.mark.parametrize("size", [0, 3_000, SEVERAL_PARTS])
def test_a_large_file_is_uploaded_whole_or_in_parts(api, own, branch, download, standin, size):
    content = os.urandom(size)
    api.upload_file(path_or_fileobj=content, path_in_repo="w.safetensors", repo_id=own, revision=branch)
    sent = [request for request in standin.requests() if request.host == "storage"]
    methods = [request.method for request in sent]
    assert methods == {0: [], 3_000: ["PUT"], SEVERAL_PARTS: ["PUT", "PUT", "PUT", "POST"]}[size]
    assert not any(request.had_token for request in sent)
    assert download(branch)["w.safetensors"] == content
    entry = api.get_paths_info(own, "w.safetensors", revision=branch)[0]
    assert (entry.lfs.sha256 if entry.lfs else None) == (hashlib.sha256(content).hexdigest() if size else None)


def test_large_files_can_be_sent_before_they_are_committed(api, own, branch, download):
    content = large(5_000)
    addition = add("early.bin", content)
    before = heads(api, own, branch)
    api.preupload_lfs_files(own, additions=[addition], revision=branch)
    assert heads(api, own, branch) == before
    api.create_commit(own, [addition], commit_message="Now", revision=branch)
    assert download(branch)["early.bin"] == content


def test_wrong_content_is_refused(api, own, branch):
    addition = add("wrong.bin", large(5_000))
    addition.upload_info.sha256 = hashlib.sha256(b"something else").digest()
    before = heads(api, own, branch)
    with pytest.raises(RuntimeError) as error:
        api.create_commit(own, [addition], commit_message="Wrong", revision=branch)
    assert isinstance(error.value.__cause__, BadRequestError)
    assert heads(api, own, branch) == before


def test_a_pointer_to_nothing_is_refused(standin, own, branch):
    lines = [
        {"key": "header", "value": {"summary": "Nothing", "description": ""}},
        {"key": "lfsFile", "value": {"path": "x.bin", "algo": "sha256", "oid": "0" * 64, "size": 1}},
    ]
    answer = get_session().post(
        f"{standin.endpoint}/api/models/{own}/commit/{branch}",
        content="".join(json.dumps(line) + "\n" for line in lines),
        headers={"Authorization": f"Bearer {standin.token}", "Content-Type": "application/x-ndjson"},
    )
    assert answer.status_code == 400
    assert "LFS pointer" in answer.headers["X-Error-Message"]


@pytest.mark.parametrize("path", [".git/hooks/x", "a/.git/x", "a/../x", "a/.cache/x"])
def test_a_path_no_repository_may_hold_is_refused(standin, own, branch, path):
    lines = [
        {"key": "header", "value": {"summary": "Bad", "description": ""}},
        {"key": "file", "value": {"path": path, "content": "eA==", "encoding": "base64"}},
    ]
    answer = get_session().post(
        f"{standin.endpoint}/api/models/{own}/commit/{branch}",
        content="".join(json.dumps(line) + "\n" for line in lines),
        headers={"Authorization": f"Bearer {standin.token}", "Content-Type": "application/x-ndjson"},
    )
    assert answer.status_code == 400


def folder_of(tmp_path, files: dict[str, bytes]):
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    return tmp_path


def test_a_folder_is_uploaded_as_patterns_and_ignore_rules_say(api, own, branch, download, tmp_path):
    before = download(branch)
    first = [add("old.html", b"old"), add("keep.txt", b"keep")]
    api.create_commit(own, first, commit_message="Before", revision=branch)
    files = {
        "index.html": b"new",
        "sub/page.html": b"page",
        "new.safetensors": os.urandom(4_000),
        "draft.tmp": b"ignored by rule",
        "notes.log": b"ignored by pattern",
        ".gitignore": b"*.tmp\n",
        ".git/config": b"never",
    }
    api.upload_folder(
        repo_id=own,
        folder_path=folder_of(tmp_path / "site", files),
        revision=branch,
        delete_patterns="*.html",
        ignore_patterns="*.log",
    )
    sent = {path: files[path] for path in ("index.html", "sub/page.html", "new.safetensors", ".gitignore")}
    assert download(branch) == before | {"keep.txt": b"keep"} | sent
    # From now on the rules are the repository's own.
    folder = folder_of(tmp_path / "more", {"late.tmp": b"ignored by rule", "late.txt": b"late"})
    api.upload_folder(repo_id=own, folder_path=folder, path_in_repo="more", revision=branch)
    assert download(branch) == before | {"keep.txt": b"keep", "more/late.txt": b"late"} | sent


def test_files_and_folders_are_deleted(api, own, branch, download):
    before = download(branch)
    names = ["d/a.txt", "d/b.txt", "e/a.log", "e/b.txt", "f.txt"]
    api.create_commit(own, [add(name, b"x") for name in names], commit_message="Add", revision=branch)
    api.delete_file("f.txt", own, revision=branch)
    api.delete_folder("d", own, revision=branch)
    api.delete_files(own, delete_patterns=["*.log"], revision=branch)
    assert download(branch) == before | {"e/b.txt": b"x"}
    with pytest.raises(EntryNotFoundError, match="A file with this name doesn't exist"):
        api.delete_file("f.txt", own, revision=branch)


def test_files_are_copied_within_a_repository_and_from_another(api, demo, own, branch, download):
    before = download(branch)
    other = demo.one("model with an owner", lambda one: one.kind == "model" and "/" in one.id and one.regular_files)
    text = next(path for path in other.regular_files if "/" not in path and path != "README.md")
    large = next(path for path, lfs in large_files(api, own).items() if lfs)
    api.copy_files(f"hf://models/{own}@{branch}/{large}", f"hf://models/{own}@{branch}/copies/large.bin")
    api.copy_files(f"hf://models/{other.id}/{text}", f"hf://models/{own}@{branch}/copies/text")
    downloaded = download(branch)
    assert downloaded.pop("copies/large.bin") == before[large]
    digest = other.files[text].blob_id
    content = downloaded.pop("copies/text")
    assert hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest() == digest
    assert downloaded == before


def test_the_command_line_deletes_and_copies(home, api, own, branch, download, tmp_path):
    before = download(branch)
    (tmp_path / "local.bin").write_bytes(b"\0from here")
    home.hf("cp", str(tmp_path / "local.bin"), f"hf://models/{own}@{branch}/there.bin")
    home.hf("cp", f"hf://models/{own}@{branch}/there.bin", f"hf://models/{own}@{branch}/again.bin")
    assert download(branch) == before | {"there.bin": b"\0from here", "again.bin": b"\0from here"}
    home.hf("repos", "delete-files", own, "*.bin", "--revision", branch)
    after = {path: content for path, content in before.items() if not path.endswith(".bin")}
    assert download(branch) == after
    back = tmp_path / "back"
    home.hf("cp", f"hf://models/{own}@{branch}/{next(iter(after))}", str(back))
    assert digest_of(back, like="0" * 64) == hashlib.sha256(next(iter(after.values()))).hexdigest()


def test_the_command_line_uploads(home, own, branch, download, tmp_path):
    before = download(branch)
    folder_of(tmp_path / "up", {"a.txt": b"a", "w.safetensors": b"w" * 3_000})
    home.hf("upload", own, str(tmp_path / "up"), "up", "--revision", branch)
    home.hf("upload", own, str(tmp_path / "up" / "a.txt"), "single.txt", "--revision", branch)
    assert download(branch) == before | {"up/a.txt": b"a", "up/w.safetensors": b"w" * 3_000, "single.txt": b"a"}


def test_other_peoples_repositories_are_not_written_to(api, demo, standin):
    gated = next(id for kind, id in demo.gated_names if kind == "model")
    for id in (demo.model.id, gated):
        before = heads(api, id, "main")
        with pytest.raises(HfHubHTTPError) as error:
            api.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=id)
        assert error.value.response.status_code == 403
        with pytest.raises(HfHubHTTPError):
            api.auth_check(id, write=True)
        assert heads(api, id, "main") == before
    signed_out = standin.api(False)
    with pytest.raises(HfHubHTTPError) as error:
        signed_out.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=demo.model.id)
    assert error.value.response.status_code == 401


def test_access_is_asked_for_and_the_request_taken_back(demo, api, standin):
    kind, id = demo.gated_names[0]
    prefix = "" if kind == "model" else f"{kind}s/"
    headers = {"Authorization": f"Bearer {standin.token}"}
    cancel = f"{standin.endpoint}/api/{kind}s/{id}/user-access-request/cancel"
    with pytest.raises(GatedRepoError):
        api.auth_check(id, repo_type=kind)
    asked = get_session().post(
        f"{standin.endpoint}/{prefix}{id}/ask-access",
        json={"Name": "Somebody"},
        headers=headers,
        follow_redirects=False,
    )
    assert (asked.status_code, asked.headers["Location"]) == (303, f"{standin.endpoint}/{prefix}{id}")
    with pytest.raises(GatedRepoError):
        api.auth_check(id, repo_type=kind)
    assert get_session().post(cancel, headers=headers).status_code == 200
    assert get_session().post(cancel, headers=headers).status_code == 404
