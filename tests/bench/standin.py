"""The Hub between the clients: `hubdesk-cli hub serve`, and what it says it was asked."""

import json
import subprocess
import urllib.error
import urllib.request
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

LOG = "/_standin/log"
STOP_LIMIT = 10  # seconds
# Longer than the digests of all content take.
ANSWER_LIMIT = 120


class StandIn:
    """Runs until the end of the `with` block."""

    def __init__(self, cli: Path, environment: dict[str, str], shape: tuple[str, ...] = (), seed: str = "bench"):
        """`shape`: what else it is told, such as what its connections are like. With the seed `demo` it has a user."""
        command = [cli, "hub", "serve", "--seed", seed, "--control", *shape]
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("The stand-in did not start.")
        told = json.loads(line)
        self.endpoint: str = told["endpoint"]
        self.token: str | None = told["token"]

    def __enter__(self) -> "StandIn":
        return self

    def __exit__(self, *_) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def forget(self) -> None:
        """Empties its log."""
        self._control("DELETE")

    def asked(self) -> tuple[int, int]:
        """Requests since the log was emptied, and the bytes of their answers."""
        requests = json.loads(self._control("GET"))["requests"]
        return len(requests), sum(request["bytes"] for request in requests)

    @property
    def user(self) -> str:
        request = urllib.request.Request(
            f"{self.endpoint}/api/whoami-v2", headers={"Authorization": f"Bearer {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=ANSWER_LIMIT) as answer:
            return json.load(answer)["name"]

    def offers_xet(self, repo: str, revision: str) -> bool:
        address = f"{self.endpoint}/api/models/{repo}/tree/{revision}"
        try:
            with urllib.request.urlopen(address, timeout=ANSWER_LIMIT) as answer:
                return any("xetHash" in entry for entry in json.load(answer))
        except urllib.error.HTTPError:
            return False

    def place_of(self, repo: str, file: str) -> str:
        """Where the storage host has a large file."""
        hub = urlsplit(self.endpoint)
        connection = HTTPConnection(hub.hostname, hub.port, timeout=ANSWER_LIMIT)
        connection.request("GET", f"/{repo}/resolve/main/{file}")
        location = connection.getresponse().getheader("Location")
        connection.close()
        if location is None:
            raise SystemExit(f"{file} of {repo} is not where large files are.")
        return location

    def _control(self, method: str) -> bytes:
        request = urllib.request.Request(self.endpoint + LOG, method=method)
        with urllib.request.urlopen(request, timeout=ANSWER_LIMIT) as answer:
            return answer.read()
