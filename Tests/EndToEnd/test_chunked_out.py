# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: the legacy transport with a chunked OUT response, for networks that hold back a body without a length."""

from __future__ import annotations

import os

import pytest

from rig import tsgu
from rig.accounts import Person
from rig.line import LineClosed
from rig.portal import Portal
from rig.relay import EchoDesktop, InspectingRelay
from rig.torhaus import DesktopEntry, Pool, Torhaus
from rig.tsgu import LegacyTransport, Tunnel
from rig.workspace import DESKTOP_PASSWORD, Desktops, Workspace
from rig.xfreerdp import NativeClient

LABEL = "rb-echo.desktops.example"
ECHO = "rhoenblick/buero/rb-echo"


@pytest.fixture(scope="module")
def chunking(ground: Workspace, executables, desktops: Desktops, echo: EchoDesktop):
    entries = [
        DesktopEntry("rb-01", desktops.xrdp.name, rdp=desktops.xrdp.port, account=ground.desktop_user),
        DesktopEntry("rb-echo", LABEL, rdp=echo.port),
    ]
    with Torhaus(ground, executables, "chunking", [Pool("rhoenblick", "buero", entries)], gate={"chunked_out": True}) as started:
        yield started


@pytest.mark.parametrize("transport", ["opportunistic", "legacy"])
def test_xfreerdp_reads_a_chunked_response(ground: Workspace, desktops: Desktops, chunking: Torhaus, erika: Person, transport: str):
    relay = InspectingRelay(chunking.address, ground.localhost) if transport == "opportunistic" else None
    place = ground.place("client")
    path = place / "desktop.rdp"
    path.write_bytes(Portal(chunking.address).signed_in(erika).rdp_file("rhoenblick/buero/rb-01").data)
    arguments = [path, f"/u:{ground.desktop_user}", f"/p:{DESKTOP_PASSWORD}"]
    arguments += ["/gt:http", f"/g:localhost:{relay.port}"] if relay else ["/gt:http,no-websockets"]
    try:
        with NativeClient(place, ground.authority.pem, arguments) as client:
            client.wait_for_desktop(desktops.xrdp.name, desktops.xrdp.last_line())
            line = f"chunked {transport}"
            client.type_line(line)
            desktops.xrdp.wait_for_typed(line)
            client.wait_for_desktop(desktops.xrdp.name, line)
    finally:
        if relay:
            relay.close()


@pytest.mark.parametrize("size", [1, 119, 4096, 32_700, 65_535])
def test_every_size_comes_back_in_chunks(chunking: Torhaus, erika: Person, size: int):
    ticket = Portal(chunking.address).signed_in(erika).ticket(ECHO)
    with Tunnel(chunking.address, websocket=False) as tunnel:
        assert isinstance(tunnel.transport, LegacyTransport) and tunnel.transport.chunked
        tunnel.establish(ticket, LABEL)
        for _ in range(8):
            tunnel.echo(os.urandom(size))


def test_the_body_ends_with_its_last_chunk(chunking: Torhaus, erika: Person):
    ticket = Portal(chunking.address).signed_in(erika).ticket(ECHO)
    before = chunking.audit.last()
    with Tunnel(chunking.address, websocket=False) as tunnel:
        tunnel.establish(ticket, LABEL).echo(b"x")
        session = chunking.audit.wait_for("session.connected", after=before)["session_id"]
        chunking.operator("terminate", session)
        seen = ""
        try:
            while True:
                if tunnel.receive().kind == tsgu.CLOSE_CHANNEL:
                    tunnel.send(tsgu.packet(tsgu.CLOSE_CHANNEL_RESPONSE, b"\0\0\0\0"))
        except LineClosed as end:
            seen = str(end)
    assert seen == "last chunk", "the connection closed in the middle of the body"
