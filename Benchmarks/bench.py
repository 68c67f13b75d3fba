#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
# Torhaus: runs the cases, interleaved program by program, and prints one table.
"""bench.py [--quick] [--only WORD] [--programs ours,haproxy,...] [--record-cipher openssl]: see docs/performance.md."""

import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import tempfile
import time

from cases import CASES, PLAIN, Case
from programs import DESKTOP_PORT, LOAD_CORE, Gate, Group, Program, installed, make_certificate

HERE = pathlib.Path(__file__).parent
PEERS = ["haproxy", "nginx", "stunnel"]
STORM_RATE = 800
# Threads per session make stunnel hopeless here; the reference table leaves it out as well.
STUNNEL_SESSIONS = 1000
# Below valgrind, what this many sessions cost is subtracted, and with it the start, the first sessions and the end.
COUNTED_FEW = 50


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        self.build = pathlib.Path(arguments.build)
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="torhaus-bench-"))
        self.results: dict[tuple, list[dict]] = {}
        self.load_group = Group("load")
        make_certificate(self.work)
        probe = subprocess.Popen([str(self.build / "load"), "counters"], stdout=subprocess.PIPE, text=True)
        counters = bool(self.values(probe)["instructions"])
        self.cases = [case for case in CASES if arguments.only in case.name and case.counters in (None, counters)]

    def pinned(self, command: list[str], real_time: bool = False) -> list[str]:
        chrt = ["chrt", "-f", "10"] if real_time and os.geteuid() == 0 else []
        return [*chrt, "taskset", "-c", LOAD_CORE, *command]

    def desktop(self, real_time: bool) -> subprocess.Popen:
        command = self.pinned([str(self.build / "backend"), str(DESKTOP_PORT)], real_time)
        enter = None if real_time else self.load_group.enter_shares
        process = subprocess.Popen(command, preexec_fn=enter)
        time.sleep(0.15)
        return process

    def load(self, kind: str, case: Case, framing: str, port: int, seconds: float, real_time=False, more=(), **keywords):
        command = [
            str(self.build / "load"), kind, "--port", str(port), "--framing", framing,
            "--sessions", str(case.sessions), "--seconds", str(seconds), "--rate", str(case.rate), *more,
        ]
        # A real-time thread may not be in a group without a real-time share, so those stay outside.
        enter = None if real_time else self.load_group.enter_shares
        return subprocess.Popen(
            self.pinned(command, real_time), stdout=subprocess.PIPE, text=True, preexec_fn=enter, **keywords
        )

    def meter(self, program: Program) -> list[str]:
        pids = ",".join(str(pid) for pid in program.pids())
        return ["--pids", pids] + (["--cpu", program.group.usage] if program.group.usage else [])

    @staticmethod
    def values(process: subprocess.Popen) -> dict:
        try:
            out, _ = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise RuntimeError("the load did not end") from None
        if process.returncode:
            raise RuntimeError(f"load ended with {process.returncode}")
        return {key: float(value) for key, value in (pair.split("=") for pair in out.split())}

    def measure(self, program: Program, case: Case, framing: str) -> dict:
        seconds = case.seconds * (0.5 if self.arguments.quick else 1)
        if case.kind == "idle":
            return self.idle(program, case, framing)
        if case.kind == "handshakes":
            got = self.values(self.load("handshakes", case, framing, program.port, seconds, more=self.meter(program)))
            got["cpu_each"] = got["cpu"] / got["sessions"] * 1e3
            if got["instructions"]:
                got["instructions_each"] = got["instructions"] / got["sessions"] / 1e3
            return got
        if case.kind == "under_storm":
            live = self.load("ping", case, framing, program.port, seconds + 1, True, self.meter(program))
            storm_case = Case("", "storm", framing, "", "", 0, rate=STORM_RATE)
            time.sleep(0.7)
            storm = self.load("storm", storm_case, framing, program.port, seconds + 0.8, more=["--threads", "48"])
            got, storm_got = self.values(live), self.values(storm)
            got["storm_rate"] = storm_got["sessions"] / storm_got["seconds"]
            return got
        real_time = case.kind in ("burst", "ping")
        got = self.values(self.load(case.kind, case, framing, program.port, seconds, real_time, self.meter(program)))
        if "bytes" in got:
            got["cpu_per_gb"] = got["cpu"] / got["bytes"] * 1e9
            got["instructions_per_byte"] = got["instructions"] / got["bytes"]
            got["gb_per_s"] = got["bytes"] / got["seconds"] / 1e9
        got["cpu_share"] = got["cpu"] / got["wall"]
        return got

    def idle(self, program: Program, case: Case, framing: str) -> dict:
        sessions = case.sessions
        if program.name == "stunnel":
            sessions = min(sessions, STUNNEL_SESSIONS)
        warm = Case("", "idle", framing, "", "", 0, sessions=20)
        with_sessions = Case("", "idle", framing, "", "", 0, sessions=sessions)
        process = self.load("idle", warm, framing, program.port, 0, stdin=subprocess.PIPE)
        if not process.stdout.readline().startswith("ready"):
            process.wait(60)
            raise RuntimeError("idle sessions did not open")
        before = program.pss()
        held = self.load("idle", with_sessions, framing, program.port, 0, stdin=subprocess.PIPE)
        line = held.stdout.readline()
        time.sleep(1)
        after = program.pss()
        for each in (process, held):
            each.stdin.close()
            each.wait(60)
        if not line.startswith("ready"):
            raise RuntimeError("idle sessions did not open")
        return {"kib_each": (after - before) / sessions / 1024, "base_kib": before / 1024}

    def count(self, name: str, case: Case, framing: str) -> dict:
        """Instructions of a session in user space; the load and the desktop are outside of valgrind."""
        if not (shutil.which("valgrind") and shutil.which("strip")):
            raise RuntimeError("valgrind or strip is not installed")
        few = self.counted(name, dataclasses.replace(case, sessions=COUNTED_FEW), framing)
        many = self.counted(name, case, framing)
        return {"few": few, "many": many, "instructions_each": (many - few) / (case.sessions - COUNTED_FEW) / 1e3}

    def counted(self, name: str, case: Case, framing: str) -> int:
        program = Program(name, self.work, self.arguments.gate, counted=True)
        try:
            self.values(self.load("count", case, framing, program.port, 0))
            # The last session ends in here, as the ones before did while the next one was opened.
            time.sleep(0.5)
        finally:
            program.stop()
        return program.instructions()

    def run(self, program_name: str, case: Case) -> None:
        framing = case.ours if program_name == "ours" else "raw"
        real_time = case.kind in ("burst", "ping", "under_storm")
        desktop = self.desktop(real_time)
        program = None
        try:
            if case.kind == "count":
                got = self.count(program_name, case, framing)
            else:
                program = Program(program_name, self.work, self.arguments.gate)
                got = self.measure(program, case, framing)
            self.results.setdefault((case.kind, case.sessions, framing if program_name == "ours" else "", program_name), []).append(got)
            print(f"  {case.kind:12} {case.sessions:5} {framing:7} {program_name:8}", {k: round(v, 3) for k, v in got.items()}, flush=True)
        except (RuntimeError, subprocess.TimeoutExpired) as problem:
            print(f"  {case.kind:12} {case.sessions:5} {framing:7} {program_name:8} FAILED: {problem}", flush=True)
        finally:
            if program:
                program.stop()
            desktop.terminate()
            desktop.wait()

    def verify(self) -> bool:
        """Every byte compared, through every program; no figures are worth anything without."""
        fine = True
        for name in self.arguments.programs:
            for framing in [PLAIN, "tunnel"] if name == "ours" else ["raw"]:
                desktop = self.desktop(False)
                program = None
                try:
                    program = Program(name, self.work, self.arguments.gate)
                    case = Case("", "verify", framing, "", "", 0, sessions=20)
                    got = self.values(self.load("verify", case, framing, program.port, 0))
                    print(f"verify {name} {framing}: {got['checked'] / 1e6:.0f} MB compared, {got['wrong']:.0f} wrong", flush=True)
                except (RuntimeError, subprocess.TimeoutExpired) as problem:
                    print(f"verify {name} {framing}: FAILED: {problem}", flush=True)
                    fine = False
                finally:
                    if program:
                        program.stop()
                    desktop.terminate()
                    desktop.wait()
        return fine

    def runs(self) -> None:
        repeats = self.arguments.repeats or (2 if self.arguments.quick else 3)
        for repeat in range(repeats):
            print(f"repeat {repeat + 1} of {repeats}", flush=True)
            done = set()
            # Inside a repeat all programs follow each other closely in each case: neighbours on the machine
            # change slowly, and a ratio is taken between runs that lie seconds apart.
            for case in self.cases:
                for name in self.arguments.programs:
                    key = (case.kind, case.sessions, case.ours if name == "ours" else "", name)
                    if key in done or (case.kind == "idle" and repeat > 0):
                        continue
                    done.add(key)
                    self.run(name, case)
            for kind in sorted({case.kind for case in self.cases} & {"burst", "ping"}):
                self.direct(next(case for case in self.cases if case.kind == kind))

    def direct(self, case: Case) -> None:
        """The same exchanges straight to the desktop, without TLS: the load's own part of the latency."""
        desktop = self.desktop(True)
        try:
            got = self.values(self.load(f"direct-{case.kind}", case, "raw", DESKTOP_PORT, case.seconds / 2, real_time=True))
            self.results.setdefault((case.kind, case.sessions, "", "direct"), []).append(got)
        except (RuntimeError, subprocess.TimeoutExpired) as problem:
            print("  direct FAILED:", problem)
        finally:
            desktop.terminate()
            desktop.wait()

    # MARK: The table

    def figure(self, case: Case, name: str) -> list[float]:
        framing = case.ours if name == "ours" else ""
        runs = self.results.get((case.kind, case.sessions, framing, name), [])
        return [run[case.figure] for run in runs if case.figure in run]

    def row(self, case: Case) -> dict:
        floor = 0.0
        if case.added:
            floor = statistics.median(self.figure(case, "direct") or [0.0])
        middle, spread = {}, {}
        for name in ["ours", *PEERS]:
            runs = self.figure(case, name)
            if runs:
                middle[name] = statistics.median(runs) - floor
                spread[name] = (max(runs) - min(runs)) / statistics.median(runs)
        ratio = None
        rivals = ["haproxy"] if case.against == "haproxy" else ["haproxy", "nginx"]
        rivals = [middle[name] for name in rivals if name in middle]
        if "ours" in middle:
            if case.against == "absolute":
                ratio = middle["ours"]
            elif rivals and min(rivals) > 0:
                ratio = middle["ours"] / min(rivals)
        return {
            "case": case.name, "unit": case.unit, "limit": case.limit, "ratio": ratio, "middle": middle,
            "spread": max(spread.values(), default=0), "ok": ratio is not None and ratio <= case.limit,
        }

    def table(self) -> str:
        lines = [
            f"{'case':43} {'unit':9} {'ours':>8} {'HAProxy':>8} {'nginx':>8} {'stunnel':>8} {'ratio':>6} {'limit':>6} {'spread':>6}"
        ]
        for case in self.cases:
            row = self.row(case)
            cells = [f"{row['middle'][name]:8.3g}" if name in row["middle"] and row["middle"][name] < 1000 else f"{row['middle'].get(name, float('nan')):8.0f}" for name in ["ours", *PEERS]]
            cells = [cell if "nan" not in cell else "       -" for cell in cells]
            ratio = f"{row['ratio']:6.2f}" if row["ratio"] is not None else "     -"
            mark = "" if row["ok"] else "  MISSED" if row["ratio"] is not None else "  not measured"
            lines.append(f"{row['case']:43} {row['unit']:9} {' '.join(cells)} {ratio} {row['limit']:6.2f} {row['spread']:6.0%}{mark}")
        for (kind, _, _, name), runs in self.results.items():
            if name == "direct":
                p50, p99 = (statistics.median(run[key] for run in runs) for key in ("p50", "p99"))
                lines.append(f"{kind} straight to the desktop: p50 {p50:.0f} us, p99 {p99:.0f} us; what no program can be below")
        storms = [(name, statistics.median(run["storm_rate"] for run in runs)) for (kind, _, _, name), runs in self.results.items() if kind == "under_storm"]
        if storms:
            lines.append("new sessions/s reached in the storm: " + ", ".join(f"{name} {rate:.0f}" for name, rate in storms))
        return "\n".join([machine(), *lines])

    def write(self) -> None:
        folder = HERE / "results"
        folder.mkdir(exist_ok=True)
        stamp = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
        raw = [{"kind": k, "sessions": n, "framing": f, "program": p, "runs": runs} for (k, n, f, p), runs in self.results.items()]
        (folder / f"{stamp}.json").write_text(json.dumps({"machine": machine(), "runs": raw}, indent=1))
        (folder / f"{stamp}.txt").write_text(self.table() + "\n")


def machine() -> str:
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown")
    versions = []
    for command in (["haproxy", "-v"], ["nginx", "-v"], ["stunnel", "-version"], ["openssl", "version"]):
        try:
            done = subprocess.run(command, capture_output=True, text=True)
            versions.append((done.stdout + done.stderr).splitlines()[0].split(" on ")[0][:48])
        except (OSError, IndexError):
            pass
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{model}, {os.cpu_count()} cores, Linux {os.uname().release}; {'; '.join(versions)}; load {load}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gate", required=True)
    parser.add_argument("--build", required=True)
    parser.add_argument("--record-cipher", choices=["auto", "openssl"], default="auto", help="whose AES-GCM the gate uses")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--repeats", type=int)
    parser.add_argument("--only", default="")
    parser.add_argument("--programs", type=lambda text: text.split(","), default=["ours", *PEERS])
    arguments = parser.parse_args()
    arguments.gate = Gate(arguments.gate, arguments.record_cipher)
    arguments.programs = [name for name in arguments.programs if installed(name)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    bench = Bench(arguments)
    fine = bench.verify()
    try:
        bench.runs()
    finally:
        bench.load_group.leave()
        bench.load_group.leave_shares()
        bench.write()
    print(bench.table())
    if not fine:
        raise SystemExit("content was damaged or missing: the figures above do not count")


if __name__ == "__main__":
    main()
