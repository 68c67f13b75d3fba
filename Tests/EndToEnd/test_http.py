# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: the TLS port against everything that is not a well-formed request."""

from __future__ import annotations

import re
import socket
import time
from dataclasses import dataclass

import pytest

from rig.line import Line, LineClosed
from rig.portal import Portal
from rig.torhaus import Torhaus

HOST = b"Host: localhost\r\n"
FORM = HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"
REFUSED = {400, 403, 404, 405, 411, 413, 414, 415, 417, 421, 426, 431, 501, 505}


@dataclass(frozen=True)
class Case:
    """Bytes sent after the handshake. Refused means: at most one answer, from REFUSED, then the line is closed."""

    name: str
    sent: bytes
    statuses: frozenset[int] = frozenset(REFUSED)
    well_formed: bool = False


SMUGGLED = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
CASES = [
    Case("length and chunked together", b"POST /sign-in HTTP/1.1\r\n" + FORM + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED),
    Case("two different lengths", b"POST /sign-in HTTP/1.1\r\n" + FORM + b"Content-Length: 0\r\nContent-Length: 43\r\n\r\n" + SMUGGLED),
    Case("the same length twice", b"POST /sign-in HTTP/1.1\r\n" + FORM + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n"),
    Case("a list of lengths", b"POST /sign-in HTTP/1.1\r\n" + FORM + b"Content-Length: 0, 43\r\n\r\n" + SMUGGLED),
    Case("a negative length", b"POST /sign-in HTTP/1.1\r\n" + FORM + b"Content-Length: -1\r\n\r\n"),
    Case("a signed length", b"POST /sign-in HTTP/1.1\r\n" + FORM + b"Content-Length: +4\r\n\r\nabcd"),
    Case("a length in hexadecimal", b"POST /sign-in HTTP/1.1\r\n" + FORM + b"Content-Length: 0x4\r\n\r\nabcd"),
    Case("a length beyond 64 bits", b"POST /sign-in HTTP/1.1\r\n" + FORM + b"Content-Length: 99999999999999999999\r\n\r\n"),
    Case("an unknown coding", b"POST /sign-in HTTP/1.1\r\n" + FORM + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED),
    Case("chunked not last", b"POST /sign-in HTTP/1.1\r\n" + FORM + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED),
    Case("chunked twice", b"POST /sign-in HTTP/1.1\r\n" + FORM + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED),
    Case("chunked in HTTP/1.0", b"POST /sign-in HTTP/1.0\r\n" + FORM + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED),
    Case("a chunk size that is none", b"POST /sign-in HTTP/1.1\r\n" + FORM + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"),
    Case("a chunk size beyond 64 bits", b"POST /sign-in HTTP/1.1\r\n" + FORM + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"),
    Case("a bare LF as line end", b"GET /sign-in HTTP/1.1\nHost: localhost\n\n"),
    Case("a bare LF in one line", b"GET /sign-in HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n"),
    Case("a bare CR in a value", b"GET /sign-in HTTP/1.1\r\n" + HOST + b"X: a\rb\r\n\r\n"),
    Case("a folded line", b"GET /sign-in HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n"),
    Case("a blank before the colon", b"GET /sign-in HTTP/1.1\r\n" + HOST + b"Content-Length : 0\r\n\r\n"),
    Case("a field without a name", b"GET /sign-in HTTP/1.1\r\n" + HOST + b": x\r\n\r\n"),
    Case("a field without a colon", b"GET /sign-in HTTP/1.1\r\n" + HOST + b"nonsense\r\n\r\n"),
    Case("a NUL in a value", b"GET /sign-in HTTP/1.1\r\n" + HOST + b"X: a\0b\r\n\r\n"),
    Case("a control character in the path", b"GET /sign\x01in HTTP/1.1\r\n" + HOST + b"\r\n"),
    Case("no host", b"GET /sign-in HTTP/1.1\r\n\r\n"),
    Case("two hosts", b"GET /sign-in HTTP/1.1\r\n" + HOST + b"Host: other.example\r\n\r\n"),
    Case("another host in the target", b"GET https://other.example/sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    Case("HTTP/2 in clear", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    Case("HTTP/3", b"GET /sign-in HTTP/3.0\r\n" + HOST + b"\r\n"),
    Case("HTTP/0.9", b"GET /sign-in\r\n\r\n"),
    Case("a lower-case version", b"GET /sign-in http/1.1\r\n" + HOST + b"\r\n"),
    Case("an unknown method", b"FROB /sign-in HTTP/1.1\r\n" + HOST + b"\r\n", well_formed=True),
    Case("CONNECT", b"CONNECT localhost:22 HTTP/1.1\r\n" + HOST + b"\r\n"),
    Case("TRACE", b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n", well_formed=True),
    Case("RPC over HTTP", b"RPC_IN_DATA /rpc/rpcproxy.dll?localhost:3388 HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n\r\n"),
    Case("a head of 64 KiB", b"GET /sign-in HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 65536 + b"\r\n\r\n"),
    Case("a target of 32 KiB", b"GET /" + b"a" * 32768 + b" HTTP/1.1\r\n" + HOST + b"\r\n"),
    Case("five hundred fields", b"GET /sign-in HTTP/1.1\r\n" + HOST + b"".join(b"X%d: y\r\n" % n for n in range(500)) + b"\r\n"),
    Case("a body of ten megabytes announced", b"POST /sign-in HTTP/1.1\r\n" + FORM + b"Content-Length: 10485760\r\n\r\n"),
    Case("a gateway request after a page", b"GET /health HTTP/1.1\r\n" + HOST + b"\r\nRDG_OUT_DATA /remoteDesktopGateway/ HTTP/1.1\r\n" + HOST + b"RDG-Connection-Id: {00000000-0000-0000-0000-000000000000}\r\nRDG-Auth-Scheme: PAA\r\nContent-Length: 0\r\n\r\n", frozenset({200, *REFUSED})),
    Case("a gateway request without an identity", b"RDG_OUT_DATA /remoteDesktopGateway/ HTTP/1.1\r\n" + HOST + b"RDG-Auth-Scheme: PAA\r\nContent-Length: 0\r\n\r\n"),
    Case("an IN half without its OUT half", b"RDG_IN_DATA /remoteDesktopGateway/ HTTP/1.1\r\n" + HOST + b"RDG-Connection-Id: {00000000-0000-0000-0000-000000000001}\r\nRDG-Auth-Scheme: PAA\r\nTransfer-Encoding: chunked\r\n\r\n"),
    Case("climbing out of the assets", b"GET /assets/../../../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", well_formed=True),
    Case("climbing out of noVNC, encoded", b"GET /novnc/..%2f..%2f..%2fetc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", well_formed=True),
    Case("climbing out of noVNC, encoded twice", b"GET /novnc/%252e%252e/%252e%252e/etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", well_formed=True),
    Case("a NUL in the path", b"GET /novnc/core/rfb.js%00.png HTTP/1.1\r\n" + HOST + b"\r\n", well_formed=True),
    Case("PROXY protocol from a client", b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET /sign-in HTTP/1.1\r\n" + HOST + b"\r\n"),
    Case("PROXY protocol 2 from a client", bytes.fromhex("0d0a0d0a000d0a515549540a20000000") + b"GET /sign-in HTTP/1.1\r\n" + HOST + b"\r\n"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_what_is_not_a_request_gets_one_refusal_at_most(system: Torhaus, case: Case):
    with Line(system.address, timeout=12) as line:
        try:
            line.send(case.sent)
        except LineClosed:
            pass
        line.socket.settimeout(8)
        answer = b""
        try:
            while True:
                answer += line.receive()
        except LineClosed:
            pass
        except TimeoutError:
            # Well-formed, and only of no use: the line may stay open after the answer.
            assert case.well_formed and answer, "the line was neither answered nor closed"
    statuses = [int(found) for found in re.findall(rb"HTTP/1\.1 (\d{3})", answer)]
    assert b"root:" not in answer
    assert all(status in case.statuses for status in statuses), f"{statuses}: {answer[:300]!r}"
    assert len(statuses) <= (2 if 200 in case.statuses else 1), f"a hidden request was answered: {statuses}"
    assert system.gate.running


def test_every_case_left_the_system_well(system: Torhaus):
    assert system.health() == 200
    assert "Torhaus" in Portal(system.address).get("/sign-in").text


@pytest.mark.parametrize("where", ["before the handshake", "in the head", "in the body"])
def test_a_slow_peer_is_let_go(hasty: Torhaus, where: str):
    start = time.monotonic()
    if where == "before the handshake":
        with socket.create_connection(("127.0.0.1", hasty.port), 5) as plain:
            plain.sendall(b"\x16\x03\x01")
            plain.settimeout(15)
            try:
                while plain.recv(4096):
                    pass
            except ConnectionResetError:
                pass
    else:
        begun = b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n" if where == "in the head" else (
            b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n")  # fmt: skip
        with Line(hasty.address, timeout=60) as line:
            line.send(begun)
            try:
                # A byte now and then must not stretch the deadline.
                while time.monotonic() - start < (20 if where == "in the head" else 60):
                    line.send(b"X" if where == "in the body" else b"X: y\r\n")
                    time.sleep(0.5)
                pytest.fail("the slow request was never ended")
            except LineClosed:
                pass
    assert time.monotonic() - start < (15 if where != "in the body" else 50)


def test_plain_http_gets_nothing(system: Torhaus):
    with socket.create_connection(("127.0.0.1", system.port), 5) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        plain.settimeout(15)
        got = b""
        try:
            while data := plain.recv(4096):
                got += data
        except ConnectionResetError:
            pass
    assert b"Torhaus" not in got and b"HTTP/1.1 200" not in got


def test_another_host_is_not_taken_over(system: Torhaus):
    """Whether it is refused or not: nothing in an answer may come from a name that the client made up."""
    with Line(system.address) as line:
        line.send(b"GET / HTTP/1.1\r\nHost: other.example\r\nX-Forwarded-Host: other.example\r\nConnection: close\r\n\r\n")
        assert b"other.example" not in line.read_to_end()


def test_two_requests_on_one_connection(system: Torhaus):
    with Line(system.address) as line:
        for _ in range(2):
            line.send(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            head = line.read_head()
            assert head.status == 200 and line.read_body(head).strip() == b"ok"


def test_invented_client_addresses_are_not_believed(system: Torhaus, erika):
    before = system.audit.last()
    portal = Portal(system.address, source="127.0.0.42")
    page = portal.get("/sign-in").page
    form = page.form("sign-in")
    spoof = ["X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9", "X-Real-IP: 203.0.113.9"]
    response = portal.request("POST", form.action, {**form.fields, "username": erika.user}, spoof)
    response = portal.answer(response, "wrong")
    if response.page.has_form("answers"):
        response = portal.answer(response, "000000")
    assert system.audit.wait_for("sign-in.failed", after=before)["src_ip"] == "127.0.0.42"
    assert "203.0.113.9" not in system.audit.text()


def test_pages_carry_their_protection(system: Torhaus):
    head = Portal(system.address).get("/sign-in").head
    policy = head.one("content-security-policy") or ""
    assert "default-src 'none'" in policy or "default-src 'self'" in policy, policy
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy, policy
    assert "frame-ancestors 'none'" in policy, policy
    assert "max-age=" in (head.one("strict-transport-security") or "")
    assert head.one("x-content-type-options") == "nosniff"
    assert head.one("referrer-policy") in ("no-referrer", "same-origin")
    assert "no-store" in (head.one("cache-control") or "")
    assert head.one("server") is None or not re.search(r"\d", head.one("server") or "")
