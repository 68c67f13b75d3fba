# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: roles decide who reads the audit log and who operates, and for which municipality."""

from __future__ import annotations

import json

import pytest

from rig.accounts import Person
from rig.portal import Portal
from rig.processes import run
from rig.relay import EchoDesktop
from rig.torhaus import DesktopEntry, Pool, Torhaus
from rig.tsgu import Tunnel
from rig.workspace import Workspace

CASE = ["--purpose", "Prüfung", "--case", "T-2"]
RHOENBLICK, SCHMALKALDEN = "rb-echo.desktops.example", "sm-echo.desktops.example"


@pytest.fixture(scope="module")
def county(ground: Workspace, executables, echo: EchoDesktop):
    """Two municipalities, of which one has an auditor and an operator, and the county an auditor."""
    group = ground.accounts.group
    pools = [
        Pool("rhoenblick", "buero", [DesktopEntry("rb-echo", RHOENBLICK, rdp=echo.port)]),
        Pool("schmalkalden", "verwaltung", [DesktopEntry("sm-echo", SCHMALKALDEN, rdp=echo.port)]),
    ]
    roles = {"rhoenblick": {"auditor": [group("rb-audit")], "operator": [group("rb-it")]}}
    started = Torhaus(
        ground, executables, "roles", pools, municipal_roles=roles, roles={"auditor": [group("county-audit")]}
    )
    with started:
        yield started


def behind_sudo(system: Torhaus, who: str, *arguments: str, check: bool = True) -> str:
    """The tool as sudo runs it for somebody."""
    command = [system.executables / "torhaus", "--config", system.configuration, *arguments]
    return run("env", f"SUDO_USER={who}", *command, check=check)


def as_user(system: Torhaus, who: str, *arguments: str) -> str:
    """The tool as somebody runs it who is not root."""
    command = [system.executables / "torhaus", "--config", system.configuration, *arguments]
    return run("setpriv", f"--reuid={who}", f"--regid={who}", "--init-groups", "--", *command, check=False)


def session_of(system: Torhaus, person: Person, desktop: str, label: str) -> tuple[Tunnel, str]:
    before = system.audit.last()
    portal = Portal(system.address).signed_in(person)
    tunnel = Tunnel(system.address)
    tunnel.establish(portal.ticket(desktop), label).echo(b"x")
    return tunnel, system.audit.wait_for("session.connected", after=before)["session_id"]


def test_an_auditor_and_an_operator_of_one_municipality_see_no_other(
    county: Torhaus, ground: Workspace, erika: Person, jonas: Person
):
    person, group = ground.accounts.person, ground.accounts.group
    auditor, operator = person([group("rb-audit")]).user, person([group("rb-it")]).user
    above, nobody = person([group("county-audit")]).user, person([group("rhoenblick")]).user
    own, mine = session_of(county, erika, "rhoenblick/buero/rb-echo", RHOENBLICK)
    other, theirs = session_of(county, jonas, "schmalkalden/verwaltung/sm-echo", SCHMALKALDEN)
    with own, other:
        # The log.
        lines = behind_sudo(county, auditor, "audit", "search", "--json", *CASE).splitlines()
        seen = [json.loads(line) for line in lines]
        assert seen and {entry.get("municipality") for entry in seen} == {"rhoenblick"}, lines
        assert mine in {entry.get("session_id") for entry in seen}
        exported = behind_sudo(county, auditor, "audit", "export", *CASE)
        assert mine in exported and theirs not in exported
        everything = behind_sudo(county, above, "audit", "search", "--json", *CASE)
        assert mine in everything and theirs in everything and "no role is configured" not in everything
        pseudonym = next(entry["actor"] for entry in seen if entry["event"] == "session.connected")
        refused = [
            (nobody, ["search", *CASE]), (operator, ["search", *CASE]), ("root", ["search", *CASE]),
            (auditor, ["tail", *CASE]), (auditor, ["reveal", "request", pseudonym, *CASE]),
        ]  # fmt: skip
        for who, arguments in refused:
            before = county.audit.last()
            text = behind_sudo(county, who, "audit", *arguments, check=False)
            assert f"the policy does not allow this to {who}" in text and mine not in text, text
            county.audit.wait_for("audit.reading-refused", after=before)

        # The sessions.
        listed = as_user(county, operator, "sessions")
        assert mine in listed and theirs not in listed, listed
        assert "may not use this socket" in as_user(county, auditor, "sessions")
        assert "no role allows this" in as_user(county, operator, "status")
        assert "there is no such session" in as_user(county, operator, "terminate", theirs)
        other.echo(b"still")
        before = county.audit.last()
        assert "done" in as_user(county, operator, "terminate", mine)
        county.audit.wait_for("session.ended", after=before, session_id=mine)


def test_check_warns_of_groups_that_the_machine_does_not_have(county: Torhaus, ground: Workspace):
    """A slip in a group's name takes a role from everybody, and nobody would notice before it is needed."""
    assert "this machine has no group" not in county.operator("check")
    whole = county.configuration.read_text(encoding="utf-8")
    group = ground.accounts.group("county-audit")
    try:
        county.configuration.write_text(whole.replace(group, "thx-auditt"), encoding="utf-8")
        said = county.operator("check")
    finally:
        county.configuration.write_text(whole, encoding="utf-8")
    assert "warning: " in said and "roles.auditor: this machine has no group thx-auditt" in said, said
    assert "nobody has the role auditor by it" in said and "0 problems" in said, said
