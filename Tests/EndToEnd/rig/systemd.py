# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: a machine with a systemd of its own, in which the units of `systemd/` run as a county would install them.

Its disk is this machine's, with a layer of memory above it that takes every change; its network is this machine's.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

from .certificates import Certificate
from .line import GateAddress, health
from .processes import RigFailure, children_of, command_of, free_port, is_alive, run, wait_until
from .records import Records
from .torhaus import REPOSITORY, DesktopEntry, yaml
from .workspace import Workspace

UNITS = REPOSITORY / "systemd"
PROGRAMS = {
    "torhaus": "usr/bin", "torhausd": "usr/sbin", "torhaus-gate": "usr/sbin", "torhaus-authd": "usr/sbin",
    "torhaus-auditd": "usr/sbin",
}  # fmt: skip
# The stack of docs/sign-in.md for local accounts, without the quality check of new passwords.
PAM = """\
auth     required                   pam_faillock.so preauth silent
auth     [success=2 default=ignore] pam_unix.so
auth     optional                   pam_oath.so usersfile=/etc/torhaus/users.oath window=5 digits=6
auth     [default=die]              pam_faillock.so authfail
auth     [success=1 default=ignore] pam_oath.so usersfile=/etc/torhaus/users.oath window=5 digits=6
auth     [default=die]              pam_faillock.so authfail
auth     required                   pam_faillock.so authsucc
account  required                   pam_faillock.so
account  required                   pam_unix.so
password required                   pam_unix.so yescrypt
"""
# What is needed of a Debian machine, and Torhaus.
TARGET = """\
[Unit]
Requires=basic.target
After=basic.target
Wants=torhaus.target
AllowIsolate=yes
"""

# What the disk of such a machine takes, in namespaces that end with the attempt.
ATTEMPT = """\
mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work /mnt/root &&
mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root
"""


def obstacle() -> str:
    """Why no such machine can be had here, as in a container without rights; empty where it can."""
    if not shutil.which("systemd-nspawn"):
        return "systemd-nspawn is not installed"
    attempt = subprocess.run(["unshare", "--mount", "--pid", "--fork", "sh", "-c", ATTEMPT], capture_output=True, text=True)
    return attempt.stderr.strip() if attempt.returncode else ""


class Machine:
    """Booted by `start`; `run` runs a command inside."""

    def __init__(self, ground: Workspace, executables: Path, desktop: DesktopEntry):
        self.ground, self.executables, self.desktop = ground, executables, desktop
        self.port = free_port()
        self.folder = ground.place("machine")
        self.root = self.folder / "root"
        self.log = self.folder / "console.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.leader = 0
        run("mount", "-t", "tmpfs", "-o", "size=1g,mode=0755", "tmpfs", self.folder)
        for name in ("upper", "work", "root"):
            (self.folder / name).mkdir()
        options = f"lowerdir=/,upperdir={self.folder}/upper,workdir={self.folder}/work"
        run("mount", "-t", "overlay", "-o", options, "overlay", self.root)
        try:
            self._install()
        except BaseException:
            self._unmount()
            raise

    # Files.

    def _write(self, name: str, text: str, mode: int = 0o644) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)

    def _install(self) -> None:
        root = self.root
        for name, folder in PROGRAMS.items():
            shutil.copy(self.executables / name, root / folder / name)
            (root / folder / name).chmod(0o755)
        for bundle in self.executables.glob("torhaus_Portal.resources"):
            inner = bundle / "Resources"
            shutil.copytree(inner if inner.is_dir() else bundle, root / "usr/share/torhaus/portal", dirs_exist_ok=True)
        for unit in UNITS.iterdir():
            if unit.suffix in (".service", ".socket", ".target", ".timer"):
                shutil.copy(unit, root / "etc/systemd/system" / unit.name)
        # ProtectSystem=strict means /run too, but in namespaces like these systemd 252 leaves it writable when /proc or /sys
        # are protected as well.
        for unit in UNITS.glob("*.service"):
            self._write(f"etc/systemd/system/{unit.name}.d/run.conf", "[Service]\nReadOnlyPaths=/run\n")
        shutil.copy(UNITS / "torhaus.sysusers", root / "usr/lib/sysusers.d/torhaus.conf")
        shutil.copy(UNITS / "torhaus.tmpfiles", root / "usr/lib/tmpfiles.d/torhaus.conf")
        self._write("etc/systemd/system/torhaus-test.target", TARGET)
        (root / "etc/systemd/system/default.target").unlink(missing_ok=True)
        (root / "etc/systemd/system/default.target").symlink_to("torhaus-test.target")
        # Nothing else of this machine comes up in there.
        for wants in (root / "etc/systemd/system").glob("*.wants"):
            shutil.rmtree(wants)
        self._write(
            "etc/systemd/system/torhaus-gate.socket.d/port.conf",
            f"[Socket]\nListenStream=\nListenStream=127.0.0.1:{self.port}\n",
        )
        run("systemd-sysusers", f"--root={root}", "torhaus.conf")
        run("systemd-tmpfiles", f"--root={root}", "--create", "--prefix=/etc/torhaus", "--prefix=/var", "torhaus.conf")
        self._configure()
        self._inside_without_boot("/usr/bin/torhaus", "audit", "init")

    def _configure(self) -> None:
        etc, ground = self.root / "etc/torhaus", self.ground
        signer = ground.authority.issue("signer-machine", ["localhost"], usage="codeSigning,serverAuth", rsa=True)
        self._certificate(ground.localhost, etc / "tls/gate", "torhaus-gate")
        self._certificate(signer, etc / "signing/rdp", "torhaus")
        content = {
            "county": "Landkreis Beispiel",
            "public_names": ["localhost"],
            "public_port": self.port,
            "listen": [f"127.0.0.1:{self.port}"],
            "tls": {
                "certificates": [{"chain": "/etc/torhaus/tls/gate.pem", "key": "/etc/torhaus/tls/gate.key"}],
            },
            "rdp_signing": {"chain": "/etc/torhaus/signing/rdp.pem", "key": "/etc/torhaus/signing/rdp.key"},
            "audit": {"origin": "audit.example/machine", "minimum_free_mebibytes": 0},
        }
        entry = {"name": self.desktop.name, "title": "Arbeitsplatz", "dns": self.desktop.dns, "rdp": f"127.0.0.1:{self.desktop.rdp}"}
        municipality = {
            "name": "rhoenblick",
            "title": "Rhönblick",
            "groups": [ground.accounts.group("rhoenblick")],
            "pools": [{"name": "buero", "title": "Büro", "desktops": [entry]}],
        }
        self._write("etc/torhaus/torhaus.yaml", yaml(content))
        self._write("etc/torhaus/municipalities/rhoenblick.yaml", yaml(municipality))
        (etc / "policies").mkdir(exist_ok=True)
        shutil.copy(ground.holders.register, etc / "holders.json")
        shutil.copy(ground.accounts.users_file, etc / "users.oath")
        (etc / "users.oath").chmod(0o600)
        self._write("etc/pam.d/torhaus", PAM)

    def _certificate(self, certificate: Certificate, name: Path, group: str) -> None:
        name.with_suffix(".pem").write_bytes(certificate.chain.read_bytes() + self.ground.authority.pem.read_bytes())
        key = name.with_suffix(".key")
        shutil.copy(certificate.key, key)
        run("chroot", self.root, "chgrp", group, "/" + str(key.relative_to(self.root)))
        key.chmod(0o640)

    # Life.

    def _nspawn(self, *arguments: str) -> list[str]:
        return ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", f"--machine=thx{os.getpid()}",
                f"--directory={self.root}", "--link-journal=no", *arguments]  # fmt: skip

    def _inside_without_boot(self, *command: str) -> str:
        return run(*self._nspawn("--pipe", "--as-pid2", "--", *command))

    def start(self) -> "Machine":
        with open(self.log, "ab") as console:
            self.process = subprocess.Popen(
                self._nspawn("--console=pipe", "--boot"), stdin=subprocess.DEVNULL, stdout=console,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        try:
            self.leader = wait_until("the machine has a first process", self._find_leader, 20)
            wait_until("the machine is up", self._is_up, 60, every=0.25)
        except BaseException:
            self.stop()
            raise
        return self

    def _find_leader(self) -> int:
        if self.process.poll() is not None:
            raise RigFailure(f"systemd-nspawn ended:\n{self.log.read_text(errors='replace')[-2000:]}")
        return next((pid for pid in children_of(self.process.pid) if "systemd" in command_of(pid)), 0)

    def _is_up(self) -> bool:
        state = self.run("systemctl", "is-system-running", check=False).strip()
        return state in ("running", "degraded")

    def run(self, *command: object, check: bool = True, stdin: str | None = None) -> str:
        enter = ["nsenter", f"--target={self.leader}", "--mount", "--uts", "--ipc", "--pid", "--root", "--wd=/"]
        return run(*enter, "--", *map(str, command), check=check, stdin=stdin)

    def pid(self, unit: str) -> int:
        """The number that this side knows the unit's main process by."""
        inner = self.run("systemctl", "show", "--property=MainPID", "--value", unit).strip()
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            numbers = next((line.split()[1:] for line in text.splitlines() if line.startswith("NSpid:")), [])
            if len(numbers) == 2 and numbers[1] == inner and self._is_ours(int(numbers[0])):
                return int(numbers[0])
        raise RigFailure(f"{unit} has no main process:\n{self.journal(unit)}")

    def _is_ours(self, pid: int) -> bool:
        try:
            return os.readlink(f"/proc/{pid}/ns/pid") == os.readlink(f"/proc/{self.leader}/ns/pid")
        except OSError:
            return False

    def journal(self, unit: str | None = None) -> str:
        only = [f"--unit={unit}"] if unit else []
        return self.run("journalctl", "--no-pager", "--output=cat", *only, check=False)

    def failed(self) -> str:
        return self.run("systemctl", "list-units", "--failed", "--plain", "--no-legend", "torhaus*", check=False).strip()

    def health(self) -> int | None:
        return health(self.address)

    @property
    def address(self) -> GateAddress:
        return GateAddress("127.0.0.1", self.port, self.ground.authority.pem)

    @property
    def audit(self) -> Records:
        """As the machine's own files show it."""
        inside = Path(f"/proc/{self.leader}/root")
        return Records(inside / "var/log/torhaus-audit", inside / "run/torhaus/audit.sock")

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            # SIGTERM makes it shut the machine down in order.
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                if self.leader and is_alive(self.leader):
                    os.kill(self.leader, signal.SIGKILL)
                self.process.kill()
                self.process.wait(10)
        self._unmount()

    def _unmount(self) -> None:
        run("umount", "--lazy", self.root, check=False)
        run("umount", "--lazy", self.folder, check=False)

    def __enter__(self) -> "Machine":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
