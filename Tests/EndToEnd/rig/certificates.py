# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: a certificate authority for one test run, and the certificates below it.

The gate, the desktops and the signer of .rdp files each get a certificate that names what it is, so that the
clients can verify every layer for real and no test has to tell them to look away.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .processes import run

DAYS = "30"


@dataclass(frozen=True)
class Certificate:
    chain: Path
    key: Path


class Authority:
    """One self-made authority in its own folder; `pem` is what clients trust."""

    def __init__(self, folder: Path, name: str = "Torhaus test authority"):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.pem = folder / "ca.pem"
        self._key = folder / "ca.key"
        run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes",
            "-sha384", "-days", DAYS, "-subj", f"/CN={name}", "-keyout", self._key, "-out", self.pem,
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        )  # fmt: skip

    def issue(
        self, name: str, names: list[str], usage: str = "serverAuth", rsa: bool = False, owner: str | None = None
    ) -> Certificate:
        """A certificate for DNS names and addresses, its key readable by `owner` only."""
        request, settings = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        made = Certificate(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        kind = ["rsa:3072"] if rsa else ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        # The common name stands for the eyes only, and has room for 64 characters.
        run("openssl", "req", "-new", "-newkey", *kind, "-nodes", "-subj", f"/CN={(names + [name])[0][:64]}",
            "-keyout", made.key, "-out", request)  # fmt: skip
        lines = ["basicConstraints=critical,CA:FALSE", f"extendedKeyUsage={usage}"]
        # An RSA key that xrdp uses must be allowed to encipher, for clients that offer no key agreement.
        lines.append("keyUsage=critical,digitalSignature" + (",keyEncipherment" if rsa else ""))
        if names:
            kinds = ["IP" if name.replace(".", "").isdigit() or ":" in name else "DNS" for name in names]
            lines.append("subjectAltName=" + ",".join(f"{k}:{n}" for k, n in zip(kinds, names)))
        settings.write_text("\n".join(lines) + "\n")
        run("openssl", "x509", "-req", "-in", request, "-CA", self.pem, "-CAkey", self._key, "-CAcreateserial",
            "-sha256", "-days", DAYS, "-extfile", settings, "-out", made.chain)  # fmt: skip
        made.key.chmod(0o600)
        if owner is not None:
            run("chown", owner, made.key)
        return made
