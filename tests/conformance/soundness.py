"""What must be true of a shared cache at any moment at which nobody writes to it."""

import hashlib
import os
import re
import stat
from pathlib import Path

from huggingface_hub import scan_cache_dir

from demo import Sample
from processes import Home

COMMIT = re.compile(r"[0-9a-f]{40}")
GIT_BLOB_ID = re.compile(r"[0-9a-f]{40}")
SHA256 = re.compile(r"[0-9a-f]{64}")


def assert_sound(home: Home) -> None:
    """Blobs hold what their names say, links lead to blobs, refs to snapshots, and nothing is left half done."""
    assert scan_cache_dir(home.cache).warnings == []
    assert [path.name for path in home.cache.rglob("*.incomplete*")] == []
    for repo in home.cache.glob("*--*"):
        for blob in (repo / "blobs").iterdir():
            assert digest_of(blob, like=blob.name) == blob.name, f"{blob} does not hold what its name says"
            # What repositories share has the modes of its store.
            if not blob.is_symlink():
                assert stat.S_IMODE(blob.stat().st_mode) == 0o666 & ~umask(), f"{blob} has another mode than a new file"
        for pointer in files_below(repo / "snapshots"):
            assert pointer.is_symlink() and not os.path.isabs(os.readlink(pointer)), f"{pointer} is no relative link"
            # Only the first step: a blob may lead on to what repositories share.
            blobs = Path(os.path.normpath(pointer.parent / os.readlink(pointer))).parent
            assert blobs == repo / "blobs", f"{pointer} leads out of the repository"
        for ref in files_below(repo / "refs"):
            content = ref.read_text()
            assert COMMIT.fullmatch(content), f"{ref} holds {content!r}"
            assert (repo / "snapshots" / content).is_dir(), f"{ref} names a commit that is not there"


def assert_complete(home: Home, sample: Sample, revision: str = "main") -> None:
    """The official client finds every file of the revision, with the right content, and none too many."""
    home.hf(
        "cache", "verify", sample.id, "--repo-type", sample.kind, "--revision", revision,
        "--cache-dir", str(home.cache), "--fail-on-missing-files", "--fail-on-extra-files",
    )  # fmt: skip


def tree_of(snapshot: Path | str) -> dict[str, bytes]:
    """Every file of a snapshot with its content."""
    snapshot = Path(snapshot)
    return {str(path.relative_to(snapshot)): path.read_bytes() for path in files_below(snapshot)}


def files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_symlink() or path.is_file())


def digest_of(path: Path | str, like: str) -> str:
    """The sha256 or git blob id of a file, whichever kind of digest `like` is."""
    content = Path(path).read_bytes()
    if SHA256.fullmatch(like):
        return hashlib.sha256(content).hexdigest()
    assert GIT_BLOB_ID.fullmatch(like), f"{path} is not named by a digest"
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def umask() -> int:
    # It can only be read by setting it.
    current = os.umask(0o022)
    os.umask(current)
    return current
