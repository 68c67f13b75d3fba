# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: lines that misbehave. Relays between a client and the gate, and desktops that tests command."""

from __future__ import annotations

import select
import socket
import ssl
import struct
import threading

from .certificates import Certificate
from .line import GateAddress


# RFC 6143, 7.1.1: the server's first bytes.
VNC_GREETING = b"RFB 003.008\n"


def listen(host: str = "127.0.0.1") -> socket.socket:
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, 0))
    server.listen(64)
    return server


def reset(connection: socket.socket) -> None:
    """Closes with RST instead of FIN, as a broken line looks."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    except OSError:
        pass


class Server:
    """Accepts on a free port, one thread a connection, until it is closed."""

    def __init__(self, host: str = "127.0.0.1"):
        self._server = listen(host)
        self.port: int = self._server.getsockname()[1]
        self.accepted = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self.accepted += 1
                self._open.add(connection)
            threading.Thread(target=self._run, args=(connection,), daemon=True).start()

    def _run(self, connection: socket.socket) -> None:
        try:
            self.serve(connection)
        except (OSError, ssl.SSLError):
            pass
        finally:
            with self._lock:
                self._open.discard(connection)
            try:
                connection.close()
            except OSError:
                pass

    def serve(self, connection: socket.socket) -> None:
        raise NotImplementedError

    def connections(self) -> int:
        with self._lock:
            return len(self._open)

    def stop_listening(self) -> None:
        """From now on connections are refused; open ones stay."""
        try:
            self._server.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._server.close()

    def cut(self) -> None:
        """Breaks every open connection with RST."""
        with self._lock:
            broken, self._open = self._open, set()
        for connection in broken:
            # The serving thread may sit in recv: shutdown wakes it.
            reset_after_shutdown(connection)

    def close(self) -> None:
        self.stop_listening()
        self.cut()

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def reset_after_shutdown(connection: socket.socket) -> None:
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RD)
    except OSError:
        pass
    reset(connection)


class EchoDesktop(Server):
    """A "desktop" that sends back what it gets: enough for everything that is not about pictures.

    With a greeting it speaks first, as every VNC server does.
    """

    def __init__(self, greeting: bytes = b""):
        self.greeting = greeting
        super().__init__()

    def serve(self, connection: socket.socket) -> None:
        connection.sendall(self.greeting)
        while data := connection.recv(65536):
            connection.sendall(data)


class Relay(Server):
    """Passes bytes on to the gate, from the source address a test wants, until it is told otherwise."""

    def __init__(self, gate: GateAddress, source: str = "127.0.0.1"):
        self.gate = gate
        self.source = source
        self._flowing = threading.Event()
        self._flowing.set()
        super().__init__()

    @property
    def address(self) -> GateAddress:
        """The gate as its clients see it through this relay."""
        return GateAddress("127.0.0.1", self.port, self.gate.trusted, self.gate.name)

    def freeze(self) -> None:
        """Nothing passes any more, and nobody is told: a laptop that went to sleep."""
        self._flowing.clear()

    def thaw(self) -> None:
        self._flowing.set()

    def connect(self) -> socket.socket:
        return socket.create_connection((self.gate.host, self.gate.port), 10, source_address=(self.source, 0))

    def serve(self, connection: socket.socket) -> None:
        other = self.connect()
        other.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._open.add(other)
        try:
            self.pump(connection, other)
        finally:
            with self._lock:
                self._open.discard(other)
            other.close()

    def pump(self, one: socket.socket, two: socket.socket) -> None:
        partner = {one: two, two: one}
        while True:
            ready, _, _ = select.select([one, two], [], [], 0.5)
            self._flowing.wait()
            for source in ready:
                data = source.recv(65536)
                if not data:
                    return
                partner[source].sendall(data)


class InspectingRelay(Relay):
    """A company's TLS-inspecting middlebox: it ends TLS, and strips what asks for a WebSocket."""

    def __init__(self, gate: GateAddress, certificate: Certificate):
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate.chain, certificate.key)
        self.stripped = 0
        super().__init__(gate)

    def serve(self, connection: socket.socket) -> None:
        with self._context.wrap_socket(connection, server_side=True) as inside:
            head = b""
            while b"\r\n\r\n" not in head:
                data = inside.recv(65536)
                if not data:
                    return
                head += data
            head, rest = head.split(b"\r\n\r\n", 1)
            lines = head.split(b"\r\n")
            kept = [line for line in lines if not line.lower().startswith((b"upgrade:", b"connection:", b"sec-websocket"))]
            if len(kept) < len(lines) - 1:
                self.stripped += 1
            context = self.gate.context()
            with context.wrap_socket(self.connect(), server_hostname=self.gate.name) as outside:
                outside.sendall(b"\r\n".join([*kept, b"Connection: Keep-Alive"]) + b"\r\n\r\n" + rest)
                self.pump_tls(inside, outside)

    def pump_tls(self, one: ssl.SSLSocket, two: ssl.SSLSocket) -> None:
        partner = {one: two, two: one}
        while True:
            ready = [side for side in partner if side.pending()] or select.select([one, two], [], [], 0.5)[0]
            for source in ready:
                data = source.recv(65536)
                if not data:
                    return
                partner[source].sendall(data)
