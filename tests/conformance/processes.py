"""The programs under test, started with nothing of the surrounding environment."""

import json
import os
import select
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from huggingface_hub import HfApi

ROOT = Path(__file__).parents[2]
BINARIES = Path(os.environ.get("HUBDESK_BIN_DIR", ROOT / "target" / "debug"))
OFFICIAL_CLI = Path(sys.executable).parent / "hf"

START_LIMIT = 30  # seconds
RUN_LIMIT = 120
STOP_LIMIT = 10
WAIT_LIMIT = 30

# Small, so that most listings in these tests go over several pages.
PAGE_SIZE = 2


def hubdesk_cli() -> Path:
    program = BINARIES / ("hubdesk-cli.exe" if os.name == "nt" else "hubdesk-cli")
    if not program.is_file():
        pytest.fail(f"{program} is missing. Build it: make binaries", pytrace=False)
    return program


def clean_environment(folder: Path) -> dict[str, str]:
    """An environment in which every program finds its home below `folder`, and nothing else."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    places = {"HOME": "home", "USERPROFILE": "home", "TMPDIR": "tmp", "TEMP": "tmp", "HF_HOME": "home/hf"}
    for place in ("CONFIG", "DATA", "STATE", "CACHE"):
        places[f"XDG_{place}_HOME"] = f"home/{place.lower()}"
    for path in places.values():
        (folder / path).mkdir(parents=True, exist_ok=True)
    return kept | {name: str(folder / path) for name, path in places.items()} | {
        "LANG": "C.UTF-8",
        "NO_COLOR": "1",
        "NO_PROXY": "*",
        "DO_NOT_TRACK": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@dataclass(frozen=True)
class Request:
    """One request as the stand-in saw it. `host` is `hub`, `storage` for large files, or `xet` for chunks."""

    method: str
    path: str
    host: str
    status: int
    range: str | None
    had_token: bool
    bytes: int

    @property
    def is_for_a_file(self) -> bool:
        return self.host == "storage" or "/resolve/" in self.path


def wait_until(what: str, holds: Callable[[], bool]) -> None:
    """Looks again and again, and fails if `what` does not come true in time."""
    deadline = time.monotonic() + WAIT_LIMIT
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"waited {WAIT_LIMIT} s in vain until {what}", pytrace=False)
        time.sleep(0.002)


class StandIn:
    """`hubdesk-cli hub serve`, until the end of the `with` block."""

    def __init__(self, process: subprocess.Popen, address: dict):
        self._process = process
        self.endpoint: str = address["endpoint"]
        self.storage: str = address["storage"]
        self.token: str = address["token"]

    @classmethod
    def start(cls, folder: Path, *arguments: str) -> "StandIn":
        command = [hubdesk_cli(), "hub", "serve", "--port", "0", "--seed", "demo", "--control"]
        complaints = folder / "stderr.txt"
        with complaints.open("w") as stderr:
            process = subprocess.Popen(
                [*command, "--page-size", str(PAGE_SIZE), *arguments],
                env=clean_environment(folder),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        ready, _, _ = select.select([process.stdout], [], [], START_LIMIT)
        line = process.stdout.readline() if ready else ""
        if not line:
            process.kill()
            process.communicate()
            pytest.fail(f"the stand-in did not say where it listens:\n{complaints.read_text()}", pytrace=False)
        return cls(process, json.loads(line))

    def __enter__(self) -> "StandIn":
        return self

    def __exit__(self, *_) -> None:
        self._process.terminate()
        try:
            self._process.communicate(timeout=STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise

    def api(self, token: str | bool = False) -> HfApi:
        """The official client, signed out unless a token is given."""
        return HfApi(endpoint=self.endpoint, token=token)

    def requests(self) -> list[Request]:
        return [Request(**request) for request in self._log("GET")["requests"]]

    def forget_requests(self) -> None:
        self._log("DELETE")

    def file_bodies(self) -> list[Request]:
        """The requests since the log was emptied that were answered with bytes of a file."""
        gets = [request for request in self.requests() if request.method == "GET" and request.is_for_a_file]
        return [request for request in gets if request.status in (200, 206)]

    def file_bytes(self) -> int:
        return sum(request.bytes for request in self.file_bodies())

    def _log(self, method: str) -> dict:
        request = urllib.request.Request(f"{self.endpoint}/_standin/log", method=method)
        with urllib.request.urlopen(request, timeout=STOP_LIMIT) as answer:
            return json.loads(answer.read() or b"{}")


class Home:
    """A home folder with a cache, and the two command lines that share it."""

    def __init__(self, folder: Path, standin: StandIn):
        self.environment = clean_environment(folder) | {"HF_ENDPOINT": standin.endpoint}
        self.cache = folder / "home" / "hf" / "hub"

    def hubdesk(self, *arguments: str, **options) -> subprocess.CompletedProcess:
        return self._run([hubdesk_cli(), *arguments], **options)

    def hf(self, *arguments: str, **options) -> subprocess.CompletedProcess:
        return self._run([OFFICIAL_CLI, *arguments], **options)

    def python(self, script: str, *arguments: str, **options) -> subprocess.CompletedProcess:
        """A script with the official client, for what takes its endpoint from the environment alone."""
        return self._run([sys.executable, "-B", "-c", script, *arguments], **options)

    def start_hubdesk(self, *arguments: str) -> subprocess.Popen:
        return self._start([hubdesk_cli(), *arguments])

    def start_hf(self, *arguments: str) -> subprocess.Popen:
        return self._start([OFFICIAL_CLI, *arguments])

    def _run(self, command: list, check: bool = True, **options) -> subprocess.CompletedProcess:
        result = subprocess.run(
            command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=RUN_LIMIT,
            **options,
        )
        if check and result.returncode != 0:
            words = " ".join(map(str, command))
            pytest.fail(f"{words} ended with {result.returncode}:\n{result.stdout}{result.stderr}", pytrace=False)
        return result

    def _start(self, command: list) -> subprocess.Popen:
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen(command, env=self.environment, text=True, **pipes)
