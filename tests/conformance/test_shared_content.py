"""Content that a cache holds already: in the store that repositories share, and in snapshots without links."""

import json
import os
import stat
from pathlib import Path

import pytest
from huggingface_hub import scan_cache_dir
from huggingface_hub.utils._shared_blobs import (
    publish_blob_to_shared_store,
    shared_blob_target,
    unreferenced_shared_blobs,
)

from soundness import digest_of, tree_of

XET_HASH = "5a" * 32


@pytest.fixture
def sample(demo):
    return demo.model


def test_an_entry_of_the_store_is_used_and_the_official_client_counts_it(sample, home, standin):
    name = sample.large_files[0]
    file = sample.files[name]
    path = Path(json.loads(home.hf("download", sample.id, "--json").stdout)["path"])
    repo = home.cache / sample.folder
    blob = repo / "blobs" / file.lfs.sha256
    assert publish_blob_to_shared_store(
        blob_path=blob, xet_hash=XET_HASH, cache_dir=home.cache, expected_size=file.lfs.size
    )
    entry = home.cache / "blobs" / XET_HASH[:2] / XET_HASH
    # As it is for a repository that has the same file and was never downloaded.
    blob.unlink()
    (path / name).unlink()
    listing = repo / "trees" / f"{sample.commit}.json"
    tree = json.loads(listing.read_text())
    tree["files"][name]["xet_hash"] = XET_HASH
    listing.write_text(json.dumps(tree))
    mode = entry.stat().st_mode

    standin.forget_requests()
    planned = json.loads(home.hubdesk("download", sample.id, "--dry-run", "--json").stdout)
    assert planned["bytes_to_fetch"] == 0
    home.hubdesk("download", sample.id)
    assert standin.file_bodies() == []
    assert shared_blob_target(blob, home.cache) == entry
    assert digest_of(path / name, like=file.lfs.sha256) == file.lfs.sha256
    assert stat.S_IMODE(entry.stat().st_mode) == stat.S_IMODE(mode)
    assert unreferenced_shared_blobs(home.cache) == {}
    assert scan_cache_dir(home.cache).warnings == []
    assert [found.name for found in home.cache.rglob("*.shared")] == []

    # What nobody needs any more is given back with its last repository, and not before.
    home.hf("cache", "rm", f"{sample.kind}/{sample.id}", "--cache-dir", str(home.cache), "-y")
    assert not entry.exists()


def test_forced_content_replaces_the_link_and_not_what_others_share(sample, home):
    name = sample.large_files[0]
    file = sample.files[name]
    home.hf("download", sample.id)
    blob = home.cache / sample.folder / "blobs" / file.lfs.sha256
    publish_blob_to_shared_store(
        blob_path=blob, xet_hash=XET_HASH, cache_dir=home.cache, expected_size=file.lfs.size
    )
    entry = home.cache / "blobs" / XET_HASH[:2] / XET_HASH
    before = entry.stat()
    home.hubdesk("download", sample.id, name, "--force-download")
    assert not blob.is_symlink()
    assert (entry.stat().st_ino, entry.stat().st_mtime) == (before.st_ino, before.st_mtime)


@pytest.fixture
def linkless(home):
    home.environment["HF_HUB_DISABLE_SYMLINKS"] = "1"
    return home


@pytest.mark.parametrize("first, second", [("hubdesk", "hf"), ("hf", "hubdesk")])
def test_without_links_each_finds_what_the_other_put_there(sample, linkless, standin, first, second):
    path = json.loads(getattr(linkless, first)("download", sample.id, "--json").stdout)["path"]
    assert tree_of(path).keys() == sample.files.keys()
    assert not any(found.is_symlink() for found in Path(path).rglob("*"))
    standin.forget_requests()
    again = getattr(linkless, second)("download", sample.id, "--json")
    assert json.loads(again.stdout)["path"] == path
    assert standin.file_bodies() == []
    assert [found.name for found in linkless.cache.rglob("*.incomplete")] == []


@pytest.mark.parametrize("first", ["hubdesk", "hf"])
def test_without_links_an_update_fetches_only_what_changed(demo, linkless, standin, first):
    sample = demo.with_history
    old = sample.commits[-1]
    kind = ["--repo-type", sample.kind]
    getattr(linkless, first)("download", sample.id, *kind, "--revision", old)
    old_tree = standin.api().list_repo_tree(sample.id, repo_type=sample.kind, revision=old, recursive=True)
    had = {digest(entry) for entry in old_tree if hasattr(entry, "blob_id")}
    standin.forget_requests()
    path = json.loads(linkless.hubdesk("download", sample.id, *kind, "--json").stdout)["path"]
    wanted = {digest(file): file.size for file in sample.files.values() if digest(file) not in had}
    assert standin.file_bytes() == sum(wanted.values())
    for name, file in sample.files.items():
        assert digest_of(Path(path) / name, like=digest(file)) == digest(file)
    assert not any(os.path.islink(found) for found in Path(path).rglob("*"))
    standin.forget_requests()
    linkless.hf("download", sample.id, *kind)
    assert standin.file_bodies() == []


def digest(file) -> str:
    return file.lfs.sha256 if file.lfs else file.blob_id
