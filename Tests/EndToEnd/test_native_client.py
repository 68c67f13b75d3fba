# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: xfreerdp opens the portal's .rdp file, over each transport, and reaches a desktop that answers its keys."""

from __future__ import annotations

import time

import pytest

from rig.portal import Portal
from rig.relay import InspectingRelay, Relay
from rig.torhaus import Torhaus
from rig.workspace import DESKTOP_PASSWORD, Desktops, Workspace
from rig.xfreerdp import NativeClient

IDENTITY = {"xrdp": "rhoenblick/buero/rb-01", "shadow": "rhoenblick/buero/rb-02"}


def open_file(ground: Workspace, file, arguments: list[str]) -> NativeClient:
    """The client with a downloaded file, as a double click would start it."""
    place = ground.place("client")
    path = place / "desktop.rdp"
    path.write_bytes(file.data)
    return NativeClient(place, ground.authority.pem, [path, f"/u:{ground.desktop_user}", f"/p:{DESKTOP_PASSWORD}", *arguments])


@pytest.mark.parametrize("kind", ["xrdp", "shadow"])
@pytest.mark.parametrize("transport", ["websocket", "opportunistic", "legacy"])
def test_the_downloaded_file_reaches_the_desktop(
    ground: Workspace, desktops: Desktops, system: Torhaus, portal: Portal, kind: str, transport: str
):
    desktop = getattr(desktops, kind)
    before = system.audit.last()
    file = portal.rdp_file(IDENTITY[kind])
    assert file["full address"].partition(":")[0] == desktop.name
    assert file["alternate full address"] == file["full address"]
    assert "127.0.0.1" not in file["full address"], "an inner address must never reach the file"

    relay = InspectingRelay(system.address, ground.localhost) if transport == "opportunistic" else None
    arguments = ["/gt:http,no-websockets" if transport == "legacy" else "/gt:http"]
    if relay:
        arguments.append(f"/g:localhost:{relay.port}")
    try:
        with open_file(ground, file, arguments) as client:
            client.wait_for_desktop(desktop.name, desktop.last_line())
            line = f"{kind} over {transport}: x=3*(4+1);"
            client.type_line(line)
            desktop.wait_for_typed(line)
            client.wait_for_desktop(desktop.name, line)
        if relay:
            assert relay.stripped == 1, "the client did not try a WebSocket first"
    finally:
        if relay:
            relay.close()

    spoken = "gatewayWebSocket" if transport == "websocket" else "gatewayLegacy"
    opened = system.audit.wait_for("session.opened", after=before)
    assert opened["desktop"] and spoken.lower().removeprefix("gateway") in str(opened["transport"]).lower(), opened
    ended = system.audit.wait_for("session.interrupted", after=before, session_id=opened["session_id"])
    assert ended["seq"] > opened["seq"]


def test_the_client_verifies_the_gate(ground: Workspace, system: Torhaus, portal: Portal):
    from rig.certificates import Authority

    other = Authority(ground.place("other-authority"), "Somebody else")
    place = ground.place("client")
    path = place / "desktop.rdp"
    path.write_bytes(portal.rdp_file(IDENTITY["shadow"]).data)
    with NativeClient(place, other.pem, [path, "/u:x", "/p:x", "/gt:http"]) as client:
        assert client.wait_for_exit(20) != 0
        assert "certificate not trusted" in client.log


def test_a_broken_line_is_reconnected_with_the_same_ticket(
    ground: Workspace, desktops: Desktops, system: Torhaus, portal: Portal
):
    desktop = desktops.xrdp
    before = system.audit.last()
    with Relay(system.address) as relay:
        file = portal.rdp_file(IDENTITY["xrdp"])
        arguments = ["/gt:http", f"/g:localhost:{relay.port}", "+auto-reconnect", "/auto-reconnect-max-retries:10"]
        with open_file(ground, file, arguments) as client:
            client.wait_for_desktop(desktop.name, desktop.last_line())
            session = system.audit.wait_for("session.opened", after=before)["session_id"]
            lines_before = relay.accepted
            relay.cut()
            resumed = system.audit.wait_for("session.resumed", seconds=40, after=before)
            assert resumed["session_id"] == session
            assert relay.accepted > lines_before
            # The client drops keys until its new connection is complete: somebody at it would type again, too.
            line = "after the blip"
            for _ in range(8):
                client.type_line(line)
                time.sleep(2)
                if line in desktop.typed():
                    break
            desktop.wait_for_typed(line)
            client.wait_for_desktop(desktop.name, line)


@pytest.mark.parametrize(
    "spoil,words",
    [
        # The last letter holds less than the others: with another one in its place it might be no ticket at all.
        pytest.param(lambda file: file["gatewayaccesstoken"][-2::-1] + file["gatewayaccesstoken"][-1], "E_PROXY_COOKIE_AUTHENTICATION_ACCESS_DENIED", id="unknown ticket"),
        pytest.param(lambda file: "x", "E_PROXY_COOKIE", id="garbled ticket"),
    ],
)
def test_the_client_says_why_it_was_refused(ground: Workspace, system: Torhaus, portal: Portal, spoil, words: str):
    file = portal.rdp_file(IDENTITY["shadow"])
    with open_file(ground, file, ["/gt:http", f"/gat:{spoil(file)}"]) as client:
        assert client.wait_for_exit(20) != 0
        assert words in client.log


def test_the_client_is_told_that_the_desktop_is_unreachable(ground: Workspace, system: Torhaus, portal: Portal):
    before = system.audit.last()
    with open_file(ground, portal.rdp_file("rhoenblick/buero/rb-dead"), ["/gt:http"]) as client:
        assert client.wait_for_exit(30) != 0
        assert "E_PROXY_TS_CONNECTFAILED" in client.log
    system.audit.wait_for("session.interrupted", after=before, reason_code="desktop-unreachable")
