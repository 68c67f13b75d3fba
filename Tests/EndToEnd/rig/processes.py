# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: processes of the rig, started in groups of their own and stopped by process id.

The test run makes itself the "subreaper" of everything it starts: a process whose parent died comes back to
us instead of going to process 1, so that nothing can be lost and nothing stays behind as a zombie.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
GRACE_SECONDS = 3.0


class RigFailure(AssertionError):
    """Something that the rig itself needs did not happen; the message says what to do about it."""


def become_subreaper() -> None:
    """Makes this process the parent of every orphan among its descendants."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise RigFailure(f"prctl(PR_SET_CHILD_SUBREAPER): {os.strerror(ctypes.get_errno())}")


def wait_until(what: str, condition: Callable[[], object], seconds: float = 10.0, every: float = 0.05):
    """The condition's first true value; fails with `what` when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise RigFailure(f"not within {seconds:g} s: {what}")
        time.sleep(every)


def state_of(pid: int) -> str | None:
    """The state letter of a process, or None when there is none of that id."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()[0]


def is_alive(pid: int) -> bool:
    """True while the process runs; a zombie does not count, whatever `kill -0` says."""
    return state_of(pid) not in (None, "Z", "X")


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except (FileNotFoundError, ProcessLookupError):
        return "(gone)"


def children_of(pid: int) -> list[int]:
    """The direct children of a process that are alive."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid and fields[0] not in "ZX":
            found.append(int(entry.name))
    return sorted(found)


def descendants_of(pid: int) -> list[int]:
    """Everything below a process, parents before children."""
    found = []
    for child in children_of(pid):
        found.append(child)
        found.extend(descendants_of(child))
    return found


def reap_orphans(known: set[int]) -> None:
    """Collects the exit of adopted processes, and leaves those that a `Daemon` waits for itself."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) in known:
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] == "Z" and int(fields[1]) == os.getpid():
            try:
                os.waitpid(int(entry.name), os.WNOHANG)
            except ChildProcessError:
                pass


class Daemon:
    """One started program: its process group, its log, its end."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        log: Path,
        environment: dict[str, str] | None = None,
        user: str | None = None,
        stdin: int | None = subprocess.DEVNULL,
        directory: Path | None = None,
        pass_fds: Sequence[int] = (),
    ):
        self.name = name
        self.log = log
        arguments = [str(part) for part in command]
        if user is not None:
            arguments = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--", *arguments]
        with open(log, "ab") as out:
            self.process = subprocess.Popen(
                arguments,
                stdin=stdin,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                cwd=directory or "/",
                pass_fds=pass_fds,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    @property
    def exit_code(self) -> int | None:
        return self.process.poll()

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def tail(self, lines: int = 25) -> str:
        return "\n".join(self.output().splitlines()[-lines:])

    def require_running(self) -> None:
        if not self.running:
            raise RigFailure(f"{self.name} ended with {self.exit_code}; its last words:\n{self.tail()}")

    def wait_for_port(self, port: int, host: str = "127.0.0.1", seconds: float = 15.0) -> None:
        """Returns when the program accepts connections; fails at once when it ended instead."""

        def answers() -> bool:
            self.require_running()
            try:
                socket.create_connection((host, port), timeout=1).close()
            except OSError:
                return False
            return True

        wait_until(f"{self.name} accepts connections on {host}:{port}", answers, seconds)

    def wait_for_exit(self, seconds: float = 10.0) -> int:
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise RigFailure(f"{self.name} did not end within {seconds:g} s:\n{self.tail()}") from error

    def kill(self) -> None:
        """SIGKILL to the program itself, as a crash would be; its children stay."""
        if self.running:
            self.process.kill()
            self.process.wait(GRACE_SECONDS)

    def stop(self) -> int | None:
        """SIGTERM to everything it started, then SIGKILL to what is left after the grace."""
        family = [*descendants_of(self.pid), self.pid] if self.running else []
        for sign in (signal.SIGTERM, signal.SIGKILL):
            for pid in family:
                if is_alive(pid):
                    try:
                        os.kill(pid, sign)
                    except ProcessLookupError:
                        pass
            deadline = time.monotonic() + GRACE_SECONDS
            while time.monotonic() < deadline and any(is_alive(pid) for pid in family):
                self.process.poll()
                reap_orphans({self.pid})
                time.sleep(0.02)
            if not any(is_alive(pid) for pid in family):
                break
        if family:
            self.process.wait(GRACE_SECONDS)
        return self.process.returncode

    def __enter__(self) -> "Daemon":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def run(*command: str | Path, stdin: str | bytes | None = None, timeout: float = 60, check: bool = True) -> str:
    """Runs a short command to its end and gives back what it printed."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    try:
        done = subprocess.run(
            [str(part) for part in command],
            input=data,
            stdin=None if data is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
        )
    except FileNotFoundError as error:
        raise RigFailure(f"{command[0]} is not installed; Scripts/install-packages.sh installs it") from error
    text = done.stdout.decode(errors="replace")
    if check and done.returncode != 0:
        raise RigFailure(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{text}")
    return text


_handed_out: set[int] = set()


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port that nothing uses now and that this run has not given out before."""
    while True:
        with socket.socket() as probe:
            probe.bind((host, 0))
            port = probe.getsockname()[1]
        if port not in _handed_out:
            _handed_out.add(port)
            return port
