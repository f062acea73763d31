"""What several runs of one thing come to. Pure: nothing here looks at the machine."""

from dataclasses import dataclass
from datetime import datetime
from statistics import median

# What our log says when the last byte of a file is there, and when its digest is known.
LAST_BYTE = "all bytes are there"
DIGEST_KNOWN = "the digest is known"


@dataclass(frozen=True)
class Run:
    """One run of one program, as the system and the stand-in saw it."""

    wall: float  # seconds
    cpu: float  # seconds, of the program alone
    memory: int  # bytes, at its peak
    requests: int
    bytes: int  # of bodies, sent by the stand-in


@dataclass(frozen=True)
class Spread:
    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        if not values:
            raise ValueError("nothing was measured")
        return cls(min(values), median(values), max(values))


@dataclass(frozen=True)
class Comparison:
    """Pairs of runs: the first of each is ours, the second the official client's."""

    pairs: list[tuple[Run, Run]]
    # Of the wall time of one more run of ours: how long a file that was all there waited for its digest.
    waited_for_digest: float | None = None

    def wall(self, side: int) -> Spread:
        return Spread.of([pair[side].wall for pair in self.pairs])

    def cpu(self, side: int) -> float:
        return median(pair[side].cpu for pair in self.pairs)

    def memory(self, side: int) -> int:
        """The most that any run took."""
        return max(pair[side].memory for pair in self.pairs)

    def requests(self, side: int) -> int:
        return max(pair[side].requests for pair in self.pairs)

    def bytes(self, side: int) -> int:
        return max(pair[side].bytes for pair in self.pairs)

    def ratio(self) -> Spread:
        """Ours ÷ theirs within each pair: what slows the machine down for a while slows down both."""
        return Spread.of([ours.wall / theirs.wall for ours, theirs in self.pairs])


def wait_for_digest(log: str) -> float:
    """Seconds between the last byte of the one file in `log` and its digest."""
    return (moment(log, DIGEST_KNOWN) - moment(log, LAST_BYTE)).total_seconds()


def moment(log: str, message: str) -> datetime:
    stamps = [line.split()[0] for line in log.splitlines() if line.rstrip().endswith(message)]
    if len(stamps) != 1:
        raise ValueError(f"“{message}” is in the log {len(stamps)} times")
    return datetime.fromisoformat(stamps[0])


@dataclass(frozen=True)
class Verdict:
    """One figure against its limit."""

    what: str
    figure: str
    limit: str
    holds: bool


def at_most(what: str, figure: float, limit: float, show) -> Verdict:
    return Verdict(what, show(figure), f"≤ {show(limit)}", figure <= limit)


def at_least(what: str, figure: float, limit: float, show) -> Verdict:
    return Verdict(what, show(figure), f"≥ {show(limit)}", figure >= limit)
