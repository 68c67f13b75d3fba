# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: the units of `systemd/` under a real systemd: what their sandboxes forbid is nothing that the daemons need."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from rig.accounts import Person
from rig.portal import Portal
from rig.processes import wait_until
from rig.relay import EchoDesktop
from rig.systemd import Machine, obstacle
from rig.torhaus import DesktopEntry
from rig.tsgu import Tunnel
from rig.workspace import Workspace

ECHO, LABEL = "rhoenblick/buero/rb-echo", "rb-echo.desktops.example"
SERVICES = ["torhaus-auditd.service", "torhaus-authd.service", "torhausd.service", "torhaus-gate@1.service"]
CASE = ["--purpose", "Prüfung", "--case", "T-3"]


@pytest.fixture(scope="module")
def people(ground: Workspace) -> list[Person]:
    """Made before the machine: it sees the accounts that there are when its disk is laid."""
    return [ground.accounts.person([ground.accounts.group("rhoenblick")]) for _ in range(6)]


@pytest.fixture(scope="module")
def machine(ground: Workspace, executables: Path, echo: EchoDesktop, people: list[Person]):
    if reason := obstacle():
        pytest.skip(f"no machine of its own for systemd: {reason}")
    with Machine(ground, executables, DesktopEntry("rb-echo", LABEL, rdp=echo.port)) as started:
        wait_for_health(started)
        yield started


def wait_for_health(machine: Machine) -> None:
    try:
        wait_until("/health says ok", lambda: machine.health() == 200, 40, every=0.25)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{machine.failed()}\n{machine.journal()[-6000:]}") from error


def test_all_units_run_and_people_work(machine: Machine, people: list[Person]):
    assert machine.failed() == ""
    for unit in SERVICES:
        assert machine.run("systemctl", "is-active", unit).strip() == "active"
    portal = Portal(machine.address).signed_in(people[0])
    with Tunnel(machine.address) as tunnel:
        tunnel.establish(portal.ticket(ECHO), LABEL).echo(b"under systemd")
        # Each part restarts, in order and by a crash, and the session goes on.
        for unit in SERVICES[:3]:
            machine.run("systemctl", "restart", unit)
            tunnel.echo(b"after a restart")
            before = machine.pid(unit)
            os.kill(before, signal.SIGKILL)
            wait_until(f"{unit} is back", lambda: is_back(machine, unit, before), 20)
            tunnel.echo(b"after a crash")
        wait_for_health(machine)
        log = machine.pid("torhaus-auditd.service")
        machine.run("systemctl", "reload", "torhausd.service", "torhaus-gate@1.service", "torhaus-auditd.service")
        wait_until("the log has read its settings", lambda: "reloaded retention=unchanged" in machine.journal(), 10)
        assert machine.pid("torhaus-auditd.service") == log
        tunnel.echo(b"after a reload")
    Portal(machine.address).signed_in(people[1]).ticket(ECHO)
    assert machine.failed() == ""


def is_back(machine: Machine, unit: str, before: int) -> bool:
    try:
        return machine.pid(unit) != before
    except AssertionError:
        return False


def wait_for_state(machine: Machine, unit: str, wanted: str) -> None:
    def state() -> str:
        return machine.run("systemctl", "is-active", unit, check=False).strip()

    try:
        wait_until(f"{unit} is {wanted}", lambda: state() == wanted, 90, every=0.25)
    except AssertionError as error:
        raise AssertionError(f"{error}, but {state()}:\n{machine.journal(unit)[-6000:]}") from error


def test_a_second_gate_takes_over(machine: Machine, people: list[Person]):
    """As torhaus-gate(8) says under UPGRADE."""
    wait_for_health(machine)
    portal = Portal(machine.address).signed_in(people[2])
    with Tunnel(machine.address) as tunnel:
        tunnel.establish(portal.ticket(ECHO), LABEL).echo(b"old gate")
        machine.run("systemctl", "start", "torhaus-gate@2.service")
        machine.run("systemctl", "kill", "--signal=USR2", "--kill-whom=main", "torhaus-gate@1.service")
        with Tunnel(machine.address) as second:
            second.establish(Portal(machine.address).signed_in(people[3]).ticket(ECHO), LABEL).echo(b"new gate")
            tunnel.echo(b"old gate goes on")
    # It waits for as long as a tunnel may take that was accepted before the signal.
    wait_for_state(machine, "torhaus-gate@1.service", "inactive")
    machine.run("systemctl", "start", "torhaus-gate@1.service")
    machine.run("systemctl", "stop", "torhaus-gate@2.service")
    wait_for_health(machine)


def test_the_nightly_erasure_runs(machine: Machine):
    machine.run("systemctl", "start", "torhaus-audit-prune.service")
    assert "nothing is over" in machine.journal("torhaus-audit-prune.service")
    timers = machine.run("systemctl", "list-timers", "--all", "--no-pager")
    assert "torhaus-audit-prune.timer" in timers, timers


def test_the_operators_tool_works(machine: Machine):
    assert "0 problems" in machine.run("torhaus", "check")
    assert "audit log: durable" in machine.run("torhaus", "status")
    found = machine.run("torhaus", "audit", "search", "--event", "sign-in.succeeded", *CASE)
    assert "sign-in.succeeded" in found, found
    assert "verified" in machine.run("torhaus", "audit", "verify")


def test_a_lockout_is_remembered(machine: Machine, people: list[Person]):
    """pam_faillock keeps its counts where the sandbox lets it."""
    person = people[4]
    Portal(machine.address).sign_in(person, password="wrong")
    counted = machine.run("faillock", "--user", person.user)
    assert re.search(r"(?m)^\d{4}-\d\d-\d\d ", counted), counted + machine.journal("torhaus-authd.service")[-3000:]


def test_no_process_leaves_a_core(machine: Machine):
    for unit in SERVICES:
        pid = machine.pid(unit)
        limits = Path(f"/proc/{pid}/limits").read_text()
        assert re.search(r"(?m)^Max core file size +0 +0 ", limits), (unit, limits)
        # The kernel gives the files of a process that no debugger may see to root.
        owner = Path(f"/proc/{pid}/environ").stat().st_uid
        assert owner == 0, f"{unit} may be dumped"


def test_the_sandboxes_are_there(machine: Machine):
    """systemd goes on without a sandbox where it cannot make one: then the tests above would prove nothing."""
    for unit in SERVICES:
        pid = machine.pid(unit)
        mounts = {line.split()[4]: line.split()[5].split(",") for line in Path(f"/proc/{pid}/mountinfo").read_text().splitlines()}
        for place in ("/", "/run"):
            assert "ro" in mounts[place], (unit, place, mounts[place])
        status = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)
        assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2", (unit, status)
        if unit != "torhaus-authd.service":
            assert int(status["CapBnd"], 16) & ~(1 << 10) == 0, (unit, status["CapBnd"])
    # The keys of one are nothing that another sees.
    inside = f"/proc/{machine.pid('torhausd.service')}/root"
    assert not list(Path(f"{inside}/etc/torhaus/tls").iterdir())
    assert list(Path(f"{inside}/etc/torhaus/signing").iterdir())


def test_nothing_that_a_daemon_wants_is_forbidden(machine: Machine):
    """Last: what the sandboxes refused shows as an error somewhere in what the daemons said."""
    said = machine.journal()
    odd = [line for line in said.splitlines() if re.search(r"not permitted|EPERM|Read-only file system|SIGSYS", line)]
    # The machine of this test has the network of its host, and may set up none of its own.
    odd = [line for line in odd if "loopback network device" not in line]
    assert odd == [], odd
