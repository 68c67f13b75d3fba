# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: xfreerdp as a person would use it, on a display and with a home of its own.

Nothing tells it to look away from certificates: the run's authority is what it trusts, for the gate and for the
desktop behind it, and `/cert:deny` makes every other certificate an error instead of a question.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from .processes import Daemon
from .screen import Display, wait_for_desktop

# Exit codes of xfreerdp 2.11: 131 the gate or the desktop ended it, 133 and 147 no connection, 155 denied.
ENDED_BY_PEER = 131


class NativeClient:
    """One started xfreerdp; stop it with `close`."""

    def __init__(self, folder: Path, trusted: Path, arguments: list[str | Path], size: str = "1024x700"):
        folder.mkdir(parents=True, exist_ok=True)
        home = folder / "home"
        home.mkdir(exist_ok=True)
        self.folder = folder
        self.display = Display(folder, "client")
        # Line buffering: what the client prints must be seen while it runs.
        command = ["stdbuf", "-oL", "-eL", "xfreerdp", *arguments, f"/size:{size}", "/cert:deny", "/log-level:INFO"]
        self.daemon = Daemon(
            "xfreerdp",
            command,
            folder / "xfreerdp.log",
            {**self.display.environment, "HOME": str(home), "SSL_CERT_FILE": str(trusted), "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
        )

    @property
    def log(self) -> str:
        return self.daemon.output()

    def wait_for_desktop(self, name: str, line: str, seconds: float = 25.0) -> None:
        """Returns when the client shows this desktop after this line; keeps a picture when it does not."""

        def take():
            if not self.daemon.running:
                raise AssertionError(f"xfreerdp ended with {self.daemon.exit_code}:\n{self.daemon.tail(40)}")
            return self.display.picture()

        try:
            wait_for_desktop(take, name, line, seconds)
        except AssertionError as error:
            shot = self.display.save(self.folder / "not-the-desktop.png")
            raise AssertionError(f"{error}\npicture: {shot}\n{self.daemon.tail(30)}") from error

    def type_line(self, text: str) -> None:
        # A click first: without a window manager the keys go to the window below the pointer.
        self.display.click(400, 300)
        self.display.type_line(text)

    def wait_for_exit(self, seconds: float = 30.0) -> int:
        return self.daemon.wait_for_exit(seconds)

    def close(self) -> None:
        self.daemon.stop()
        self.display.stop()

    def __enter__(self) -> "NativeClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
