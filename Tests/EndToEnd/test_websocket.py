# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: RFC 6455 at /desktop/<ticket>, frame by frame, and with client libraries that are not ours."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import websockets.sync.client
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Request

from rig.line import Attending, Line, LineClosed
from rig.portal import Portal
from rig.relay import VNC_GREETING
from rig.torhaus import Torhaus
from rig.tsgu import WEBSOCKET_GUID
from rig.workspace import Workspace

ECHO = "rhoenblick/buero/rb-echo"
# The close code for "the control plane said no"; the page words it.
REFUSED = 4403
MASK = b"\x11\x22\x33\x44"


# Sessions of one person at a time, those in their grace included, are limited; the next person takes over in time.
SESSIONS_EACH = 3


@pytest.fixture(scope="module")
def staff(ground: Workspace, system: Torhaus):
    """Signed-in people, each for a few sessions."""

    def people() -> Iterator[Portal]:
        while True:
            portal = Portal(system.address).signed_in(ground.accounts.person([ground.accounts.group("rhoenblick")]))
            for _ in range(SESSIONS_EACH):
                yield portal

    return people()


@pytest.fixture
def path(staff: Iterator[Portal]) -> str:
    """/desktop/<ticket> as the portal's page hands it over."""
    response = next(staff).open(ECHO, "browser")
    assert response.status == 200 and "no-store" in (response.head.one("cache-control") or ""), response.head
    tickets = set(re.findall(r"\bdata-[a-z-]+=\"[^\"]*?([0-9A-HJKMNP-TV-Z]{26})", response.text))
    assert len(tickets) == 1, response.text[:3000]
    return f"/desktop/{tickets.pop()}"


def frame(opcode: int, payload: bytes = b"", fin: bool = True, rsv: int = 0, masked: bool = True, length: bytes | None = None) -> bytes:
    """One client frame; `length` overrides how the length is written."""
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    if length is None:
        if len(payload) < 126:
            length = bytes([len(payload)])
        elif len(payload) < 65536:
            length = b"\x7e" + struct.pack(">H", len(payload))
        else:
            length = b"\x7f" + struct.pack(">Q", len(payload))
    if not masked:
        return head + length + payload
    body = bytes(byte ^ MASK[at % 4] for at, byte in enumerate(payload))
    return head + bytes([length[0] | 0x80]) + length[1:] + MASK + body


class RawSocket:
    """An upgraded line; frames are read one by one."""

    def __init__(self, system: Torhaus, path: str, extra: list[str] = [], origin: str | None = None):
        self.line = Line(system.address, timeout=15)
        key = base64.b64encode(os.urandom(16)).decode()
        fields = [f"GET {path} HTTP/1.1", f"Host: localhost:{system.port}", "Connection: keep-alive, Upgrade", "Upgrade: WebSocket",
                  "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}", f"Origin: {origin or system.url}", *extra]  # fmt: skip
        self.line.send(("\r\n".join(fields) + "\r\n\r\n").encode())
        self.head = self.line.read_head()
        self.accept = base64.b64encode(hashlib.sha1(key.encode() + WEBSOCKET_GUID).digest()).decode()

    def upgraded(self) -> "RawSocket":
        assert self.head.status == 101, self.head
        assert self.head.one("sec-websocket-accept") == self.accept
        # The desktop speaks first; until then a client has nothing to say.
        assert self.read_data(len(VNC_GREETING)) == VNC_GREETING
        return self

    def refusal(self) -> int | None:
        """The status of a refused upgrade, or the code of the close frame that says no after it.

        A page cannot see the status of a failed upgrade, so the gate may also upgrade first and refuse then.
        """
        return self.head.status if self.head.status != 101 else self.end()

    def attending(self) -> Attending:
        """Somebody sits at this page: pings are answered until the block ends."""

        def once() -> None:
            opcode, payload = self.read()
            if opcode == 9:
                self.line.send(frame(10, payload))

        return Attending(self.line, once)

    def read(self) -> tuple[int, bytes]:
        first, second = self.line.read(2)
        assert not second & 0x80, "a server's frame is masked"
        assert not first & 0x70, "a server's frame has reserved bits"
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", self.line.read(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", self.line.read(8))
        return first & 0x0F, self.line.read(length)

    def read_data(self, count: int) -> bytes:
        """So many bytes of data; other frames on the way are kept in `others`."""
        self.others: list[tuple[int, bytes]] = []
        got = b""
        while len(got) < count:
            opcode, payload = self.read()
            if opcode in (0, 2):
                got += payload
            else:
                self.others.append((opcode, payload))
        return got

    def end(self) -> int | None:
        """The close code that comes before the line ends; None when it ends without one."""
        code = None
        try:
            while True:
                opcode, payload = self.read()
                if opcode == 8 and len(payload) >= 2:
                    (code,) = struct.unpack(">H", payload[:2])
        except LineClosed:
            return code

    def __enter__(self) -> "RawSocket":
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()


@dataclass(frozen=True)
class Good:
    name: str
    sent: bytes
    echoed: bytes
    others: tuple[tuple[int, bytes], ...] = ()


GOOD = [
    Good("a byte", frame(2, b"x"), b"x"),
    Good("an empty message and a byte", frame(2) + frame(2, b"x"), b"x"),
    Good("125 bytes", frame(2, b"a" * 125), b"a" * 125),
    Good("126 bytes", frame(2, b"a" * 126), b"a" * 126),
    Good("65535 bytes", frame(2, b"a" * 65535), b"a" * 65535),
    Good("65536 bytes", frame(2, b"a" * 65536), b"a" * 65536),
    Good("a megabyte", frame(2, b"0123456789abcdef" * 65536), b"0123456789abcdef" * 65536),
    Good("three fragments", frame(2, b"ab", fin=False) + frame(0, b"cd", fin=False) + frame(0, b"ef"), b"abcdef"),
    Good("a ping between fragments", frame(2, b"ab", fin=False) + frame(9, b"hi") + frame(0, b"cd"), b"abcd", ((10, b"hi"),)),
    Good("the longest ping", frame(9, b"p" * 125) + frame(2, b"x"), b"x", ((10, b"p" * 125),)),
    Good("an empty ping", frame(9) + frame(2, b"x"), b"x", ((10, b""),)),
    Good("a pong that nobody asked for", frame(10, b"?") + frame(2, b"x"), b"x"),
    Good("a thousand frames at once", b"".join(frame(2, b"%03d" % n) for n in range(1000)), b"".join(b"%03d" % n for n in range(1000))),
]


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name.replace(" ", "-"))
@pytest.mark.parametrize("dribble", [False, True], ids=["at-once", "in-pieces"])
def test_good_frames(system: Torhaus, path: str, case: Good, dribble: bool):
    with RawSocket(system, path).upgraded() as socket:
        step = (1 if len(case.sent) < 400 else 1013) if dribble else len(case.sent)
        for at in range(0, len(case.sent), step):
            socket.line.send(case.sent[at : at + step])
        assert socket.read_data(len(case.echoed)) == case.echoed
        for expected in case.others:
            while expected not in socket.others:
                socket.others.append(socket.read())


@dataclass(frozen=True)
class Bad:
    name: str
    sent: bytes
    codes: frozenset[int | None] = frozenset({1002, None})


BAD = [
    Bad("not masked", frame(2, b"x", masked=False)),
    Bad("reserved bit 1", frame(2, b"x", rsv=4)),
    Bad("reserved bit 2", frame(2, b"x", rsv=2)),
    Bad("reserved bit 3", frame(2, b"x", rsv=1)),
    *[Bad(f"opcode {opcode}", frame(opcode, b"x")) for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)],
    Bad("text", frame(1, b"x"), frozenset({1002, 1003, None})),
    Bad("a continuation of nothing", frame(0, b"x")),
    Bad("a new message inside another", frame(2, b"a", fin=False) + frame(2, b"b")),
    Bad("a fragmented ping", frame(9, b"x", fin=False)),
    Bad("a ping of 126 bytes", frame(9, b"p" * 126)),
    Bad("a close of 126 bytes", frame(8, struct.pack(">H", 1000) + b"a" * 124)),
    Bad("a length of 63 bits and more", frame(2, b"", length=b"\x7f" + b"\xff" * 8), frozenset({1002, 1009, None})),
    Bad("a length that is not the shortest, 16 bits", frame(2, b"x", length=b"\x7e\x00\x01")),
    Bad("a length that is not the shortest, 64 bits", frame(2, b"x", length=b"\x7f" + struct.pack(">Q", 1))),
    Bad("a close of one byte", frame(8, b"\x03")),
    *[Bad(f"close code {code}", frame(8, struct.pack(">H", code))) for code in (0, 999, 1004, 1005, 1006, 1015, 2999)],
    Bad("a close reason that is no UTF-8", frame(8, struct.pack(">H", 1000) + b"\xff\xfe"), frozenset({1002, 1007, None})),
]


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name.replace(" ", "-"))
def test_bad_frames_end_the_line(system: Torhaus, path: str, case: Bad):
    with RawSocket(system, path).upgraded() as socket:
        socket.line.send(frame(2, b"ok"))
        assert socket.read_data(2) == b"ok"
        socket.line.send(case.sent)
        assert socket.end() in case.codes
    assert system.gate.running


@pytest.mark.parametrize("payload,code", [(b"", None), (struct.pack(">H", 1000), 1000), (struct.pack(">H", 1001) + "tschüß".encode(), 1001), (struct.pack(">H", 4999), 4999)])
def test_a_close_is_answered_and_the_line_ends(system: Torhaus, path: str, payload: bytes, code: int | None):
    with RawSocket(system, path).upgraded() as socket:
        socket.line.send(frame(8, payload))
        opcode, answer = socket.read()
        assert opcode == 8
        assert answer[:2] in (payload[:2], struct.pack(">H", 1000), b"")
        assert socket.line.is_closed_within(10)


HANDSHAKES = {
    "a foreign origin": dict(origin="https://evil.example"),
    "the origin of another port": dict(origin="https://localhost:1"),
    "the plain-text origin": dict(origin="http://localhost"),
    "the null origin": dict(origin="null"),
}


@pytest.mark.parametrize("options", HANDSHAKES.values(), ids=[name.replace(" ", "-") for name in HANDSHAKES])
def test_another_origin_is_refused(system: Torhaus, path: str, options: dict):
    with RawSocket(system, path, **options) as socket:
        assert socket.head.status in (400, 403), socket.head
    # The refusal did not use the ticket up.
    with RawSocket(system, path).upgraded() as socket:
        socket.line.send(frame(2, b"x"))
        assert socket.read_data(1) == b"x"


@pytest.mark.parametrize("bad", ["/desktop/", "/desktop/x", "/desktop/" + "0" * 26, "/desktop/" + "A" * 5000, "/desktop/..%2f"])
def test_an_unknown_ticket_is_refused(system: Torhaus, bad: str):
    with RawSocket(system, bad) as socket:
        assert socket.refusal() in (400, 401, 403, 404, 410, 414, REFUSED)


def test_a_ticket_in_use_is_refused(system: Torhaus, path: str):
    with RawSocket(system, path).upgraded() as first:
        with first.attending(), RawSocket(system, path) as second:
            assert second.refusal() in (403, 409, REFUSED)
        first.line.send(frame(2, b"x"))
        assert first.read_data(1) == b"x"


def test_a_wrong_version_is_told_the_right_one(system: Torhaus, path: str):
    with Line(system.address) as line:
        line.send((f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: {system.url}\r\n"
                   "Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n").encode())  # fmt: skip
        head = line.read_head()
        assert head.status in (400, 426), head


def test_the_websockets_library(system: Torhaus, path: str):
    with websockets.sync.client.connect(f"wss://localhost:{system.port}{path}", ssl=system.address.context(), origin=system.url) as socket:
        assert socket.recv(timeout=10) == VNC_GREETING
        socket.send(os.urandom(1000))
        got = b""
        while len(got) < 1000:
            got += socket.recv(timeout=10)
        assert socket.ping(b"abc").wait(10)
        assert len(got) == 1000


def test_the_wsproto_library(system: Torhaus, path: str):
    client = WSConnection(ConnectionType.CLIENT)
    with Line(system.address) as line:
        line.send(client.send(Request(host=f"localhost:{system.port}", target=path, extra_headers=[(b"Origin", system.url.encode())])))
        events = []
        while not any(isinstance(event, AcceptConnection) for event in events):
            client.receive_data(line.receive())
            events += client.events()

        def read(count: int) -> bytes:
            got = b"".join(bytes(event.data) for event in events if isinstance(event, BytesMessage))
            while len(got) < count:
                client.receive_data(line.receive())
                got += b"".join(bytes(event.data) for event in client.events() if isinstance(event, BytesMessage))
            events.clear()
            return got

        assert read(len(VNC_GREETING)) == VNC_GREETING
        line.send(client.send(BytesMessage(b"hello")))
        assert read(5) == b"hello"
        line.send(client.send(CloseConnection(1000)))
        assert line.is_closed_within(10)
