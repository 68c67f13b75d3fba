# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: one TLS line to the gate, with the source address a test wants, and a plain HTTP head reader."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


class LineClosed(Exception):
    """The other side closed the line, in order or not."""


@dataclass(frozen=True)
class Head:
    """A response head: status, reason, and header fields by lower-case name."""

    status: int
    reason: str
    fields: dict[str, list[str]]

    def one(self, name: str) -> str | None:
        values = self.fields.get(name.lower(), [])
        return values[0] if values else None


@dataclass(frozen=True)
class GateAddress:
    """Where a gate listens and how its certificate is verified."""

    host: str
    port: int
    trusted: Path
    name: str = "localhost"

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.trusted))
        context.set_alpn_protocols(["http/1.1"])
        return context


class Line:
    """A verified TLS connection with buffered reads."""

    def __init__(
        self,
        gate: GateAddress,
        source: str | None = None,
        timeout: float = 15.0,
        context: ssl.SSLContext | None = None,
        plain: socket.socket | None = None,
    ):
        if plain is None:
            plain = socket.create_connection(
                (gate.host, gate.port), timeout, source_address=(source, 0) if source else None
            )
        plain.settimeout(timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = (context or gate.context()).wrap_socket(plain, server_hostname=gate.name)
        self.buffer = b""

    def send(self, data: bytes) -> None:
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise LineClosed(str(error)) from error

    def receive(self, limit: int = 65536) -> bytes:
        """What came, at least a byte."""
        if self.buffer:
            data, self.buffer = self.buffer[:limit], self.buffer[limit:]
            return data
        try:
            data = self.socket.recv(limit)
        except TimeoutError:
            raise
        except OSError as error:
            raise LineClosed(str(error)) from error
        if not data:
            raise LineClosed("end of stream")
        return data

    def is_readable(self, seconds: float) -> bool:
        """True when `receive` would not have to wait longer than this."""
        if self.buffer or self.socket.pending():
            return True
        return bool(select.select([self.socket], [], [], seconds)[0])

    def read(self, count: int) -> bytes:
        """Exactly so many bytes."""
        data = b""
        while len(data) < count:
            data += self.receive(count - len(data))
        return data

    def read_until(self, mark: bytes, limit: int = 65536) -> bytes:
        """Everything up to and with the mark."""
        data = b""
        while mark not in data:
            if len(data) > limit:
                raise AssertionError(f"no {mark!r} within {limit} bytes")
            data += self.receive()
        found = data.index(mark) + len(mark)
        self.buffer = data[found:] + self.buffer
        return data[:found]

    def read_head(self) -> Head:
        lines = self.read_until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        version, status, reason = (lines[0] + "  ").split(" ", 2)
        if not version.startswith("HTTP/1."):
            raise AssertionError(f"not a status line: {lines[0]!r}")
        fields: dict[str, list[str]] = {}
        for line in lines[1:]:
            if line:
                name, _, value = line.partition(":")
                fields.setdefault(name.lower(), []).append(value.strip())
        return Head(int(status), reason.strip(), fields)

    def read_body(self, head: Head) -> bytes:
        """The body that belongs to this head."""
        if head.status in (204, 304) or head.status < 200:
            return b""
        if (head.one("transfer-encoding") or "").lower() == "chunked":
            body = b""
            while size := int(self.read_until(b"\r\n").split(b";")[0], 16):
                body += self.read(size)
                self.read(2)
            self.read_until(b"\r\n")
            return body
        if length := head.one("content-length"):
            return self.read(int(length))
        return self.read_to_end() if head.one("content-length") is None else b""

    def read_to_end(self) -> bytes:
        data = b""
        try:
            while True:
                data += self.receive()
        except LineClosed:
            return data

    def is_closed_within(self, seconds: float) -> bool:
        """True when the other side closes in time; bytes that come before that are ignored."""
        self.socket.settimeout(seconds)
        try:
            self.read_to_end()
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        try:
            self.socket.close()
        except OSError:
            pass

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Attending:
    """Somebody sits at this line: what comes is read and answered while a test does something else."""

    def __init__(self, line: Line, once: Callable[[], object]):
        self.line, self.once = line, once
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                if self.line.is_readable(0.05):
                    self.once()
        except (LineClosed, OSError, ValueError):
            pass

    def __enter__(self) -> "Attending":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(10)


def health(address: GateAddress) -> int | None:
    """The status of GET /health, or None when nobody answers."""
    try:
        with Line(address, timeout=5) as line:
            line.send(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return line.read_head().status
    except (OSError, LineClosed):
        return None
