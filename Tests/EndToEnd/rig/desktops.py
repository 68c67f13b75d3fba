# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: real desktops to connect to, each with a picture that no other shows.

xrdp with its Xorg session, freerdp-shadow sharing a display, and TigerVNC; all on loopback, without systemd,
and with private copies of every file that would otherwise lie below /etc or /run.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from . import marker
from .certificates import Authority
from .processes import Daemon, free_port, run, wait_until
from .screen import Display, picture_of, start_x_server

TERMINAL = ["xterm", "-u8", "-b", "0", "-bw", "0", "-geometry", "82x26+0+0", "-fa", "DejaVu Sans Mono", "-fs", "12"]


@dataclass
class Desktop:
    """One running desktop. `name` is its label and what its picture is made from."""

    name: str
    kind: str
    port: int
    typed_file: Path
    daemons: list[Daemon] = field(default_factory=list)
    shared: Display | None = None
    x_display: str = ""

    def picture(self):
        """What the desktop itself shows, seen from its own side."""
        return picture_of(self.x_display)

    def typed(self) -> list[str]:
        """The lines that arrived on the desktop, as its own program wrote them down."""
        return self.typed_file.read_text(encoding="utf-8").splitlines() if self.typed_file.exists() else []

    def wait_for_typed(self, line: str, seconds: float = 15.0) -> None:
        wait_until(f"{line!r} arrives on {self.name} (there: {self.typed()[-3:]})",
                   lambda: line in self.typed(), seconds)  # fmt: skip

    def last_line(self) -> str:
        return (self.typed() or [""])[-1]

    def stop(self) -> None:
        for daemon in reversed(self.daemons):
            daemon.stop()
        if self.shared is not None:
            self.shared.stop()


def terminal_command(program: Path, name: str, typed_file: Path) -> list[str]:
    return [*TERMINAL, "-e", "/usr/bin/python3", str(program), name, str(typed_file)]


def install_marker(folder: Path) -> Path:
    """Copies the program to where the desktop's account can read it."""
    program = folder / "marker.py"
    shutil.copy(marker.__file__, program)
    program.chmod(0o644)
    return program


def start_xrdp(folder: Path, name: str, user: str, authority: Authority) -> Desktop:
    """xrdp and its own session manager, in mount namespaces where /etc/xrdp and /run/xrdp are ours.

    xrdp finds the session manager's port and its sockets only by those fixed paths; and a stale
    /run/xrdp/sockdir with the wrong mode would leave the client black for ever.
    """
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    home = Path("/home") / user
    port, manager_port = free_port(), free_port()
    program, typed_file = install_marker(folder), home / "typed"
    desktop = Desktop(name, "xrdp", port, typed_file)

    quoted = " ".join(f"'{part}'" for part in terminal_command(program, name, typed_file))
    session = home / ".xsession"
    session.write_text(f"#!/bin/sh\nexport LC_ALL=C.UTF-8\nexec {quoted}\n")
    session.chmod(0o755)
    run("chown", f"{user}:", session)

    settings, runtime = folder / "etc-xrdp", folder / "run-xrdp"
    shutil.copytree("/etc/xrdp", settings, symlinks=True)
    runtime.mkdir()
    certificate = authority.issue(f"desktop-{name}", [name], rsa=True)
    main = (settings / "xrdp.ini").read_text()
    for pattern, value in {
        "port=3389": f"port=tcp://127.0.0.1:{port}",
        "autorun=": "autorun=Xorg",
        "certificate=.*": f"certificate={certificate.chain}",
        "key_file=.*": f"key_file={certificate.key}",
        "EnableSyslog=.*": "EnableSyslog=false",
        "LogFile=.*": f"LogFile={folder}/xrdp.log",
    }.items():
        main = re.sub(f"(?m)^{pattern}$", value, main)
    (settings / "xrdp.ini").write_text(main)
    manager = (settings / "sesman.ini").read_text()
    for pattern, value in {
        "ListenPort=.*": f"ListenPort={manager_port}",
        "EnableSyslog=.*": "EnableSyslog=false",
        "LogFile=.*": f"LogFile={folder}/sesman.log",
        "KillDisconnected=.*": "KillDisconnected=false",
    }.items():
        manager = re.sub(f"(?m)^{pattern}$", value, manager)
    (settings / "sesman.ini").write_text(manager)

    # /run/xrdp may not exist on a fresh machine, and a bind mount needs something to be put upon.
    Path("/run/xrdp").mkdir(exist_ok=True)
    mounts = f"mount --bind '{settings}' /etc/xrdp && mount --bind '{runtime}' /run/xrdp"
    for program_name in ("xrdp-sesman", "xrdp"):
        command = ["unshare", "--mount", "--propagation", "private", "sh", "-c",
                   f"{mounts} && exec {program_name} --nodaemon"]  # fmt: skip
        desktop.daemons.append(Daemon(program_name, command, folder / f"{program_name}.out"))
    # It listens on the loopback of IPv6, whatever ListenAddress says.
    desktop.daemons[0].wait_for_port(manager_port, "::1")
    desktop.daemons[1].wait_for_port(port)
    return desktop


def start_shadow(folder: Path, name: str, user: str, authority: Authority) -> Desktop:
    """freerdp-shadow sharing an Xvfb on which the marker runs; TLS, any credentials."""
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    home = folder / "home"
    # The server makes itself a certificate unless one lies here; ours names the desktop.
    certificates = home / ".config" / "freerdp" / "shadow"
    certificates.mkdir(parents=True)
    certificate = authority.issue(f"desktop-{name}", [name], rsa=True)
    shutil.copy(certificate.chain, certificates / "shadow.crt")
    shutil.copy(certificate.key, certificates / "shadow.key")
    writable = folder / "typed"
    writable.mkdir()
    run("chown", "-R", f"{user}:", home, writable)
    shared = Display(folder, name, "820x640")
    desktop = Desktop(name, "shadow", free_port(), writable / "typed", shared=shared, x_display=shared.name)
    environment = {**shared.environment, "HOME": str(home), "LC_ALL": "C.UTF-8"}
    terminal = terminal_command(install_marker(folder), name, desktop.typed_file)
    desktop.daemons.append(Daemon(f"{name} terminal", terminal, folder / "xterm.log", environment, user))
    command = ["freerdp-shadow-cli", f"/port:{desktop.port}", "/bind-address:127.0.0.1", "/sec:tls", "-auth"]
    desktop.daemons.append(Daemon("freerdp-shadow", command, folder / "shadow.log", environment, user))
    desktop.daemons[-1].wait_for_port(desktop.port)
    return desktop


def start_vnc(folder: Path, name: str, user: str) -> Desktop:
    """TigerVNC without a password of its own: only the gate can reach it."""
    folder.mkdir(parents=True)
    run("chown", f"{user}:", folder)
    folder.chmod(0o755)
    desktop = Desktop(name, "vnc", free_port(), folder / "typed")
    server, display = start_x_server(
        "Xtigervnc",
        ["Xtigervnc", "-geometry", "820x640", "-depth", "24", "-rfbport", str(desktop.port), "-localhost",
         "-interface", "127.0.0.1", "-SecurityTypes", "None", "-AlwaysShared", "-nolisten", "tcp", "-ac"],
        folder / "vnc.log",
        user,
    )  # fmt: skip
    desktop.daemons.append(server)
    desktop.x_display = f":{display}"
    server.wait_for_port(desktop.port)
    terminal = terminal_command(install_marker(folder), name, desktop.typed_file)
    environment = {"DISPLAY": desktop.x_display, "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    desktop.daemons.append(Daemon(f"{name} terminal", terminal, folder / "xterm.log", environment, user))
    return desktop
