# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: running sessions: what ends them, what must not, limits, and Basic credentials."""

from __future__ import annotations

import os
import socket
import time
import uuid

import pytest

from rig import tsgu
from rig.accounts import Person
from rig.line import Line, LineClosed
from rig.portal import Portal
from rig.processes import run, wait_until
from rig.relay import EchoDesktop
from rig.slow import LIMIT, SlowAffairs
from rig.torhaus import DesktopEntry, Pool, Torhaus
from rig.tsgu import Refused, RefusedHead, Tunnel
from rig.workspace import Workspace

ECHO = "rhoenblick/buero/rb-echo"
LABEL = "rb-echo.desktops.example"


@pytest.mark.parametrize("websocket", [True, False], ids=["websocket", "legacy"])
def test_a_session_goes_on_while_the_control_plane_is_killed_and_restarted(
    system: Torhaus, portal: Portal, websocket: bool
):
    ticket = portal.ticket(ECHO)
    before = system.audit.last()
    with Tunnel(system.address, websocket) as tunnel:
        tunnel.establish(ticket, LABEL).echo(b"before")
        system.control.kill()
        tunnel.echo(b"without a control plane")
        assert system.health() != 200
        before_restart = system.audit.last()
        system.start_control()
        system.wait_until_ready(after=before_restart)
        tunnel.echo(b"after")
        assert "active" in system.operator("sessions") or system.operator("sessions").strip()
    # Its end is recorded by the new control plane, with what flowed under the old one.
    end = system.audit.wait_for("session.interrupted", after=before, seconds=15)
    assert end["bytes_to_desktop"] == len(b"before" + b"without a control plane" + b"after"), end


def test_an_end_that_nobody_could_record_is_recorded_later(system: Torhaus, portal: Portal):
    before = system.audit.last()
    with Tunnel(system.address) as tunnel:
        tunnel.establish(portal.ticket(ECHO), LABEL).echo(b"x")
        system.audit.wait_for("session.connected", after=before)
        system.control.kill()
    time.sleep(0.5)
    system.start_control()
    system.audit.wait_for("session.interrupted", after=before, seconds=15)


def test_a_desktop_that_dies_closes_the_session_with_a_code(ground: Workspace, executables, erika: Person):
    with EchoDesktop() as mortal:
        pools = [Pool("rhoenblick", "buero", [DesktopEntry("rb-echo", LABEL, rdp=mortal.port)])]
        with Torhaus(ground, executables, "mortal", pools) as system:
            ticket = Portal(system.address).signed_in(erika).ticket(ECHO)
            with Tunnel(system.address) as tunnel:
                tunnel.establish(ticket, LABEL).echo(b"x")
                mortal.cut()
                code = tunnel.wait_for_close()
                assert code is not None, "the line ended without CLOSE_CHANNEL: mstsc would hang"
            # The desktop came back within the grace: the same ticket resumes.
            with Tunnel(system.address) as again:
                again.establish(ticket, LABEL).echo(b"back")


def test_the_idle_limit_ends_a_silent_session(hasty: Torhaus, slow_affairs: SlowAffairs):
    ended = slow_affairs.wait_for(slow_affairs.idle)
    assert ended.code == tsgu.E_PROXY_SESSIONTIMEOUT
    assert LIMIT - 2 <= ended.seconds_after_last_activity <= LIMIT + 8, ended
    assert ended.seconds_after_start >= LIMIT * 1.3, "activity did not start the limit anew"
    hasty.audit.wait_for("session.ended", desktop="rhoenblick/ruhe/rb-idle", reason_code="idle-limit")


def test_the_absolute_limit_ends_a_busy_session(hasty: Torhaus, slow_affairs: SlowAffairs):
    ended = slow_affairs.wait_for(slow_affairs.longest)
    assert ended.code == tsgu.E_PROXY_SESSIONTIMEOUT
    assert LIMIT - 2 <= ended.seconds_after_start <= LIMIT + 8, ended
    hasty.audit.wait_for("session.ended", desktop="rhoenblick/dauer/rb-longest", reason_code="session-limit")


def test_the_operator_ends_a_session_and_sends_a_message(system: Torhaus, portal: Portal):
    before = system.audit.last()
    with Tunnel(system.address) as tunnel:
        tunnel.establish(portal.ticket(ECHO), LABEL).echo(b"x")
        session = system.audit.wait_for("session.opened", after=before)["session_id"]
        assert session in system.operator("sessions").replace("-", "") or session in system.operator("sessions")
        system.operator("message", session, "Wartung um 18 Uhr")
        tunnel.echo(b"y")
        wait_until("the service message", lambda: tunnel.service_messages or tunnel.echo(b"z"), 5)
        assert tunnel.service_messages == ["Wartung um 18 Uhr"]
        system.operator("terminate", session)
        assert tunnel.wait_for_close() is not None
    system.audit.wait_for("operator.action", after=before)
    system.audit.wait_for("session.ended", after=before, session_id=session)


def test_hundreds_of_half_open_connections_do_not_keep_others_out(hasty: Torhaus, erika: Person, ground: Workspace):
    flood: list[socket.socket] = []
    try:
        for number in range(300):
            connection = socket.create_connection(("127.0.0.1", hasty.port), 5, source_address=("127.0.7.7", 0))
            if number % 2:
                # Half of them begin a handshake and stop in the middle of it.
                try:
                    connection.sendall(bytes.fromhex("1603010200010001fc0303"))
                except OSError:
                    pass
            flood.append(connection)
        start = time.monotonic()
        Portal(hasty.address, source="127.0.0.3").signed_in(erika)
        assert time.monotonic() - start < 8
        # The address itself is held to its share, and is let in again afterwards.
        open_now = sum(is_open(connection) for connection in flood)
        assert open_now <= 50, f"{open_now} half-open connections of one address are kept"
    finally:
        for connection in flood:
            connection.close()
    Portal(hasty.address, source="127.0.7.7").get("/sign-in")
    hasty.audit.wait_for("gate.incident", seconds=15)


def is_open(connection) -> bool:
    """False when the other side closed it."""
    connection.setblocking(False)
    try:
        return connection.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def test_a_tunnel_that_never_begins_is_closed(hasty: Torhaus):
    with Tunnel(hasty.address) as tunnel:
        start = time.monotonic()
        tunnel.handshake()
        assert tunnel.wait_for_close() is None
        assert 2 <= time.monotonic() - start <= 12


@pytest.mark.parametrize("websocket", [True, False], ids=["websocket", "legacy"])
def test_basic_credentials_open_a_session(hasty: Torhaus, erika: Person, websocket: bool):
    secret = f"{erika.password},{erika.code()}"
    with Tunnel(hasty.address, websocket, basic=(erika.user, secret)) as tunnel:
        assert tunnel.handshake() == 0, "a client authenticated by its header is offered no extended authentication"
        tunnel.create(None)
        tunnel.authorize()
        tunnel.open([LABEL])
        tunnel.echo(b"x")


def test_wrong_basic_credentials_are_answered_with_401(hasty: Torhaus, erika: Person):
    with pytest.raises((RefusedHead, Refused)) as caught:
        with Tunnel(hasty.address, basic=(erika.user, "wrong,000000")) as tunnel:
            tunnel.establish(None, LABEL)
    if isinstance(caught.value, RefusedHead):
        assert caught.value.head.status == 401
        assert any("basic" in value.lower() for value in caught.value.head.fields.get("www-authenticate", []))


def test_a_password_that_a_module_changes_under_basic_credentials_is_on_record(hasty: Torhaus, ground: Workspace):
    """Nobody can be asked for a new one, so it leads nowhere; a module that needs no answer may change it all the same."""
    person = ground.accounts.person([ground.accounts.group("rhoenblick")], expired=True)
    before = hasty.audit.last()
    with hasty.pam("password required pam_unix.so", "password required pam_debug.so"), pytest.raises((RefusedHead, Refused)):
        with Tunnel(hasty.address, basic=(person.user, f"{person.password},{person.code()}")) as tunnel:
            tunnel.establish(None, LABEL)
    changed = hasty.audit.wait_for("password.changed", after=before)
    failed = hasty.audit.wait_for("sign-in.failed", after=before)
    for key in ("actor", "src_ip", "correlation_id"):
        assert changed[key] == failed[key], (key, changed, failed)
    assert changed["municipality"] == "rhoenblick" and changed["seq"] < failed["seq"], (changed, failed)


def test_an_expired_password_under_basic_credentials_stays_as_it_is(hasty: Torhaus, ground: Workspace):
    person = ground.accounts.person([ground.accounts.group("rhoenblick")], expired=True)
    before = hasty.audit.last()
    with pytest.raises((RefusedHead, Refused)):
        with Tunnel(hasty.address, basic=(person.user, f"{person.password},{person.code()}")) as tunnel:
            tunnel.establish(None, LABEL)
    hasty.audit.wait_for("sign-in.failed", after=before)
    assert not [event for event in hasty.audit.events() if event["event"] == "password.changed" and event["seq"] > before]


def test_basic_is_refused_where_it_is_off(system: Torhaus, erika: Person):
    with pytest.raises((RefusedHead, Refused)):
        with Tunnel(system.address, basic=(erika.user, f"{erika.password},{erika.code()}")) as tunnel:
            tunnel.establish(None, LABEL)


@pytest.mark.parametrize("order", [
    [tsgu.tunnel_create("0" * 26, 0x3F)], [tsgu.tunnel_auth("x")], [tsgu.channel_create([LABEL], 3389)], [tsgu.data_packet(b"x")],
    [tsgu.handshake_request(2), tsgu.tunnel_auth("x")], [tsgu.handshake_request(2), tsgu.channel_create([LABEL], 3389)],
    [tsgu.handshake_request(2), tsgu.handshake_request(2)], [tsgu.handshake_request(2), tsgu.data_packet(b"x")],
])  # fmt: skip
def test_packets_out_of_order_end_the_tunnel(system: Torhaus, order: list[bytes]):
    with Tunnel(system.address) as tunnel:
        for data in order:
            tunnel.send(data)
        tunnel.wait_for_close()


@pytest.mark.parametrize("data", [
    pytest.param(bytes.fromhex("0100000007000000"), id="length below the header"),
    pytest.param(bytes.fromhex("01000000ffffffff"), id="length of four gigabytes"),
    pytest.param(bytes.fromhex("0100000009000000") + b"\0", id="handshake cut short"),
    pytest.param(tsgu.handshake_request(2) + tsgu.packet(tsgu.TUNNEL_CREATE, bytes.fromhex("3f00000001000000ffff41")), id="cookie longer than the packet"),
    pytest.param(tsgu.handshake_request(2) + tsgu.packet(tsgu.CHANNEL_CREATE, bytes.fromhex("ff033d0d0300")), id="255 resources and none there"),
])  # fmt: skip
def test_malformed_packets_end_the_tunnel_and_nothing_else(system: Torhaus, data: bytes):
    with Tunnel(system.address, timeout=15) as tunnel:
        tunnel.send(data)
        tunnel.wait_for_close()
    assert system.gate.running and system.health() == 200


def test_packets_may_be_split_and_joined_anywhere(system: Torhaus, portal: Portal):
    with Tunnel(system.address) as tunnel:
        first = tsgu.handshake_request(2)
        tunnel.transport.send_split(first, 5)
        tunnel.expect(tsgu.HANDSHAKE_RESPONSE)
        tunnel.create(portal.ticket(ECHO))
        tunnel.authorize()
        tunnel.open([LABEL])
        joined = tsgu.data_packet(b"abc") + tsgu.data_packet(b"def")
        for byte in joined:
            tunnel.send(bytes([byte]))
        got = b""
        while len(got) < 6:
            got += tunnel.receive_data()
        assert got == b"abcdef"


def test_halves_of_different_people_are_not_joined(system: Torhaus, portal: Portal):
    """RDG-Connection-Id is chosen by clients: an IN half from another address must not be attached."""
    identity = str(uuid.uuid4())
    kept = ["Connection: Keep-Alive", "RDG-Auth-Scheme: PAA"]
    with Line(system.address, timeout=3) as out, Line(system.address, source="127.0.9.9", timeout=3) as other:
        out.send(tsgu.request("RDG_OUT_DATA", "localhost", identity, [*kept, "Content-Length: 0"]))
        assert out.read_head().status == 200
        out.read(tsgu.SEED_BYTES)
        try:
            other.send(tsgu.request("RDG_IN_DATA", "localhost", identity, [*kept, "Content-Length: 0"]))
            other.read_head()
            other.send(tsgu.request("RDG_IN_DATA", "localhost", identity, [*kept, "Transfer-Encoding: chunked"]))
            other.send(b"E\r\n" + tsgu.handshake_request(tsgu.EXTENDED_AUTH_PAA) + b"\r\n")
        except LineClosed:
            pass
        with pytest.raises((TimeoutError, LineClosed)):
            out.read(1)


def test_the_gate_stays_small(system: Torhaus):
    """After everything above, no leak to speak of: descriptors of closed sessions are gone."""
    wait_until("the gate's descriptors are closed", lambda: len(os.listdir(f"/proc/{system.gate.pid}/fd")) < 60, 20)
