# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: new certificates and new settings reach the running system, and mistakes do not."""

from __future__ import annotations

import os
import signal
import ssl

import pytest

from rig import tsgu
from rig.accounts import Person
from rig.line import Line
from rig.portal import Portal
from rig.processes import run, wait_until
from rig.relay import EchoDesktop
from rig.torhaus import DesktopEntry, Pool, Torhaus
from rig.tsgu import Tunnel
from rig.workspace import Workspace

LABEL = "rb-echo.desktops.example"
ECHO = "rhoenblick/buero/rb-echo"
CONSENT = "Nur für Beschäftigte."


@pytest.fixture(scope="module")
def changing(ground: Workspace, executables, echo: EchoDesktop):
    entries = [DesktopEntry("rb-echo", LABEL, rdp=echo.port)]
    with Torhaus(ground, executables, "changing", [Pool("rhoenblick", "buero", entries)], sessions={"consent_text": CONSENT}) as started:
        yield started


def serial(system: Torhaus) -> str:
    with Line(system.address) as line:
        return ssl.DER_cert_to_PEM_cert(line.socket.getpeercert(binary_form=True))


def hang_up(daemon) -> None:
    os.kill(daemon.pid, signal.SIGHUP)


def open_tunnel(system: Torhaus, ticket: str) -> Tunnel:
    tunnel = Tunnel(system.address)
    tunnel.handshake()
    assert tunnel.create(ticket) == CONSENT
    tunnel.authorize()
    tunnel.open([LABEL])
    return tunnel


def test_new_certificates_leave_sessions_alone(ground: Workspace, changing: Torhaus, erika: Person):
    ticket = Portal(changing.address).signed_in(erika).ticket(ECHO)
    etc = changing.configuration.parent
    with open_tunnel(changing, ticket) as tunnel:
        tunnel.echo(b"before")
        old = serial(changing)
        fresh = ground.authority.issue("renewed", ["localhost", "127.0.0.1"])
        (etc / "gate.pem").write_bytes(fresh.chain.read_bytes() + ground.authority.pem.read_bytes())
        key = etc / "gate.key"
        key.chmod(0o600)
        key.write_bytes(fresh.key.read_bytes())
        key.chmod(0o400)
        hang_up(changing.gate)
        wait_until("the new certificate", lambda: serial(changing) != old, 10)
        tunnel.echo(b"after")

        # A key that does not fit: the gate says so and goes on with what it has.
        good = serial(changing)
        stranger = ground.authority.issue("stranger", ["localhost"])
        key.chmod(0o600)
        key.write_bytes(stranger.key.read_bytes())
        key.chmod(0o400)
        hang_up(changing.gate)
        log = changing.folder / "gate.log"
        wait_until("a word about the key", lambda: "the old certificates stay" in log.read_text(), 10)
        assert serial(changing) == good
        tunnel.echo(b"still")
        key.chmod(0o600)
        key.write_bytes(fresh.key.read_bytes())
        key.chmod(0o400)


def test_settings_are_taken_whole_or_not_at_all(changing: Torhaus, erika: Person):
    file = changing.configuration.parent / "municipalities" / "rhoenblick.yaml"
    good = file.read_text()
    portal = Portal(changing.address).signed_in(erika)
    before = changing.audit.last()
    file.write_text(good.replace('"title": ', "titel: ").replace("title:", "titel:", 1))
    hang_up(changing.control)
    changing.audit.wait_for("configuration.rejected", after=before)
    assert portal.ticket(ECHO), "the old settings stay in force"

    before = changing.audit.last()
    file.write_text(good.replace("Arbeitsplatz rb-echo", "Umbenannter Platz"))
    hang_up(changing.control)
    changing.audit.wait_for("configuration.loaded", after=before)
    assert "Umbenannter Platz" in portal.get("/desktops").text
    file.write_text(good)
    hang_up(changing.control)


def test_a_client_proves_itself_again(changing: Torhaus, erika: Person):
    ticket = Portal(changing.address).signed_in(erika).ticket(ECHO)
    before = changing.audit.last()
    with open_tunnel(changing, ticket) as tunnel:
        tunnel.echo(b"x")
        session = changing.audit.wait_for("session.connected", after=before)["session_id"]
        changing.operator("reauthenticate", session)
        asked = tunnel.receive()
        while asked.kind != tsgu.REAUTH_MESSAGE:
            asked = tunnel.receive()
        context = int.from_bytes(asked.body, "little")
        with Tunnel(changing.address) as second:
            second.handshake()
            second.create(ticket, reauth=context)
            second.authorize()
            second.open([LABEL])
        tunnel.echo(b"the session goes on")
        assert session in run(changing.executables / "torhaus", "--config", changing.configuration, "sessions").replace("-", "")
