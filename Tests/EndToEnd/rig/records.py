# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: what the running system recorded, read from the log's public files without any code of ours."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path

from .auditlog import Producer, tile_number
from .processes import RigFailure, run, wait_until

BUNDLE = 256
PSEUDONYM = re.compile(r"[pq]\d{4}-\d{2}\.[0-9a-f]{20}")
ROLES = {"dpo": "data-protection", "council": "staff-council"}


class Holders:
    """Two people of two roles who open names together, with keys that openssl made."""

    def __init__(self, folder: Path):
        folder.mkdir()
        self.keys = {holder: folder / f"{holder}.key" for holder in ROLES}
        for key in self.keys.values():
            run("openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072", "-out", key)
        entries = [
            {"holder": holder, "role": role, "public_key": run("openssl", "pkey", "-in", self.keys[holder], "-pubout")}
            for holder, role in ROLES.items()
        ]
        self.register = folder / "holders.json"
        self.register.write_text(json.dumps(entries, indent=2))


class Records:
    """The newest log below a directory."""

    def __init__(self, directory: Path, socket: Path):
        self.directory, self.socket = directory, socket

    @property
    def log(self) -> Path:
        """The folder of the newest year."""
        years = sorted(path for path in self.directory.iterdir() if (path / "checkpoint").exists())
        if not years:
            raise RigFailure(f"there is no log in {self.directory}")
        return years[-1]

    def published(self) -> int:
        return int((self.log / "checkpoint").read_text().split("\n")[1])

    def lines(self) -> list[bytes]:
        """Every published record's bytes, but for those of bundles that were erased."""
        size = self.published()
        found: list[bytes] = []
        for bundle in range((size + BUNDLE - 1) // BUNDLE):
            width = min(BUNDLE, size - bundle * BUNDLE)
            path = self.bundle(bundle, width)
            if width == BUNDLE and not path.exists():
                # Erased: its retention is over.
                continue
            data = path.read_bytes()
            at = 0
            for _ in range(width):
                length = struct.unpack_from(">H", data, at)[0]
                found.append(data[at + 2 : at + 2 + length])
                at += 2 + length
        return found

    def bundle(self, number: int, width: int) -> Path:
        """The file of a bundle's first `width` records."""
        whole = self.log.joinpath("tile", "entries", *tile_number(number))
        # A partial bundle is removed when it is full.
        return whole if whole.exists() else whole.with_name(f"{whole.name}.p") / str(width)

    def events(self) -> list[dict]:
        if not self.directory.exists() or not any(self.directory.glob("*/checkpoint")):
            return []
        return [json.loads(line) for line in self.lines()]

    def text(self) -> str:
        return "\n".join(line.decode() for line in self.lines())

    def wait_for(self, event: str, seconds: float = 10.0, after: int = -1, **fields: object) -> dict:
        """The first event of this name, after a sequence number, whose fields have these values."""

        def found() -> dict | None:
            for entry in self.events():
                if entry["event"] == event and entry["seq"] > after:
                    if all(entry.get(key) == value for key, value in fields.items()):
                        return entry
            return None

        try:
            return wait_until(f"audit event {event} with {fields}", found, seconds, every=0.1)
        except RigFailure as error:
            there = "\n".join(json.dumps(entry, ensure_ascii=False) for entry in self.events()[-12:])
            raise AssertionError(f"{error}; the log ends with:\n{there}") from error

    def last(self) -> int:
        """The number of the newest durable record; of the newest published one while the daemon is away."""
        try:
            producer = Producer(self.socket)
        except OSError:
            return self.published() - 1
        try:
            return int(producer.status()["durable"]) - 1
        finally:
            producer.close()
