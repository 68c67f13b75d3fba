# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: the audit log, judged by programs that others wrote, harmed on purpose, killed, and starved."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rig.auditlog import AuditLog, GoJudge, Producer, Refused, record, tool
from rig.processes import wait_until
from rig.records import PSEUDONYM, Holders


@pytest.fixture(scope="session")
def go(tmp_path_factory: pytest.TempPathFactory) -> GoJudge:
    return GoJudge(tmp_path_factory.mktemp("go"))


@pytest.fixture
def log(tmp_path: Path):
    made = AuditLog(tmp_path / "audit")
    yield made
    made.close()


def filled(log: AuditLog, count: int) -> None:
    """Stopped in order, with this many records of producers."""
    log.start()
    producer = log.producer()
    for start in range(0, count, 100):
        producer.append_all([record(number) for number in range(start, min(start + 100, count))])
    producer.close()
    assert log.stop() == 0


# Judges.


def test_go_verifies_every_record_and_the_growth(log: AuditLog, go: GoJudge):
    filled(log, 300)
    older = log.folder / "older"
    shutil.copy(log.directory / "checkpoint", older)
    filled(log, 700)
    good, text = go(log.key_file, log.directory, older)
    assert good and f"{log.published()} of them verified" in text and "continues" in text, text
    assert log.published() == 300 + 700 + 2


def test_go_refuses_a_flipped_byte_wherever_it_is(log: AuditLog, go: GoJudge):
    filled(log, 600)
    rng = random.Random(1)
    files = [path for path in log.directory.rglob("*") if path.is_file() and "journal" not in path.parts]
    width = log.published() % 256
    current = [path for path in files if ".p/" not in str(path) or path.name in (str(width), str(log.published() // 256))]
    for path in current:
        if path.name == "log.vkey":
            continue
        data = path.read_bytes()
        for _ in range(3):
            at = rng.randrange(len(data))
            path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
            good, text = go(log.key_file, log.directory)
            assert not good, (path, at, text)
            path.write_bytes(data)
    assert go(log.key_file, log.directory)[0]


def test_aics_tlog_and_pymerkle_agree(log: AuditLog):
    import pymerkle
    from aics_tlog import FileSystemTileReader, TileVerificationError, parse_note, parse_vkey, verify_checkpoint
    from aics_tlog.verified import audit_tiles

    filled(log, 1000)
    text = (log.directory / "checkpoint").read_text()
    assert verify_checkpoint(parse_note(text), parse_vkey(log.key)).ok
    assert not verify_checkpoint(parse_note(text.replace("\n1001\n", "\n1002\n")), parse_vkey(log.key)).ok
    size, root = log.published(), base64.b64decode((log.directory / "checkpoint").read_text().split("\n")[2])
    assert size == 1001
    report = audit_tiles(FileSystemTileReader(log.directory), size, root)
    assert (report.tiles, report.bundles) == (5, 4)
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for entry in log.entries():
        tree.append_entry(entry)
    assert tree.get_root() == root
    damaged = first_bundle(log).read_bytes()
    first_bundle(log).write_bytes(damaged[:50] + b"x" + damaged[51:])
    with pytest.raises(TileVerificationError):
        audit_tiles(FileSystemTileReader(log.directory), size, root)


def test_records_carry_their_number_and_the_log_its_start(log: AuditLog):
    filled(log, 20)
    for index, entry in enumerate(log.entries()):
        assert f'"seq":{index},'.encode() in entry[:60]
    assert b'"event":"audit.opened"' in log.entries()[0]


# Tampering: who notices.


def first_bundle(log: AuditLog) -> Path:
    return log.directory / "tile" / "entries" / "000"


def change(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def rewrite_consistently(log: AuditLog) -> None:
    """A record and its hash, as an administrator without the key would."""
    bundle, tile = first_bundle(log), log.directory / "tile" / "0" / "000"
    data = bytearray(bundle.read_bytes())
    data[60] ^= 1
    bundle.write_bytes(data)
    length = int.from_bytes(data[:2], "big")
    hashes = bytearray(tile.read_bytes())
    hashes[:32] = hashlib.sha256(b"\0" + bytes(data[2 : 2 + length])).digest()
    tile.write_bytes(hashes)


def drop_tail(log: AuditLog) -> None:
    """The journal's last records away, as if they had never been written."""
    segment = sorted((log.directory / "journal").glob("0*"))[-1]
    data = bytearray(segment.read_bytes())
    last = max(at for at in range(0, len(data), 4096) if data[at : at + 8] == b"THBATCH1")
    data[last:] = bytes(len(data) - last)
    segment.write_bytes(data)


HARMS = {
    "a byte of a record": (lambda log: change(first_bundle(log), 60), "verify"),
    "a record and its hash": (rewrite_consistently, "verify"),
    "a tile deleted": (lambda log: (log.directory / "tile" / "0" / "001").unlink(), "verify"),
    "a bundle deleted": (lambda log: first_bundle(log).unlink(), "verify"),
    "the checkpoint's size": (
        lambda log: (log.directory / "checkpoint").write_text((log.directory / "checkpoint").read_text().replace("\n6", "\n7", 1)),
        "both",
    ),
    "the tail dropped": (drop_tail, "start"),
    "the state removed": (lambda log: (log.state / "anchor").unlink(), "start"),
    "the whole log removed": (lambda log: shutil.rmtree(log.directory), "start"),
    "the key removed": (lambda log: (log.state / "key.pem").unlink(), "start"),
}


@pytest.mark.parametrize("name", HARMS)
def test_tampering_is_noticed(log: AuditLog, go: GoJudge, name: str):
    filled(log, 600)
    harm, noticed_by = HARMS[name]
    harm(log)
    if noticed_by in ("verify", "both"):
        assert not go(log.key_file, log.directory)[0]
    if noticed_by in ("start", "both"):
        done = log.run()
        assert done.returncode == 70 and "the log stays closed" in done.stderr, done.stderr


def test_an_old_backup_is_refused_at_the_start(log: AuditLog):
    filled(log, 50)
    backup = log.folder / "backup"
    shutil.copytree(log.directory, backup)
    filled(log, 50)
    shutil.rmtree(log.directory)
    shutil.copytree(backup, log.directory)
    done = log.run()
    assert done.returncode == 70 and "fewer records than were signed" in done.stderr, done.stderr


def test_a_second_writer_is_refused(log: AuditLog):
    log.start()
    second = AuditLog.__new__(AuditLog)
    second.__dict__.update(log.__dict__)
    second.values = {**log.values, "socket": f"{log.socket}2"}
    second.settings = log.folder / "settings2"
    second.write_settings()
    done = second.run()
    assert done.returncode == 70 and "another process has this log open" in done.stderr, done.stderr
    assert log.stop() == 0


# Crashes and failing calls: what had a receipt is there.


def sized_record(number: int) -> bytes:
    return record(number, number * 37 % 20_000)


class Crowd:
    """Producers that append until the log goes away, and remember every receipt."""

    def __init__(self, log: AuditLog, first: int, producers: int = 8, body: Callable[[int], bytes] = sized_record):
        self.body = body
        self.receipts: dict[int, int] = {}
        self.refused = 0
        self.next = first
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.work, args=(log,)) for _ in range(producers)]
        for thread in self.threads:
            thread.start()

    def work(self, log: AuditLog) -> None:
        try:
            producer = log.producer()
        except OSError:
            return
        while True:
            with self.lock:
                number, self.next = self.next, self.next + 1
            try:
                index = producer.append(self.body(number))
            except Refused:
                self.refused += 1
                if self.refused > 2000:
                    return
                time.sleep(0.002)
                continue
            except OSError:
                return
            with self.lock:
                self.receipts[number] = index

    def join(self) -> None:
        for thread in self.threads:
            thread.join(30)
            assert not thread.is_alive()


def check_receipts(log: AuditLog, receipts: dict[int, int]) -> None:
    entries = log.entries()
    for number, index in receipts.items():
        assert index < len(entries), f"record {number} had the receipt {index} and is not there"
        assert f'"version":"{number}-'.encode() in entries[index], f"record {number} is not at {index}"


def test_no_receipt_is_lost_by_kill_9(log: AuditLog, go: GoJudge):
    rng = random.Random(5)
    receipts: dict[int, int] = {}
    first = 0
    for _ in range(12):
        log.start()
        crowd = Crowd(log, first)
        # Long enough that some rounds begin with a whole start, short enough that some end in it.
        time.sleep(rng.uniform(0.02, 2.5))
        log.kill()
        crowd.join()
        receipts |= crowd.receipts
        first = crowd.next
    log.start()
    assert log.stop() == 0
    assert len(receipts) > 100
    check_receipts(log, receipts)
    good, text = go(log.key_file, log.directory)
    assert good, text


def new_person(number: int) -> bytes:
    """The sign-in of somebody who was not there this month."""
    text = '"event_code":"GW1001I","event":"sign-in.succeeded","category":"sign-in","outcome":"success","severity":"info",'
    return (text + f'"retention":"access","actor":"new.person.{number}","salt":"{number:032x}"}}').encode()


@pytest.fixture
def named(tmp_path: Path):
    """A log that replaces names."""
    holders = Holders(tmp_path / "holders")
    made = AuditLog(tmp_path / "audit", names_directory=tmp_path / "names", holders=holders.register)
    yield made
    made.close()


def check_names(log: AuditLog, receipts: dict[int, int]) -> None:
    """Whatever is in the log has its name in the map, and no name itself."""
    entries = [json.loads(entry) for entry in log.entries()]
    assert max(receipts.values()) < len(entries)
    base = sqlite3.connect(Path(str(log.values["names_directory"])) / "names.sqlite")
    mapped = {row[0] for row in base.execute("SELECT pseudonym FROM person")}
    base.close()
    found = {number: entries[index] for number, index in receipts.items()}
    assert all(event["salt"] == f"{number:032x}" for number, event in found.items())
    assert len({event["actor"] for event in found.values()}) == len(found)
    actors = [event["actor"] for event in entries if event["event"] == "sign-in.succeeded"]
    assert len(actors) >= len(receipts) and all(PSEUDONYM.fullmatch(actor) for actor in actors)
    assert set(actors) <= mapped, f"{len(set(actors) - mapped)} pseudonyms lead nowhere"
    assert any(event["event"] == "period.opened" for event in entries)


def test_no_pseudonym_leads_nowhere_after_kill_9(named: AuditLog, go: GoJudge):
    """Names are written many at a time."""
    rng = random.Random(7)
    receipts: dict[int, int] = {}
    first = 0
    for _ in range(10):
        named.start()
        crowd = Crowd(named, first, 32, new_person)
        wait_until("a receipt", lambda: crowd.receipts, 20)
        time.sleep(rng.uniform(0, 0.5))
        named.kill()
        crowd.join()
        receipts |= crowd.receipts
        first = crowd.next
        assert crowd.refused == 0
    named.start()
    assert named.stop() == 0
    assert len(receipts) > 100
    check_names(named, receipts)
    good, text = go(named.key_file, named.directory)
    assert good, text


@pytest.mark.parametrize("call", ["pwritev2", "pwrite64", "fdatasync", "fsync", "openat", "link"])
def test_no_pseudonym_leads_nowhere_when_a_call_fails(named: AuditLog, go: GoJudge, call: str):
    """The map's files and keys on a disk that fails now and then: what cannot be named is refused."""
    receipts: dict[int, int] = {}
    first = 0
    for when in ("1..3", "30+5", "300+7"):
        named.start(tool("strace"), "-f", "-qq", "-o", "/dev/null", "-e", f"inject={call}:error=EIO:when={when}")
        crowd = Crowd(named, first, 8, new_person)
        time.sleep(2.5)
        named.kill()
        crowd.join()
        receipts |= crowd.receipts
        first = crowd.next
    named.start()
    producer = named.producer()
    receipts[first] = producer.append(new_person(first))
    producer.close()
    assert named.stop() == 0
    check_names(named, receipts)
    good, text = go(named.key_file, named.directory)
    assert good, text


# What the daemon says when the call fails; None where there are too few such calls to be sure.
CALLS = {
    "openat": "not-publishing",
    "pwritev2": "log-not-writable",
    "pwrite64": "not-publishing",
    "fdatasync": "not-publishing",
    "fsync": "not-publishing",
    "rename": "not-publishing",
    "ftruncate": "not-publishing",
    "unlink": None,
    "mkdir": None,
    "syncfs": None,
}


@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
@pytest.mark.parametrize("call", CALLS)
def test_no_receipt_is_lost_when_a_call_fails(log: AuditLog, go: GoJudge, call: str, error: str):
    """Each call of the kind fails in turn: all of them for a while, and every few."""
    receipts: dict[int, int] = {}
    first = 0
    for when in ("1..3", "60..80", "100+7"):
        # Counted in each thread: the first calls of the main thread are the loader's and those of the start.
        log.start(tool("strace"), "-f", "-qq", "-o", "/dev/null", "-e", f"inject={call}:error={error}:when={when}")
        crowd = Crowd(log, first, 4)
        time.sleep(2)
        log.kill()
        crowd.join()
        receipts |= crowd.receipts
        first = crowd.next
    said = CALLS[call]
    assert said is None or said in log.log_text()
    log.start()
    assert log.stop() == 0
    check_receipts(log, receipts)
    good, text = go(log.key_file, log.directory)
    assert good, text


@pytest.mark.parametrize("call", CALLS)
def test_no_receipt_is_lost_by_kill_9_at_a_call(log: AuditLog, go: GoJudge, call: str):
    """The process dies in the middle of its first, second, third, … such call of a thread."""
    receipts: dict[int, int] = {}
    first = 0
    for when in (1, 2, 3, 5, 9, 20, 45):
        log.start(tool("strace"), "-f", "-qq", "-o", "/dev/null", "-e", f"inject={call}:signal=SIGKILL:when={when}")
        crowd = Crowd(log, first, 4)
        time.sleep(0.8)
        log.kill()
        crowd.join()
        receipts |= crowd.receipts
        first = crowd.next
    log.start()
    assert log.stop() == 0
    check_receipts(log, receipts)
    good, text = go(log.key_file, log.directory)
    assert good, text


def test_a_stalled_disk_keeps_nobody_from_an_answer(log: AuditLog):
    """Each write of the journal takes half a second: records wait for it, questions do not."""
    stall = 0.5
    delay = f"inject=pwritev2:delay_exit={int(stall * 1e6)}"
    log.start(tool("strace"), "-f", "-qq", "-o", "/dev/null", "-e", "trace=pwritev2", "-e", delay)
    producer, other = log.producer(), log.producer()
    # The first one finds out that the disk is slow, on the thread that serves everybody.
    assert producer.append(record(0)) >= 0
    for number in range(1, 4):
        producer.send(record(number))
        time.sleep(stall / 4)
        begun = time.monotonic()
        assert other.status()["healthy"]
        assert time.monotonic() - begun < stall / 2
        producer.reply()
    assert log.stop() == 0


def test_a_file_system_that_refuses_to_bypass_its_cache_is_served(log: AuditLog, go: GoJudge):
    """Such as some in user space, which take O_DIRECT and then refuse the write."""
    # Only the first thread's first write: it opens the log, before any other thread is there.
    log.start(tool("strace"), "-qq", "-o", "/dev/null", "-e", "inject=pwritev2:error=EINVAL:when=1")
    producer = log.producer()
    receipts = {number: producer.append(record(number)) for number in range(5)}
    assert log.stop() == 0
    check_receipts(log, receipts)
    good, text = go(log.key_file, log.directory)
    assert good, text


def test_a_full_disk_refuses_and_heals(tmp_path: Path, go: GoJudge):
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run([tool("mount"), "-t", "tmpfs", "-o", "size=96m", "tmpfs", str(disk)], check=True)
    log = None
    try:
        log = AuditLog(tmp_path / "audit", log_directory=disk / "log", minimum_free_mebibytes=8)
        log.start()
        producer = log.producer()
        receipts = {number: producer.append(record(number)) for number in range(10)}
        balloon = disk / "balloon"
        with balloon.open("wb") as file:
            try:
                while True:
                    file.write(bytes(65_536))
            except OSError:
                pass
        number = 10
        with pytest.raises(Refused, match="no space|backlog"):
            while number < 4000:
                receipts[number] = producer.append(record(number, 30_000))
                number += 1
        refused = number
        assert not producer.status()["healthy"]
        with pytest.raises(Refused):
            producer.append(record(number + 1, 30_000))
        balloon.unlink()
        wait_until("the log heals", lambda: producer.status()["healthy"], 15)
        for later in range(5000, 5010):
            receipts[later] = producer.append(record(later))
        assert log.stop() == 0
        check_receipts(log, receipts)
        text = b"\n".join(log.entries())
        assert f'"version":"{refused}-'.encode() not in text
        assert b'"event":"audit.recovered"' in text and b'"event":"audit.space-low"' in text
        assert "<1>space-low" in log.log_text()
        good, verdict = go(log.key_file, log.directory)
        assert good, verdict
    finally:
        if log is not None:
            log.close()
        subprocess.run([tool("umount"), str(disk)], check=True)


def test_strangers_are_refused(log: AuditLog):
    log.start()
    code = f"import socket; s = socket.socket(socket.AF_UNIX); s.connect('{log.socket}'); print(s.recv(1))"
    done = subprocess.run(
        [tool("setpriv"), "--reuid", "65534", "--clear-groups", "/usr/bin/python3", "-c", code],
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.stdout.strip() == "b''", done.stdout + done.stderr
    assert "peer-refused uid=65534" in log.log_text()
    assert log.stop() == 0


def test_a_producer_is_told_what_the_log_does_not_take(log: AuditLog):
    log.start()
    producer: Producer = log.producer()
    with pytest.raises(Refused, match="malformed"):
        producer.append(record(1).replace(b'"event_code"', b'"Event_code"'))
    assert producer.append(record(2)) == 1
    assert log.stop() == 0
