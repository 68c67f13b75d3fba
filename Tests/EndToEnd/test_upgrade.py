# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: a new gate takes over from an old one on the same sockets, and no session ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from rig.accounts import Person
from rig.portal import Portal
from rig.processes import Daemon, wait_until
from rig.relay import EchoDesktop
from rig.torhaus import REPOSITORY, DesktopEntry, Pool, Torhaus
from rig.tsgu import Tunnel
from rig.workspace import Workspace

LABEL = "rb-echo.desktops.example"
ECHO = "rhoenblick/buero/rb-echo"
# What systemd does for a unit with Sockets=: the listener is descriptor 3, and two variables say so.
ACTIVATED = 'exec 3<&"$2"; LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" --settings "$1"'


@pytest.fixture
def activated(ground: Workspace, executables, echo: EchoDesktop):
    """A system whose gate does not listen by itself; and what starts a gate on the shared socket."""
    entries = [DesktopEntry("rb-echo", LABEL, rdp=echo.port)]
    system = Torhaus(ground, executables, "activated", [Pool("rhoenblick", "buero", entries)], {"tunnel_seconds": 5})
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", system.port))
        listener.listen(128)
        started: list[Daemon] = []

        def start_gate() -> Daemon:
            fd = listener.fileno()
            command = ["/bin/bash", "-c", ACTIVATED, executables / "torhaus-gate", system.gate_file, str(fd)]
            log = system.folder / f"gate-{len(started) + 1}.log"
            daemon = Daemon("torhaus-gate", command, log, user=system.gate_user, pass_fds=(fd,))
            started.append(daemon)
            system.gate = daemon
            return daemon

        system.start_gate = start_gate
        with system:
            yield system, start_gate
            for daemon in started:
                daemon.stop()


def test_an_upgrade_ends_no_session(activated, erika: Person):
    system, start_gate = activated
    old = system.gate
    portal = Portal(system.address).signed_in(erika)
    with Tunnel(system.address) as kept:
        kept.establish(portal.ticket(ECHO), LABEL).echo(b"before")
        new = start_gate()
        wait_until("the new gate is ready", lambda: "control plane connected" in new.output(), 10)
        os.kill(old.pid, signal.SIGUSR2)
        wait_until("the old gate drains", lambda: "draining: 1 sessions go on" in old.output(), 5)
        with Tunnel(system.address) as fresh:
            fresh.establish(portal.ticket(ECHO), LABEL).echo(b"at the new gate")
            kept.echo(b"still at the old one")
            assert old.running and len(system.operator("sessions").strip().splitlines()) >= 2
    assert old.wait_for_exit(20) == 0, old.tail()
    assert "the last session has ended" in old.output()
    with Tunnel(system.address) as last:
        last.establish(portal.ticket(ECHO), LABEL).echo(b"the new gate goes on")


@pytest.mark.parametrize("unit, exposure", [("torhaus-gate@.service", 20), ("torhausd.service", 20), ("torhaus-authd.service", 30)])
def test_units_keep_their_sandbox(unit: str, exposure: int):
    path = Path(REPOSITORY, "systemd", unit)
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={exposure}", str(path)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-400:] + done.stderr
