# SPDX-License-Identifier: EUPL-1.2
# Torhaus: the cases of the table, with what counts in each and the limit it is held to.
"""A case gives one figure a run; smaller is better in all of them."""

import dataclasses

PLAIN = "portal"
TUNNEL = "tunnel"


@dataclasses.dataclass(frozen=True)
class Case:
    """One row. `ours` is how the gate is talked to; peers are always plain TLS in front of TCP."""

    name: str
    kind: str
    ours: str
    figure: str
    unit: str
    limit: float
    sessions: int = 16
    rate: float = 0
    seconds: float = 4
    # "ratio": ours over the better of HAProxy and nginx; "haproxy": over HAProxy; "absolute": ours alone.
    against: str = "ratio"
    # Subtracted from the figure: the same load straight to the desktop.
    added: bool = False
    # Only where the kernel counts instructions, or only where it does not; None: everywhere.
    counters: bool | None = None


CASES = [
    Case("desktop to client, 16, plain", "down", PLAIN, "cpu_per_gb", "CPU-s/GB", 0.60),
    Case("desktop to client, 256, plain", "down", PLAIN, "cpu_per_gb", "CPU-s/GB", 0.60, sessions=256),
    Case("desktop to client, 16, MS-TSGU", "down", TUNNEL, "cpu_per_gb", "CPU-s/GB", 0.75),
    Case("desktop to client, 256, MS-TSGU", "down", TUNNEL, "cpu_per_gb", "CPU-s/GB", 0.75, sessions=256),
    Case("client to desktop, 16, plain", "up", PLAIN, "cpu_per_gb", "CPU-s/GB", 1.00),
    Case("client to desktop, 16, MS-TSGU", "up", TUNNEL, "cpu_per_gb", "CPU-s/GB", 1.15),
    Case("screen updates 200 x 30/s, plain: CPU", "burst", PLAIN, "cpu_share", "cores", 0.90, sessions=200, rate=30),
    Case("screen updates 200 x 30/s, plain: p99", "burst", PLAIN, "p99", "us", 0.80, sessions=200, rate=30),
    Case("screen updates 200 x 30/s, MS-TSGU: CPU", "burst", TUNNEL, "cpu_share", "cores", 0.90, sessions=200, rate=30),
    Case("screen updates 200 x 30/s, MS-TSGU: p99", "burst", TUNNEL, "p99", "us", 0.80, sessions=200, rate=30),
    Case("64 bytes, 500 x 10/s, plain: added p99", "ping", PLAIN, "p99", "us", 0.60, sessions=500, rate=10, added=True),
    Case("64 bytes, 500 x 10/s, MS-TSGU: added p99", "ping", TUNNEL, "p99", "us", 0.60, sessions=500, rate=10, added=True),
    Case("live p99 under 800 new sessions/s", "under_storm", PLAIN, "p99", "us", 1.10, sessions=200, rate=20, against="haproxy"),
    Case("full handshake: instructions", "handshakes", PLAIN, "instructions_each", "k", 1.00, counters=True),
    # User space alone, below valgrind: what the kernel does for a session is not in it.
    Case("full handshake: instructions", "count", PLAIN, "instructions_each", "k user", 1.00, sessions=250, counters=False),
    Case("full handshake: CPU", "handshakes", PLAIN, "cpu_each", "ms", 1.00),
    Case("idle session, plain", "idle", PLAIN, "kib_each", "KiB PSS", 14, sessions=5000, against="absolute"),
    Case("idle session, MS-TSGU", "idle", TUNNEL, "kib_each", "KiB PSS", 16, sessions=5000, against="absolute"),
]
