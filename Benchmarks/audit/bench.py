#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
# Torhaus: the audit log beside the disk itself and beside SQLite, in one run, interleaved.
"""bench.py --auditd PROGRAM --load PROGRAM [--torhaus PROGRAM] [--rounds N] [--seconds S] [--folder F] [--people]"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time

RECORD = b"x" * 620
BLOCK = 4096


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class Log:
    """torhaus-auditd with fresh files."""

    def __init__(self, program: str, folder: pathlib.Path, holders: pathlib.Path | None = None):
        self.folder = folder
        folder.mkdir()
        self.socket = folder / "audit.sock"
        settings = folder / "settings"
        settings.write_text(
            f"socket = {self.socket}\nallowed_user = root\norigin = bench.example/gate1\n"
            f"log_directory = {folder}/log\nstate_directory = {folder}/state\nminimum_free_mebibytes = 0\n"
            + (f"names_directory = {folder}/names\nholders = {holders}\n" if holders else "")
        )
        command = [program, "--settings", str(settings)]
        self.key = subprocess.run([*command, "--init"], check=True, capture_output=True, text=True).stdout.strip()
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        while not self.socket.exists():
            time.sleep(0.02)
        time.sleep(0.2)
        (self.directory,) = (folder / "log").iterdir()

    def memory(self) -> float:
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.split("VmRSS:")[1].split()[0]) / 1024

    def cpu(self) -> float:
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def holders(folder: pathlib.Path, roles: int, each: int) -> pathlib.Path:
    """Keys of those for whom every name is sealed."""
    entries = []
    for number in range(roles * each):
        key = folder / "key.pem"
        command = ["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072", "-out", key]
        subprocess.run(command, check=True, capture_output=True)
        public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout"], check=True, capture_output=True, text=True)
        entries.append({"holder": f"h{number}", "role": f"r{number % roles}", "public_key": public.stdout})
    path = folder / f"holders-{roles}-{each}.json"
    path.write_text(json.dumps(entries))
    return path


class Lag(threading.Thread):
    """How old the newest checkpoint gets while the log grows."""

    def __init__(self, log: Log):
        super().__init__(daemon=True)
        self.path = log.directory / "checkpoint"
        self.worst = 0.0
        self.over = False

    def run(self) -> None:
        last, since = None, time.monotonic()
        while not self.over:
            text = self.path.read_bytes()
            if text != last:
                last, since = text, time.monotonic()
            self.worst = max(self.worst, time.monotonic() - since)
            time.sleep(0.01)


def disk(folder: pathlib.Path, seconds: float) -> list[float]:
    """fdatasync of one block after another in a file that has its size already: what one receipt cannot be faster than."""
    path = folder / "disk"
    file = os.open(path, os.O_RDWR | os.O_CREAT)
    os.pwrite(file, bytes(32 << 20), 0)
    os.fsync(file)
    times, at, end = [], 0, time.monotonic() + seconds
    block = os.urandom(BLOCK)
    while time.monotonic() < end:
        begun = time.perf_counter()
        os.pwrite(file, block, at)
        os.fdatasync(file)
        times.append((time.perf_counter() - begun) * 1e3)
        at = (at + BLOCK) % (32 << 20)
    os.close(file)
    path.unlink()
    return times


def sqlite(folder: pathlib.Path, seconds: float, group: int) -> float:
    """Records a second into a table, WAL and synchronous=FULL, `group` records a transaction."""
    path = folder / "sqlite.db"
    base = sqlite3.connect(path, isolation_level=None)
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("PRAGMA synchronous=FULL")
    base.execute("CREATE TABLE record (id INTEGER PRIMARY KEY, line BLOB)")
    count, begun = 0, time.monotonic()
    while time.monotonic() < begun + seconds:
        base.execute("BEGIN")
        base.executemany("INSERT INTO record (line) VALUES (?)", [(RECORD,)] * group)
        base.execute("COMMIT")
        count += group
    rate = count / (time.monotonic() - begun)
    base.close()
    for file in folder.glob("sqlite.db*"):
        file.unlink()
    return rate


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--auditd", required=True)
    parser.add_argument("--load", required=True)
    parser.add_argument("--torhaus")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--folder", default="/var/tmp")
    parser.add_argument("--people", action="store_true", help="only the first records of people in a month")
    arguments = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="torhaus-audit-bench-", dir=arguments.folder))
    rows: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        rows.setdefault(name, []).append(value)

    def load(log: Log, producers: int, connections: int, *more: str) -> list[float]:
        command = [arguments.load, str(log.socket), str(producers), str(connections), str(arguments.seconds), *more]
        return [float(word) for word in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]

    def new_people(roles: int, each: int) -> None:
        log = Log(arguments.auditd, work / f"people-{roles}-{each}", holders(work, roles, each))
        try:
            for _ in range(arguments.rounds):
                cpu = log.cpu()
                rate, middle, late, _ = load(log, 256, 4, "people")
                name = f"256 new people at once, {roles * each} holders"
                note(f"{name}: first records/s", rate)
                note(f"{name}: receipt p50, ms", middle)
                note(f"{name}: receipt p99, ms", late)
                note(f"{name}: CPU-s per 1,000 people", (log.cpu() - cpu) / (rate * arguments.seconds) * 1e3)
            note(f"one new person at a time, {roles * each} holders: receipt p50, ms", load(log, 1, 1, "people")[1])
        finally:
            log.stop()

    if arguments.people:
        new_people(2, 1)
        new_people(3, 2)
        shutil.rmtree(work)
        return report(rows)
    log = Log(arguments.auditd, work / "log")
    try:
        for _ in range(arguments.rounds):
            lag, cpu = Lag(log), log.cpu()
            lag.start()
            rate, middle, late, _ = load(log, 256, 4)
            lag.over = True
            note("256 producers: durable records/s", rate)
            note("256 producers: receipt p50, ms", middle)
            note("256 producers: receipt p99, ms", late)
            note("256 producers: oldest newest checkpoint, s", lag.worst)
            note("256 producers: CPU-s per 100,000 records", (log.cpu() - cpu) / (rate * arguments.seconds) * 1e5)
            note("memory of torhaus-auditd, MiB", log.memory())
            before = disk(work, arguments.seconds)
            one = load(log, 1, 1)
            after = disk(work, arguments.seconds)
            both = before + after
            note("the disk's fdatasync p50, ms", percentile(both, 0.5))
            note("the disk's fdatasync p99, ms", percentile(both, 0.99))
            note("one producer: receipt p50, ms", one[1])
            note("one producer: receipt p99, ms", one[2])
            note("one producer's p99 over the disk's", one[2] / percentile(both, 0.99))
            note("SQLite WAL FULL, each record: records/s", sqlite(work, arguments.seconds, 1))
            note("SQLite WAL FULL, 256 a transaction: records/s", sqlite(work, arguments.seconds, 256))
        log.stop()
        if arguments.torhaus:
            begun = time.monotonic()
            command = [arguments.torhaus, "audit", "verify", str(log.directory), "--key", log.key]
            done = subprocess.run(command, capture_output=True, text=True)
            size = int((log.directory / "checkpoint").read_text().split("\n")[1])
            assert done.returncode == 0, done.stderr
            note("verifying, s per million records", (time.monotonic() - begun) / size * 1e6)
    finally:
        if log.process.poll() is None:
            log.process.kill()
        shutil.rmtree(work)
    report(rows)


def report(rows: dict[str, list[float]]) -> None:
    width = max(map(len, rows))
    for name, values in rows.items():
        print(f"{name:<{width}}  {statistics.median(values):>10.2f}   ({', '.join(f'{value:.2f}' for value in values)})")


if __name__ == "__main__":
    main()
