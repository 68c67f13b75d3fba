# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: a ticket that grows old, a session that falls silent, and one that lasts too long.

The shortest limits that may be configured are a minute. The three wait side by side, in threads, while other
tests run.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from .accounts import Person
from .portal import Portal
from .torhaus import Torhaus
from .tsgu import CLOSE_CHANNEL, Tunnel

LIMIT = 60.0


@dataclass
class Ending:
    """How a session ended: CLOSE_CHANNEL's code, and seconds."""

    code: int | None = None
    seconds_after_last_activity: float = 0
    seconds_after_start: float = 0
    failure: BaseException | None = None


class SlowAffairs:
    def __init__(self, system: Torhaus, person: Person):
        portal = Portal(system.address).signed_in(person)
        self.aged_ticket = portal.ticket("rhoenblick/buero/rb-echo")
        self._issued = time.monotonic()
        self.idle, self.longest = Ending(), Ending()
        self._stop = threading.Event()
        self._threads = [
            self._start(self._fall_silent, self.idle, system, portal.ticket("rhoenblick/ruhe/rb-idle"), "rb-idle.desktops.example"),
            self._start(self._stay_busy, self.longest, system, portal.ticket("rhoenblick/dauer/rb-longest"), "rb-longest.desktops.example"),
        ]

    def _start(self, work, ending: Ending, system: Torhaus, ticket: str, label: str) -> threading.Thread:
        def run() -> None:
            try:
                with Tunnel(system.address, timeout=2 * LIMIT) as tunnel:
                    work(tunnel.establish(ticket, label), ending)
            except BaseException as error:  # noqa: BLE001  handed to the test that asks
                ending.failure = error

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def _fall_silent(self, tunnel: Tunnel, ending: Ending) -> None:
        """Busy for a while, so that the limit must count from the last activity; then only keepalives."""
        start = time.monotonic()
        while time.monotonic() - start < LIMIT / 3 and not self._stop.is_set():
            tunnel.echo(b"busy")
            time.sleep(1)
        last = time.monotonic()
        ending.code = tunnel.wait_for_close()
        ending.seconds_after_last_activity = time.monotonic() - last
        ending.seconds_after_start = time.monotonic() - start

    def _stay_busy(self, tunnel: Tunnel, ending: Ending) -> None:
        start = time.monotonic()
        while not self._stop.is_set():
            tunnel.send_data(b"busy")
            got = tunnel.receive()
            if got.kind == CLOSE_CHANNEL:
                ending.code = int.from_bytes(got.body, "little")
                break
            time.sleep(0.5)
        ending.seconds_after_start = time.monotonic() - start

    def wait_until_the_ticket_is_old(self) -> str:
        time.sleep(max(0.0, LIMIT + 2 - (time.monotonic() - self._issued)))
        return self.aged_ticket

    def wait_for(self, ending: Ending) -> Ending:
        self._threads[0 if ending is self.idle else 1].join(2 * LIMIT)
        if ending.failure is not None:
            raise ending.failure
        return ending

    def close(self) -> None:
        self._stop.set()
