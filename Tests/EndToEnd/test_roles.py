# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: roles decide who reads the audit log and who operates, and for which municipality."""

from __future__ import annotations

import json
import re

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
        ground, executables, "roles", pools, municipal_roles=roles,
        roles={"auditor": [group("county-audit")], "data_protection": [group("county-dpo")], "key_holder": [group("county-keys")]},
    )  # fmt: skip
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


REFERENCE = re.compile(r"reference: (R-[0-9A-Z]{4}-[0-9A-Z]{2});")


def expect_refusal(system: Torhaus, who: str, action: str, *arguments: str) -> None:
    """The person reads why and a reference, and the log has both."""
    before = system.audit.last()
    text = behind_sudo(system, who, "audit", *arguments, check=False)
    assert f"the policy does not allow this to {who}: {action}" in text and "  why: " in text, text
    reference = REFERENCE.search(text)
    assert reference, text
    recorded = system.audit.wait_for("audit.reading-refused", after=before, reference=reference[1])
    assert recorded["action"] == action and recorded["reason_code"], recorded
    assert recorded["policy_version"], recorded


def test_names_holds_and_erasure_are_asked_for_too(county: Torhaus, ground: Workspace, erika: Person):
    person, group = ground.accounts.person, ground.accounts.group
    auditor, officer = person([group("county-audit")]).user, person([group("county-dpo")]).user
    holder, nobody = person([group("county-keys")]).user, person([group("rhoenblick")]).user
    keys = ground.holders.keys
    before = county.audit.last()
    Portal(county.address).signed_in(erika)
    pseudonym = county.audit.wait_for("sign-in.succeeded", after=before)["actor"]

    expect_refusal(county, holder, "revealPseudonym", "reveal", "request", pseudonym, *CASE)
    asked = behind_sudo(county, officer, "audit", "reveal", "request", pseudonym, *CASE)
    request = re.search(r"\bA-[0-9a-f]{8}\b", asked)[0]
    approve = ["reveal", "approve", request, "--key", f"dpo:{keys['dpo']}"]
    hold = ["hold", "place", "--period", pseudonym[:8], "--days", "3", "--key", f"dpo:{keys['dpo']}", *CASE]
    for who in (auditor, nobody, "root"):
        # Root may read every key here, and is no holder for that.
        expect_refusal(county, who, "answerReveal", *approve)
        expect_refusal(county, who, "answerReveal", "reveal", "refuse", request)
        expect_refusal(county, who, "answerReveal", "reveal", "list")
        expect_refusal(county, who, "retainAudit", *hold)
        expect_refusal(county, who, "retainAudit", "hold", "list")
        expect_refusal(county, who, "retainAudit", "hold", "lift", "H-00000000", "--key", f"dpo:{keys['dpo']}")
        expect_refusal(county, who, "retainAudit", "prune")
        expect_refusal(county, who, "retainAudit", "prune", "--dry-run")
    expect_refusal(county, nobody, "viewAudit", "index", "--anew")
    expect_refusal(county, nobody, "viewAudit", "report", "2026-11")
    assert "records" in behind_sudo(county, auditor, "audit", "index", "--anew")

    before = county.audit.last()
    assert request in behind_sudo(county, holder, "audit", "reveal", "list")
    assert county.audit.wait_for("audit.searched", after=before)["filter"] == "requests for names"
    assert "agreed" in behind_sudo(county, officer, "audit", *approve)
    name = behind_sudo(county, holder, "audit", "reveal", "approve", request, "--key", f"council:{keys['council']}")
    assert erika.user in name, name
    placed = re.search(r"\bH-[0-9a-f]{8}\b", behind_sudo(county, officer, "audit", *hold))[0]
    assert placed in behind_sudo(county, holder, "audit", "hold", "list")
    behind_sudo(county, holder, "audit", "hold", "lift", placed, "--key", f"council:{keys['council']}")
    county.audit.wait_for("hold.lifted", after=before)
    assert "nothing is over" in behind_sudo(county, officer, "audit", "prune")
    # The nightly timer is the log's own user, and no person.
    assert "nothing is over" in as_user(county, county.audit_user, "audit", "prune")

    # A stranger with a copy and the public key needs neither a policy nor a configuration.
    copy = ground.place("copy") / "log"
    run("cp", "-r", county.audit.log, copy)
    run("chmod", "-R", "a+rX", copy)
    stranger = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
    tool = county.executables / "torhaus"
    verified = run(*stranger, tool, "--config", "/nonexistent.yaml", "audit", "verify", copy, "--key", county.audit_key, check=False)
    assert "verified" in verified and "error" not in verified, verified
