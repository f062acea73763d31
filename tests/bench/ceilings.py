"""What the machine itself gives, measured in the same run: no client can be faster than its slowest part."""

import hashlib
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cases import GIB, MIB
from figures import Spread
from standin import StandIn

AMOUNT = 2 * GIB
ROUNDS = 3
READERS = 4


@dataclass(frozen=True)
class Ceilings:
    """Bytes a second."""

    loopback_one: Spread
    loopback_several: Spread
    disk: Spread
    disk_synced: Spread
    sha256: Spread

    def slowest(self) -> float:
        """Of what a download cannot do without, as the median of its rounds."""
        loopback = max(self.loopback_one.middle, self.loopback_several.middle)
        return min(loopback, self.disk.middle, self.sha256.middle)


def measure(standin: StandIn, folder: Path) -> Ceilings:
    place = standin.place_of("bench/large", "model.safetensors")
    return Ceilings(
        loopback_one=rounds(lambda: read_all(place, 1)),
        loopback_several=rounds(lambda: read_all(place, READERS)),
        disk=rounds(lambda: write(folder, is_synced=False)),
        disk_synced=rounds(lambda: write(folder, is_synced=True)),
        sha256=rounds(hash_all),
    )


def rounds(work) -> Spread:
    return Spread.of([AMOUNT / work() for _ in range(ROUNDS)])


def read_all(place: str, readers: int) -> float:
    """Reads the large file in equal parts over so many connections, and throws it away."""
    part = AMOUNT // readers
    began = time.monotonic()
    with ThreadPoolExecutor(readers) as pool:
        list(pool.map(lambda n: read_part(place, n * part, part), range(readers)))
    return time.monotonic() - began


def read_part(place: str, start: int, length: int) -> None:
    """A plain socket: no library between the stand-in and the clock."""
    url = urlsplit(place)
    request = (
        f"GET {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\n"
        f"Range: bytes={start}-{start + length - 1}\r\nConnection: close\r\n\r\n"
    )
    buffer = bytearray(MIB)
    received = 0
    with socket.create_connection((url.hostname, url.port)) as connection:
        connection.sendall(request.encode())
        while count := connection.recv_into(buffer):
            received += count
    if received < length:
        raise SystemExit("The stand-in ended a plain read early.")


def write(folder: Path, is_synced: bool) -> float:
    """Writes one file in order, to the system's memory or, synced, to the disk itself."""
    os.sync()
    block = os.urandom(MIB)
    path = folder / "ceiling"
    began = time.monotonic()
    with path.open("wb", buffering=0) as file:
        for _ in range(AMOUNT // MIB):
            file.write(block)
        if is_synced:
            os.fsync(file.fileno())
    took = time.monotonic() - began
    path.unlink()
    return took


def hash_all() -> float:
    """On one thread, as the bytes of one file must be."""
    block = os.urandom(MIB)
    hasher = hashlib.sha256()
    began = time.monotonic()
    for _ in range(AMOUNT // MIB):
        hasher.update(block)
    return time.monotonic() - began
