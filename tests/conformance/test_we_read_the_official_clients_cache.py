"""What the official client downloaded, Hubdesk finds and does not fetch again."""

import json

import pytest

from soundness import assert_complete, assert_sound

KINDS = ["model", "dataset", "space"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_snapshot_is_found_complete(demo, home, standin, kind):
    sample = demo.of_kind(kind)
    theirs = home.hf("download", sample.id, "--repo-type", kind, "--json")
    standin.forget_requests()
    ours = home.hubdesk("download", sample.id, "--repo-type", kind, "--json")
    assert standin.file_bodies() == []
    assert json.loads(ours.stdout)["path"] == json.loads(theirs.stdout)["path"]


def test_a_single_file_is_found(demo, home, standin):
    for path in (demo.model.regular_files[0], demo.model.large_files[0]):
        theirs = home.hf("download", demo.model.id, path, "--json")
        standin.forget_requests()
        ours = home.hubdesk("download", demo.model.id, path, "--json")
        assert standin.file_bodies() == []
        assert json.loads(ours.stdout)["path"] == json.loads(theirs.stdout)["path"]


def test_of_a_part_only_the_rest_is_fetched(demo, home, standin):
    sample = demo.model
    home.hf("download", sample.id, sample.large_files[0])
    standin.forget_requests()
    home.hubdesk("download", sample.id)
    had = digest(sample.files[sample.large_files[0]])
    assert standin.file_bytes() == bytes_of(sample.files.values(), without={had})
    assert_sound(home)
    assert_complete(home, sample)


def test_of_a_branch_that_moved_only_the_difference_is_fetched(demo, home, standin):
    sample = demo.with_history
    old = sample.commits[-1]
    home.hf("download", sample.id, "--repo-type", sample.kind, "--revision", old)
    # As it would be had it been downloaded under the branch's name, before the branch moved on.
    ref = home.cache / sample.folder / "refs" / "main"
    ref.parent.mkdir(parents=True, exist_ok=True)
    ref.write_text(old)
    old_tree = standin.api().list_repo_tree(sample.id, repo_type=sample.kind, revision=old, recursive=True)
    had = {digest(entry) for entry in old_tree if hasattr(entry, "blob_id")}

    standin.forget_requests()
    home.hubdesk("download", sample.id, "--repo-type", sample.kind)
    assert standin.file_bytes() == bytes_of(sample.files.values(), without=had)
    assert ref.read_text() == sample.commit
    assert_sound(home)
    assert_complete(home, sample)
    assert_complete(home, sample, old)


def digest(file) -> str:
    return file.lfs.sha256 if file.lfs else file.blob_id


def bytes_of(files, without: set[str]) -> int:
    """Equal files are stored, and so fetched, once."""
    wanted = {digest(file): file.size for file in files if digest(file) not in without}
    return sum(wanted.values())
