# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: what a ticket opens, what it resumes, and everything it must not open."""

from __future__ import annotations

import time

import pytest

from rig import tsgu
from rig.portal import Portal
from rig.processes import wait_until
from rig.relay import EchoDesktop, Relay
from rig.slow import SlowAffairs
from rig.torhaus import Torhaus
from rig.tsgu import Refused, Tunnel

ECHO = "rhoenblick/buero/rb-echo"
LABEL = "rb-echo.desktops.example"
TRANSPORTS = pytest.mark.parametrize("websocket", [True, False], ids=["websocket", "legacy"])


def refusal(gate, ticket: str | None, label: str = LABEL, port: int = 3389, **options) -> Refused:
    """How the gate refuses; fails when it does not."""
    with Tunnel(gate, **options) as tunnel, pytest.raises(Refused) as caught:
        tunnel.establish(ticket, label, port)
    return caught.value


@TRANSPORTS
def test_a_ticket_opens_its_desktop(system: Torhaus, portal: Portal, websocket: bool):
    file = portal.rdp_file(ECHO)
    port = int(file["full address"].partition(":")[2] or 3389)
    with Tunnel(system.address, websocket) as tunnel:
        tunnel.establish(file["gatewayaccesstoken"], LABEL, port)
        tunnel.echo(b"hello")
        tunnel.echo(bytes(range(256)) * 250)
        for size in (1, 1000, 65_535):
            tunnel.echo(b"\xa5" * size)


def test_the_label_is_compared_without_case_and_with_its_port_split_off(system: Torhaus, portal: Portal):
    with Tunnel(system.address) as tunnel:
        tunnel.establish(portal.ticket(ECHO), LABEL.upper() + ":3389").echo(b"x")


@TRANSPORTS
def test_parallel_use_is_refused_and_recorded(system: Torhaus, portal: Portal, websocket: bool):
    ticket = portal.ticket(ECHO)
    before = system.audit.last()
    with Tunnel(system.address) as first:
        first.establish(ticket, LABEL).echo(b"first")
        with first.attending():
            refusal(system.address, ticket, websocket=websocket)
        system.audit.wait_for("ticket.parallel-use", after=before)
        first.echo(b"still there")


def test_a_broken_line_resumes_the_same_session(system: Torhaus, portal: Portal):
    ticket = portal.ticket(ECHO)
    before = system.audit.last()
    with Relay(system.address) as relay:
        with Tunnel(relay.address) as first:
            first.establish(ticket, LABEL).echo(b"first")
            session = system.audit.wait_for("session.opened", after=before)["session_id"]
            relay.cut()
        with Tunnel(system.address, websocket=False) as second:
            second.establish(ticket, LABEL).echo(b"second")
            assert system.audit.wait_for("session.resumed", after=before)["session_id"] == session


def test_a_silent_line_is_replaced(system: Torhaus, portal: Portal, echo: EchoDesktop):
    """A laptop went to sleep and comes back by another line, while the old one still looks open."""
    ticket = portal.ticket(ECHO)
    with Relay(system.address) as relay, Tunnel(relay.address) as first:
        first.establish(ticket, LABEL).echo(b"first")
        relay.freeze()

        def again() -> bool:
            try:
                with Tunnel(system.address) as second:
                    second.establish(ticket, LABEL).echo(b"second")
                    return True
            except Refused:
                return False

        wait_until("the gate notices that the old line is silent", again, 60, every=1)


def test_no_resuming_after_the_grace(hasty: Torhaus, erika):
    ticket = Portal(hasty.address).signed_in(erika).ticket(ECHO)
    with Tunnel(hasty.address) as first:
        first.establish(ticket, LABEL).echo(b"x")
    time.sleep(1)
    with Tunnel(hasty.address) as second:
        second.establish(ticket, LABEL).echo(b"within the grace")
    time.sleep(6)
    assert refusal(hasty.address, ticket).code == tsgu.E_PROXY_COOKIE_AUTHENTICATION_ACCESS_DENIED


def test_no_resuming_after_an_orderly_end(system: Torhaus, portal: Portal):
    ticket = portal.ticket(ECHO)
    before = system.audit.last()
    with Tunnel(system.address) as tunnel:
        tunnel.establish(ticket, LABEL).echo(b"x")
        tunnel.send(tsgu.packet(tsgu.CLOSE_CHANNEL, b"\0\0\0\0"))
        assert tunnel.expect(tsgu.CLOSE_CHANNEL_RESPONSE).body == b"\0\0\0\0"
    ended = system.audit.wait_for("session.ended", after=before)
    assert ended["bytes_to_desktop"] == 1 and ended["bytes_to_client"] == 1, ended
    refusal(system.address, ticket)


@pytest.mark.parametrize("label,port", [("rb-01.desktops.example", 3389), ("127.0.0.1", 3389), ("sm-01.desktops.example", 3389),
                                        (LABEL, 22), ("localhost", 3389), ("x" * 200, 3389)])  # fmt: skip
def test_another_desktop_is_refused(system: Torhaus, portal: Portal, label: str, port: int):
    ticket = portal.ticket(ECHO)
    refused = refusal(system.address, ticket, label, port)
    assert refused.step == "channel create" and refused.code == tsgu.E_PROXY_RAP_ACCESSDENIED, refused
    # The refusal did not use the ticket up.
    with Tunnel(system.address) as tunnel:
        tunnel.establish(ticket, LABEL).echo(b"x")


def test_another_network_is_refused(system: Torhaus, portal: Portal):
    ticket = portal.ticket(ECHO)
    before = system.audit.last()
    refusal(system.address, ticket, source="127.0.9.1")
    system.audit.wait_for("tunnel.refused", after=before, reason_code="wrong-network")
    # The same network with another last octet is fine: providers renumber.
    with Tunnel(system.address, source="127.0.0.77") as tunnel:
        tunnel.establish(ticket, LABEL).echo(b"x")


def test_a_resuming_from_another_network_is_refused(system: Torhaus, portal: Portal):
    ticket = portal.ticket(ECHO)
    with Tunnel(system.address) as first:
        first.establish(ticket, LABEL).echo(b"x")
    refusal(system.address, ticket, source="127.0.9.1")


@pytest.mark.parametrize("ticket", ["", "0" * 26, "ß" * 26, "A" * 400, "../../etc/passwd", "\x01\x02"])
def test_garbage_is_refused(system: Torhaus, ticket: str):
    with Tunnel(system.address) as tunnel, pytest.raises(Refused) as caught:
        tunnel.handshake()
        tunnel.create(ticket)
    assert caught.value.code in (tsgu.E_PROXY_COOKIE_AUTHENTICATION_ACCESS_DENIED, tsgu.E_PROXY_COOKIE_BADPACKET)


@pytest.mark.parametrize("label", ["", "x" * 300, "x" * 4000])
def test_a_name_that_is_none_is_refused(system: Torhaus, portal: Portal, label: str):
    refused = refusal(system.address, portal.ticket(ECHO), label)
    assert refused.code in (tsgu.E_PROXY_INTERNALERROR, tsgu.E_PROXY_RAP_ACCESSDENIED), refused


def test_a_ticket_of_kilobytes_is_refused(system: Torhaus):
    with Tunnel(system.address) as tunnel, pytest.raises(Refused):
        tunnel.handshake()
        tunnel.create("A" * 4000)


def test_a_missing_ticket_is_refused(system: Torhaus):
    with Tunnel(system.address) as tunnel, pytest.raises(Refused) as caught:
        tunnel.handshake()
        tunnel.create(None)
    assert caught.value.code in (tsgu.E_PROXY_COOKIE_BADPACKET, tsgu.E_PROXY_COOKIE_AUTHENTICATION_ACCESS_DENIED)


def test_an_unreachable_desktop_is_said_to_be_unreachable(system: Torhaus, portal: Portal):
    ticket = portal.ticket("rhoenblick/buero/rb-dead")
    assert refusal(system.address, ticket, "rb-dead.desktops.example").code == tsgu.E_PROXY_TS_CONNECTFAILED


def test_signing_out_ends_unused_tickets_and_resuming(system: Torhaus, portal: Portal):
    unused, used = portal.ticket(ECHO), portal.ticket(ECHO)
    with Tunnel(system.address) as tunnel:
        tunnel.establish(used, LABEL).echo(b"x")
        assert portal.sign_out().status == 303
        tunnel.echo(b"the native session goes on")
    assert refusal(system.address, unused).code == tsgu.E_PROXY_COOKIE_AUTHENTICATION_ACCESS_DENIED
    refusal(system.address, used)


def test_a_ticket_survives_a_restart_of_the_control_plane_and_still_opens_once(system: Torhaus, portal: Portal):
    ticket = portal.ticket(ECHO)
    system.restart_control()
    with Tunnel(system.address) as tunnel:
        tunnel.establish(ticket, LABEL).echo(b"x")
        with tunnel.attending():
            refusal(system.address, ticket)


def test_a_person_of_another_municipality_gets_no_ticket(system: Torhaus, jonas):
    portal = Portal(system.address).signed_in(jonas)
    assert set(portal.get("/desktops").page.desktops) == {"schmalkalden/verwaltung/sm-01"}
    form = next(form for form in portal.get("/desktops").page.forms if form.action == "/desktops/open")
    field = next(name for name, value in form.fields.items() if value == "schmalkalden/verwaltung/sm-01")
    response = portal.submit(form, **{field: ECHO, "way": "client"})
    assert response.status in (403, 404) and b"gatewayaccesstoken" not in response.body, response.head


def test_an_expired_ticket_is_refused(hasty: Torhaus, slow_affairs: SlowAffairs):
    ticket = slow_affairs.wait_until_the_ticket_is_old()
    assert refusal(hasty.address, ticket).code == tsgu.E_PROXY_COOKIE_AUTHENTICATION_ACCESS_DENIED
