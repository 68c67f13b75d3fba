# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: what is left in memory when the flows are over, as a core image would show it."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest
import websockets.sync.client

from rig.accounts import Person
from rig.memory import Finding, core_image, search
from rig.portal import Portal
from rig.line import Line
from rig.processes import children_of
from rig.relay import VNC_GREETING, EchoDesktop
from rig.torhaus import DesktopEntry, Pool, Torhaus
from rig.tsgu import ALL_CAPABILITIES, Tunnel, credentials, tunnel_create
from rig.workspace import Workspace

ECHO, LABEL = "rhoenblick/buero/rb-echo", "rb-echo.desktops.example"
WRONG, CONTENT, CLIPBOARD = "marker-wrong-password", b"marker-of-content", b"marker-of-a-clipboard"
HALF = "marker-of-half-a-form"
# The gate overwrites its loops' buffers ten times a second and those of its handshakes four times.
SETTLING_SECONDS = 2.0


@pytest.fixture(scope="module")
def flows(ground: Workspace, executables: Path, echo: EchoDesktop, greeting_echo: EchoDesktop):
    """A system through which everything has gone that is secret; all of it is over."""
    pools = [Pool("rhoenblick", "buero", [DesktopEntry("rb-echo", LABEL, rdp=echo.port, vnc=greeting_echo.port)])]
    erika = ground.accounts.person([ground.accounts.group("rhoenblick")])
    with Torhaus(ground, executables, "memory", pools, gate={"basic": True}) as system:
        before = system.audit.last()
        portal = Portal(system.address)
        code = erika.code()
        assert portal.sign_in(erika, code=code).status == 303
        ticket = portal.ticket(ECHO)
        cookie = portal.cookies["__Host-torhaus"]
        Portal(system.address).sign_in(Person(erika.user, WRONG, erika.secret), code="918273")
        with Tunnel(system.address) as tunnel:
            tunnel.establish(ticket, LABEL).echo(CONTENT)
        system.audit.wait_for("session.interrupted", after=before)
        third = portal.ticket(ECHO)
        with Tunnel(system.address, websocket=False) as tunnel:
            tunnel.establish(third, LABEL).echo(CONTENT)
        later = erika.code(30)
        with Tunnel(system.address, basic=(erika.user, f"{erika.password},{later}")) as tunnel:
            tunnel.establish(None, LABEL).echo(CONTENT)
        other = paste(system, portal)
        # A form whose last bytes never come, and a tunnel that ends before it has opened anything.
        with Line(system.address) as line:
            head = f"POST /sign-in HTTP/1.1\r\nHost: {system.address.name}\r\nCookie: __Host-torhaus={cookie}\r\n"
            line.send(f"{head}Content-Length: 4000\r\n\r\nanswer={HALF}".encode())
        with Tunnel(system.address) as tunnel:
            tunnel.handshake()
            tunnel.send(tunnel_create(other, ALL_CAPABILITIES, None))
        secrets = {
            "password": erika.password.encode(), "wrong password": WRONG.encode(), "one-time key": erika.secret.encode(),
            "raw one-time key": bytes.fromhex(erika.secret), "ticket": ticket.encode(), "cookie": cookie.encode(),
            "content": CONTENT, "code": code.encode(), "clipboard": CLIPBOARD, "ticket of the browser": other.encode(),
            "ticket of two connections": third.encode(), "password of half a form": HALF.encode(), "code of Basic": later.encode(),
        }  # fmt: skip
        # A password in a form is encoded.
        secrets["password in a form"] = erika.password.split("Ä")[0].encode()
        for name in [name for name in secrets if name.startswith("ticket")]:
            secrets[f"{name} in a packet"] = secrets[name].decode().encode("utf-16-le")
        secrets["header of Basic"] = credentials(erika.user, f"{erika.password},{later}").split()[-1].encode()
        yield system, secrets


def paste(system: Torhaus, portal: Portal) -> str:
    """Text goes from the clipboard to the desktop in the browser (RFB's ClientCutText) and back; the ticket of it."""
    ticket = re.search(r"data-[a-z-]+=\"[^\"]*?([0-9A-HJKMNP-TV-Z]{26})", portal.open(ECHO, "browser").text)[1]
    address = f"wss://localhost:{system.port}/desktop/{ticket}"
    with websockets.sync.client.connect(address, ssl=system.address.context(), origin=system.url) as socket:
        assert socket.recv(timeout=10) == VNC_GREETING
        message = b"\x06\0\0\0" + len(CLIPBOARD).to_bytes(4, "big") + CLIPBOARD
        socket.send(message)
        got = b""
        while len(got) < len(message):
            got += socket.recv(timeout=10)
        assert got == message
    return ticket


def found(pid: int, secrets: dict[str, bytes], *names: str) -> list[Finding]:
    """Six digits alone may stand anywhere; a code is what has no other digit beside it."""
    findings = search(pid, {name: secrets[name] for name in names or secrets})
    return [one for one in findings if "code" not in one.secret.split() or is_code(one, secrets[one.secret])]


def settled(pid: int, secrets: dict[str, bytes]) -> list[Finding]:
    """What is still found after a short time: lines end and buffers are overwritten a moment after a flow is over."""
    deadline = time.monotonic() + SETTLING_SECONDS
    while (findings := found(pid, secrets)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return findings


def is_code(one: Finding, code: bytes) -> bool:
    return re.search(rb"(?<![0-9a-f])" + code + rb"(?![0-9a-f])", one.around) is not None


def test_the_log_never_had_a_secret(flows):
    system, secrets = flows
    assert found(system.auditd.pid, secrets) == []


def test_sign_in_keeps_no_secret(flows):
    """The master passes answers on and forgets them; a worker that had one has ended."""
    system, secrets = flows
    names = [name for name in secrets if "key" not in name]
    for pid in [system.auth.pid, *children_of(system.auth.pid)]:
        assert found(pid, secrets, *names) == [], pid


def test_the_control_plane_forgets_what_people_typed(flows):
    """Its HTTP layer keeps nothing after it has freed it, and the line to the gate no ticket."""
    system, secrets = flows
    assert "does not overwrite" not in system.control.output()
    assert settled(system.control.pid, secrets) == []


def test_the_gate_forgets_what_passed_through_it(flows):
    """Forms, cookies, tickets, and what was said to desktops and by them."""
    system, secrets = flows
    for complaint in ("does not overwrite", "go back to the heap"):
        assert complaint not in system.gate.output()
    assert settled(system.gate.pid, secrets) == []


def test_the_search_finds_what_is_there(flows):
    """The proof of the tests above: what each of the processes must know is found in it."""
    system, secrets = flows
    assert search(system.control.pid, {"county": b"Landkreis Beispiel"})
    for pid in (system.auditd.pid, system.auth.pid, system.gate.pid):
        assert search(pid, {"a path of its settings": str(system.run_directory).encode()}), pid
    marker = b"marker-that-stays"
    assert b"".join(one.around for one in search(os.getpid(), {"marker": marker})).count(marker)


def test_no_core_is_left_by_a_crash(flows, tmp_path: Path):
    """What a crash of each process would leave: nothing, because the kernel writes none of it."""
    system, _ = flows
    for daemon in (system.auditd, system.auth, system.control, system.gate):
        limits = Path(f"/proc/{daemon.pid}/limits").read_text()
        assert re.search(r"(?m)^Max core file size +0 +0 ", limits), (daemon.name, limits)
    for daemon in (system.auditd, system.control, system.gate):
        # The kernel gives the files of a process that may not be dumped to root; authd is root's anyway.
        assert Path(f"/proc/{daemon.pid}/environ").stat().st_uid == 0, daemon.name


def test_a_core_of_the_log_has_no_secret(flows, tmp_path: Path):
    """With gdb, as an administrator might: the same bytes from a tool that others wrote."""
    system, secrets = flows
    image = core_image(system.auditd.pid, tmp_path).read_bytes()
    assert len(image) > 1 << 20
    for name, value in secrets.items():
        if "code" not in name.split():
            assert value not in image, name
