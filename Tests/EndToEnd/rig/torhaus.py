# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: the system under test. Real executables, as the users they run under, from one YAML file.

The executables come from the folder in TORHAUS_BIN (default: .build/debug of the repository) and are copied, so
that unprivileged users can run them wherever the repository lies.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .certificates import Certificate
from .line import GateAddress, health
from .processes import Daemon, RigFailure, children_of, free_port, run, wait_until
from .records import Records
from .workspace import Workspace

REPOSITORY = Path(__file__).resolve().parents[3]
EXECUTABLES = ["torhaus-gate", "torhausd", "torhaus-authd", "torhaus-auditd", "torhaus"]
NOVNC = "/usr/share/novnc"

PAM_SERVICE = """\
auth     required pam_unix.so
auth     required pam_oath.so usersfile={users_file} window=2 digits=6
account  required pam_unix.so
password required pam_unix.so
session  required pam_permit.so
"""


@dataclass
class DesktopEntry:
    """One desktop in a municipality's file."""

    name: str
    dns: str
    rdp: int | None = None
    vnc: int | None = None
    account: str = ""


@dataclass
class Pool:
    municipality: str
    name: str
    desktops: list[DesktopEntry]
    extra: dict[str, object] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)


def install_executables(ground: Workspace) -> Path:
    """Copies the built executables, and the resources that lie beside them, to where everybody may read."""
    built = Path(os.environ.get("TORHAUS_BIN") or REPOSITORY / ".build" / "debug").resolve()
    missing = [name for name in EXECUTABLES if not (built / name).is_file()]
    if missing:
        raise RigFailure(f"not built: {', '.join(missing)} in {built}; run `swift build`, or set TORHAUS_BIN")
    folder = ground.place("bin")
    for name in EXECUTABLES:
        shutil.copy(built / name, folder / name)
        (folder / name).chmod(0o755)
    for bundle in built.glob("*.resources"):
        shutil.copytree(bundle, folder / bundle.name)
    run("chmod", "-R", "a+rX", folder)
    return folder


def yaml(value: object, depth: int = 0) -> str:
    """A value as YAML; JSON's quoting is valid YAML for every scalar."""
    margin = "  " * depth
    if isinstance(value, dict):
        return "".join(
            f"{margin}{key}:" + (f"\n{yaml(item, depth + 1)}" if is_nested(item) else f" {json.dumps(item, ensure_ascii=False)}\n")
            for key, item in value.items()
        )
    if isinstance(value, list):
        lines = []
        for item in value:
            if isinstance(item, dict):
                text = yaml(item, depth + 1)
                lines.append(f"{margin}- {text[len(margin) + 2:]}")
            else:
                lines.append(f"{margin}- {json.dumps(item, ensure_ascii=False)}\n")
        return "".join(lines)
    return f"{margin}{json.dumps(value, ensure_ascii=False)}\n"


def is_nested(value: object) -> bool:
    return bool(value) and (isinstance(value, dict) or (isinstance(value, list) and any(isinstance(i, dict) for i in value)))


class Torhaus:
    """Gate, control plane, auth worker and audit log, with files of their own."""

    def __init__(
        self,
        ground: Workspace,
        executables: Path,
        name: str,
        pools: list[Pool],
        gate_settings: dict[str, object] | None = None,
        auth_settings: dict[str, object] | None = None,
        access: dict[str, list[dict]] | None = None,
        unaudited: list[str] | None = None,
        municipal_roles: dict[str, dict] | None = None,
        **sections: dict | list,
    ):
        self.ground, self.executables, self.name = ground, executables, name
        self.pools, self.sections = pools, sections
        # Rows of each municipality's file.
        self.access: dict[str, list[dict]] = access or {}
        self.gate_adjustments, self.auth_adjustments = gate_settings or {}, auth_settings or {}
        self.unaudited = unaudited or []
        self.municipal_roles = municipal_roles or {}
        self.folder = ground.place(name)
        self.port = free_port()
        accounts = ground.accounts
        self.group = accounts.group("run")
        self.gate_user = accounts.service("gate", [self.group])
        self.control_user = accounts.service("control", [self.group])
        self.audit_user = accounts.service("audit", [self.group])
        self.gate: Daemon | None = None
        self.control: Daemon | None = None
        self.auth: Daemon | None = None
        self.auditd: Daemon | None = None
        # Set by a test that damages the log on purpose.
        self.is_harmed = False
        self._write()

    # Files.

    def _directory(self, name: str, owner: str, mode: int) -> Path:
        made = self.folder / name
        made.mkdir()
        run("chown", f"{owner}:{self.group}", made)
        made.chmod(mode)
        return made

    def _write(self) -> None:
        ground, folder = self.ground, self.folder
        self.run_directory = self._directory("run", self.control_user, 0o2775)
        self.state = self._directory("state", self.control_user, 0o700)
        self.audit_directory = self._directory("log", self.audit_user, 0o750)
        self.audit_state = self._directory("log-state", self.audit_user, 0o700)
        self.names = self._directory("names", self.audit_user, 0o700)
        self.audit = Records(self.audit_directory, self.run_directory / "audit.sock")
        etc = self._directory("etc", "root", 0o755)
        (etc / "municipalities").mkdir()
        tls = self._copy(ground.localhost, etc / "gate", self.gate_user)
        signer = self._copy(
            ground.authority.issue(f"signer-{self.name}", ["localhost"], usage="codeSigning,serverAuth", rsa=True),
            etc / "signer", self.control_user,
        )  # fmt: skip
        self.configuration = etc / "torhaus.yaml"
        content: dict[str, object] = {
            "county": "Landkreis Beispiel",
            "public_names": ["localhost"],
            "public_port": self.port,
            "listen": [f"127.0.0.1:{self.port}", f"[::1]:{self.port}"],
            "tls": {"profile": "bsi", "certificates": [{"chain": str(tls.chain), "key": str(tls.key)}], "unknown_name": "refuse"},
            "rdp_signing": {"chain": str(signer.chain), "key": str(signer.key)},
            "paths": {
                "state": str(self.state), "run": str(self.run_directory),
                "novnc": NOVNC, "municipalities": "municipalities",
            },
            "users": {"gate": self.gate_user, "control": self.control_user, "auth": "root", "audit": self.audit_user},
            "audit": {
                "origin": f"audit.example/{self.name}", "logs": str(self.audit_directory), "state": str(self.audit_state),
                "names": str(self.names), "holders": str(ground.holders.register),
                "checkpoint_milliseconds": 50, "minimum_free_mebibytes": 0,
            },
        }  # fmt: skip
        for key, values in self.sections.items():
            content[key] = values if isinstance(values, list) else {**content.get(key, {}), **values}
        self.configuration.write_text(yaml(content), encoding="utf-8")
        (etc / "policies").mkdir()
        for municipality in {pool.municipality for pool in self.pools}:
            self.write_municipality(municipality)
        confdir = etc / "pam.d"
        confdir.mkdir()
        (confdir / "torhaus").write_text(PAM_SERVICE.format(users_file=ground.accounts.users_file))

    def _copy(self, certificate: Certificate, name: Path, owner: str) -> Certificate:
        made = Certificate(name.with_suffix(".pem"), name.with_suffix(".key"))
        # A chain file holds the authority too: clients that trust it need nothing, and OpenSSL's checks see it.
        made.chain.write_bytes(certificate.chain.read_bytes() + self.ground.authority.pem.read_bytes())
        shutil.copy(certificate.key, made.key)
        run("chown", owner, made.key)
        made.key.chmod(0o400)
        return made

    def write_municipality(self, name: str) -> None:
        file = self.configuration.parent / "municipalities" / f"{name}.yaml"
        file.write_text(self._municipality(name), encoding="utf-8")

    def _municipality(self, name: str) -> str:
        titles = {"rhoenblick": "Rhönblick", "schmalkalden": "Schmalkalden"}
        pools = []
        for pool in self.pools:
            if pool.municipality != name:
                continue
            entry: dict[str, object] = {"name": pool.name, "title": pool.name.capitalize(), **pool.extra}
            if pool.groups:
                entry["groups"] = pool.groups
            entry["desktops"] = [
                {
                    "name": desktop.name, "title": f"Arbeitsplatz {desktop.name}", "dns": desktop.dns,
                    **({"rdp": f"127.0.0.1:{desktop.rdp}"} if desktop.rdp else {}),
                    **({"vnc": f"127.0.0.1:{desktop.vnc}"} if desktop.vnc else {}),
                    **({"account": desktop.account} if desktop.account else {}),
                }
                for desktop in pool.desktops
            ]  # fmt: skip
            pools.append(entry)
        content: dict[str, object] = {"name": name, "title": titles[name], "groups": [self.ground.accounts.group(name)]}
        if name in self.unaudited:
            content["audit"] = {"required": False}
        content["pools"] = pools
        if self.access.get(name):
            content["access"] = self.access[name]
        if self.municipal_roles.get(name):
            content["roles"] = self.municipal_roles[name]
        return yaml(content)

    @contextmanager
    def pam(self, line: str, replacement: str) -> Iterator[None]:
        """Another line in the PAM service for a while; every conversation reads the file anew."""
        file = self.configuration.parent / "pam.d" / "torhaus"
        before = file.read_text()
        assert line in before, before
        file.write_text(before.replace(line, replacement))
        try:
            yield
        finally:
            file.write_text(before)

    # Life.

    def render(self, part: str, adjustments: dict[str, object]) -> Path:
        """The daemon's settings as the operator's tool writes them, with the test's own values put in."""
        text = self.operator("render", part)
        for key, value in adjustments.items():
            line = f"{key} = {value}"
            text, count = re.subn(rf"(?m)^{key} = .*$", line, text)
            if count == 0:
                text = f"{text.rstrip()}\n{line}\n"
        path = self.configuration.parent / f"{part}.settings"
        path.write_text(text)
        return path

    def operator(self, *arguments: str, check: bool = True) -> str:
        return run(self.executables / "torhaus", "--config", self.configuration, *arguments, check=check)

    def start(self) -> "Torhaus":
        confdir = self.configuration.parent / "pam.d"
        self.auth_file = self.render("auth", {"confdir": confdir, **self.auth_adjustments})
        self.gate_file = self.render("gate", self.gate_adjustments)
        self.audit_file = self.render("audit", {})
        self.audit_key = self._begin_log()
        try:
            self.start_auditd()
            self.start_auth()
            self.start_control()
            self.start_gate()
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def wait_until_ready(self, after: int = -1) -> None:
        """The portal answers, and the gate has found the control plane (again)."""
        try:
            wait_until(f"/health of {self.name} says ok", self.is_healthy, 20, every=0.1)
        except RigFailure as error:
            logs = "\n".join(daemon.tail() for daemon in (self.auditd, self.auth, self.control, self.gate))
            raise RigFailure(f"{error}:\n{logs}") from error
        self.audit.wait_for("gate.connected", after=after)

    def restart_control(self) -> None:
        """Kills the control plane, as a crash would, and starts it again."""
        before = self.audit.last()
        self.control.kill()
        self.start_control()
        self.wait_until_ready(after=before)

    def _begin_log(self) -> str:
        """Makes the log's key, as its own user; the public half is what verifiers get."""
        as_user = ["setpriv", f"--reuid={self.audit_user}", f"--regid={self.audit_user}", "--init-groups", "--"]
        return run(*as_user, self.executables / "torhaus-auditd", "--settings", self.audit_file, "--init").strip()

    def verify(self, check: bool = True) -> str:
        """The whole log, with the public key that its beginning printed."""
        return run(self.executables / "torhaus", "audit", "verify", self.audit.log, "--key", self.audit_key, check=check)

    def start_auditd(self) -> None:
        self.auditd = Daemon("torhaus-auditd", [self.executables / "torhaus-auditd", "--settings", self.audit_file],
                             self.folder / "auditd.log", user=self.audit_user)  # fmt: skip

    def start_auth(self) -> None:
        self.auth = Daemon("torhaus-authd", [self.executables / "torhaus-authd", "--settings", self.auth_file],
                           self.folder / "authd.log")  # fmt: skip

    def start_control(self) -> None:
        self.control = Daemon("torhausd", [self.executables / "torhausd", "--config", self.configuration],
                              self.folder / "torhausd.log", user=self.control_user)  # fmt: skip

    def start_gate(self) -> None:
        self.gate = Daemon("torhaus-gate", [self.executables / "torhaus-gate", "--settings", self.gate_file],
                           self.folder / "gate.log", user=self.gate_user)  # fmt: skip

    def is_healthy(self) -> bool:
        for daemon in (self.auditd, self.auth, self.control, self.gate):
            daemon.require_running()
        return self.health() == 200

    def health(self) -> int | None:
        """The status of GET /health, or None when nobody answers."""
        return health(self.address)

    @property
    def address(self) -> GateAddress:
        return GateAddress("127.0.0.1", self.port, self.ground.authority.pem)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    def auth_workers(self) -> list[int]:
        return children_of(self.auth.pid)

    def stop(self) -> None:
        for daemon in (self.gate, self.control, self.auth, self.auditd):
            if daemon is not None:
                daemon.stop()

    def __enter__(self) -> "Torhaus":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
        # Whatever a test did: the log of the whole run is one log.
        if self.audit.directory.exists() and not self.is_harmed:
            self.verify()
