"""The two programs that are compared, each run as a person would run it, in a home of its own."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from cases import Case
from figures import Run
from standin import StandIn

# Of what `wait4` calls the peak: kilobytes, but for Apple, who count bytes.
MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Client:
    name: str
    program: Path

    def download(self, case: Case, revision: str, standin: StandIn, home: Path, *options: str) -> Run:
        """One download into the cache below `home`, timed from the start of the process to its end."""
        command = [*options, "download", case.repo, "--revision", revision, "--cache-dir", cache_of(home)]
        found = self.timed(command, case, standin, home)
        check(self.name, case, revision, home)
        return found

    def upload(self, case, repo: str, content: Path, standin: StandIn, home: Path) -> Run:
        """One upload of a folder into a repository, which is made if it is not there, timed likewise."""
        return self.timed(["upload", repo, content], case, standin, home)

    def timed(self, command: list, case, standin: StandIn, home: Path) -> Run:
        standin.forget()
        # What earlier runs left to be written must not be this one's burden.
        os.sync()
        with log_of(home).open("w+") as output:
            began = time.monotonic()
            process = subprocess.Popen(
                [self.program, *command],
                env=environment(home, standin, case),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.monotonic() - began
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                output.seek(0)
                raise SystemExit(f"{self.name} failed at “{case.title}”:\n{output.read()}")
        requests, sent = standin.asked()
        cpu = usage.ru_utime + usage.ru_stime
        return Run(wall, cpu, usage.ru_maxrss * MEMORY_UNIT, requests, sent)


def log_of(home: Path) -> Path:
    """What the last run printed."""
    return home / "output.txt"


def cache_of(home: Path) -> Path:
    return home / "hub"


def empty(home: Path) -> Path:
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    return home


def clean_environment(home: Path) -> dict[str, str]:
    """Nothing of the surroundings, and everybody's home below `home`."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return kept | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "HF_HOME": str(home / "hf"),
        "LANG": "C.UTF-8",
        "NO_PROXY": "*",
        "DO_NOT_TRACK": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        # They cost the official client time.
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    }


def environment(home: Path, standin: StandIn, case) -> dict[str, str]:
    place = {"HF_ENDPOINT": standin.endpoint, "HF_XET_CACHE": str(home / "xet")}
    plain = {} if case.needs_xet else {"HF_HUB_DISABLE_XET": "1"}
    token = {} if standin.token is None else {"HF_TOKEN": standin.token}
    return clean_environment(home) | place | plain | token


def check(name: str, case: Case, revision: str, home: Path) -> None:
    """A download that is not whole is no figure."""
    repo = cache_of(home) / f"models--{case.repo.replace('/', '--')}"
    commit = (repo / "refs" / revision).read_text().strip()
    files = [path for path in (repo / "snapshots" / commit).rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    if (len(files), size) != (case.files, case.size):
        raise SystemExit(f"{name} left {len(files)} files of {size} bytes at “{case.title}”.")
