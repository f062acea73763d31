"""What is uploaded: the folders, what is in them, and how one upload is measured and checked."""

import json
import os
import random
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from cases import GIB, MIB
from clients import Client, clean_environment, empty
from figures import Comparison
from standin import ANSWER_LIMIT, StandIn

PART = 8 * MIB
CHANGED = 80 << 10  # of each part: about a hundredth


@dataclass(frozen=True)
class Upload:
    name: str
    title: str
    files: int
    size: int  # bytes of all files
    limit: float  # wall, Hubdesk ÷ official client
    # What is in the repository before the clock starts: nothing, the same files, or older ones.
    prepared: str | None = None
    shape: tuple[str, ...] = ()
    most_requests: int | None = None
    counts_against_ceiling: bool = False
    needs_xet: bool = False


UPLOADS = [
    Upload(
        "up-small",
        "upload of 10,000 files of 4 KiB into a new repository",
        files=10_000,
        size=10_000 * 4096,
        limit=0.33,
    ),
    Upload(
        "up-same",
        "the same again, nothing changed since",
        files=10_000,
        size=10_000 * 4096,
        limit=0.20,
        prepared="same",
    ),
    Upload(
        "up-large",
        "upload of one 2 GiB file over plain HTTP, in parts",
        files=1,
        size=2 * GIB,
        limit=0.80,
    ),
    Upload(
        "up-xet",
        "upload of one 2 GiB file over Xet, new content",
        files=1,
        size=2 * GIB,
        limit=1.00,
        shape=("--xet",),
        needs_xet=True,
    ),
    Upload(
        "up-xet-update",
        "the same with 1 % changed, over Xet",
        files=1,
        size=2 * GIB,
        limit=1.00,
        prepared="older",
        shape=("--xet",),
        needs_xet=True,
    ),
]


def compare(case: Upload, clients: list[Client], folder: Path, pairs: int, say) -> Comparison:
    """Each run into a repository of its own, with content nobody has sent before. Each pair has a stand-in of its own,
    since that keeps all blocks it was ever sent, and they would fill the disk."""

    def run(client: Client, number: int, standin: StandIn):
        home, content = folder / client.name, folder / "content"
        empty(home)
        make(case, content)
        repo = f"{standin.user}/{case.name}-{client.name}-{number}"
        if case.prepared is not None:
            client.upload(case, repo, content, standin, home)
        if case.prepared == "older":
            change(content)
        found = client.upload(case, repo, content, standin, home)
        check(client.name, case, repo, standin)
        remove(repo, standin)
        empty(content)
        say(f"  {client.name}: {found.wall:.2f} s")
        return found

    measured = []
    for number in range(pairs):
        # Whoever is second may find the machine warmer, so they take turns.
        order = clients if number % 2 == 0 else clients[::-1]
        with StandIn(clients[0].program, clean_environment(folder), case.shape, seed="demo") as standin:
            runs = {client.name: run(client, number, standin) for client in order}
        measured.append((runs[clients[0].name], runs[clients[1].name]))
    return Comparison(measured)


def make(case: Upload, folder: Path) -> None:
    empty(folder)
    if case.files == 1:
        with (folder / "model.safetensors").open("wb", buffering=0) as file:
            for _ in range(case.size // MIB):
                file.write(os.urandom(MIB))
        return
    letters = random.Random(0)
    for number in range(case.files):
        path = folder / f"folder-{number % 200:03}" / f"file-{number:05}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(letters.randbytes(case.size // case.files // 2).hex().encode())


def change(folder: Path) -> None:
    """The end of every part becomes another."""
    with (folder / "model.safetensors").open("r+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        for end in range(PART, size + 1, PART):
            file.seek(end - CHANGED)
            file.write(os.urandom(CHANGED))


def check(name: str, case: Upload, repo: str, standin: StandIn) -> None:
    """An upload that is not whole is no figure. A new repository has a small file of its own."""
    found = json.loads(ask(standin, f"/api/models/{repo}/treesize/main"))["size"]
    if not case.size <= found < case.size + MIB:
        raise SystemExit(f"{name} left {found} bytes at “{case.title}”.")


def remove(repo: str, standin: StandIn) -> None:
    """The stand-in keeps in memory what it has."""
    organization, name = repo.split("/")
    body = {"type": "model", "organization": organization, "name": name}
    ask(standin, "/api/repos/delete", "DELETE", json.dumps(body).encode())


def ask(standin: StandIn, path: str, method: str = "GET", body: bytes | None = None) -> bytes:
    headers = {"Authorization": f"Bearer {standin.token}", "Content-Type": "application/json"}
    request = urllib.request.Request(standin.endpoint + path, body, headers, method=method)
    with urllib.request.urlopen(request, timeout=ANSWER_LIMIT) as answer:
        return answer.read()
