"""The official client looks after a cache that Hubdesk filled."""

import json

import pytest
from huggingface_hub import scan_cache_dir

from soundness import assert_sound, tree_of


@pytest.fixture
def filled(demo, home):
    """A cache with two snapshots of one repository, only one of which a ref names, and a second repository."""
    sample = demo.with_history
    other = demo.one("second repository", lambda one: one.id != sample.id)
    for repo, revision in [(sample, sample.commits[-1]), (sample, "main"), (other, "main")]:
        home.hubdesk("download", repo.id, "--repo-type", repo.kind, "--revision", revision)
    return sample, other


def cached(home) -> dict[str, list[str]]:
    """Each cached repository with its commits, in order."""
    report = scan_cache_dir(home.cache)
    assert report.warnings == []
    return {repo.repo_id: sorted(one.commit_hash for one in repo.revisions) for repo in report.repos}


def test_checksums_are_verified_and_a_changed_file_is_noticed(demo, home, standin):
    sample = demo.model
    result = home.hubdesk("download", sample.id, "--json")
    snapshot = json.loads(result.stdout)["path"]
    api = standin.api()
    report = api.verify_repo_checksums(sample.id, cache_dir=home.cache)
    assert report.checked_count == len(sample.files)
    assert not report.mismatches and not report.missing_paths and not report.extra_paths
    path = next(iter(sample.files))
    blob = (home.cache / sample.folder / "snapshots" / sample.commit / path).resolve()
    blob.write_bytes(blob.read_bytes() + b"!")
    report = api.verify_repo_checksums(sample.id, cache_dir=home.cache)
    assert [mismatch["path"] for mismatch in report.mismatches] == [path]
    assert tree_of(snapshot)


def test_every_revision_is_listed(filled, home):
    sample, other = filled
    listed = home.hf("cache", "ls", "--revisions", "--cache-dir", str(home.cache), "--json")
    revisions = {(one["repo_id"], one["revision"]) for one in json.loads(listed.stdout)}
    assert revisions == {(sample.id, sample.commits[0]), (sample.id, sample.commits[-1]), (other.id, other.commit)}


def test_pruning_takes_what_no_ref_names_and_nothing_else(filled, home):
    sample, other = filled
    home.hf("cache", "prune", "-y", "--cache-dir", str(home.cache))
    assert cached(home) == {sample.id: [sample.commits[0]], other.id: [other.commit]}
    assert_sound(home)
    # What was taken away is fetched again, and what stayed is not.
    home.hubdesk("download", sample.id, "--repo-type", sample.kind, "--revision", sample.commits[-1])
    assert cached(home)[sample.id] == sorted([sample.commits[0], sample.commits[-1]])


def test_a_repository_and_a_revision_are_removed(filled, home):
    sample, other = filled
    home.hf("cache", "rm", f"{other.kind}/{other.id}", "-y", "--cache-dir", str(home.cache))
    assert cached(home) == {sample.id: sorted([sample.commits[0], sample.commits[-1]])}
    home.hf("cache", "rm", sample.commits[0], "-y", "--cache-dir", str(home.cache))
    assert cached(home) == {sample.id: [sample.commits[-1]]}
    assert_sound(home)
    home.hubdesk("download", sample.id, "--repo-type", sample.kind)
    assert sample.commits[0] in cached(home)[sample.id]
