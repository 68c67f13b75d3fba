# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: what the TLS port accepts, seen by a scanner that is not ours."""

from __future__ import annotations

import re
import ssl
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from rig.line import GateAddress, Line
from rig.processes import run
from rig.torhaus import DesktopEntry, Pool, Torhaus
from rig.workspace import Workspace

# TR-02102-2 as far as an ECDSA certificate reaches; docs/tls.md names the source of each line.
SUITES = {
    "TLSv1.3": {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"},
    "TLSv1.2": {"ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256"},
}
CURVES = {"bsi": {"secp256r1", "secp384r1", "secp521r1"}, "modern": {"secp256r1", "secp384r1", "secp521r1", "x25519"}}


@pytest.fixture(scope="module", params=["bsi", "modern"])
def scan(request, ground: Workspace, executables, system: Torhaus, echo):
    """sslscan's report of a gate with this profile."""
    if request.param == "bsi":
        yield request.param, report(ground, system)
        return
    pools = [Pool("rhoenblick", "buero", [DesktopEntry("rb-echo", "rb-echo.desktops.example", rdp=echo.port)])]
    # What is offered is the profile's, whoever encrypts.
    tls = {"profile": "modern", "record_cipher": "openssl"}
    with Torhaus(ground, executables, "modern", pools, tls=tls) as other:
        assert "records are encrypted by" not in other.gate.output()
        yield request.param, report(ground, other)


def report(ground: Workspace, system: Torhaus) -> ElementTree.Element:
    path: Path = ground.place("sslscan") / "report.xml"
    run("sslscan", "--no-colour", f"--xml={path}", "--sni-name=localhost", f"127.0.0.1:{system.port}", timeout=120)
    found = ElementTree.parse(path).getroot().find("ssltest")
    assert found is not None, path.read_text()
    return found


def test_protocols(scan):
    _, found = scan
    enabled = {(p.get("type"), p.get("version")) for p in found.findall("protocol") if p.get("enabled") == "1"}
    assert enabled == {("tls", "1.2"), ("tls", "1.3")}


def test_suites(scan):
    _, found = scan
    accepted: dict[str, set[str]] = {}
    for cipher in found.findall("cipher"):
        accepted.setdefault(cipher.get("sslversion", ""), set()).add(cipher.get("cipher", ""))
    assert accepted == SUITES


def test_groups(scan):
    profile, found = scan
    # sslscan writes `secp256r1 (NIST P-256)`.
    groups = {group.get("name", "").split(" ")[0].lower() for group in found.findall("group")}
    assert groups == CURVES[profile]


def test_no_old_mistakes(scan):
    _, found = scan
    compression, renegotiation = found.find("compression"), found.find("renegotiation")
    # An sslscan whose OpenSSL has no compression of its own leaves the line out.
    assert compression is None or compression.get("supported") == "0"
    assert renegotiation is not None and (renegotiation.get("supported") == "0" or renegotiation.get("secure") == "1")
    assert all(entry.get("vulnerable") == "0" for entry in found.findall("heartbleed"))


def test_an_unknown_name_is_refused(system: Torhaus):
    context = ssl.create_default_context(cafile=str(system.ground.authority.pem))
    context.check_hostname = False
    address = GateAddress("127.0.0.1", system.port, system.ground.authority.pem, "other.example")
    with pytest.raises(ssl.SSLError):
        with Line(address, context=context) as line:
            line.send(b"GET /health HTTP/1.1\r\nHost: other.example\r\n\r\n")
            line.read_head()


def test_only_http_1_1_is_negotiated(system: Torhaus):
    context = system.address.context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with Line(system.address, context=context) as line:
        assert line.socket.selected_alpn_protocol() == "http/1.1"


def test_a_session_of_tls_1_2_is_possible_and_verified(system: Torhaus):
    context = system.address.context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with Line(system.address, context=context) as line:
        assert line.socket.version() == "TLSv1.2"
        line.send(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert line.read_head().status == 200


def test_the_gate_says_who_encrypts_records(system: Torhaus):
    flags = set(re.search(r"(?m)^flags\s*: (.*)$", Path("/proc/cpuinfo").read_text())[1].split())
    is_wide = {"avx512f", "avx512dq", "avx512bw", "avx512vl", "vaes", "vpclmulqdq"} <= flags
    has_library = Path("/usr/lib/x86_64-linux-gnu/libIPSec_MB.so.1").exists()
    told = re.search(r"records are encrypted by (.*)", system.gate.output())[1]
    assert told.startswith("libipsec-mb" if is_wide and has_library else "OpenSSL: "), told
