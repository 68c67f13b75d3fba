# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: rules of access in the system under test, and hours that begin and end when a test wants them to."""

from __future__ import annotations

import os
import signal
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .torhaus import Torhaus

DAYS = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]
BERLIN = ZoneInfo("Europe/Berlin")
# The last stretch of a day is not cut at midnight, or a run of the tests there would see other hours.
DAY = timedelta(days=1)


def now() -> datetime:
    return datetime.now(BERLIN)


def hours(begin: datetime, end: datetime) -> str:
    """Hours of one row, by the clock on the wall; they may run over midnight."""
    assert timedelta(minutes=1) <= end - begin < DAY
    # The first minute of the next day is called 24:00.
    until = "24:00" if f"{end:%H:%M}" == "00:00" else f"{end:%H:%M}"
    return f"{DAYS[begin.weekday()]} {begin:%H:%M}-{until}"


def open_now(minutes_left: float = 60) -> str:
    """Hours that began an hour ago and end in so many minutes; a row knows whole minutes only."""
    end = now() + timedelta(minutes=minutes_left)
    return hours(now() - timedelta(hours=1), end)


def closed_now() -> str:
    """Hours of today that ended an hour ago, or begin in an hour when the day is too young for that."""
    here = now()
    begin = here - timedelta(hours=3) if 3 <= here.hour else here + timedelta(hours=1)
    return hours(begin, begin + timedelta(hours=2))


def put_rows(system: Torhaus, municipality: str, rows: list[dict]) -> None:
    """Writes other rows into a municipality's file; they hold after `reload`."""
    system.access[municipality] = rows
    system.write_municipality(municipality)


def put_guardrails(system: Torhaus, text: str) -> None:
    """Writes the county's guardrails; they hold after `reload`."""
    (system.configuration.parent / "policies" / "county.cedar").write_text(text, encoding="utf-8")


def reload(system: Torhaus, event: str = "configuration.loaded") -> dict:
    """Lets the control plane read its files again and waits until it has recorded what became of that."""
    before = system.audit.last()
    os.kill(system.control.pid, signal.SIGHUP)
    return system.audit.wait_for(event, after=before)
