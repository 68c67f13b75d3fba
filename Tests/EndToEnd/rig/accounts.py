# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: real local accounts and groups for PAM and NSS, made for one run and removed after it.

All names begin with `thx`, the number of the run's process, and a hyphen; what a killed run left behind is
removed by the next one.
"""

from __future__ import annotations

import base64
import grp
import os
import pwd
import re
import secrets
import signal
import string
import time
from dataclasses import dataclass
from pathlib import Path

from .processes import RigFailure, is_alive, run, wait_until

PREFIX = f"thx{os.getpid()}-"
OURS = re.compile(r"thx(\d+)-")
# Somebody else may change /etc/passwd at the same moment.
LOCK_TRIES = 20


def change(*command: str, stdin: str | None = None, check: bool = True) -> None:
    """Runs one of the account tools; tries again while another holds their lock."""
    for _ in range(LOCK_TRIES):
        try:
            run(*command, stdin=stdin, check=check)
            return
        except RigFailure as error:
            if "lock" not in str(error):
                raise
            time.sleep(0.25)
    run(*command, stdin=stdin, check=check)


def is_stale(name: str) -> bool:
    """True for an account of a run that is over."""
    found = OURS.match(name)
    return found is not None and not is_alive(int(found[1]))


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in; `secret` is the TOTP key in hexadecimal."""

    user: str
    password: str
    secret: str

    def code(self, offset_seconds: int = 0) -> str:
        """The one-time code of now, from oathtool: an implementation that is not ours."""
        when = f"--now=now {offset_seconds:+d} seconds" if offset_seconds else "--now=now"
        return run("oathtool", "--totp", "--digits=6", when, self.secret).strip()

    @property
    def base32(self) -> str:
        return base64.b32encode(bytes.fromhex(self.secret)).decode().rstrip("=")


class Accounts:
    """The accounts of one run; `users_file` is what pam_oath reads and rewrites."""

    def __init__(self, users_file: Path):
        self.users_file = users_file
        self._serial = 0
        self.remove_all()
        users_file.touch(0o600)

    def group(self, name: str) -> str:
        full = PREFIX + name
        change("groupadd", "--force", full)
        return full

    def service(self, name: str, groups: list[str] = []) -> str:
        """A system account for a daemon, without a password or a shell."""
        full = PREFIX + name
        if full in [entry.pw_name for entry in pwd.getpwall()]:
            return full
        change("useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin",
            "--user-group", *(["--groups", ",".join(groups)] if groups else []), full)  # fmt: skip
        return full

    def desktop_user(self, name: str, password: str) -> str:
        """An account with a home and a shell, to log on to a desktop."""
        full = PREFIX + name
        change("useradd", "--create-home", "--shell", "/bin/bash", "--user-group", full)
        change("chpasswd", stdin=f"{full}:{password}\n")
        return full

    def person(self, groups: list[str], full_name: str = "Erika Mustermann", expired: bool = False) -> Person:
        """A new person with a password and a one-time-code secret; every call gives another one."""
        self._serial += 1
        alphabet = string.ascii_letters + string.digits
        made = Person(
            user=f"{PREFIX}p{self._serial:03}",
            password="".join(secrets.choice(alphabet) for _ in range(16)) + "Ä-7",
            secret=secrets.token_hex(20),
        )
        change("useradd", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin",
            "--comment", full_name, "--groups", ",".join(groups), "--user-group", made.user)  # fmt: skip
        change("chpasswd", stdin=f"{made.user}:{made.password}\n")
        if expired:
            change("chage", "--lastday", "0", made.user)
        with open(self.users_file, "a") as file:
            file.write(f"HOTP/T30/6\t{made.user}\t-\t{made.secret}\n")
        return made

    def remove_all(self) -> None:
        """Removes every account, group and process of ours, and those of runs that were killed."""

        def goes(name: str) -> bool:
            return name.startswith(PREFIX) or is_stale(name)

        for name in [entry.pw_name for entry in pwd.getpwall() if goes(entry.pw_name)]:
            end_processes_of(pwd.getpwnam(name).pw_uid)
            change("userdel", "--force", "--remove", name, check=False)
        for name in [entry.gr_name for entry in grp.getgrall() if goes(entry.gr_name)]:
            change("groupdel", name, check=False)


def left_over_accounts() -> list[str]:
    """Accounts and groups of this run."""
    return [e.pw_name for e in pwd.getpwall() if e.pw_name.startswith(PREFIX)] + [
        e.gr_name for e in grp.getgrall() if e.gr_name.startswith(PREFIX)
    ]


def end_processes_of(uid: int) -> None:
    """Ends what still runs under an account of ours."""

    def running() -> list[int]:
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and entry.stat().st_uid == uid and is_alive(int(entry.name)):
                    found.append(int(entry.name))
            except FileNotFoundError:
                continue
        return found

    # An X server that is asked politely takes its lock file with it.
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for pid in running():
            try:
                os.kill(pid, sign)
            except ProcessLookupError:
                pass
        deadline = time.monotonic() + 2
        while running() and time.monotonic() < deadline:
            time.sleep(0.05)
    wait_until(f"the processes of uid {uid} are gone", lambda: not running(), 5)
    for left in [*Path("/tmp").glob(".X*-lock"), *Path("/tmp/.X11-unix").glob("X*")]:
        try:
            if left.lstat().st_uid == uid:
                left.unlink()
        except FileNotFoundError:
            continue
