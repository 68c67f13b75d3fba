#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: holds the walls between the targets, which the compiler cannot see. docs/architecture.md lists them.

usage: Scripts/walls.py [FOLDER]      prints every breach, one a line, and ends with 1 when there is one
Scripts/walls-selftest.py proves that each wall can fail.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# The one Swift target that may import each C module.
OWNERS = {"COpenSSL": "OpenSSLKit", "CPAM": "PAMKit", "CLinux": "LinuxKit", "CWipedHeap": "WipedHeap"}
# Floors that are pure as a whole, and single pure targets of other floors.
PURE_FLOORS = {"Wire", "Policy"}
PURE_TARGETS = {"MerkleLog"}
# Arrows go down only.
RANKS = {"Wire": 0, "Policy": 1, "Audit": 1, "System": 1, "Gate": 2, "Auth": 2, "Control": 2, "Daemons": 3, "CLI": 3}
# Processes that must stay small: no package of others is linked into them.
PLAIN_EXECUTABLES = {"torhaus-gate", "torhaus-authd"}
# Processes through which other people's secrets pass, in buffers of libraries too: their heap overwrites what is freed.
WIPING_EXECUTABLES = {"torhaus-gate", "torhausd"}
LONGEST_FILE = 800
CODE = {".swift", ".c", ".h", ".py", ".sh", ".js", ".css"}

IMPORT = re.compile(r"^[ \t]*(?:@\w+(?:\([^)]*\))?[ \t]+)*(?:(public|package|internal|private|fileprivate)[ \t]+)?import[ \t]+"
                    r"(?:(?:class|struct|enum|protocol|func|var|let|typealias)[ \t]+)?(\w+)", re.M)  # fmt: skip
PACKAGE_DECLARATION = re.compile(r"^[ \t]*(?:@[^\n]*[ \t])?package[ \t(][^\n]*", re.M)
POINTER = re.compile(r"\b(?:Unsafe(?:Mutable)?(?:Raw)?(?:Buffer)?Pointer|OpaquePointer|CVaListPointer|Unmanaged)\b")
CLOCK = re.compile(r"\b(?:ContinuousClock|SuspendingClock|Task\.sleep)\b")
NAMED_FILE = re.compile(r"`((?:(?:Sources|Tests|Fuzz|Benchmarks|docs|systemd|certs-example)/[\w+./-]*\w)|Scripts/[\w-]+\.(?:sh|py))`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
# Put together from pieces, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(?:%s)\b" % "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]))
MACHINE_PATH = re.compile(r"(?:^|[^\w.])/(?:%s)(?:/|\s|$)" % "|".join(["wo" + "rk", "fa" + "rm", "opt/" + "swift"]), re.M)


class Manifest:
    """The targets as the package manager understands Package.swift."""

    def __init__(self, folder: Path):
        done = subprocess.run(["swift", "package", "dump-package", "--package-path", str(folder)], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"Package.swift cannot be read:\n{done.stderr}")
        self.targets = {target["name"]: target for target in json.loads(done.stdout)["targets"]}

    def names(self, kind: str) -> list[str]:
        return [name for name, target in self.targets.items() if target["type"] == kind]

    def floor(self, name: str) -> str | None:
        """`Wire`, `System`, … for targets below Sources; None for others."""
        parts = Path(self.targets[name].get("path") or "").parts
        return parts[1] if len(parts) > 1 and parts[0] == "Sources" else None

    def needs(self, name: str) -> tuple[set[str], set[str]]:
        """Own targets and foreign products that a target names."""
        own, foreign = set(), set()
        for dependency in self.targets[name]["dependencies"]:
            if "product" in dependency:
                foreign.add(dependency["product"][0])
            else:
                needed = next(iter(dependency.values()))[0]
                (own if needed in self.targets else foreign).add(needed)
        return own, foreign

    def closure(self, name: str) -> tuple[set[str], set[str]]:
        """Everything that a target links, directly or not."""
        own, foreign, waiting = set(), set(), [name]
        while waiting:
            nearer, outside = self.needs(waiting.pop())
            foreign |= outside
            waiting += nearer - own
            own |= nearer
        return own, foreign


def sources(folder: Path, manifest: Manifest, name: str) -> Iterator[tuple[Path, str]]:
    base = folder / (manifest.targets[name].get("path") or "")
    for path in sorted(base.rglob("*.swift")):
        yield path, path.read_text(encoding="utf-8")


def line_of(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def check_imports(folder: Path, manifest: Manifest) -> Iterator[str]:
    pure = {name for name in manifest.targets if name in PURE_TARGETS or manifest.floor(name) in PURE_FLOORS}
    for name in manifest.targets:
        for path, text in sources(folder, manifest, name):
            where = path.relative_to(folder)
            for found in IMPORT.finditer(text):
                access, module = found.groups()
                place = f"{where}:{line_of(text, found.start(2))}"
                if module in OWNERS and name != OWNERS[module]:
                    yield f"{place}: {module} belongs to {OWNERS[module]} alone"
                if module in OWNERS and access in ("public", "package"):
                    yield f"{place}: {module} must not show through to other targets"
                if name in pure and module not in pure:
                    yield f"{place}: {name} is pure and may not import {module}"
                if name == "Gate" and module in manifest.targets and is_upstairs(manifest, module):
                    yield f"{place}: the gate may not know {module}"
            if name in pure:
                for found in CLOCK.finditer(text):
                    yield f"{where}:{line_of(text, found.start())}: {name} is pure and may not read a clock"


def is_upstairs(manifest: Manifest, name: str) -> bool:
    """What the gate must not know: everything of these floors but the catalogue of events."""
    return manifest.floor(name) in {"Control", "Policy", "Audit"} and name != "AuditEvents"


def check_arrows(manifest: Manifest) -> Iterator[str]:
    for name in manifest.targets:
        floor = manifest.floor(name)
        if floor is None:
            continue
        if floor not in RANKS:
            yield f"Package.swift: {name} stands on the unknown floor {floor}"
            continue
        for needed in sorted(manifest.needs(name)[0]):
            below = manifest.floor(needed)
            if below is None:
                yield f"Package.swift: {name} depends on {needed}, which is outside Sources"
            elif RANKS.get(below, 9) > RANKS[floor] or (RANKS[floor] == 2 == RANKS.get(below) and floor != below):
                yield f"Package.swift: {name} ({floor}) depends on {needed} ({below}): arrows go down only"
    for name in sorted(manifest.closure("Gate")[0]) if "Gate" in manifest.targets else []:
        if is_upstairs(manifest, name):
            yield f"Package.swift: Gate links {name}"


def check_executables(manifest: Manifest) -> Iterator[str]:
    for name in manifest.names("executable"):
        own, foreign = manifest.closure(name)
        if ("PAMKit" in own) != (name == "torhaus-authd"):
            yield f"Package.swift: {name} {'links' if 'PAMKit' in own else 'does not link'} PAMKit; torhaus-authd alone does"
        if name in WIPING_EXECUTABLES and "WipedHeap" not in own:
            yield f"Package.swift: {name} does not link WipedHeap; secrets pass through it"
        if name in PLAIN_EXECUTABLES and foreign:
            yield f"Package.swift: {name} links foreign packages: {', '.join(sorted(foreign))}"


def check_signatures(folder: Path, manifest: Manifest) -> Iterator[str]:
    for name in manifest.targets:
        for path, text in sources(folder, manifest, name):
            for found in PACKAGE_DECLARATION.finditer(text):
                declaration = signature(text, found.start())
                if pointer := POINTER.search(declaration):
                    yield f"{path.relative_to(folder)}:{line_of(text, found.start())}: {pointer[0]} in a package signature"


def signature(text: str, start: int) -> str:
    """A declaration up to its body, or up to the end of a line outside all brackets."""
    depth = 0
    for at in range(start, len(text)):
        letter = text[at]
        if letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif letter == "{" and depth == 0:
            return text[start:at]
        elif letter == "\n" and depth == 0 and not re.match(r"\s*(?:\)|->|async|throws|where|\{)", text[at:]):
            return text[start:at]
    return text[start:]


def tracked(folder: Path) -> list[Path]:
    done = subprocess.run(["git", "-C", str(folder), "ls-files", "-z"], capture_output=True)
    if done.returncode != 0:
        return [path for path in folder.rglob("*") if path.is_file() and ".build" not in path.parts]
    return [folder / name.decode() for name in done.stdout.split(b"\0") if name]


def check_files(folder: Path) -> Iterator[str]:
    for path in tracked(folder):
        if not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        where = path.relative_to(folder)
        if path.suffix in CODE:
            if (lines := text.count("\n")) > LONGEST_FILE:
                yield f"{where}: {lines} lines; {LONGEST_FILE} is the limit"
            if text.strip() and "SPDX-License-Identifier: EUPL-1.2" not in "\n".join(text.splitlines()[:4]):
                yield f"{where}: the licence line is missing"
            for found in UNFINISHED.finditer(text):
                yield f"{where}:{line_of(text, found.start())}: {found[0]}: finish it, or write down the gap and its consequence"
        if path.suffix == ".swift" and where.parts[0] == "Sources":
            for found in re.finditer(r"\bfatalError\(", text):
                yield f"{where}:{line_of(text, found.start())}: fatalError says nothing about the state that was wrong"
        for found in MACHINE_PATH.finditer(text):
            yield f"{where}:{line_of(text, found.start())}: a path of one machine"


def check_pages(folder: Path) -> Iterator[str]:
    """Files that the pages name must exist."""
    for path in tracked(folder):
        if path.suffix != ".md" or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        where = path.relative_to(folder)
        for found in NAMED_FILE.finditer(text):
            if not (folder / found[1]).exists():
                yield f"{where}:{line_of(text, found.start())}: {found[1]} does not exist"
        for found in LINK.finditer(text):
            if not found[1].startswith(("http:", "https:", "mailto:")) and not (path.parent / found[1]).exists():
                yield f"{where}:{line_of(text, found.start())}: the link to {found[1]} leads nowhere"


def breaches(folder: Path) -> list[str]:
    manifest = Manifest(folder)
    return [
        *check_imports(folder, manifest),
        *check_arrows(manifest),
        *check_executables(manifest),
        *check_signatures(folder, manifest),
        *check_files(folder),
        *check_pages(folder),
    ]


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent)
    found = breaches(folder)
    print("\n".join(found) or "all walls stand")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
