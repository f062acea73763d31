"""The chunk store of our stand-in: the official client downloads from it and uploads to it, and we download from it."""

import hashlib
import json
import random
import stat
from pathlib import Path

import pytest
from huggingface_hub import scan_cache_dir
from huggingface_hub.utils._shared_blobs import unreferenced_shared_blobs

from demo import Demo
from processes import Home, StandIn
from soundness import assert_complete, assert_sound, tree_of


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A stand-in with a chunk store. The program must have been built with it: `make binaries`."""
    with StandIn.start(tmp_path_factory.mktemp("store"), "--xet") as standin:
        yield standin


@pytest.fixture(scope="module")
def samples(store):
    return Demo(store)


@pytest.fixture
def person(tmp_path, store):
    store.forget_requests()
    person = Home(tmp_path, store)
    person.environment |= {"HF_TOKEN": store.token}
    return person


def requests_of(store, host: str) -> list[str]:
    asked = [request for request in store.requests() if request.host == host]
    return [f"{request.method} {request.path.split('?')[0]}" for request in asked]


def test_a_repository_is_downloaded_in_chunks(store, samples, person):
    sample = samples.one("model with large files", lambda s: s.kind == "model" and s.large_files)
    path = person.hf("download", sample.id, "--quiet").stdout.strip()
    got = tree_of(path)
    assert set(got) == set(sample.files)
    for name in sample.large_files:
        assert hashlib.sha256(got[name]).hexdigest() == sample.files[name].lfs.sha256
    assert any("/v2/reconstructions/" in request for request in requests_of(store, "xet"))
    assert any("/xorbs/" in request for request in requests_of(store, "xet"))
    # Nothing came the plain way, and no bytes were asked for with a token.
    assert requests_of(store, "storage") == []
    bytes_asked = [request for request in store.requests() if request.path.startswith("/xorbs/")]
    assert not any(request.had_token for request in bytes_asked)


def test_what_is_uploaded_in_chunks_is_there_both_ways(store, samples, person, tmp_path):
    own = next(id for kind, id in samples.private_names if kind == "model")
    content = random.Random(5).randbytes(3_000_000)
    (tmp_path / "chunks.bin").write_bytes(content)
    person.hf("upload", own, str(tmp_path / "chunks.bin"), "chunks.bin", "--quiet")
    asked = requests_of(store, "xet")
    assert any(request.startswith("POST /v1/xorbs/") for request in asked)
    assert "POST /v1/shards" in asked
    assert requests_of(store, "storage") == []

    (info,) = store.api(store.token).get_paths_info(own, "chunks.bin")
    assert info.lfs.sha256 == hashlib.sha256(content).hexdigest()
    assert len(info.xet_hash) == 64
    for environment in ({}, {"HF_HUB_DISABLE_XET": "1"}):
        store.forget_requests()
        person.environment |= environment
        folder = tmp_path / f"with{len(environment)}"
        person.hf("download", own, "chunks.bin", "--local-dir", str(folder), "--quiet")
        assert (folder / "chunks.bin").read_bytes() == content
        assert bool(requests_of(store, "storage")) == bool(environment)


def test_the_same_content_is_not_uploaded_again(store, samples, person, tmp_path):
    own = next(id for kind, id in samples.private_names if kind == "model")
    content = random.Random(6).randbytes(2_000_000)
    for name, content in (("one.bin", content), ("two.bin", content + b"more")):
        store.forget_requests()
        (tmp_path / name).write_bytes(content)
        person.hf("upload", own, str(tmp_path / name), name, "--quiet")
    sizes = [request for request in requests_of(store, "xet") if request.startswith("POST /v1/xorbs/")]
    # The second shares all but its last chunk.
    assert len(sizes) <= 1
    (info,) = store.api(store.token).get_paths_info(own, "two.bin")
    assert info.lfs.sha256 == hashlib.sha256(content).hexdigest()


def test_what_we_download_in_chunks_the_official_client_finds_and_believes(store, samples, person):
    sample = samples.one("model with large files", lambda s: s.kind == "model" and s.large_files)
    path = download(person, sample)
    assert_sound(person)
    assert_complete(person, sample)
    assert requests_of(store, "storage") == []
    assert any("/xorbs/" in request for request in requests_of(store, "xet"))
    assert not any("telemetry" in request for request in requests_of(store, "xet"))
    store.forget_requests()
    again = person.hf("download", sample.id, "--json")
    assert json.loads(again.stdout)["path"] == path
    assert store.file_bodies() == []


@pytest.fixture
def twins(store, person, tmp_path):
    """Two private repositories with one and the same large file, in a commit of its own each.

    What is committed alike within one second has the same id in both, and `hf cache rm` then takes either of them.
    """
    (tmp_path / "w.bin").write_bytes(random.Random(7).randbytes(3_000_000))
    api = store.api(store.token)
    names = ["demo/twin-one", "demo/twin-two"]
    for name in names:
        api.create_repo(name, private=True)
        person.hf("upload", name, str(tmp_path / "w.bin"), "w.bin", "--commit-message", f"Add to {name}", "--quiet")
    store.forget_requests()
    yield names
    for name in names:
        api.delete_repo(name)


@pytest.mark.parametrize("first, second", [("hubdesk", "hf"), ("hf", "hubdesk")])
def test_what_one_client_got_in_chunks_the_other_has_for_the_next_repository(store, person, twins, first, second):
    one, other = twins
    getattr(person, first)("download", one)
    (entry,) = (person.cache / "blobs").glob("??/" + "[0-9a-f]" * 64)
    shared = person.cache / "blobs"
    # As under this umask and in this folder the official client makes them.
    readers = person.cache.stat().st_mode
    payload = 0o400 | (0o040 if readers & 0o010 else 0) | (0o004 if readers & 0o001 else 0)
    assert stat.S_IMODE(entry.stat().st_mode) == payload
    assert stat.S_IMODE((shared / ".huggingface-shared-blobs").stat().st_mode) == payload
    assert [stat.S_IMODE(entry.with_name(entry.name + end).stat().st_mode) for end in (".refs", ".lock")] == [0o666] * 2
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (shared, entry.parent)} == {stat.S_IMODE(readers)}

    store.forget_requests()
    path = getattr(person, second)("download", other, "--json").stdout
    assert not any(request.path.endswith("/w.bin") for request in store.file_bodies())
    assert requests_of(store, "storage") == []
    assert not any("/xorbs/" in request for request in requests_of(store, "xet"))
    blob = (Path(json.loads(path)["path"]) / "w.bin").resolve()
    assert blob == entry
    assert unreferenced_shared_blobs(person.cache) == {}
    assert scan_cache_dir(person.cache).warnings == []

    # It goes with the last repository that has it, and not before.
    for name, is_there in ((one, True), (other, False)):
        person.hf("cache", "rm", f"model/{name}", "--cache-dir", str(person.cache), "-y")
        assert entry.exists() == is_there


@pytest.mark.parametrize("variable", ["HF_HUB_DISABLE_SHARED_BLOBS", "HF_HUB_DISABLE_SYMLINKS"])
def test_whoever_switches_sharing_off_has_blobs_of_each_repositorys_own(store, person, twins, variable):
    person.environment |= {variable: "1"}
    for name in twins:
        store.forget_requests()
        person.hubdesk("download", name)
        assert any("/xorbs/" in request for request in requests_of(store, "xet"))
    assert not (person.cache / "blobs").exists()


def test_whoever_switches_the_chunk_store_off_gets_everything_the_plain_way(store, samples, person):
    sample = samples.one("model with large files", lambda s: s.kind == "model" and s.large_files)
    person.environment |= {"HF_HUB_DISABLE_XET": "1"}
    download(person, sample)
    assert_complete(person, sample)
    assert requests_of(store, "xet") == []
    assert requests_of(store, "storage") != []


def download(person, sample) -> str:
    found = person.hubdesk("download", sample.id, "--repo-type", sample.kind, "--json")
    return json.loads(found.stdout)["path"]
