# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: what a core image of a running process would hold, looked through for secrets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .processes import RigFailure, run

PIECE = 1 << 22
MAPPING = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+\s*(.*)$")
# The kernel's own pages, which no core has either.
UNREADABLE = ("[vvar]", "[vvar_vclock]", "[vsyscall]")


@dataclass(frozen=True)
class Finding:
    """A secret at an address; the bytes around it help to find out who left it there."""

    secret: str
    mapping: str
    address: int
    around: bytes

    def __str__(self) -> str:
        return f"{self.secret} at {self.address:#x} in {self.mapping or 'anonymous memory'}: {self.around!r}"


def search(pid: int, secrets: dict[str, bytes], around: int = 48) -> list[Finding]:
    """Every place of a secret in a process's memory, as a core of all mappings would show it."""
    found: list[Finding] = []
    longest = max(map(len, secrets.values()))
    whole = 0
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            start, end, rights, name = MAPPING.match(line).groups()
            if "r" not in rights or name in UNREADABLE:
                continue
            at, last = int(start, 16), int(end, 16)
            while at < last:
                size = min(PIECE + longest + around, last - at)
                try:
                    memory.seek(at)
                    data = memory.read(size)
                except (OSError, ValueError, OverflowError):
                    break
                whole += len(data)
                for secret, value in secrets.items():
                    place = data.find(value)
                    # What begins behind the piece is found with the next one.
                    while 0 <= place < PIECE:
                        near = data[max(0, place - around) : place + len(value) + around]
                        found.append(Finding(secret, name, at + place, near))
                        place = data.find(value, place + 1)
                at += PIECE
    if whole < 1 << 20:
        raise RigFailure(f"process {pid} shows only {whole} bytes of its memory")
    return found


def core_image(pid: int, folder: Path) -> Path:
    """A core as gdb writes it, with what a crash would have left on the disk."""
    run("gcore", "-o", folder / "core", str(pid), timeout=120)
    return folder / f"core.{pid}"
