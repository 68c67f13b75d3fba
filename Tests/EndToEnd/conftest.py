# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: the fixtures of the end-to-end tests. README.md beside this file says how to run them."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from rig import workspace as ground_module
from rig.accounts import PREFIX
from rig.processes import reap_orphans
from rig.workspace import Desktops, Workspace, left_over_processes

LOG_LINES = 40
_state: dict[str, object] = {"ground": None, "failed": False}


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """Shows the end of every log that changed during a failed test."""
    report = (yield).get_result()
    ground = _state["ground"]
    if report.failed:
        _state["failed"] = True
    if report.failed and isinstance(ground, Workspace):
        for log in sorted(ground.folder.rglob("*.log")):
            if "profile" not in log.parts and log.stat().st_mtime >= call.start - 1 and log.stat().st_size:
                lines = log.read_text(errors="replace").splitlines()[-LOG_LINES:]
                report.sections.append((str(log.relative_to(ground.folder)), "\n".join(lines)))


@pytest.fixture(scope="session")
def ground():
    """The private directory, the accounts, the authority."""
    made = Workspace.make()
    _state["ground"] = made
    yield made
    made.remove(keep_files=bool(_state["failed"]) and bool(os.environ.get("TORHAUS_E2E_KEEP")))


@pytest.fixture(scope="session")
def desktops(ground: Workspace):
    """xrdp, freerdp-shadow and TigerVNC."""
    started = Desktops.start(ground)
    yield started
    started.stop()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Nothing may be left: no process, no account, no file."""
    ground = _state["ground"]
    if not isinstance(ground, Workspace):
        return
    reap_orphans(set())
    left = left_over_processes() + [entry.pw_name for entry in pwd.getpwall() if entry.pw_name.startswith(PREFIX)]
    if ground.folder.exists() and not _state["failed"]:
        left.append(str(ground.folder))
    if left:
        print("\nthe end-to-end tests left behind:\n  " + "\n  ".join(left))
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
