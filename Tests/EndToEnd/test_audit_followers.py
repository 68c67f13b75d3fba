# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: those who follow the audit log: witnesses, and a SIEM behind real rsyslog with both of its TLS libraries."""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from rig.auditlog import ROOT, AuditLog, record, tool
from rig.certificates import Authority
from rig.processes import RigFailure, free_port, wait_until


@pytest.fixture
def log(tmp_path: Path):
    made = AuditLog(tmp_path / "audit")
    yield made
    made.close()


def torhaus() -> str:
    path = Path(os.environ.get("TORHAUS_BIN", ROOT / ".build" / "debug")) / "torhaus"
    if not path.exists():
        raise RigFailure(f"{path} is missing: build it, or set TORHAUS_BIN")
    return str(path)


class Witness:
    """`torhaus witness serve` on loopback."""

    def __init__(self, folder: Path, name: str, log_key: str):
        self.folder = folder
        self.port = free_port()
        self.key = self.command("init", name).strip()
        self.command("watch", log_key)
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, verb: str, argument: str) -> str:
        call = [torhaus(), "witness", verb, "--directory", str(self.folder), argument]
        done = subprocess.run(call, capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> "Witness":
        log = (self.folder.parent / f"{self.folder.name}.log").open("ab")
        call = [torhaus(), "witness", "serve", "--directory", str(self.folder), "--port", str(self.port)]
        self.process = subprocess.Popen(call, stderr=log, stdout=log, start_new_session=True)
        log.close()
        return self

    def stop(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(10)
            self.process = None


def cosigned(log: AuditLog) -> str:
    path = log.directory / "checkpoint.cosigned"
    return path.read_text() if path.exists() else ""


def test_two_witnesses_cosign_and_other_code_verifies_both(log: AuditLog, tmp_path: Path):
    from aics_tlog import parse_note, parse_vkey, verify_checkpoint

    witnesses = [Witness(tmp_path / f"w{n}", f"witness{n}.example/w", log.key).start() for n in (1, 2)]
    try:
        policy = tmp_path / "policy"
        lines = [f"witness w{n} {each.key} http://127.0.0.1:{each.port}" for n, each in enumerate(witnesses)]
        policy.write_text("\n".join([*lines, "group both all w0 w1", "quorum both", ""]))
        log.values["witness_policy"] = policy
        log.write_settings()
        log.start()
        producer = log.producer()
        for number in range(40):
            producer.append(record(number))
        wait_until("the last checkpoint is cosigned by both", lambda: "\n41\n" in cosigned(log), 20)
        keys = [parse_vkey(each.key) for each in witnesses]
        result = verify_checkpoint(parse_note(cosigned(log)), parse_vkey(log.key), keys, 2, max_age_seconds=60)
        assert result.ok and result.cosignature_count == 2, result
        assert producer.status()["witnessed"]
        assert log.stop() == 0
    finally:
        for each in witnesses:
            each.stop()


def test_a_log_and_a_state_put_back_together_are_told_by_the_witness(log: AuditLog, tmp_path: Path):
    witness = Witness(tmp_path / "w", "witness.example/w", log.key).start()
    try:
        policy = tmp_path / "policy"
        policy.write_text(f"witness w {witness.key} http://127.0.0.1:{witness.port}\nquorum w\n")
        log.values["witness_policy"] = policy
        log.write_settings()
        log.start()
        producer = log.producer()
        producer.append(record(1))
        producer.close()
        assert log.stop() == 0
        backup = tmp_path / "backup.tar"
        subprocess.run([tool("tar"), "-C", str(log.folder), "-cf", str(backup), "log", "state"], check=True)
        log.start()
        producer = log.producer()
        producer.append_all([record(number) for number in range(50)])
        wait_until("the witness knows all", lambda: re.search(r"\n5[1-9]\n", cosigned(log)), 20)
        producer.close()
        assert log.stop() == 0
        subprocess.run([tool("rm"), "-r", str(log.directory.parent), str(log.state.parent)], check=True)
        subprocess.run([tool("tar"), "-C", str(log.folder), "-xf", str(backup)], check=True)
        log.start()
        log.producer().append(record(2))
        wait_until("the alarm", lambda: "witness-contradicts" in log.log_text(), 20)
        assert "an old copy was put back" in log.log_text()
        assert log.stop() == 0
    finally:
        witness.stop()


# A receiver.


class Receiver:
    """rsyslog with one of its TLS libraries; wants a certificate with the name gate.example."""

    def __init__(self, folder: Path, driver: str, authority: Authority):
        self.folder = folder
        self.authority = authority
        folder.mkdir()
        self.port = free_port()
        self.out = folder / "received"
        server = authority.issue("siem", ["localhost"])
        self.config = folder / "rsyslog.conf"
        self.config.write_text(
            f'''global(workDirectory="{folder}" maxMessageSize="64k"
                defaultNetstreamDriverCAFile="{authority.pem}"
                defaultNetstreamDriverCertFile="{server.chain}" defaultNetstreamDriverKeyFile="{server.key}")
module(load="imtcp" streamDriver.name="{driver}" streamDriver.mode="1" streamDriver.authMode="x509/name"
       permittedPeer=["gate.example"])
input(type="imtcp" port="{self.port}" address="127.0.0.1")
template(name="line" type="string" string="%syslogseverity%|%timestamp:::date-rfc3339%|%app-name%|%msgid%|%structured-data%|%msg%\\n")
*.* action(type="omfile" file="{self.out}" template="line" flushOnTXEnd="on")
'''
        )
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Receiver":
        log = (self.folder / "rsyslog.log").open("ab")
        call = [tool("rsyslogd"), "-n", "-f", str(self.config), "-i", str(self.folder / "pid")]
        self.process = subprocess.Popen(call, stdout=log, stderr=log, start_new_session=True)
        log.close()
        return self

    def kill(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            self.process = None

    def lines(self) -> list[str]:
        return self.out.read_text(errors="replace").splitlines() if self.out.exists() else []

    def numbers(self) -> list[int]:
        return [int(found[1]) for found in (re.search(r' seq="(\d+)"', line) for line in self.lines()) if found]


@pytest.fixture(params=["gtls", "ossl"])
def receiver(request: pytest.FixtureRequest, tmp_path: Path):
    made = Receiver(tmp_path / "siem", request.param, Authority(tmp_path / "authority"))
    yield made
    made.kill()


def forwarding(log: AuditLog, receiver: Receiver, name: str = "gate.example") -> None:
    client = receiver.authority.issue(name, [name], "clientAuth")
    log.values |= {
        "forward_to": f"tcp:127.0.0.1:{receiver.port}",
        "forward_name": "localhost",
        "forward_authorities": receiver.authority.pem,
        "forward_certificate": client.chain,
        "forward_key": client.key,
    }
    log.write_settings()


def test_rsyslog_receives_every_record_unchanged(log: AuditLog, receiver: Receiver):
    forwarding(log, receiver)
    receiver.start()
    log.start()
    producer = log.producer()
    producer.append_all([record(number, number * 41 % 20_000) for number in range(200)])
    wait_until("all records arrive", lambda: len(set(receiver.numbers())) >= 201, 30)
    wait_until("a checkpoint arrives", lambda: any("|CHECKPOINT|" in line for line in receiver.lines()), 10)
    assert log.stop() == 0
    entries = log.entries()
    by_number = {}
    for line in receiver.lines():
        found = re.search(r' seq="(\d+)"', line)
        if found:
            by_number[int(found[1])] = line
    assert sorted(by_number) == list(range(len(by_number)))
    for number, line in by_number.items():
        head, _, message = line.partition("]|")
        assert message.lstrip("\ufeff ").encode() == entries[number]
        severity, _, application, code, _ = head.split("|", 4)
        assert (severity, application) == ("5", "torhaus-auditd") and code.startswith("GW")
    checkpoint = next(line for line in receiver.lines() if "|CHECKPOINT|" in line)
    note = base64.b64decode(re.search(r'note="([^"]+)"', checkpoint)[1]).decode()
    from aics_tlog import parse_note, parse_vkey, verify_checkpoint

    assert verify_checkpoint(parse_note(note), parse_vkey(log.key)).ok


def test_the_receiver_sees_the_countys_own_number(log: AuditLog, receiver: Receiver):
    forwarding(log, receiver)
    log.values["forward_enterprise"] = "61234"
    log.write_settings()
    receiver.start()
    log.start()
    log.producer().append(record(1))
    wait_until("a record arrives", lambda: any("[torhaus@61234 origin=" in line for line in receiver.lines()), 30)
    assert log.stop() == 0
    assert not any("torhaus@32473" in line for line in receiver.lines())


def test_a_receiver_that_dies_misses_nothing_after_its_return(log: AuditLog, receiver: Receiver):
    forwarding(log, receiver)
    receiver.start()
    log.start()
    producer = log.producer()
    for start in range(0, 300, 100):
        producer.append_all([record(number) for number in range(start, start + 100)])
        wait_until("some records arrive", lambda: len(set(receiver.numbers())) > start + 10, 30)
        receiver.kill()
        producer.append_all([record(number) for number in range(1000 + start, 1020 + start)])
        receiver.start()
    everything = set(range(3 * 120 + 1))
    log.wait_published(len(everything))
    wait_until("all records arrive", lambda: everything <= set(receiver.numbers()), 60)
    assert log.stop() == 0


def test_a_receiver_that_refuses_our_certificate_does_not_count_as_having_it(log: AuditLog, tmp_path: Path):
    # Only with GnuTLS: rsyslog's OpenSSL driver of Debian 12 does not always look at the name in a certificate.
    receiver = Receiver(tmp_path / "siem", "gtls", Authority(tmp_path / "authority"))
    try:
        refuse_and_accept(log, receiver)
    finally:
        receiver.kill()


def refuse_and_accept(log: AuditLog, receiver: Receiver) -> None:
    forwarding(log, receiver, "stranger.example")
    receiver.start()
    log.start()
    log.producer().append_all([record(number) for number in range(10)])
    said = receiver.folder / "rsyslog.log"
    wait_until("rsyslog refused", lambda: "not permitted" in said.read_text(errors="replace"), 20)
    assert log.stop() == 0
    assert not (log.state.parent / "forward.cursor").exists()
    # With the right certificate, everything comes from the start.
    forwarding(log, receiver)
    log.start()
    wait_until("all records arrive", lambda: len(set(receiver.numbers())) >= 11, 30)
    assert log.stop() == 0


def test_the_journal_gets_every_record(log: AuditLog):
    log.values["mirror_to_journal"] = "yes"
    log.write_settings()
    log.start()
    producer = log.producer()
    # It begins with what comes after the first checkpoint it hears of.
    producer.append(record(0))
    wait_until("a checkpoint", lambda: log.published() >= 2, 10)
    producer.append_all([record(number) for number in range(1, 30)])
    wait_until("the records", lambda: len(re.findall(r'^<5>\{"time":', log.log_text(), re.M)) >= 29, 10)
    assert log.stop() == 0
