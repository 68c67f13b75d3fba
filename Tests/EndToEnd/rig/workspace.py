# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: the ground a test run stands on: one private directory, the accounts, the authority, the desktops."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .accounts import Accounts
from .certificates import Authority, Certificate
from .desktops import Desktop, start_shadow, start_vnc, start_xrdp
from .processes import RigFailure, become_subreaper, command_of, descendants_of, is_alive
from .records import Holders

DESKTOP_PASSWORD = "Desk-Pass-1"
TOOLS = [
    "xfreerdp", "freerdp-shadow-cli", "xrdp", "xrdp-sesman", "Xvfb", "Xtigervnc", "xterm", "xwd", "xdotool",
    "convert-im6.q16", "chromium", "chromedriver", "certutil", "openssl", "oathtool", "sslscan", "setpriv",
    "unshare", "useradd", "chpasswd", "chage", "mount", "stdbuf",
]  # fmt: skip
FILES = ["/usr/share/novnc/core/rfb.js", "/usr/lib/x86_64-linux-gnu/security/pam_oath.so", "/usr/lib/xorg/modules/libxorgxrdp.so"]


def require_tools() -> None:
    """A missing tool is a failure with its name, never a test that is quietly left out."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    missing += [path for path in FILES if not Path(path).exists() and not Path(path.replace("/usr", "", 1)).exists()]
    if missing:
        raise RigFailure(f"not installed: {', '.join(missing)}; Scripts/install-packages.sh installs them")
    if os.getuid() != 0:
        raise RigFailure("the end-to-end tests make accounts and change users: run them as root")


@dataclass
class Workspace:
    """One run's ground."""

    folder: Path
    accounts: Accounts
    authority: Authority
    localhost: Certificate
    desktop_user: str
    holders: Holders

    @classmethod
    def make(cls) -> "Workspace":
        require_tools()
        become_subreaper()
        # Short, because Unix socket paths end at 107 bytes; not below /tmp, where other users' X sockets lie.
        folder = Path(tempfile.mkdtemp(prefix="torhaus-e2e-", dir="/var/tmp"))
        folder.chmod(0o755)
        accounts = Accounts(folder / "users.oath")
        authority = Authority(folder / "authority")
        localhost = authority.issue("localhost", ["localhost", "127.0.0.1", "::1"])
        user = accounts.desktop_user("desk", DESKTOP_PASSWORD)
        return cls(folder, accounts, authority, localhost, user, Holders(folder / "holders"))

    def place(self, name: str) -> Path:
        """A new folder for one test or one program."""
        made = self.folder / name
        number = 1
        while made.exists():
            number += 1
            made = self.folder / f"{name}-{number}"
        made.mkdir()
        made.chmod(0o755)
        return made

    def remove(self, keep_files: bool) -> None:
        self.accounts.remove_all()
        if not keep_files:
            shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class Desktops:
    """Three real desktops of three makes."""

    xrdp: Desktop
    shadow: Desktop
    vnc: Desktop

    @classmethod
    def start(cls, ground: Workspace) -> "Desktops":
        other = ground.accounts.service("deskx")
        return cls(
            start_xrdp(ground.folder / "xrdp", "rb-01.desktops.example", ground.desktop_user, ground.authority),
            start_shadow(ground.folder / "shadow", "rb-02.desktops.example", other, ground.authority),
            start_vnc(ground.folder / "vnc", "sm-01.desktops.example", other),
        )

    def stop(self) -> None:
        for desktop in (self.xrdp, self.shadow, self.vnc):
            desktop.stop()


def left_over_processes() -> list[str]:
    """What this run started, directly or not, and what still runs."""
    return [f"{pid} {command_of(pid)}" for pid in descendants_of(os.getpid()) if is_alive(pid)]


def end_left_over_processes() -> None:
    for pid in descendants_of(os.getpid()):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
