# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: real local accounts and groups for PAM and NSS, made for one run and removed after it.

All names begin with `thx-`; accounts that an earlier, killed run left behind are removed first.
"""

from __future__ import annotations

import base64
import grp
import os
import pwd
import secrets
import signal
import string
from dataclasses import dataclass
from pathlib import Path

from .processes import is_alive, run, wait_until

PREFIX = "thx-"


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
        run("groupadd", "--force", full)
        return full

    def service(self, name: str, groups: list[str] = []) -> str:
        """A system account for a daemon, without a password or a shell."""
        full = PREFIX + name
        run("useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin",
            "--user-group", *(["--groups", ",".join(groups)] if groups else []), full)  # fmt: skip
        return full

    def desktop_user(self, name: str, password: str) -> str:
        """An account with a home and a shell, to log on to a desktop."""
        full = PREFIX + name
        run("useradd", "--create-home", "--shell", "/bin/bash", "--user-group", full)
        run("chpasswd", stdin=f"{full}:{password}\n")
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
        run("useradd", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin",
            "--comment", full_name, "--groups", ",".join(groups), "--user-group", made.user)  # fmt: skip
        run("chpasswd", stdin=f"{made.user}:{made.password}\n")
        if expired:
            run("chage", "--lastday", "0", made.user)
        with open(self.users_file, "a") as file:
            file.write(f"HOTP/T30/6\t{made.user}\t-\t{made.secret}\n")
        return made

    def remove_all(self) -> None:
        """Removes every account, group and process of ours; also those of a run that was killed."""
        names = [entry.pw_name for entry in pwd.getpwall() if entry.pw_name.startswith(PREFIX)]
        for name in names:
            end_processes_of(pwd.getpwnam(name).pw_uid)
            run("userdel", "--force", "--remove", name, check=False)
        for entry in grp.getgrall():
            if entry.gr_name.startswith(PREFIX):
                run("groupdel", entry.gr_name, check=False)

    def left_over(self) -> list[str]:
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

    for pid in running():
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    wait_until(f"the processes of uid {uid} are gone", lambda: not running(), 5)
