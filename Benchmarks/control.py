#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
# Torhaus: a control plane for the benchmarks: it grants every tunnel and every session to the stand-in desktop.
"""control.py SOCKET PORT: listens for one gate and speaks the frames of Wire/DaemonMessages, version 1."""

import os
import socket
import struct
import sys

HELLO, AUTHORIZE_TUNNEL, OPEN_SESSION, SESSION_ENDED, PING = 0x01, 0x02, 0x03, 0x05, 0x07
WELCOME, TUNNEL_GRANTED, SESSION_GRANTED, END_RECORDED, PONG = 0x41, 0x42, 0x43, 0x45, 0x49


def frame(kind: int, body: bytes) -> bytes:
    return struct.pack("<IBB", len(body) + 2, 1, kind) + body


def text(value: bytes) -> bytes:
    return struct.pack("<H", len(value)) + value


def answer(kind: int, body: bytes, port: int) -> bytes:
    request = body[:4]
    if kind == HELLO:
        return frame(WELCOME, b"\x01")
    if kind == AUTHORIZE_TUNNEL:
        # Every redirection, no idle limit, no consent text. Each tunnel has a ticket of its own: with the same one
        # again, the gate would see a reconnect and replace the session before.
        return frame(TUNNEL_GRANTED, request + text(os.urandom(13).hex().encode()) + struct.pack("<II", 0x80000000, 0) + text(b""))
    if kind == OPEN_SESSION:
        endpoint = text(b"127.0.0.1") + struct.pack("<H", port)
        limits = struct.pack("<III", 0, 36000, 0)
        return frame(SESSION_GRANTED, request + os.urandom(16) + struct.pack("<H", 1) + endpoint + limits + b"\x00")
    if kind == SESSION_ENDED:
        return frame(END_RECORDED, body[:16])
    if kind == PING:
        return frame(PONG, request)
    return b""


def serve(peer: socket.socket, port: int) -> None:
    buffer = b""
    while data := peer.recv(65536):
        buffer += data
        out = b""
        while len(buffer) >= 6 and len(buffer) >= 4 + (length := struct.unpack_from("<I", buffer)[0]):
            out += answer(buffer[5], buffer[6 : 4 + length], port)
            buffer = buffer[4 + length :]
        if out:
            peer.sendall(out)


def main() -> None:
    path, port = sys.argv[1], int(sys.argv[2])
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    while True:
        peer, _ = listener.accept()
        try:
            serve(peer, port)
        except OSError:
            pass
        finally:
            peer.close()


if __name__ == "__main__":
    main()
