"""Hubdesk and the official client on one cache at the same time."""

import contextlib
import functools
import shutil
import signal

import filelock
import pytest
from huggingface_hub.utils import WeakFileLock

from demo import Demo
from processes import RUN_LIMIT, Home, StandIn, wait_until
from soundness import assert_complete, assert_sound

ATTEMPTS = 20
# A tenth of a second for the largest file, over one connection.
FAR = ("--connection-speed", "20000000", "--latency", "10")


# Of a download of the whole sample. The last ones find most of it there.
MOMENTS = [0, 1, 2, 3, 4, 6, 8, 10, 12, 14]


@pytest.fixture(scope="module")
def far(tmp_path_factory):
    """A stand-in far enough away that two downloads from it overlap."""
    with StandIn.start(tmp_path_factory.mktemp("far"), *FAR) as standin:
        yield standin


@pytest.fixture(scope="module")
def far_in_chunks(tmp_path_factory):
    """The same, with a chunk store."""
    with StandIn.start(tmp_path_factory.mktemp("chunks"), *FAR, "--xet") as standin:
        yield standin


@pytest.mark.parametrize("requests_before_second", MOMENTS)
@pytest.mark.parametrize("first", ["hubdesk", "hf"])
def test_two_downloads_of_one_repository_leave_the_cache_sound(far, tmp_path, first, requests_before_second):
    home = Home(tmp_path, far)
    download_both(home, far, sample_of(far), first, requests_before_second)


@pytest.mark.parametrize("requests_before_second", [0, 8])
@pytest.mark.parametrize("first", ["hubdesk", "hf"])
def test_so_do_two_in_chunks(far_in_chunks, tmp_path, first, requests_before_second):
    home = Home(tmp_path, far_in_chunks)
    download_both(home, far_in_chunks, sample_of(far_in_chunks), first, requests_before_second)
    assert any(request.path.startswith("/xorbs/") for request in far_in_chunks.requests())


@functools.cache
def sample_of(standin):
    return Demo(standin).model


def download_both(home, standin, sample, first, requests_before_second):
    standin.forget_requests()
    starts = {"hubdesk": home.start_hubdesk, "hf": home.start_hf}
    second = "hf" if first == "hubdesk" else "hubdesk"
    with starts[first]("download", sample.id) as one:
        wait_for_requests(standin, requests_before_second, one)
        # It would be done before the official client has as much as begun.
        with stopped(one) if first == "hubdesk" else contextlib.nullcontext():
            other = starts[second]("download", sample.id)
            wait_for_requests(standin, len(standin.requests()) + 1, other)
        with other:
            assert_succeeds(other)
        assert_succeeds(one)
    assert_sound(home)
    assert_complete(home, sample)


def wait_for_requests(standin, count, process):
    def is_there():
        return process.poll() is not None or len(standin.requests()) >= count

    wait_until(f"there were {count} requests", is_there)


@contextlib.contextmanager
def stopped(process):
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def test_hubdesk_waits_while_the_official_client_holds_a_file(demo, home, standin):
    sample = demo.model
    held, free = sample.regular_files[:2]
    blob = home.cache / sample.folder / "blobs" / sample.files[held].blob_id
    other = home.cache / sample.folder / "blobs" / sample.files[free].blob_id
    lock = lock_of(home, sample, held)
    lock.parent.mkdir(parents=True)
    with WeakFileLock(lock):
        process = home.start_hubdesk("download", sample.id, held, free)
        wait_until("the file that nobody holds was there", lambda: other.exists() or process.poll() is not None)
        assert process.poll() is None, process.communicate()[0]
        assert not blob.exists()
        assert [request for request in standin.file_bodies() if request.path.endswith(held)] == []
    with process:
        assert_succeeds(process)
    assert blob.exists()
    assert_sound(home)


def test_the_official_client_waits_while_hubdesk_holds_a_file(demo, home, standin):
    sample = demo.model
    path = sample.regular_files[0]

    def heads() -> int:
        return len([asked for asked in standin.requests() if asked.method == "HEAD" and asked.path.endswith(path)])

    with stopped_while_holding(home, standin, sample, path) as ours:
        before = heads()
        with home.start_hf("download", sample.id, path) as theirs:
            wait_until(
                "the official client had asked about the file",
                lambda: theirs.poll() is not None or heads() > before,
            )
            ours.send_signal(signal.SIGCONT)
            assert_succeeds(theirs)
        assert_succeeds(ours)
    assert len(standin.file_bodies()) == 1, "the official client did not wait, and fetched the file as well"
    assert_sound(home)


def stopped_while_holding(home, standin, sample, path):
    """Hubdesk in the middle of downloading `path`. It runs on when it gets SIGCONT."""
    lock = lock_of(home, sample, path)
    for _ in range(ATTEMPTS):
        standin.forget_requests()
        process = home.start_hubdesk("download", sample.id, path)
        while process.poll() is None and not lock.exists():
            pass
        process.send_signal(signal.SIGSTOP)
        if process.poll() is None and is_held(lock):
            return process
        # It was quicker than the signal.
        process.send_signal(signal.SIGCONT)
        assert_succeeds(process)
        shutil.rmtree(home.cache)
    pytest.fail(f"Hubdesk could not be stopped with a lock in its hands in {ATTEMPTS} attempts", pytrace=False)


def is_held(lock) -> bool:
    try:
        with WeakFileLock(lock, timeout=0.1):
            return False
    except filelock.Timeout:
        return True


def lock_of(home, sample, path):
    return home.cache / ".locks" / sample.folder / f"{sample.files[path].blob_id}.lock"


def assert_succeeds(process) -> None:
    output, _ = process.communicate(timeout=RUN_LIMIT)
    assert process.returncode == 0, output
