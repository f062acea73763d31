"""RESULTS.md. Pure: figures in, text out."""

from dataclasses import dataclass

from cases import LEAST_SHARE_OF_CEILING, MIB, MOST_HASHING, MOST_MEMORY, Case
from ceilings import Ceilings
from figures import Comparison, Spread, Verdict, at_least, at_most


@dataclass(frozen=True)
class Machine:
    """What the figures depend on, without a name."""

    processor: str
    cores: int
    memory: int
    system: str
    load: float
    versions: str


def plain(figure: float) -> str:
    return f"{figure:,.0f}"


def ratio(figure: float) -> str:
    return f"{figure:.3f}"


def megabytes(figure: float) -> str:
    return f"{figure / 1e6:,.0f} MB"


def mebibytes(figure: float) -> str:
    return f"{figure / MIB:,.0f} MiB"


def percent(figure: float) -> str:
    return f"{figure:.0%}"


def share(figure: float) -> str:
    return f"{figure:.1%}"


def speed(spread: Spread) -> str:
    low, middle, high = (f"{value / 1e6:,.0f}" for value in (spread.low, spread.middle, spread.high))
    return f"{middle} MB/s ({low}–{high})"


def seconds(spread: Spread) -> str:
    return f"{spread.middle:.2f} s ({spread.low:.2f}–{spread.high:.2f})"


def verdicts(case: Case, comparison: Comparison, ceilings: Ceilings) -> list[Verdict]:
    found = [
        at_most("wall, Hubdesk ÷ hf", comparison.ratio().middle, case.limit, ratio),
        at_most("peak memory", comparison.memory(0), MOST_MEMORY, mebibytes),
    ]
    if case.most_requests is not None:
        found.append(at_most("requests", comparison.requests(0), case.most_requests, plain))
    if case.counts_against_ceiling:
        reached = case.size / comparison.wall(0).middle / ceilings.slowest()
        found.append(at_least("of the slowest ceiling", reached, LEAST_SHARE_OF_CEILING, percent))
    if comparison.waited_for_digest is not None:
        found.append(at_most("wall spent on nothing but hashing", comparison.waited_for_digest, MOST_HASHING, share))
    return found


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def section(case: Case, comparison: Comparison | str, ceilings: Ceilings) -> str:
    """One case; text in place of figures says why there are none."""
    title = f"## {case.title[0].upper()}{case.title[1:]}\n\n"
    if isinstance(comparison, str):
        return f"{title}not measured: {comparison}\n"
    rows = [
        [
            name,
            seconds(comparison.wall(side)),
            f"{comparison.cpu(side):.2f} s",
            mebibytes(comparison.memory(side)),
            plain(comparison.requests(side)),
            megabytes(comparison.bytes(side)),
        ]
        for side, name in enumerate(("Hubdesk", "hf"))
    ]
    figures = table(["program", "wall", "CPU", "peak memory", "requests", "bytes sent"], rows)
    spread = comparison.ratio()
    pairs = f"{len(comparison.pairs)} pairs; their ratios lie between {spread.low:.3f} and {spread.high:.3f}."
    limits = [
        [verdict.what, verdict.figure, verdict.limit, "holds" if verdict.holds else "**missed**"]
        for verdict in verdicts(case, comparison, ceilings)
    ]
    return f"{title}{figures}\n\n{pairs}\n\n{table(['figure', 'reached', 'limit', ''], limits)}\n"


def ceiling_section(ceilings: Ceilings) -> str:
    rows = [
        ["the stand-in over loopback, one connection", speed(ceilings.loopback_one)],
        ["the same, four connections", speed(ceilings.loopback_several)],
        ["writing one file, to the system's memory", speed(ceilings.disk)],
        ["the same, until the disk has it", speed(ceilings.disk_synced)],
        ["sha256, one thread", speed(ceilings.sha256)],
    ]
    return f"## Ceilings\n\n{table(['part', 'speed'], rows)}\n"


def render(machine: Machine, ceilings: Ceilings, results: list[tuple[Case, Comparison | str]]) -> str:
    intro = (
        "# Speed\n\n"
        "Written by `make bench`: Hubdesk's command line and the official client in turn, on the same work, from the\n"
        "same stand-in on the same machine. Times are medians of whole processes, start included, with the fastest and\n"
        "the slowest run; a ratio is the median of the ratios of pairs; memory, requests and bytes are the most of any run.\n"
        "Hubdesk hashes while bytes arrive. What that adds to the wall time is the wait between the last byte and the\n"
        "digest, of one more run with its log; the CPU time it takes beside the network is in the CPU column.\n\n"
        f"{machine.processor}, {machine.cores} cores, {mebibytes(machine.memory)} of memory, {machine.system}; "
        f"load at the start {machine.load:.1f}. {machine.versions}.\n"
    )
    sections = [section(case, comparison, ceilings) for case, comparison in results]
    return "\n".join([intro, ceiling_section(ceilings), *sections])
