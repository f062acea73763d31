"""What our own client reads and does, asked of `hubdesk-oracle` one line at a time."""

import json
import os
import select
import subprocess
from pathlib import Path

import pytest

from processes import BINARIES, RUN_LIMIT, STOP_LIMIT, StandIn, clean_environment


class Refused(Exception):
    """Our client answered with an error."""


class Oracle:
    """Our client, with one token; called with the name of a call and what it is about."""

    def __init__(self, process: subprocess.Popen, token: str | None):
        self._process = process
        self._token = token

    def __call__(self, call: str, **about):
        question = {"call": call, "token": self._token} | {key: one for key, one in about.items() if one is not None}
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], RUN_LIMIT)
        line = self._process.stdout.readline() if ready else ""
        if not line:
            pytest.fail(f"our client did not answer {call}", pytrace=False)
        answer = json.loads(line)
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["is"]

    def signed_out(self) -> "Oracle":
        return Oracle(self._process, None)


def start(folder: Path, standin: StandIn) -> subprocess.Popen:
    program = BINARIES / ("hubdesk-oracle.exe" if os.name == "nt" else "hubdesk-oracle")
    if not program.is_file():
        pytest.fail(f"{program} is missing. Build it: make binaries", pytrace=False)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen([program, standin.endpoint], env=clean_environment(folder), text=True, **pipes)


def stop(process: subprocess.Popen) -> None:
    """It ends with its input."""
    try:
        process.communicate(timeout=STOP_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
