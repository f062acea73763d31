"""The work that is compared, and what must be reached."""

from dataclasses import dataclass

MIB = 1 << 20
GIB = 1 << 30

# Of Hubdesk alone, in every case.
MOST_MEMORY = 256 * MIB
# Of the slowest of the machine's ceilings, where nothing holds the link back.
LEAST_SHARE_OF_CEILING = 0.80
# Of the wall time, for hashing what is there already.
MOST_HASHING = 0.05


@dataclass(frozen=True)
class Case:
    name: str
    title: str
    repo: str
    files: int
    size: int  # bytes of all files
    limit: float  # wall, Hubdesk ÷ official client
    revision: str = "main"
    # What the cache holds before the clock starts: this revision, fetched by the same program.
    prepared: str | None = None
    # What the stand-in's connections are like, and whether it has a chunk store.
    shape: tuple[str, ...] = ()
    most_requests: int | None = None
    counts_against_ceiling: bool = False
    counts_hashing: bool = False
    needs_xet: bool = False

    @property
    def changes_cache(self) -> bool:
        return self.prepared != self.revision


CASES = [
    Case(
        "small",
        "10,000 files of 4 KiB in 200 folders, empty cache",
        "bench/small",
        files=10_000,
        size=10_000 * 4096,
        limit=0.20,
        most_requests=10_020,
    ),
    Case(
        "cached",
        "the same, everything already cached",
        "bench/small",
        files=10_000,
        size=10_000 * 4096,
        limit=0.05,
        prepared="main",
    ),
    Case(
        "large",
        "one 2 GiB file, plain HTTP, free link",
        "bench/large",
        files=1,
        size=2 * GIB,
        limit=0.67,
        counts_against_ceiling=True,
        counts_hashing=True,
    ),
    Case(
        "line",
        "one 2 GiB file, plain HTTP, 50 MB/s per connection, 20 ms",
        "bench/large",
        files=1,
        size=2 * GIB,
        limit=0.25,
        shape=("--connection-speed", "50000000", "--latency", "20"),
        counts_hashing=True,
    ),
    Case(
        "eight",
        "eight 256 MiB files, plain HTTP",
        "bench/eight",
        files=8,
        size=2 * GIB,
        limit=0.80,
    ),
    Case(
        "xet",
        "one 2 GiB file over Xet, cold",
        "bench/xet",
        files=1,
        size=2 * GIB,
        limit=1.00,
        revision="first",
        shape=("--xet",),
        needs_xet=True,
    ),
    Case(
        "xet-update",
        "a second revision with 1 % changed chunks, over Xet",
        "bench/xet",
        files=1,
        size=2 * GIB,
        limit=1.00,
        prepared="first",
        shape=("--xet",),
        needs_xet=True,
    ),
]


def chosen(names: str, cases: list = CASES) -> list:
    """The cases of a list such as `small,cached`; all when it is empty."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    known = {case.name: case for case in cases}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise SystemExit(f"No case is called {', '.join(unknown)}. There are: {', '.join(known)}.")
    return [known[name] for name in wanted] or cases
