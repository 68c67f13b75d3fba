# SPDX-License-Identifier: EUPL-1.2
# Torhaus: the programs under test, each started fresh for a run, in its own CPU accounting group and on its own core.
"""How the gate and its peers are configured and started; every one gets one worker and the same TLS."""

import dataclasses
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import time

PROXY_CORE = "1"
LOAD_CORE = "0"
DESKTOP_PORT = 23389
PORTS = {"ours": 24443, "haproxy": 24444, "nginx": 24445, "stunnel": 24446}
ACCOUNTING = pathlib.Path("/sys/fs/cgroup/cpuacct")
SHARES = pathlib.Path("/sys/fs/cgroup/cpu")

GATE = """\
listen = 127.0.0.1:{port}
public_name = localhost
public_port = {port}
profile = modern
record_cipher = {cipher}
certificate_chain = {work}/cert.pem
certificate_key = {work}/key.pem
refuse_unknown_name = no
portal_upstream = tcp:127.0.0.1:{desktop}
gate_link = {work}/link.sock
allowed_control_user = {user}
basic = no
relay_threads = 1
handshake_threads = 1
max_connections = 20000
half_open_per_address = 20000
keepalive_seconds = 600
"""

HAPROXY = """\
global
    nbthread 1
    maxconn 9500
    tune.bufsize 65536
    ssl-default-bind-options ssl-min-ver TLSv1.3
    ssl-default-bind-ciphersuites TLS_AES_256_GCM_SHA384
    ssl-default-bind-curves X25519:P-256
defaults
    mode tcp
    timeout connect 10s
    timeout client 10m
    timeout server 10m
listen bench
    bind 127.0.0.1:{port} backlog 8192 ssl crt {work}/both.pem
    server desktop 127.0.0.1:{desktop}
"""

NGINX = """\
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid {work}/nginx.pid;
error_log {work}/nginx.log warn;
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
events {{ worker_connections 19900; multi_accept on; }}
stream {{
    server {{
        listen 127.0.0.1:{port} ssl backlog=8192;
        ssl_certificate {work}/cert.pem;
        ssl_certificate_key {work}/key.pem;
        ssl_protocols TLSv1.3;
        ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384;
        ssl_ecdh_curve X25519:prime256v1;
        tcp_nodelay on;
        proxy_buffer_size 64k;
        proxy_pass 127.0.0.1:{desktop};
    }}
}}
"""

STUNNEL = """\
foreground = yes
pid =
debug = 3
sslVersionMin = TLSv1.3
ciphersuites = TLS_AES_256_GCM_SHA384
curves = X25519:P-256
socket = l:TCP_NODELAY=1
socket = r:TCP_NODELAY=1
[bench]
accept = 127.0.0.1:{port}
connect = 127.0.0.1:{desktop}
cert = {work}/cert.pem
key = {work}/key.pem
"""


def wait_for(condition, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError("a program did not become ready")
        time.sleep(0.02)


def listens(port: int) -> bool:
    wanted = f":{port:04X} "
    with open("/proc/net/tcp") as table:
        return any(wanted in line and line.split()[3] == "0A" for line in table)


def remove(folder: pathlib.Path | None) -> None:
    try:
        if folder:
            folder.rmdir()
    except OSError:
        pass


class Group:
    """A CPU accounting group of version 1, when there is one and we may use it."""

    def __init__(self, name: str):
        self.path = ACCOUNTING / f"torhaus-bench-{os.getpid()}-{name}"
        self.shares = SHARES / f"torhaus-bench-{os.getpid()}"
        try:
            self.path.mkdir(exist_ok=True)
            self.usage = str(self.path / "cpuacct.usage")
        except OSError:
            self.path = None
            self.usage = None
        try:
            # Neighbours on the machine disturb latency; all programs under test and the load get the same weight.
            self.shares.mkdir(exist_ok=True)
            (self.shares / "cpu.shares").write_text("50000")
        except OSError:
            self.shares = None

    def enter(self) -> None:
        for folder in (self.path, self.shares):
            if folder:
                (folder / "cgroup.procs").write_text(str(os.getpid()))

    def enter_shares(self) -> None:
        if self.shares:
            (self.shares / "cgroup.procs").write_text(str(os.getpid()))

    def leave(self) -> None:
        """Removes the accounting group; the one for the shares belongs to the whole run (`leave_shares`)."""
        remove(self.path)

    def leave_shares(self) -> None:
        remove(self.shares)


@dataclasses.dataclass(frozen=True)
class Gate:
    """The gate's executable, and whose AES-GCM it uses: `auto` or `openssl`."""

    path: str
    record_cipher: str = "auto"


class Program:
    """One program under test, running; `counted` below valgrind, which counts its instructions."""

    def __init__(self, name: str, work: pathlib.Path, gate: Gate, counted: bool = False):
        self.name = name
        self.port = PORTS[name]
        self.group = Group(name)
        self.helpers: list[subprocess.Popen] = []
        values = {"port": self.port, "work": work, "desktop": DESKTOP_PORT, "user": pwd.getpwuid(os.getuid()).pw_name, "cipher": gate.record_cipher}
        texts = {"ours": GATE, "haproxy": HAPROXY, "nginx": NGINX, "stunnel": STUNNEL}
        settings = work / f"{name}.conf"
        settings.write_text(texts[name].format(**values))
        command = {
            "ours": [gate.path, "--settings", str(settings)],
            "haproxy": ["haproxy", "-db", "-q", "-f", str(settings)],
            "nginx": ["nginx", "-e", str(work / "nginx.log"), "-c", str(settings)],
            "stunnel": ["stunnel", str(settings)],
        }[name]
        self.counts = work / f"{name}.callgrind"
        if counted:
            command = self.below_valgrind(command)
        log = open(work / f"{name}.log", "w")
        if name == "ours":
            link = work / "link.sock"
            link.unlink(missing_ok=True)
            self.helpers.append(
                subprocess.Popen(
                    ["taskset", "-c", LOAD_CORE, "python3", str(pathlib.Path(__file__).with_name("control.py")), str(link), str(DESKTOP_PORT)],
                    stderr=log,
                )
            )
            wait_for(link.exists)
        self.log = work / f"{name}.log"
        self.process = subprocess.Popen(
            ["taskset", "-c", PROXY_CORE, *command], stdout=log, stderr=log, preexec_fn=self.group.enter
        )
        log.close()
        try:
            wait_for(lambda: listens(self.port))
            if name == "ours":
                wait_for(lambda: "control plane connected" in self.log.read_text())
        except RuntimeError:
            self.stop()
            raise RuntimeError(f"{name} did not start: {self.log.read_text()[-500:]}") from None
        time.sleep(0.2)

    def below_valgrind(self, command: list[str]) -> list[str]:
        self.counts.unlink(missing_ok=True)
        if self.name == "ours":
            # Valgrind 3.19 gives up at the debug information that Swift writes.
            bare = self.counts.with_name("gate")
            subprocess.run(["strip", "--strip-debug", "-o", str(bare), command[0]], check=True)
            command = [str(bare), *command[1:]]
        if self.name == "nginx":
            # Its worker changes user and could not write the file; without a master the count is the same.
            command = [*command, "-g", "master_process off;"]
        return ["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={self.counts}", *command]

    def instructions(self) -> int:
        """In user space, from start to end; known once the program was stopped. `callgrind_annotate` shows where."""
        if self.counts.exists():
            for line in self.counts.read_text().splitlines():
                if line.startswith("totals:"):
                    return int(line.split()[1])
        raise RuntimeError(f"valgrind did not count: {self.log.read_text()[-500:]}")

    def pids(self) -> list[int]:
        """The process and its children."""
        found = [self.process.pid]
        for pid in found:
            for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
                found += [int(child) for child in task.read_text().split()]
        return found

    def pss(self) -> int:
        """Proportional set size of all its processes in bytes."""
        total = 0
        for pid in self.pids():
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        return total

    def stop(self) -> None:
        for process in [self.process, *self.helpers]:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(4)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        wait_for(lambda: not listens(self.port))
        self.group.leave()


def make_certificate(work: pathlib.Path) -> None:
    """ECDSA P-256, as in production."""
    if (work / "both.pem").exists():
        return
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", str(work / "key.pem"), "-out", str(work / "cert.pem"),
        ],
        check=True, capture_output=True,
    )
    (work / "both.pem").write_text((work / "cert.pem").read_text() + (work / "key.pem").read_text())


def installed(name: str) -> bool:
    return name == "ours" or shutil.which(name) is not None or os.path.exists(f"/usr/sbin/{name}")
