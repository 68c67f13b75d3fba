# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: torhaus-auditd as a process, producers that speak its line, and judges that others wrote."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import struct
import subprocess
import time
from pathlib import Path

from .processes import RigFailure, wait_until

ROOT = Path(__file__).resolve().parents[3]
DURABLE, REFUSED, STATUS = 0xE1, 0xE2, 0xE3
REASONS = {1: "malformed", 2: "no space", 3: "backlog", 4: "unavailable", 5: "forbidden"}


def tool(name: str) -> str:
    """A missing tool is a failure with its name."""
    found = shutil.which(name)
    if found is None:
        raise RigFailure(f"not installed: {name}; Scripts/install-packages.sh installs it")
    return found


def executable() -> Path:
    path = Path(os.environ.get("TORHAUS_BIN", ROOT / ".build" / "debug")) / "torhaus-auditd"
    if not path.exists():
        raise RigFailure(f"{path} is missing: build it, or set TORHAUS_BIN")
    return path


def record(number: int, pad: int = 0) -> bytes:
    """The body of a record that the catalogue's form allows."""
    text = '"event_code":"GW7001I","event":"daemon.started","category":"operation","outcome":"success","severity":"notice",'
    return (text + f'"retention":"operation","version":"{number}-{"x" * pad}","salt":"{number:032x}"}}').encode()


class Refused(Exception):
    """The log did not take the record."""


class Producer:
    """One connection; `append` waits for its receipt."""

    def __init__(self, path: Path):
        self.line = socket.socket(socket.AF_UNIX)
        self.line.settimeout(20)
        self.line.connect(str(path))
        self.number = 0
        self.buffer = b""

    def close(self) -> None:
        self.line.close()

    def send(self, body: bytes, age: float = 0) -> int:
        """`age` is how many seconds ago it happened."""
        self.number += 1
        message = struct.pack("<BBQQH", 1, 0xC1, self.number, int((time.time() - age) * 1000), len(body)) + body
        self.line.sendall(struct.pack("<I", len(message)) + message)
        return self.number

    def reply(self) -> tuple[int, int, bytes]:
        """Kind, number, rest."""
        while len(self.buffer) < 4 or len(self.buffer) < 4 + struct.unpack_from("<I", self.buffer)[0]:
            more = self.line.recv(65_536)
            if not more:
                raise ConnectionError("the log closed the line")
            self.buffer += more
        length = struct.unpack_from("<I", self.buffer)[0]
        frame, self.buffer = self.buffer[4 : 4 + length], self.buffer[4 + length :]
        _, kind, number = struct.unpack_from("<BBQ", frame)
        return kind, number, frame[10:]

    def append(self, body: bytes) -> int:
        """The record's index."""
        return self.append_all([body])[0]

    def append_all(self, bodies: list[bytes], age: float = 0) -> list[int]:
        numbers = [self.send(body, age) for body in bodies]
        answers = {}
        for _ in numbers:
            kind, number, rest = self.reply()
            if kind == REFUSED:
                raise Refused(REASONS[rest[0]])
            answers[number] = struct.unpack("<Q", rest)[0]
        return [answers[number] for number in numbers]

    def status(self) -> dict[str, object]:
        self.number += 1
        message = struct.pack("<BBQ", 1, 0xC2, self.number)
        self.line.sendall(struct.pack("<I", len(message)) + message)
        _, _, rest = self.reply()
        length = struct.unpack_from("<H", rest)[0]
        durable, published, healthy, witnessed = struct.unpack_from("<QQBB", rest, 2 + length)
        return {
            "origin": rest[2 : 2 + length].decode(),
            "durable": durable,
            "published": published,
            "healthy": bool(healthy),
            "witnessed": bool(witnessed),
        }


class AuditLog:
    """A log's files, and the daemon that writes them."""

    def __init__(self, folder: Path, **settings: object):
        folder.mkdir(parents=True, exist_ok=True)
        # Short: a socket's path has 107 bytes at most.
        self.socket = Path("/tmp") / f"torhaus-audit-{os.getpid()}-{abs(hash(str(folder))) % 10**8}.sock"
        self.folder = folder
        self.settings = folder / "settings"
        self.values = {
            "socket": self.socket,
            "allowed_user": "root",
            "origin": "audit.county.example/gate1",
            "log_directory": folder / "log",
            "state_directory": folder / "state",
            "checkpoint_milliseconds": 50,
            "minimum_free_mebibytes": 0,
            **settings,
        }
        self.write_settings()
        done = self.run("--init")
        assert done.returncode == 0, done.stderr
        self.key = done.stdout.strip()
        self.key_file = folder / "log.vkey"
        self.key_file.write_text(self.key + "\n")
        self.year = self.key.split("+")[0].rsplit("/", 1)[1]
        self.directory = Path(str(self.values["log_directory"])) / self.year
        self.state = Path(str(self.values["state_directory"])) / self.year
        self.process: subprocess.Popen[bytes] | None = None

    def write_settings(self) -> None:
        self.settings.write_text("".join(f"{key} = {value}\n" for key, value in self.values.items()))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(executable()), "--settings", str(self.settings), *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    def start(self, *wrapper: str) -> "AuditLog":
        log = (self.folder / "auditd.log").open("ab")
        command = [*wrapper, str(executable()), "--settings", str(self.settings)]
        self.process = subprocess.Popen(command, stderr=log, stdout=log, start_new_session=True)
        log.close()
        wait_until("torhaus-auditd listens", lambda: self.listens() or self.process.poll() is not None, 30)
        return self

    def listens(self) -> bool:
        probe = socket.socket(socket.AF_UNIX)
        try:
            probe.connect(str(self.socket))
            return True
        except OSError:
            return False
        finally:
            probe.close()

    def producer(self) -> Producer:
        return Producer(self.socket)

    def kill(self) -> None:
        """kill -9, also of a wrapper around it."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            # It ended by itself, such as when a call failed at its start.
            pass
        self.process.wait(10)
        self.process = None
        # The daemon below a wrapper may take longer to die, in a call to the disk: it would answer for the next one.
        wait_until("the killed log is gone", lambda: not self.listens(), 10)

    def stop(self) -> int:
        # The wrapper passes the signal on, or is the daemon itself.
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            return self.process.wait(20)
        finally:
            self.process = None

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()
        self.socket.unlink(missing_ok=True)

    def published(self) -> int:
        return int((self.directory / "checkpoint").read_text().split("\n")[1])

    def wait_published(self, size: int) -> None:
        wait_until(f"{size} records are published", lambda: self.published() >= size, 10)

    def entries(self) -> list[bytes]:
        """All entries of the published log, read without any code of ours."""
        size = self.published()
        found: list[bytes] = []
        for bundle in range((size + 255) // 256):
            width = min(256, size - bundle * 256)
            name = "/".join(["tile", "entries", *tile_number(bundle)])
            path = self.directory / (name if width == 256 else f"{name}.p/{width}")
            if not path.exists():
                path = self.directory / name
            data = path.read_bytes()
            at = 0
            for _ in range(width):
                length = struct.unpack_from(">H", data, at)[0]
                found.append(data[at + 2 : at + 2 + length])
                at += 2 + length
        return found

    def log_text(self) -> str:
        return (self.folder / "auditd.log").read_text(errors="replace")


def tile_number(index: int) -> list[str]:
    parts = [f"{index % 1000:03d}"]
    index //= 1000
    while index:
        parts.insert(0, f"x{index % 1000:03d}")
        index //= 1000
    return parts


class GoJudge:
    """The program of docs/audit/verify.md, built of Debian's Go and its module sources."""

    def __init__(self, folder: Path):
        self.path = folder / "verify"
        environment = {
            **os.environ,
            "GO111MODULE": "off",
            "GOPATH": "/usr/share/gocode",
            "GOCACHE": str(folder / "cache"),
            "GOFLAGS": "",
        }
        source = ROOT / "docs" / "audit" / "verify" / "verify.go"
        command = [tool("go"), "build", "-o", str(self.path), str(source)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr

    def __call__(self, *arguments: object) -> tuple[bool, str]:
        command = [str(self.path), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        return done.returncode == 0, done.stdout + done.stderr
