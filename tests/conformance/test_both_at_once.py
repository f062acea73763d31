"""Hubdesk and the official client on one cache at the same time."""

import shutil
import signal

import filelock
import pytest
from huggingface_hub.utils import WeakFileLock

from processes import RUN_LIMIT, wait_until
from soundness import assert_complete, assert_sound

ATTEMPTS = 20


@pytest.mark.parametrize("requests_before_second", [0, 2, 6])
@pytest.mark.parametrize("first", ["hubdesk", "hf"])
def test_two_downloads_of_one_repository_leave_the_cache_sound(demo, home, standin, first, requests_before_second):
    sample = demo.model
    starts = {"hubdesk": home.start_hubdesk, "hf": home.start_hf}
    second = "hf" if first == "hubdesk" else "hubdesk"
    with starts[first]("download", sample.id) as one:
        wait_until(
            "the first one was under way",
            lambda: one.poll() is not None or len(standin.requests()) >= requests_before_second,
        )
        with starts[second]("download", sample.id) as other:
            assert_succeeds(other)
        assert_succeeds(one)
    assert_sound(home)
    assert_complete(home, sample)


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
