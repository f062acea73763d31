"""What Hubdesk downloads, the official client finds, believes and does not fetch again."""

import json
import stat

import pytest
from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download, try_to_load_from_cache
from huggingface_hub.errors import IncompleteSnapshotError
from huggingface_hub.file_download import _CACHED_NO_EXIST

from soundness import assert_complete, assert_sound, tree_of

KINDS = ["model", "dataset", "space"]


def download(home, sample, *options: str) -> str:
    """Downloads with Hubdesk and returns the path it prints."""
    result = home.hubdesk("download", sample.id, "--repo-type", sample.kind, "--json", *options)
    return json.loads(result.stdout)["path"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_snapshot_is_sound_complete_and_found_offline(demo, home, kind):
    sample = demo.of_kind(kind)
    path = download(home, sample)
    assert_sound(home)
    assert_complete(home, sample)
    offline = {"repo_type": kind, "cache_dir": home.cache, "local_files_only": True}
    assert snapshot_download(sample.id, **offline) == path
    assert set(tree_of(path)) == set(sample.files)
    for name in sample.files:
        assert hf_hub_download(sample.id, name, **offline) == f"{path}/{name}"


def test_the_scan_counts_what_is_there(demo, home):
    sample = demo.model
    path = download(home, sample)
    (repo,) = scan_cache_dir(home.cache).repos
    (revision,) = repo.revisions
    assert (repo.repo_id, repo.repo_type) == (sample.id, sample.kind)
    assert (revision.commit_hash, str(revision.snapshot_path)) == (sample.commit, path)
    assert revision.refs == {"main"}
    assert {str(file.file_path.relative_to(path)): file.size_on_disk for file in revision.files} == {
        name: file.size for name, file in sample.files.items()
    }


def test_the_list_on_the_command_line_shows_it_without_complaint(demo, home):
    download(home, demo.model)
    listed = home.hf("cache", "ls", "--cache-dir", str(home.cache), "--json", "--show-warnings")
    assert [repo["repo_id"] for repo in json.loads(listed.stdout)] == [demo.model.id]
    assert "Warning" not in listed.stderr


def test_nothing_is_fetched_again(demo, home, standin):
    sample = demo.model
    path = download(home, sample)
    standin.forget_requests()
    again = home.hf("download", sample.id, "--json")
    assert json.loads(again.stdout)["path"] == path
    assert standin.file_bodies() == []


def test_a_commit_a_branch_and_a_tag_are_kept_apart(demo, home):
    sample = demo.one("repository with history and a tag", lambda one: len(one.commits) > 1 and one.tags)
    for revision in [sample.commits[-1], *sample.branches, *sample.tags]:
        path = download(home, sample, "--revision", revision)
        offline = {"repo_type": sample.kind, "cache_dir": home.cache, "local_files_only": True}
        assert snapshot_download(sample.id, revision=revision, **offline) == path
        assert_complete(home, sample, revision)
    assert_sound(home)


def test_a_known_absence_is_remembered(demo, home):
    sample = demo.model
    download(home, sample)
    missing = home.hubdesk("download", sample.id, "no/such/file.bin", check=False)
    assert missing.returncode != 0
    assert try_to_load_from_cache(sample.id, "no/such/file.bin", cache_dir=home.cache) is _CACHED_NO_EXIST
    assert try_to_load_from_cache(sample.id, "never/asked.bin", cache_dir=home.cache) is None
    present = sample.regular_files[0]
    assert try_to_load_from_cache(sample.id, present, cache_dir=home.cache).endswith(present)
    assert_sound(home)


def test_a_part_of_a_snapshot_is_known_to_be_a_part(demo, home):
    path = demo.model.regular_files[0]
    download(home, demo.model, "--include", path)
    assert_sound(home)
    with pytest.raises(IncompleteSnapshotError):
        snapshot_download(demo.model.id, cache_dir=home.cache, local_files_only=True)
    snapshot_download(demo.model.id, cache_dir=home.cache, local_files_only=True, allow_patterns=[path])


@pytest.mark.parametrize("umask", [0o002, 0o077])
def test_blobs_have_the_mode_of_any_new_file(demo, home, umask):
    home.hubdesk("download", demo.model.id, umask=umask)
    blobs = (home.cache / demo.model.folder / "blobs").iterdir()
    assert {stat.S_IMODE(blob.stat().st_mode) for blob in blobs} == {0o666 & ~umask}
