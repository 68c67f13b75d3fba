# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: a few lines that look like the gate to a client. Only the rig's own tests use it.

It lets one fixed ticket through to one desktop, over both transports, and proves that the clients, the desktops
and the comparison of pictures work before the real gate is put in the middle.
"""

from __future__ import annotations

import base64
import hashlib
import select
import socket
import ssl
import struct
import threading

from wsproto.frame_protocol import FrameProtocol, Opcode

from . import tsgu
from .certificates import Certificate
from .relay import Server


class Stream:
    """Buffered reads of one TLS connection."""

    def __init__(self, connection: ssl.SSLSocket):
        self.connection, self.buffer = connection, b""

    def more(self) -> None:
        data = self.connection.recv(65536)
        if not data:
            raise OSError("closed")
        self.buffer += data

    def until(self, mark: bytes) -> bytes:
        while mark not in self.buffer:
            self.more()
        got, self.buffer = self.buffer.split(mark, 1)
        return got

    def exactly(self, count: int) -> bytes:
        while len(self.buffer) < count:
            self.more()
        got, self.buffer = self.buffer[:count], self.buffer[count:]
        return got

    def head(self) -> tuple[str, dict[str, str]]:
        first, *rest = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        return first, {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in rest)}


class FakeGate(Server):
    def __init__(self, certificate: Certificate, ticket: str, name: str, desktop: tuple[str, int], websocket: bool = True):
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate.chain, certificate.key)
        self.ticket, self.name, self.desktop, self.websocket = ticket, name, desktop, websocket
        self._outs: dict[str, ssl.SSLSocket] = {}
        self._done: dict[str, threading.Event] = {}
        super().__init__()

    def serve(self, connection: socket.socket) -> None:
        with self._context.wrap_socket(connection, server_side=True) as secure:
            stream = Stream(secure)
            first, fields = stream.head()
            identity = fields.get("rdg-connection-id", "")
            if first.startswith("RDG_OUT_DATA") and "upgrade" in fields and self.websocket:
                accept = hashlib.sha1(fields["sec-websocket-key"].encode() + tsgu.WEBSOCKET_GUID).digest()
                secure.sendall(
                    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    b"Sec-WebSocket-Accept: " + base64.b64encode(accept) + b"\r\n\r\n"
                )
                self.over_websocket(secure, stream)
            elif first.startswith("RDG_OUT_DATA"):
                self._done[identity] = threading.Event()
                secure.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"\xab\xcd" * 5)
                self._outs[identity] = secure
                self._done[identity].wait(120)
            elif first.startswith("RDG_IN_DATA"):
                secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                stream.head()
                try:
                    self.over_legacy(secure, stream, self._outs[identity])
                finally:
                    self._done[identity].set()

    def over_websocket(self, secure: ssl.SSLSocket, stream: Stream) -> None:
        protocol = FrameProtocol(client=False, extensions=[])

        def receive() -> bytes:
            data, stream.buffer = stream.buffer, b""
            protocol.receive_bytes(data or secure.recv(65536) or self.fail())
            return b"".join(bytes(f.payload) for f in protocol.received_frames() if f.opcode in (Opcode.BINARY, Opcode.CONTINUATION))

        self.tunnel(secure, receive, lambda data: secure.sendall(protocol.send_data(data, fin=True)))

    def over_legacy(self, secure: ssl.SSLSocket, stream: Stream, out: ssl.SSLSocket) -> None:
        def receive() -> bytes:
            size = int(stream.until(b"\r\n"), 16)
            data = stream.exactly(size)
            stream.exactly(2)
            return data

        self.tunnel(secure, receive, out.sendall, lambda: bool(stream.buffer))

    @staticmethod
    def fail() -> bytes:
        raise OSError("closed")

    def tunnel(self, secure, receive, send, buffered=lambda: False) -> None:
        """The steps, then bytes both ways."""
        pending, desktop = b"", None
        try:
            while True:
                while len(pending) >= 8 and len(pending) >= struct.unpack_from("<I", pending, 4)[0]:
                    kind, _, length = struct.unpack_from("<HHI", pending)
                    body, pending = pending[8:length], pending[length:]
                    desktop = self.step(kind, body, send) or desktop
                    if kind == tsgu.DATA and desktop:
                        desktop.sendall(body[2:])
                waiting = [secure] + ([desktop] if desktop else [])
                ready = [secure] if secure.pending() or buffered() else select.select(waiting, [], [], 60)[0]
                if desktop in ready:
                    data = desktop.recv(16384)
                    if not data:
                        return
                    send(tsgu.data_packet(data))
                if secure in ready:
                    pending += receive()
        finally:
            if desktop:
                desktop.close()

    def step(self, kind: int, body: bytes, send) -> socket.socket | None:
        if kind == tsgu.HANDSHAKE_REQUEST:
            send(tsgu.packet(tsgu.HANDSHAKE_RESPONSE, struct.pack("<IBBHH", 0, 1, 0, 0, 2)))
        elif kind == tsgu.TUNNEL_CREATE:
            ticket = body[10:].decode("utf-16-le").rstrip("\0")
            if ticket != self.ticket:
                code = tsgu.E_PROXY_COOKIE_AUTHENTICATION_ACCESS_DENIED
                send(tsgu.packet(tsgu.TUNNEL_RESPONSE, struct.pack("<HIHH", 1, code, 0, 0)))
                raise OSError("wrong ticket")
            send(tsgu.packet(tsgu.TUNNEL_RESPONSE, struct.pack("<HIHHII", 1, 0, 3, 0, 10, 0x0A)))
        elif kind == tsgu.TUNNEL_AUTH:
            send(tsgu.packet(tsgu.TUNNEL_AUTH_RESPONSE, struct.pack("<IHHII", 0, 3, 0, 0, 30)))
        elif kind == tsgu.CHANNEL_CREATE:
            name = body[8:].decode("utf-16-le").rstrip("\0").partition(":")[0]
            if name != self.name:
                send(tsgu.packet(tsgu.CHANNEL_RESPONSE, struct.pack("<IHH", tsgu.E_PROXY_RAP_ACCESSDENIED, 0, 0)))
                raise OSError("wrong name")
            desktop = socket.create_connection(self.desktop, 10)
            send(tsgu.packet(tsgu.CHANNEL_RESPONSE, struct.pack("<IHHI", 0, 1, 0, 1)))
            return desktop
        return None
