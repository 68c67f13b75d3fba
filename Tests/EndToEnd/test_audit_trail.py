# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: what the running system records, what happens when it cannot, and who can read a name."""

from __future__ import annotations

import re
import time

import pytest

from rig.accounts import Person
from rig.auditlog import Producer, record
from rig.auditlog import Refused as NotRecorded
from rig.line import LineClosed
from rig.portal import Portal
from rig.processes import run, wait_until
from rig.records import PSEUDONYM
from rig.relay import EchoDesktop
from rig.torhaus import DesktopEntry, Pool, Torhaus
from rig.tsgu import Refused, Tunnel
from rig.workspace import Workspace

ECHO = "rhoenblick/buero/rb-echo"
LABEL = "rb-echo.desktops.example"
OUT_OF_ORDER = "Der Fernzugang ist im Moment gestört."
CASE = ["--purpose", "Prüfung", "--case", "T-1"]


@pytest.fixture
def small(ground: Workspace, executables, echo: EchoDesktop):
    """A system of one desktop whose log a test may treat as it likes."""
    pools = [Pool("rhoenblick", "buero", [DesktopEntry("rb-echo", LABEL, rdp=echo.port)])]
    with Torhaus(ground, executables, "small", pools) as started:
        yield started


# The log is away.


def test_without_the_log_nobody_gets_in_and_sessions_go_on(small: Torhaus, ground: Workspace, erika: Person):
    portal = Portal(small.address).signed_in(erika)
    ticket, spare = portal.ticket(ECHO), portal.ticket(ECHO)
    other = ground.accounts.person([ground.accounts.group("rhoenblick")])
    with Tunnel(small.address) as tunnel:
        tunnel.establish(ticket, LABEL).echo(b"before")
        before = small.audit.last()
        small.auditd.kill()
        tunnel.echo(b"without a log")
        wait_until("/health says no", lambda: small.health() == 503, 10)
        assert "AWAY" in small.operator("status", check=False)

        refused = Portal(small.address).sign_in(other)
        assert OUT_OF_ORDER in refused.page.texts["error"], refused.text[:2000]
        reference = refused.page.texts["reference"].strip()
        assert reference
        assert Portal(small.address).get("/desktops").status == 303
        assert portal.open(ECHO, "client").status in (403, 503), "a ticket was issued without a record"
        with Tunnel(small.address) as second, pytest.raises((Refused, LineClosed)):
            second.establish(spare, LABEL)
        tunnel.echo(b"still")
    # The end has been told to the control plane, which keeps it on its own disk.
    wait_until("the end waits in the spool", lambda: (small.state / "audit.spool").stat().st_size > 0, 10)

    small.start_auditd()
    end = small.audit.wait_for("session.interrupted", after=before, seconds=20)
    assert end["bytes_to_desktop"] == len(b"before" + b"without a log" + b"still"), end
    small.audit.wait_for("audit.delivered-late", after=before, seconds=10)
    # Who was refused meanwhile is known as well, under the reference that the person read.
    told = small.audit.wait_for("sign-in.refused", after=before, seconds=10)
    assert told["reference"] in reference and told["reason_code"] == "unavailable", (told, reference)
    assert PSEUDONYM.fullmatch(told["actor"]) and told["municipality"] == "rhoenblick", told
    for event in ("ticket.refused", "session.refused"):
        small.audit.wait_for(event, after=before, seconds=10, reason_code="unavailable")
    wait_until("/health says ok again", lambda: small.health() == 200, 20)
    assert (small.state / "audit.spool").stat().st_size == 0
    # A one-time code works once, so somebody else.
    third = ground.accounts.person([ground.accounts.group("rhoenblick")])
    Portal(small.address).signed_in(third).ticket(ECHO)
    assert "verified" in small.verify()


def test_ends_survive_a_control_plane_that_ends_too(small: Torhaus, erika: Person):
    """First the log goes, then the session, then the control plane: the end is recorded all the same."""
    portal = Portal(small.address).signed_in(erika)
    with Tunnel(small.address) as tunnel:
        tunnel.establish(portal.ticket(ECHO), LABEL).echo(b"x")
        session = small.audit.wait_for("session.connected")["session_id"]
        before = small.audit.last()
        small.auditd.kill()
    wait_until("the end waits in the spool", lambda: (small.state / "audit.spool").stat().st_size > 0, 10)
    small.control.kill()
    # It comes up although nothing can be recorded: somebody must tell people why they cannot sign in.
    small.start_control()
    wait_until("/health answers", lambda: small.health() == 503, 20)
    small.start_auditd()
    small.audit.wait_for("session.interrupted", after=before, session_id=session, seconds=20)
    small.audit.wait_for("daemon.started", after=before)


def test_a_municipality_may_decide_not_to_wait(ground: Workspace, executables, echo: EchoDesktop, erika: Person, jonas: Person):
    entries = {"rhoenblick": DesktopEntry("rb-echo", LABEL, rdp=echo.port), "schmalkalden": DesktopEntry("sm-echo", "sm-echo.desktops.example", rdp=echo.port)}
    pools = [Pool(name, "buero", [entry]) for name, entry in entries.items()]
    with Torhaus(ground, executables, "unaudited", pools, unaudited=["rhoenblick"]) as system:
        before = system.audit.last()
        system.auditd.kill()
        wait_until("/health says no", lambda: system.health() == 503, 10)
        portal = Portal(system.address).signed_in(erika)
        with Tunnel(system.address) as tunnel:
            tunnel.establish(portal.ticket(ECHO), LABEL).echo(b"x")
            assert OUT_OF_ORDER in Portal(system.address).sign_in(jonas).page.texts["error"]
            system.start_auditd()
            opened = system.audit.wait_for("session.opened", after=before, seconds=20)
            assert opened["municipality"] == "rhoenblick" and PSEUDONYM.fullmatch(opened["actor"])


def test_no_session_without_a_record(ground: Workspace, executables, echo: EchoDesktop, erika: Person):
    """The disk of the audit log is full: nobody gets in. There is room again: it goes on by itself."""
    pools = [Pool("rhoenblick", "buero", [DesktopEntry("rb-echo", LABEL, rdp=echo.port)])]
    system = Torhaus(ground, executables, "full-disk", pools)
    # A disk of memory that holds a segment of the journal and little more, mounted where the log goes.
    run("mount", "-t", "tmpfs", "-o", "size=160m,mode=0750", "tmpfs", system.audit_directory)
    try:
        run("chown", f"{system.audit_user}:{system.group}", system.audit_directory)
        with system:
            portal = Portal(system.address).signed_in(erika)
            ticket, spare = portal.ticket(ECHO), portal.ticket(ECHO)
            filler = system.audit_directory / "filler"
            fill(filler)
            use_up_journal(system)
            wait_until("/health says no", lambda: system.health() == 503, 10)
            with Tunnel(system.address) as tunnel, pytest.raises((Refused, LineClosed)):
                tunnel.establish(ticket, LABEL)
            other = ground.accounts.person([ground.accounts.group("rhoenblick")])
            assert OUT_OF_ORDER in Portal(system.address).sign_in(other).page.texts["error"]
            filler.unlink()
            wait_until("/health says ok again", lambda: system.health() == 200, 30)
            with Tunnel(system.address) as tunnel:
                tunnel.establish(spare, LABEL).echo(b"x")
            last = system.audit.last()
            wait_until("all is published", lambda: system.audit.published() > last, 10)
            assert [entry["seq"] for entry in system.audit.events()] == list(range(system.audit.published()))
    finally:
        system.stop()
        run("umount", "--lazy", system.audit_directory)


def fill(path) -> None:
    with open(path, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65_536)
        except OSError:
            pass


def use_up_journal(system: Torhaus) -> None:
    """The journal has its room reserved: large records use it up, small ones the rest."""
    producer = Producer(system.audit.socket)
    for size in (30_000, 3000, 10):
        with pytest.raises(NotRecorded):
            for number in range(6000):
                producer.append(record(number, size))
    producer.close()


# What is in it.


def test_one_correlation_leads_from_the_first_byte_to_the_end(system: Torhaus, portal: Portal):
    before = system.audit.last()
    with Tunnel(system.address) as tunnel:
        tunnel.establish(portal.ticket(ECHO), LABEL).echo(b"x")
        session = system.audit.wait_for("session.opened", after=before)["session_id"]
        system.audit.wait_for("session.connected", after=before, session_id=session)
        system.operator("terminate", session)
        tunnel.wait_for_close()
    system.audit.wait_for("session.ended", after=before, session_id=session)
    story = [entry for entry in system.audit.events() if entry.get("session_id") == session]
    assert {"session.opened", "session.connected", "operator.action", "session.ended"} <= {entry["event"] for entry in story}
    assert len({entry.get("correlation_id") for entry in story}) == 1, story
    without = [
        entry for entry in system.audit.events()
        if "correlation_id" not in entry and entry.get("actor_kind") == "person" and entry["event"] != "sign-out"
    ]  # fmt: skip
    assert without == [], "records of people without a connection"


def test_every_record_of_a_person_has_a_pseudonym_and_a_salt(system: Torhaus, portal: Portal, erika: Person):
    portal.ticket(ECHO)
    last = system.audit.last()
    wait_until("all is published", lambda: system.audit.published() > last, 10)
    events = system.audit.events()
    named = [entry for entry in events if "actor" in entry]
    assert named and all(PSEUDONYM.fullmatch(entry["actor"]) for entry in named), [entry["actor"] for entry in named]
    assert all(re.fullmatch("[0-9a-f]{32}", entry["salt"]) for entry in events)
    assert len({entry["salt"] for entry in events}) == len(events)
    assert erika.user not in system.audit.text()
    for file in system.audit_directory.rglob("*"):
        assert not file.is_file() or erika.user.encode() not in file.read_bytes(), file
    # The names lie where neither the control plane nor a reader of the log gets at them.
    for name in ("names.sqlite", "keys"):
        denied = run(
            "setpriv", f"--reuid={system.control_user}", f"--regid={system.control_user}", "--init-groups", "--",
            "ls", system.names / name, check=False,
        )  # fmt: skip
        assert "Permission denied" in denied, denied


def test_two_people_of_two_roles_open_a_name_and_one_does_not(system: Torhaus, ground: Workspace, erika: Person):
    before = system.audit.last()
    Portal(system.address).signed_in(erika)
    pseudonym = system.audit.wait_for("sign-in.succeeded", after=before)["actor"]
    keys = ground.holders.keys
    asked = system.operator("audit", "reveal", "request", pseudonym, *CASE)
    request = re.search(r"\bA-[0-9a-f]{8}\b", asked)
    assert request, asked
    first = system.operator("audit", "reveal", "approve", request[0], "--key", f"dpo:{keys['dpo']}")
    again = system.operator("audit", "reveal", "approve", request[0], "--key", f"dpo:{keys['dpo']}", check=False)
    assert erika.user not in first and erika.user not in again
    second = system.operator("audit", "reveal", "approve", request[0], "--key", f"council:{keys['council']}")
    assert erika.user in second, second
    system.audit.wait_for("reveal.done", after=before)
    told = [entry["event"] for entry in system.audit.events() if entry["seq"] > before]
    assert told.count("reveal.approved") == 2 and {"reveal.requested", "reveal.done"} <= set(told), told


def test_secrets_reach_no_file(small: Torhaus, ground: Workspace, erika: Person):
    """What a person types and what a client shows is in no log, no journal, no database, and no name in the clear."""
    code = erika.code()
    portal = Portal(small.address)
    assert portal.sign_in(erika, code=code).status == 303
    ticket = portal.ticket(ECHO)
    cookie = portal.cookies["__Host-torhaus"]
    Portal(small.address).sign_in(Person("thx-nobody", "marker-wrong-password", "00" * 20), code="918273")
    before = small.audit.last()
    with Tunnel(small.address) as tunnel:
        tunnel.establish(ticket, LABEL).echo(b"marker-of-content")
    small.audit.wait_for("session.interrupted", after=before)
    # Also what is written while the log is away.
    small.auditd.kill()
    Portal(small.address).sign_in(erika, password="marker-wrong-password")
    small.stop()
    secrets = {
        "password": erika.password, "wrong password": "marker-wrong-password", "ticket": ticket, "cookie": cookie,
        "content": "marker-of-content", "one-time key": erika.secret,
    }  # fmt: skip
    files = [file for file in small.folder.rglob("*") if file.is_file() and "bin" not in file.parts]
    assert len(files) > 20
    for file in files:
        data = file.read_bytes()
        for name, secret in secrets.items():
            assert secret.encode() not in data, f"the {name} is in {file}"
    text = small.audit.text() + "".join(file.read_text(errors="replace") for file in small.folder.rglob("*.log"))
    assert not re.search(rf"(?<![0-9a-f]){code}(?![0-9a-f])", text), "the one-time code was written down"


# What a reader finds.


def test_search_show_and_export_answer_and_are_recorded(system: Torhaus, portal: Portal):
    before = system.audit.last()
    with Tunnel(system.address) as tunnel:
        tunnel.establish(portal.ticket(ECHO), LABEL).echo(b"x")
    ended = system.audit.wait_for("session.interrupted", after=before)
    session = ended["session_id"]
    assert session in system.operator("audit", "search", "--session", session, "--json", *CASE)
    story = system.operator("audit", "show", session, *CASE)
    assert "session.opened" in story and "session.interrupted" in story, story
    assert session in system.operator("audit", "export", "--session", session, "--format", "ocsf", *CASE)
    read = system.audit.wait_for("audit.searched", after=before)
    assert read["purpose"] == "Prüfung" and read["case_number"] == "T-1" and PSEUDONYM.fullmatch(read["actor"]), read
    system.audit.wait_for("audit.exported", after=before)


def test_a_changed_byte_is_found(small: Torhaus, erika: Person):
    Portal(small.address).signed_in(erika).ticket(ECHO)
    last = small.audit.last()
    wait_until("all is published", lambda: small.audit.published() > last, 10)
    small.stop()
    assert "verified" in small.verify()
    bundle = small.audit.bundle(0, small.audit.published())
    data = bytearray(bundle.read_bytes())
    at = data.index(b"sign-in.succeeded")
    data[at : at + 7] = b"sign-up"
    bundle.write_bytes(data)
    small.is_harmed = True
    found = small.verify(check=False)
    assert "error" in found, found
