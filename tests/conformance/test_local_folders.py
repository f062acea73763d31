"""A folder that was filled by one client is known to the other: `--local-dir`, both ways."""

import json
import os
import time
from pathlib import Path

import pytest
from huggingface_hub import snapshot_download
from huggingface_hub._local_folder import read_download_metadata

from soundness import digest_of, files_below


@pytest.fixture
def sample(demo):
    return demo.model


@pytest.fixture
def mine(tmp_path):
    return tmp_path / "mine"


def into(mine, sample, *options: str) -> list[str]:
    return ["download", sample.id, "--repo-type", sample.kind, "--local-dir", str(mine), *options]


def files_of(mine) -> dict[str, bytes]:
    """What is in the folder, without its books."""
    found = {str(path.relative_to(mine)): path.read_bytes() for path in files_below(mine)}
    return {name: content for name, content in found.items() if not name.startswith(".cache/")}


def books_of(mine) -> set[str]:
    return {str(path.relative_to(mine)) for path in files_below(mine / ".cache")}


def make_older(path: Path, seconds: float) -> None:
    at = path.stat().st_mtime - seconds
    os.utime(path, (at, at))


def touch_later(path: Path) -> None:
    at = time.time() + 60
    os.utime(path, (at, at))


def test_what_hubdesk_puts_there_the_official_client_does_not_fetch(sample, home, standin, mine):
    ours = json.loads(home.hubdesk(*into(mine, sample, "--json")).stdout)
    before = files_of(mine)
    assert before.keys() == sample.files.keys()
    standin.forget_requests()
    theirs = json.loads(home.hf(*into(mine, sample, "--json")).stdout)
    assert standin.file_bodies() == []
    assert Path(ours["path"]).resolve() == Path(theirs["path"]).resolve()
    assert files_of(mine) == before


def test_what_the_official_client_puts_there_hubdesk_does_not_fetch(sample, home, standin, mine):
    home.hf(*into(mine, sample))
    before, books = files_of(mine), books_of(mine)
    standin.forget_requests()
    home.hubdesk(*into(mine, sample))
    assert standin.file_bodies() == []
    assert files_of(mine) == before
    assert books_of(mine) == books


def test_the_same_files_and_books(sample, home, other_home, mine, tmp_path):
    theirs = tmp_path / "theirs"
    home.hubdesk(*into(mine, sample))
    other_home.hf(*into(theirs, sample))
    assert files_of(mine) == files_of(theirs)
    locks = {name for name in books_of(theirs) if name.endswith(".lock")}
    assert books_of(mine) | locks == books_of(theirs)
    for name in (".cache/huggingface/.gitignore", ".cache/huggingface/CACHEDIR.TAG"):
        assert (mine / name).read_bytes() == (theirs / name).read_bytes()
    trees = f".cache/huggingface/trees/{sample.commit}.json"
    assert json.loads((mine / trees).read_text()) == json.loads((theirs / trees).read_text())
    for name in sample.files:
        our_note, their_note = (read_download_metadata(folder, name) for folder in (mine, theirs))
        assert (our_note.commit_hash, our_note.etag) == (their_note.commit_hash, their_note.etag)
        assert our_note.etag == digest_of(mine / name, like=our_note.etag)


def test_a_single_file_and_patterns(sample, home, other_home, mine, tmp_path):
    theirs = tmp_path / "theirs"
    for options in ([sample.regular_files[0]], [sample.large_files[0]], ["--include", "*.json"]):
        ours = json.loads(home.hubdesk(*into(mine, sample, *options, "--json")).stdout)["path"]
        official = json.loads(other_home.hf(*into(theirs, sample, *options, "--json")).stdout)["path"]
        assert Path(ours).resolve().relative_to(mine.resolve()) == Path(official).resolve().relative_to(theirs.resolve())
        assert files_of(mine) == files_of(theirs)


@pytest.mark.parametrize("first", ["hubdesk", "hf"])
def test_a_newer_time_alone_costs_no_bytes(sample, home, standin, mine, first):
    getattr(home, first)(*into(mine, sample))
    for name in sample.large_files:
        touch_later(mine / name)
    standin.forget_requests()
    for command in (home.hubdesk, home.hf):
        command(*into(mine, sample, *sample.large_files))
    assert standin.file_bodies() == []


@pytest.mark.parametrize("first", ["hubdesk", "hf"])
def test_of_another_commit_only_the_difference_is_fetched(demo, home, standin, mine, first):
    sample = demo.with_history
    old = sample.commits[-1]
    getattr(home, first)(*into(mine, sample, "--revision", old))
    for path in files_below(mine):
        if ".cache" not in path.parts:
            make_older(path, 10)
    old_tree = standin.api().list_repo_tree(sample.id, repo_type=sample.kind, revision=old, recursive=True)
    had = {entry.path: digest(entry) for entry in old_tree if hasattr(entry, "blob_id")}
    standin.forget_requests()
    home.hubdesk(*into(mine, sample))
    changed = {digest(file): file.size for name, file in sample.files.items() if had.get(name) != digest(file)}
    assert standin.file_bytes() <= sum(changed.values())
    for name, file in sample.files.items():
        assert digest_of(mine / name, like=digest(file)) == digest(file)
        assert read_download_metadata(mine, name).commit_hash == sample.commit
    standin.forget_requests()
    home.hf(*into(mine, sample))
    assert standin.file_bodies() == []


@pytest.mark.parametrize("first", ["hubdesk", "hf"])
def test_a_file_that_a_person_changed_stays(sample, home, standin, mine, first):
    getattr(home, first)(*into(mine, sample))
    name = sample.regular_files[0]
    (mine / name).write_text("my own words")
    touch_later(mine / name)
    standin.forget_requests()
    refused = home.hubdesk(*into(mine, sample), check=False)
    assert refused.returncode != 0 and name in refused.stderr
    assert (mine / name).read_text() == "my own words"
    assert standin.file_bodies() == []
    home.hubdesk(*into(mine, sample, name, "--force-download"))
    assert digest_of(mine / name, like=digest(sample.files[name])) == digest(sample.files[name])


def test_what_is_in_the_cache_is_not_fetched_for_a_folder(sample, home, standin, mine):
    home.hf("download", sample.id)
    standin.forget_requests()
    home.hubdesk(*into(mine, sample))
    assert standin.file_bodies() == []
    assert not any(path.is_symlink() for path in files_below(mine))
    kept = home.cache / sample.folder / "snapshots" / sample.commit
    name = sample.regular_files[0]
    (mine / name).write_text("edited")
    assert (kept / name).read_text() != "edited"


def test_a_dry_run_lists_the_same_and_leaves_no_trace(sample, home, other_home, standin, mine, tmp_path):
    def listed(command, folder) -> list[str]:
        return [file["file"] for file in json.loads(command(*into(folder, sample, "--dry-run", "--json")).stdout)]

    ours = json.loads(home.hubdesk(*into(mine, sample, "--dry-run", "--json")).stdout)["files"]
    assert [file["file"] for file in ours] == listed(other_home.hf, tmp_path / "theirs")
    assert standin.file_bodies() == []
    assert not mine.exists()


def test_the_official_client_finds_it_without_asking(sample, home, mine):
    home.hubdesk(*into(mine, sample))
    found = snapshot_download(
        sample.id, revision=sample.commit, local_dir=mine, cache_dir=home.cache, local_files_only=True
    )
    assert Path(found).resolve() == mine.resolve()


def test_hubdesk_finds_it_without_asking(sample, home, standin, mine):
    home.hf(*into(mine, sample))
    standin.forget_requests()
    home.hubdesk(*into(mine, sample, "--local-files-only"))
    assert standin.requests() == []
    (mine / sample.regular_files[0]).unlink()
    partial = home.hubdesk(*into(mine, sample, "--local-files-only"), check=False)
    assert partial.returncode != 0 and f"{sample.regular_files[0]} is not in" in partial.stderr


def digest(file) -> str:
    return file.lfs.sha256 if file.lfs else file.blob_id
