"""`make bench`: measures what tests/bench/cases.py lists and writes tests/bench/RESULTS.md.

BENCH_CASES=small,cached and BENCH_PAIRS=1 give a quick look, which is printed and not kept.
"""

import importlib.metadata
import os
import platform
import sys
import tempfile
from pathlib import Path

import ceilings
import report
import uploads
from cases import CASES, Case, chosen
from clients import Client, clean_environment, empty, log_of
from figures import Comparison, wait_for_digest
from standin import StandIn

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RESULTS = HERE / "RESULTS.md"
PAIRS = 5


def compare(case: Case, clients: list[Client], standin: StandIn, folder: Path, pairs: int) -> Comparison | str:
    if case.needs_xet and not standin.offers_xet(case.repo, case.revision):
        return "the stand-in does not offer Xet."
    homes = {client.name: folder / client.name for client in clients}

    def run(client: Client):
        home = homes[client.name]
        if case.changes_cache or not home.exists():
            empty(home)
            if case.prepared is not None:
                client.download(case, case.prepared, standin, home)
        found = client.download(case, case.revision, standin, home)
        say(f"  {client.name}: {found.wall:.2f} s")
        return found

    measured = []
    for number in range(pairs):
        # Whoever is second may find the machine warmer, so they take turns.
        order = clients if number % 2 == 0 else clients[::-1]
        runs = {client.name: run(client) for client in order}
        measured.append((runs[clients[0].name], runs[clients[1].name]))
    waited = None
    if case.counts_hashing:
        # A run of its own, since a log costs time.
        home = empty(homes[clients[0].name])
        found = clients[0].download(case, case.revision, standin, home, "--verbose")
        waited = wait_for_digest(log_of(home).read_text()) / found.wall
    for home in homes.values():
        empty(home)
        home.rmdir()
    return Comparison(measured, waited)


def measure(cases: list[Case | uploads.Upload], clients: list[Client], folder: Path, pairs: int):
    """One stand-in per kind of line; the free one also tells its own ceiling."""
    results = {}
    for shape in sorted({case.shape for case in cases if not is_upload(case)} | {()}):
        with StandIn(clients[0].program, clean_environment(folder), shape) as standin:
            if not shape:
                say("Ceilings")
                found = ceilings.measure(standin, folder)
            for case in cases:
                if case.shape == shape and not is_upload(case):
                    say(case.title)
                    results[case.name] = compare(case, clients, standin, folder, pairs)
    for case in cases:
        if is_upload(case):
            say(case.title)
            results[case.name] = uploads.compare(case, clients, folder, pairs, say)
    return found, [(case, results[case.name]) for case in cases]


def is_upload(case) -> bool:
    return isinstance(case, uploads.Upload)


def machine() -> report.Machine:
    names = Path("/proc/cpuinfo")
    models = [line.split(":", 1)[1].strip() for line in names.read_text().splitlines() if line.startswith("model name")]
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("huggingface_hub", "hf-xet")]
    return report.Machine(
        processor=models[0] if models else platform.machine(),
        cores=os.cpu_count() or 1,
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        system=f"{platform.system()} {platform.release()}",
        load=os.getloadavg()[0],
        versions=", ".join(versions),
    )


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    everything = CASES + uploads.UPLOADS
    cases = chosen(os.environ.get("BENCH_CASES", ""), everything)
    pairs = int(os.environ.get("BENCH_PAIRS", PAIRS))
    binaries = Path(os.environ.get("HUBDESK_BIN_DIR", ROOT / "target" / "release"))
    clients = [
        Client("hubdesk", binaries / "hubdesk-cli"),
        Client("hf", Path(sys.executable).parent / "hf"),
    ]
    about = machine()
    with tempfile.TemporaryDirectory(prefix="hubdesk-bench-") as folder:
        found, results = measure(cases, clients, Path(folder), pairs)
    text = report.render(about, found, results)
    print(text)
    if cases == everything and pairs >= PAIRS:
        RESULTS.write_text(text)
        say(f"Written to {RESULTS.relative_to(ROOT)}")


main()
