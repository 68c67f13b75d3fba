# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: the fixtures of the end-to-end tests. README.md beside this file says how to run them."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from rig.accounts import Person, left_over_accounts
from rig.browser import Browser
from rig.portal import Portal
from rig.processes import free_port, reap_orphans
from rig.relay import VNC_GREETING, EchoDesktop
from rig.slow import SlowAffairs
from rig.torhaus import DesktopEntry, Pool, Torhaus, install_executables
from rig.workspace import Desktops, Workspace, end_left_over_processes, left_over_processes

LOG_LINES = 40
_state: dict[str, object] = {"ground": None, "failed": False}


def pytest_sessionstart() -> None:
    """One run at a time on a machine: each removes what an earlier one has left, which could be another's accounts."""
    lock = open("/var/tmp/torhaus-e2e.lock", "w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    # Held until this process ends.
    _state["lock"] = lock


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """Shows the end of every log that changed during a failed test."""
    report = (yield).get_result()
    ground = _state["ground"]
    if report.failed:
        _state["failed"] = True
    if report.failed and isinstance(ground, Workspace):
        for log in sorted(ground.folder.rglob("*.log")):
            if not {"profile", "root"} & set(log.parts) and log.stat().st_mtime >= call.start - 1 and log.stat().st_size:
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


# The system under test.


@pytest.fixture(scope="session")
def executables(ground: Workspace) -> Path:
    return install_executables(ground)


@pytest.fixture(scope="session")
def echo():
    """A "desktop" that sends back what it gets."""
    with EchoDesktop() as server:
        yield server


@pytest.fixture(scope="session")
def greeting_echo():
    """The same, but it speaks first, as every VNC server does."""
    with EchoDesktop(VNC_GREETING) as server:
        yield server


@pytest.fixture(scope="session")
def system(ground: Workspace, executables: Path, desktops: Desktops, echo: EchoDesktop, greeting_echo: EchoDesktop):
    """The system as a county would run it: two municipalities, default limits."""
    rhoenblick = [
        DesktopEntry("rb-01", desktops.xrdp.name, rdp=desktops.xrdp.port, account=ground.desktop_user),
        DesktopEntry("rb-02", desktops.shadow.name, rdp=desktops.shadow.port),
        DesktopEntry("rb-echo", "rb-echo.desktops.example", rdp=echo.port, vnc=greeting_echo.port),
        DesktopEntry("rb-dead", "rb-dead.desktops.example", rdp=free_port(), vnc=free_port()),
    ]
    schmalkalden = [DesktopEntry("sm-01", desktops.vnc.name, vnc=desktops.vnc.port)]
    pools = [
        Pool("rhoenblick", "buero", rhoenblick, {"redirections": ["clipboard", "printer"]}),
        Pool("schmalkalden", "verwaltung", schmalkalden),
    ]
    with Torhaus(ground, executables, "system", pools) as started:
        yield started


@pytest.fixture(scope="session")
def hasty(ground: Workspace, executables: Path, echo: EchoDesktop):
    """A system whose limits are as short as they may be, and that takes Basic credentials."""
    entries = [DesktopEntry(f"rb-{kind}", f"rb-{kind}.desktops.example", rdp=echo.port) for kind in ("echo", "idle", "longest")]
    pools = [
        Pool("rhoenblick", "buero", entries[:1]),
        Pool("rhoenblick", "ruhe", entries[1:2], {"idle": "1m"}),
        Pool("rhoenblick", "dauer", entries[2:], {"longest": "1m"}),
    ]
    gate_settings = {"request_head_seconds": 3, "handshake_seconds": 3, "tunnel_seconds": 5, "connect_seconds": 3}
    sections = {"sessions": {"ticket_minutes": 1, "reconnect_grace": "4s"}, "gate": {"basic": True, "half_open_per_address": 50}}
    with Torhaus(ground, executables, "hasty", pools, gate_settings, **sections) as started:
        yield started


@pytest.fixture(scope="session")
def slow_affairs(ground: Workspace, hasty: Torhaus):
    """What needs a minute or two by itself, begun as early as possible; tests that want it come last."""
    affairs = SlowAffairs(hasty, ground.accounts.person([ground.accounts.group("rhoenblick")]))
    yield affairs
    affairs.close()


@pytest.fixture(scope="session", autouse=True)
def _begin_slow_affairs(request: pytest.FixtureRequest) -> None:
    if any("slow_affairs" in item.fixturenames for item in request.session.items):
        try:
            request.getfixturevalue("slow_affairs")
        except Exception:  # noqa: BLE001  the tests that want it fail with this; the others need not
            pass


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The rig proves itself first; what has to wait comes last."""
    items.sort(key=lambda item: ("test_rig" not in item.nodeid, "slow_affairs" in item.fixturenames))


@pytest.fixture
def erika(ground: Workspace) -> Person:
    """Somebody of Rhönblick who has not signed in yet."""
    return ground.accounts.person([ground.accounts.group("rhoenblick")])


@pytest.fixture
def jonas(ground: Workspace) -> Person:
    """Somebody of Schmalkalden who has not signed in yet."""
    return ground.accounts.person([ground.accounts.group("schmalkalden")], "Jonas Beispiel")


@pytest.fixture
def portal(system: Torhaus, erika: Person) -> Portal:
    """Erika, signed in."""
    return Portal(system.address).signed_in(erika)


@pytest.fixture
def browser(ground: Workspace):
    with Browser(ground.place("browser"), ground.authority.pem) as started:
        yield started


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Nothing may be left: no process, no account, no file."""
    ground = _state["ground"]
    if not isinstance(ground, Workspace):
        return
    reap_orphans(set())
    left = left_over_processes() + left_over_accounts()
    if ground.folder.exists() and not _state["failed"]:
        left.append(str(ground.folder))
    if left:
        print("\nthe end-to-end tests left behind:\n  " + "\n  ".join(left))
        end_left_over_processes()
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
