"""Rows D: files that go up, and files that come down."""

import json
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, constants, scan_cache_dir

from soundness import assert_complete, assert_sound, tree_of

# What the client says about its own HTTP library when it sends bytes.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")


@pytest.fixture(autouse=True)
def without_chunk_store(monkeypatch, home, standin):
    """The stand-in has none, and the client does not look before it tries."""
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    home.environment |= {"HF_HUB_DISABLE_XET": "1", "HF_TOKEN": standin.token}


def add(path: str, content: bytes) -> CommitOperationAdd:
    return CommitOperationAdd(path_in_repo=path, path_or_fileobj=content)


def files(ours, repo: str, revision: str | None = None) -> dict[str, str]:
    """Everything but what a repository begins with, as our client reads it: path to content."""
    entries = ours("tree", repo=repo, recursive=True, revision=revision)
    paths = [one["path"] for one in entries if not one["is_folder"] and one["path"] != ".gitattributes"]
    return {path: ours("content", repo=repo, path=path, revision=revision) for path in paths}


@pytest.fixture
def filled(theirs, own):
    """A model with some files."""
    names = ["a.txt", "b.log", "d/a.txt", "d/b.log", "e/a.txt"]
    theirs.create_commit(own, [add(name, name.encode()) for name in names], commit_message="Fill")
    return own


def test_d01_commit_several_operations(ours, theirs, filled):
    operations = [add("new.txt", b"new"), CommitOperationDelete("a.txt"), CommitOperationDelete("d/")]
    made = theirs.create_commit(filled, operations, commit_message="Theirs")
    assert files(ours, filled) == {"new.txt": "new", "b.log": "b.log", "e/a.txt": "e/a.txt"}
    assert ours("resolve", repo=filled) == made.oid
    commit, _ = ours(
        "commit", repo=filled, title="Ours", put={"x": "y"}, remove=["new.txt"], remove_folders=["e"]
    )
    assert set(theirs.list_repo_files(filled)) == {".gitattributes", "b.log", "x"}
    newest = theirs.list_repo_commits(filled)[0]
    assert (newest.commit_id, newest.title) == (commit, "Ours")


def test_d02_upload_a_file(ours, theirs, own, home):
    theirs.upload_file(path_or_fileobj=b"theirs", path_in_repo="t/x.txt", repo_id=own)
    ours("commit", repo=own, title="Add", put={"o/x.txt": "ours"})
    assert files(ours, own) == {"o/x.txt": "ours", "t/x.txt": "theirs"}
    got = theirs.hf_hub_download(own, "o/x.txt", cache_dir=home.cache)
    assert Path(got).read_text() == "ours"


def test_d03_upload_a_folder(ours, theirs, own, tmp_path):
    for name in ("a.txt", "b.log", "w.safetensors"):
        (tmp_path / name).write_text(name)
    theirs.upload_folder(repo_id=own, folder_path=tmp_path, path_in_repo="up", ignore_patterns="*.log")
    assert files(ours, own) == {"up/a.txt": "a.txt", "up/w.safetensors": "w.safetensors"}


def test_d04_upload_large_files_before_the_commit(ours, theirs, own, home):
    additions = [add("w.safetensors", b"weights"), add("config.json", b"{}")]
    theirs.preupload_lfs_files(own, additions)
    their = {one.path_in_repo: one._upload_mode == "lfs" for one in additions}
    modes = ours("upload_modes", repo=own, paths=list(their))
    assert [is_large for is_large, _ in modes] == list(their.values()) == [True, False]
    theirs.create_commit(own, additions, commit_message="Theirs")
    ours("commit", repo=own, title="Ours", put_large={"o.safetensors": "more weights"})
    assert files(ours, own) == {"w.safetensors": "weights", "config.json": "{}", "o.safetensors": "more weights"}
    (entry,) = theirs.get_paths_info(own, "o.safetensors")
    got = theirs.hf_hub_download(own, "o.safetensors", cache_dir=home.cache)
    assert entry.lfs and Path(got).read_text() == "more weights"


def test_d05_delete_a_file(ours, theirs, filled):
    theirs.delete_file("a.txt", filled)
    ours("commit", repo=filled, title="Remove", remove=["b.log"])
    assert set(files(ours, filled)) == {"d/a.txt", "d/b.log", "e/a.txt"}
    assert not theirs.file_exists(filled, "b.log")


def test_d06_delete_by_patterns(ours, theirs, filled):
    theirs.delete_files(filled, delete_patterns=["*.log"])
    assert set(files(ours, filled)) == {"a.txt", "d/a.txt", "e/a.txt"}


def test_d07_delete_a_folder(ours, theirs, filled):
    theirs.delete_folder("d", filled)
    assert set(files(ours, filled)) == {"a.txt", "b.log", "e/a.txt"}
    ours("commit", repo=filled, title="Remove", remove_folders=["e"])
    assert set(theirs.list_repo_files(filled)) == {".gitattributes", "a.txt", "b.log"}


def test_d08_copy_between_repositories(ours, theirs, demo, filled):
    other, path = demo.one("model with an owner", lambda one: one.kind == "model" and "/" in one.id), "README.md"
    theirs.copy_files(f"hf://models/{other.id}/{path}", f"hf://models/{filled}/theirs.md")
    ours("copy", repo=filled, title="Copy", to="ours.md", path=path, **{"from": other.id})
    copies = {one.path: one.blob_id for one in theirs.get_paths_info(filled, ["ours.md", "theirs.md"])}
    assert copies == dict.fromkeys(["ours.md", "theirs.md"], other.files[path].blob_id)


@pytest.fixture
def downloaded(home, demo):
    """A model in the cache, by our command line: the sample, and where its snapshot is."""
    result = home.hubdesk("download", demo.model.id, "--json")
    return demo.model, json.loads(result.stdout)["path"]


def test_d09_download_a_file(home, other_home, demo):
    command = ["download", demo.model.id, demo.model.large_files[0], "--json"]
    our, their = (Path(json.loads(run(*command).stdout)["path"]) for run in (home.hubdesk, other_home.hf))
    assert our.relative_to(home.cache) == their.relative_to(other_home.cache)
    assert our.read_bytes() == their.read_bytes()


def test_d10_download_a_snapshot(downloaded, home, other_home):
    sample, path = downloaded
    their = json.loads(other_home.hf("download", sample.id, "--json").stdout)["path"]
    assert tree_of(path) == tree_of(their)
    assert_complete(home, sample)


def test_d11_verify_checksums(downloaded, home, theirs):
    sample, _ = downloaded
    report = theirs.verify_repo_checksums(sample.id, cache_dir=home.cache)
    assert report.checked_count == len(sample.files)
    assert not report.mismatches and not report.missing_paths and not report.extra_paths


def test_d12_list_the_cache(downloaded, home):
    sample, path = downloaded
    (repo,) = scan_cache_dir(home.cache).repos
    assert repo.size_on_disk == sum(file.size for file in sample.files.values())
    assert [str(one.snapshot_path) for one in repo.revisions] == [path]


def test_d13_prune_the_cache(demo, home):
    sample = demo.with_history
    for revision in (sample.commits[-1], "main"):
        home.hubdesk("download", sample.id, "--repo-type", sample.kind, "--revision", revision)
    home.hf("cache", "prune", "-y", "--cache-dir", str(home.cache))
    (repo,) = scan_cache_dir(home.cache).repos
    assert [one.commit_hash for one in repo.revisions] == [sample.commit]
    assert_sound(home)


def test_d14_remove_from_the_cache(downloaded, home):
    sample, _ = downloaded
    home.hf("cache", "rm", f"model/{sample.id}", "-y", "--cache-dir", str(home.cache))
    assert not scan_cache_dir(home.cache).repos
    home.hubdesk("download", sample.id)
    assert_complete(home, sample)
