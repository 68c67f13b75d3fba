# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: roles decide who reads the audit log and who operates, and for which municipality."""

from __future__ import annotations

import json
import pwd
import re

import pytest

from rig.accounts import Person
from rig.portal import Portal
from rig.processes import run
from rig.records import PSEUDONYM
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


NOBODY = 2**32 - 1


def torhaus(system: Torhaus, login: int, *arguments: str, sudo: str | None = None, user: str = "root") -> str:
    """The tool in a process behind which the kernel knows this login, and sudo, if it is named, says that name."""
    name = [] if sudo is None else [f"SUDO_USER={sudo}"]
    become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--"]
    command = [*become, "env", "-u", "SUDO_USER", *name, system.executables / "torhaus", "--config", system.configuration]
    # Whoever runs the tests has a login of their own, or none.
    script = 'echo "$0" > /proc/self/loginuid && exec "$@"'
    return run("sh", "-c", script, str(login), *command, *arguments, check=False)


def behind_sudo(system: Torhaus, who: str, *arguments: str, check: bool = True) -> str:
    """The tool as sudo runs it for somebody, where the kernel knows of no login, as in a container."""
    text = torhaus(system, NOBODY, *arguments, sudo=who)
    assert not check or "error:" not in text, text
    return text


def as_user(system: Torhaus, who: str, *arguments: str) -> str:
    """The tool as somebody runs it who is not root."""
    return torhaus(system, NOBODY, *arguments, user=who)


def number(who: str) -> int:
    return pwd.getpwnam(who).pw_uid


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
        before = county.audit.last()
        assert "there is no such session" in as_user(county, operator, "terminate", theirs)
        tried = county.audit.wait_for("operator.refused", after=before, action="terminate")
        assert tried["session_id"] == theirs and tried["municipality"] == "schmalkalden", tried
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


def test_check_tells_a_name_service_in_trouble_from_a_missing_name(county: Torhaus, tmp_path):
    """A directory that does not answer is no reason to look for a slip in the files."""
    switch = tmp_path / "nsswitch.conf"
    # Nothing behind the files: what comes last decides whether a failure counts.
    switch.write_text("passwd: files\ngroup: files\n", encoding="utf-8")
    name = county.ground.accounts.group("county-audit")
    for file, what, key in (("group", f"the group {name}", "roles.auditor"), ("passwd", "the user", "users.gate")):
        inject = f"strace -f -qq -o /dev/null -P /etc/{file} -e trace=openat -e inject=openat:error=EIO"
        command = f'mount --bind {switch} /etc/nsswitch.conf && exec {inject} "$@"'
        tool = [county.executables / "torhaus", "--config", county.configuration, "check", "--skip-certificates"]
        said = run("unshare", "--mount", "sh", "-c", command, "sh", *tool)
        assert f"{key}: whether this machine has {what}" in said, said
        assert "cannot be found out: get" in said and "Input/output error" in said and "0 problems" in said, said
        assert f"this machine has no {what.split()[1]}" not in said, said
        assert "the name service is in trouble" in said, said
        if file == "passwd":
            tool[3:] = ["audit", "init", "--config", county.configuration]
            said = run("unshare", "--mount", "sh", "-c", command, "sh", tool[0], *tool[3:], check=False)
            assert "nobody knows whether there is a user" in said and "Input/output error" in said, said


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


def test_who_acts_is_recorded_as_far_as_it_is_certain(county: Torhaus, ground: Workspace):
    person, group = ground.accounts.person, ground.accounts.group
    auditor, nobody = person([group("county-audit")]).user, person([group("rhoenblick")]).user
    search = ["audit", "search", "--limit", "1", *CASE]

    def recorded(event: str, *arguments: object, **fields: object) -> tuple[dict, str]:
        before = county.audit.last()
        text = torhaus(county, *arguments, **fields)
        return county.audit.wait_for(event, after=before), text

    # Where the kernel knows of no login, sudo's word has to do, and is recorded as its word.
    said, _ = recorded("audit.searched", NOBODY, *search, sudo=auditor)
    root, claimed = said["actor"], said["actor_claimed"]
    assert PSEUDONYM.fullmatch(claimed) and claimed != root, said
    # Where it does, its word counts, and sudo's other word is noted.
    sure, _ = recorded("audit.searched", number(auditor), *search, sudo=auditor)
    assert sure["actor"] == claimed and "actor_claimed" not in sure, sure
    other, _ = recorded("audit.searched", number(auditor), *search, sudo="root")
    assert other["actor"] == claimed and other["actor_claimed"] == root, other
    # A name of somebody with a role helps nobody.
    liar, text = recorded("audit.reading-refused", number(nobody), *search, sudo=auditor)
    assert f"does not allow this to {nobody}" in text, text
    assert liar["actor"] not in (root, claimed) and liar["actor_claimed"] == claimed, liar
    # Nor does the log's own account, behind which the kernel sees a person.
    _, text = recorded("audit.reading-refused", number(nobody), "audit", "prune", user=county.audit_user)
    assert f"does not allow this to {nobody}" in text, text

    # On the control socket the kernel tells the account; who is behind root is root's word.
    told, _ = recorded("reference.looked-up", number(auditor), "why", "R-7F3K-Q2", sudo=nobody)
    assert told["actor"] == root and told["actor_claimed"] == claimed, told


def test_refused_operators_are_recorded(county: Torhaus, ground: Workspace):
    person, group = ground.accounts.person, ground.accounts.group
    stranger, operator = person([group("county-audit")]).user, person([group("rb-it")]).user
    before = county.audit.last()
    first = as_user(county, stranger, "sessions")
    reference = re.search(r"reference: (R-\S+)", first)
    assert "may not use this socket" in first and reference, first
    refused = county.audit.wait_for("operator.refused", after=before, reference=reference[1])
    assert refused["reason_code"] == "no-rule" and PSEUDONYM.fullmatch(refused["actor"]), refused
    # As often as somebody likes to knock, it is one record a minute.
    for _ in range(5):
        assert reference[1] in as_user(county, stranger, "sessions")
    text = as_user(county, operator, "status")
    assert "no role allows this to you: status" in text and "why:" in text, text
    other = county.audit.wait_for("operator.refused", after=before, action="status")
    assert other["reference"] in text and other["actor"] != refused["actor"], (other, text)
    assert [entry["action"] for entry in county.audit.events() if entry["event"] == "operator.refused" and entry["seq"] > before] == ["connect", "status"]
    # The county's operators find the reason; one municipality's do not find the county's.
    assert "no-rule" in torhaus(county, NOBODY, "why", reference[1])
    assert "no such reference" in as_user(county, operator, "why", reference[1])
