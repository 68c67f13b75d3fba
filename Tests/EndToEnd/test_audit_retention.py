# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: records go when their days in torhaus.yaml are over, and what is left still verifies."""

from __future__ import annotations

import os
import re
import signal

import pytest

from rig.auditlog import Producer
from rig.processes import wait_until
from rig.relay import EchoDesktop
from rig.torhaus import DesktopEntry, Pool, Torhaus
from rig.workspace import Workspace

DAY = 86_400
# More than a segment of the journal (32 MiB): what it may have to rebuild cannot be erased.
RECORDS, PAD = 2200, 18_000


@pytest.fixture
def keeping(ground: Workspace, executables, echo: EchoDesktop):
    pools = [Pool("rhoenblick", "buero", [DesktopEntry("rb-echo", "rb-echo.desktops.example", rdp=echo.port)])]
    audit = {"retention": {"access": "36d", "security": "36d"}, "mirror_to_journal": False}
    with Torhaus(ground, executables, "keeps", pools, audit=audit) as started:
        yield started


def old_record(number: int) -> bytes:
    text = '"event_code":"GW1009I","event":"sign-in.ended","category":"sign-in","outcome":"success","severity":"info",'
    return (text + f'"retention":"access","web_session":"{number}-{"x" * PAD}","salt":"{number:032x}"}}').encode()


def set_days(system: Torhaus, key: str, days: str) -> None:
    text = system.configuration.read_text(encoding="utf-8")
    changed, count = re.subn(rf'("?{key}"?: )"?\d+d"?', rf'\g<1>"{days}"', text)
    assert count == 1, text
    system.configuration.write_text(changed, encoding="utf-8")


def test_what_is_over_goes_by_the_days_of_the_file(keeping: Torhaus):
    kept = "access 36d, security 36d, operation 365d, accountability 1095d"
    assert keeping.audit.wait_for("audit.opened")["retention_days"] == kept
    assert keeping.audit.wait_for("configuration.loaded")["retention_days"] == kept
    assert kept in keeping.operator("check")

    producer = Producer(keeping.audit.socket)
    for start in range(0, RECORDS, 100):
        producer.append_all([old_record(number) for number in range(start, start + 100)], age=40 * DAY)
    producer.close()

    # Longer: nothing is over, and the change is on record.
    before = keeping.audit.last()
    set_days(keeping, "access", "41d")
    os.kill(keeping.control.pid, signal.SIGHUP)
    changed = keeping.audit.wait_for("configuration.loaded", after=before)
    assert changed["retention_days"].startswith("access 41d, security 36d"), changed
    wait_until("a segment is settled", lambda: "bundles below" in dry_run_with(keeping, "36d"), 30, every=1)
    assert "nothing is over" in dry_run_with(keeping, "41d")

    # A mistake stops it before anything goes.
    set_days(keeping, "access", "6d")
    assert "expected 7d to 180d" in keeping.operator("check", check=False)
    assert "the configuration has mistakes" in keeping.operator("audit", "prune", check=False)

    set_days(keeping, "access", "36d")
    said = keeping.operator("audit", "prune")
    assert "bundles erased" in said, said
    pruned = keeping.audit.wait_for("audit.pruned", after=before)
    assert pruned["retention_days"] == kept and pruned["next_index"] >= 256, pruned
    assert not keeping.audit.log.joinpath("tile", "entries", "000").exists()
    keeping.verify()


def test_the_log_takes_new_days_while_it_runs(keeping: Torhaus):
    def reload(render: bool = True) -> None:
        if render:
            keeping.audit_file = keeping.render("audit", {})
        os.kill(keeping.auditd.pid, signal.SIGHUP)

    pid, before = keeping.auditd.pid, keeping.audit.last()
    set_days(keeping, "access", "50d")
    reload()
    changed = keeping.audit.wait_for("configuration.loaded", after=before)
    assert changed["retention_days"] == "access 50d, security 36d, operation 365d, accountability 1095d", changed
    assert changed["origin"].startswith("audit.example/") and "policy_version" not in changed, changed

    # A mistake changes nothing and is on record; the next reload finds the days in force.
    before = keeping.audit.last()
    good = keeping.audit_file.read_text(encoding="utf-8")
    keeping.audit_file.write_text(good.replace("retain_access_days = 50", "retain_access_days = 6"), encoding="utf-8")
    reload(render=False)
    rejected = keeping.audit.wait_for("configuration.rejected", after=before)
    assert rejected["target"] == "torhaus-auditd settings" and "retain_access_days" in rejected["detail"], rejected
    before = keeping.audit.last()
    keeping.audit_file.write_text(good, encoding="utf-8")
    reload(render=False)
    wait_until("nothing has changed", lambda: "retention=unchanged" in keeping.auditd.output(), 10)

    # Whatever else changed waits, and says so.
    set_days(keeping, "access", "51d")
    keeping.render("audit", {"heartbeat_seconds": 77})
    reload(render=False)
    assert keeping.audit.wait_for("configuration.loaded", after=before)["retention_days"].startswith("access 51d, ")
    assert "restart-needed" in keeping.auditd.output()
    assert keeping.auditd.running and keeping.auditd.pid == pid
    keeping.verify()


def dry_run_with(system: Torhaus, days: str) -> str:
    set_days(system, "access", days)
    return system.operator("audit", "prune", "--dry-run")
