# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: an MS-TSGU client written from the specification, for what no installable client does.

WebSocket and the two legacy connections, tickets and Basic, one packet at a time, and packets that are wrong on
purpose. It shares no code with the gate, so that both cannot be wrong in the same way unnoticed.
"""

from __future__ import annotations

import base64
import hashlib
import os
import struct
import uuid
from dataclasses import dataclass

from wsproto.frame_protocol import CloseReason, FrameProtocol, Opcode

from .line import Attending, GateAddress, Head, Line, LineClosed

HANDSHAKE_REQUEST, HANDSHAKE_RESPONSE = 0x01, 0x02
TUNNEL_CREATE, TUNNEL_RESPONSE = 0x04, 0x05
TUNNEL_AUTH, TUNNEL_AUTH_RESPONSE = 0x06, 0x07
CHANNEL_CREATE, CHANNEL_RESPONSE = 0x08, 0x09
DATA, SERVICE_MESSAGE, REAUTH_MESSAGE, KEEPALIVE = 0x0A, 0x0B, 0x0C, 0x0D
CLOSE_CHANNEL, CLOSE_CHANNEL_RESPONSE = 0x10, 0x11

E_PROXY_INTERNALERROR = 0x800759D8
E_PROXY_RAP_ACCESSDENIED = 0x800759DA
E_PROXY_NAP_ACCESSDENIED = 0x800759DB
E_PROXY_TS_CONNECTFAILED = 0x800759DD
E_PROXY_MAXCONNECTIONSREACHED = 0x800759E6
E_PROXY_SESSIONTIMEOUT = 0x800759F6
E_PROXY_REAUTH_RAP_FAILED = 0x800759FC
E_PROXY_COOKIE_BADPACKET = 0x800759F7
E_PROXY_COOKIE_AUTHENTICATION_ACCESS_DENIED = 0x800759F8

EXTENDED_AUTH_NONE, EXTENDED_AUTH_PAA = 0x0, 0x2
ALL_CAPABILITIES = 0x3F
XFREERDP_CAPABILITIES = 0x0D
WEBSOCKET_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
SEED_BYTES = 10


class Refused(AssertionError):
    """The gate answered one of the steps with an error."""

    def __init__(self, step: str, code: int):
        super().__init__(f"{step} refused with {code:#010x}")
        self.step = step
        self.code = code


class RefusedHead(AssertionError):
    """The gate answered the HTTP request with something else than a tunnel."""

    def __init__(self, head: Head):
        super().__init__(f"{head.status} {head.reason}")
        self.head = head


@dataclass(frozen=True)
class Packet:
    kind: int
    body: bytes


def packet(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HHI", kind, 0, 8 + len(body)) + body


def unicode_string(text: str) -> bytes:
    """HTTP_UNICODE_STRING, with the terminating NUL that all known clients send."""
    data = text.encode("utf-16-le") + b"\0\0"
    return struct.pack("<H", len(data)) + data


def handshake_request(extended_auth: int) -> bytes:
    return packet(HANDSHAKE_REQUEST, struct.pack("<BBHH", 1, 0, 0, extended_auth))


def tunnel_create(ticket: str | None, capabilities: int, reauth: int | None = None) -> bytes:
    fields = (1 if ticket is not None else 0) | (2 if reauth is not None else 0)
    body = struct.pack("<IHH", capabilities, fields, 0)
    if reauth is not None:
        body += struct.pack("<Q", reauth)
    if ticket is not None:
        body += unicode_string(ticket)
    return packet(TUNNEL_CREATE, body)


def tunnel_auth(name: str) -> bytes:
    return packet(TUNNEL_AUTH, struct.pack("<H", 0) + unicode_string(name))


def channel_create(names: list[str], port: int, alternates: list[str] = []) -> bytes:
    body = struct.pack("<BBHH", len(names), len(alternates), port, 3)
    return packet(CHANNEL_CREATE, body + b"".join(unicode_string(n) for n in names + alternates))


def data_packet(payload: bytes) -> bytes:
    return packet(DATA, struct.pack("<H", len(payload)) + payload)


class Transport:
    """How packets travel."""

    # Where what the gate sends arrives.
    inbound: Line

    def send(self, data: bytes) -> None:
        raise NotImplementedError

    def receive(self) -> bytes:
        """What one read brings of the packet stream; perhaps nothing of it."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


def request(method: str, host: str, connection_id: str, fields: list[str]) -> bytes:
    lines = [f"{method} /remoteDesktopGateway/ HTTP/1.1", "Cache-Control: no-cache", "Pragma: no-cache",
             "Accept: */*", "User-Agent: MS-RDGateway/1.0", f"Host: {host}", *fields,
             f"RDG-Connection-Id: {{{connection_id}}}"]  # fmt: skip
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def credentials(user: str, secret: str) -> str:
    return "Authorization: Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()


class WebSocketTransport(Transport):
    """One connection, upgraded; one packet in each binary message."""

    def __init__(self, line: Line, host: str, authorization: str, key: str | None = None):
        self.line = self.inbound = line
        # xfreerdp's key is 15 plain characters and no base64: the gate must not care.
        key = key or base64.b64encode(os.urandom(16)).decode()
        line.send(request("RDG_OUT_DATA", host, str(uuid.uuid4()), [
            "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}", authorization, "Content-Length: 0"]))  # fmt: skip
        head = line.read_head()
        if head.status != 101:
            raise RefusedHead(head)
        wanted = base64.b64encode(hashlib.sha1(key.encode() + WEBSOCKET_GUID).digest()).decode()
        assert head.one("sec-websocket-accept") == wanted, head
        self.protocol = FrameProtocol(client=True, extensions=[])
        self.pongs: list[bytes] = []

    def send(self, data: bytes) -> None:
        self.line.send(self.protocol.send_data(data, fin=True))

    def send_split(self, data: bytes, at: int) -> None:
        """One packet in two fragments of one message."""
        self.line.send(self.protocol.send_data(data[:at], fin=False))
        self.line.send(self.protocol.send_data(data[at:], fin=True))

    def receive(self) -> bytes:
        self.protocol.receive_bytes(self.line.receive())
        got = b""
        for frame in self.protocol.received_frames():
            if frame.opcode is Opcode.PING:
                self.line.send(self.protocol.pong(bytes(frame.payload)))
            elif frame.opcode is Opcode.PONG:
                self.pongs.append(bytes(frame.payload))
            elif frame.opcode is Opcode.CLOSE:
                raise LineClosed(f"WebSocket close {frame.payload}")
            else:
                got += bytes(frame.payload)
        return got

    def close(self) -> None:
        self.line.close()

    def close_in_order(self) -> None:
        self.line.send(self.protocol.close(CloseReason.NORMAL_CLOSURE))


class LegacyTransport(Transport):
    """RDG_OUT_DATA for what comes, RDG_IN_DATA, chunked, for what goes."""

    def __init__(self, out: Line, into: Line, host: str, authorization: str, opportunistic: bool = False):
        self.out, self.into = out, into
        self.inbound = out
        connection_id = str(uuid.uuid4())
        kept = ["Connection: Keep-Alive", authorization]
        asks = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: CL@T]SCBOTYI]CU", authorization] if opportunistic else kept  # fmt: skip
        out.send(request("RDG_OUT_DATA", host, connection_id, [*asks, "Content-Length: 0"]))
        head = out.read_head()
        if head.status != 200:
            raise RefusedHead(head)
        self.chunked = (head.one("transfer-encoding") or "").lower() == "chunked"
        self._receive_raw(SEED_BYTES)
        into.send(request("RDG_IN_DATA", host, connection_id, [*kept, "Content-Length: 0"]))
        answer = into.read_head()
        if answer.status != 200:
            raise RefusedHead(answer)
        into.read_body(answer)
        into.send(request("RDG_IN_DATA", host, connection_id, [*kept, "Transfer-Encoding: chunked"]))

    def _receive_raw(self, exactly: int | None = None) -> bytes:
        if self.chunked:
            size = int(self.out.read_until(b"\r\n").split(b";")[0], 16)
            data = self.out.read(size)
            self.out.read(2)
            if not data:
                raise LineClosed("last chunk")
            return data
        return self.out.read(exactly) if exactly else self.out.receive()

    def send(self, data: bytes) -> None:
        self.into.send(f"{len(data):X}\r\n".encode() + data + b"\r\n")

    def receive(self) -> bytes:
        return self._receive_raw()

    def close(self) -> None:
        self.out.close()
        self.into.close()


class Tunnel:
    """The steps of one tunnel, each of which may be left out, repeated or done wrong."""

    def __init__(
        self,
        gate: GateAddress,
        websocket: bool = True,
        source: str | None = None,
        basic: tuple[str, str] | None = None,
        timeout: float = 15.0,
        opportunistic: bool = False,
    ):
        self.gate = gate
        self.basic = basic
        authorization = credentials(*basic) if basic else "RDG-Auth-Scheme: PAA"
        lines = [Line(gate, source, timeout)]
        try:
            if websocket:
                self.transport: Transport = WebSocketTransport(lines[0], gate.name, authorization)
            else:
                lines.append(Line(gate, source, timeout))
                self.transport = LegacyTransport(*lines, gate.name, authorization, opportunistic)
        except BaseException:
            for line in lines:
                line.close()
            raise
        self.buffer = b""
        self.waiting: list[Packet] = []
        self.service_messages: list[str] = []

    # Packets.

    def send(self, data: bytes) -> None:
        self.transport.send(data)

    def receive(self) -> Packet:
        """The next whole packet, whatever it is."""
        while not self.waiting:
            self._read()
        return self.waiting.pop(0)

    def _read(self) -> None:
        """One read; whole packets go to `waiting`."""
        self.buffer += self.transport.receive()
        while len(self.buffer) >= 8:
            kind, _, length = struct.unpack_from("<HHI", self.buffer)
            assert 8 <= length <= 65_545, f"the gate sent a packet of {length} bytes"
            if len(self.buffer) < length:
                return
            self.waiting.append(Packet(kind, self.buffer[8:length]))
            self.buffer = self.buffer[length:]

    def attending(self) -> Attending:
        """Somebody sits at this client: keepalives and pings are answered until the block ends."""

        def once() -> None:
            self._read()
            for got in [got for got in self.waiting if got.kind == KEEPALIVE]:
                self.waiting.remove(got)
                self.send(packet(KEEPALIVE))

        return Attending(self.transport.inbound, once)

    def expect(self, kind: int) -> Packet:
        """The next packet of this kind; keepalives and service messages may come before it."""
        while True:
            got = self.receive()
            if got.kind == kind:
                return got
            if got.kind == KEEPALIVE:
                self.send(packet(KEEPALIVE))
            elif got.kind == SERVICE_MESSAGE:
                self.service_messages.append(got.body[2:].decode("utf-16-le").rstrip("\0"))
            elif got.kind != REAUTH_MESSAGE:
                raise AssertionError(f"packet {got.kind:#x} {got.body[:16].hex()} instead of {kind:#x}")

    # Steps.

    def handshake(self, extended_auth: int | None = None) -> int:
        if extended_auth is None:
            extended_auth = EXTENDED_AUTH_NONE if self.basic else EXTENDED_AUTH_PAA
        self.send(handshake_request(extended_auth))
        code, _, _, _, offered = struct.unpack("<IBBHH", self.expect(HANDSHAKE_RESPONSE).body)
        self._check("handshake", code)
        return offered

    def create(self, ticket: str | None, capabilities: int = ALL_CAPABILITIES, reauth: int | None = None) -> str:
        """TUNNEL_CREATE; gives the consent text, which is empty when none is asked."""
        self.send(tunnel_create(ticket, capabilities, reauth))
        body = self.expect(TUNNEL_RESPONSE).body
        _, code, fields, _ = struct.unpack_from("<HIHH", body)
        self._check("tunnel create", code)
        at = 10 + (4 if fields & 1 else 0) + (4 if fields & 2 else 0)
        return body[at + 2 :].decode("utf-16-le").rstrip("\0") if fields & 0x10 else ""

    def authorize(self, name: str = "test-client") -> tuple[int, int]:
        """TUNNEL_AUTH; gives redirection flags and idle minutes."""
        self.send(tunnel_auth(name))
        body = self.expect(TUNNEL_AUTH_RESPONSE).body
        code, fields, _ = struct.unpack_from("<IHH", body)
        self._check("tunnel authorization", code)
        assert fields & 3 == 3, f"fieldsPresent {fields:#x}"
        return struct.unpack_from("<II", body, 8)

    def open(self, names: list[str], port: int = 3389) -> None:
        self.send(channel_create(names, port))
        code, _, _ = struct.unpack_from("<IHH", self.expect(CHANNEL_RESPONSE).body)
        self._check("channel create", code)

    def establish(self, ticket: str | None, name: str, port: int = 3389) -> "Tunnel":
        """All the steps, until data may flow."""
        self.handshake()
        self.create(ticket)
        self.authorize()
        self.open([name], port)
        return self

    # Data.

    def send_data(self, payload: bytes) -> None:
        self.send(data_packet(payload))

    def receive_data(self) -> bytes:
        body = self.expect(DATA).body
        (length,) = struct.unpack_from("<H", body)
        assert length == len(body) - 2, "DATA's inner length differs from the packet's"
        return body[2:]

    def echo(self, payload: bytes) -> None:
        """Sends bytes to an echoing desktop and wants the same bytes back."""
        self.send_data(payload)
        got = b""
        while len(got) < len(payload):
            got += self.receive_data()
        assert got == payload

    def wait_for_close(self) -> int | None:
        """Reads until the end; gives CLOSE_CHANNEL's code, or None when the line ended without one."""
        code = None
        try:
            while True:
                got = self.receive()
                if got.kind == CLOSE_CHANNEL:
                    (code,) = struct.unpack("<I", got.body)
                    self.send(packet(CLOSE_CHANNEL_RESPONSE, struct.pack("<I", 0)))
                elif got.kind == KEEPALIVE:
                    self.send(packet(KEEPALIVE))
                elif got.kind == SERVICE_MESSAGE:
                    self.service_messages.append(got.body[2:].decode("utf-16-le").rstrip("\0"))
        except LineClosed:
            return code

    def close(self) -> None:
        self.transport.close()

    def __enter__(self) -> "Tunnel":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @staticmethod
    def _check(step: str, code: int) -> None:
        # Only bit 31 means failure to FreeRDP; the gate promises codes that have it, or plain zero.
        if code != 0:
            assert code & 0x8000_0000, f"{step}: {code:#010x} would be taken for success by FreeRDP"
            raise Refused(step, code)
