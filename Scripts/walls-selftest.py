#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: breaks each wall on a copy of the tree, and wants Scripts/walls.py to notice.

usage: Scripts/walls-selftest.py
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import walls

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Breach:
    """Text put into a file (or a replacement in it), and words of the complaint that must follow."""

    name: str
    file: str
    text: str
    complaint: str
    instead_of: str | None = None


HEAD = "// SPDX-License-Identifier: EUPL-1.2\n"
BREACHES = [
    Breach("a second owner of OpenSSL", "Sources/Gate/Broken.swift", HEAD + "internal import COpenSSL\n", "COpenSSL belongs to OpenSSLKit"),
    Breach("a second owner of PAM", "Sources/Auth/Broken.swift", HEAD + "import CPAM\n", "CPAM belongs to PAMKit"),
    Breach("a test that imports C", "Tests/GateTests/Broken.swift", HEAD + "import CLinux\n", "CLinux belongs to LinuxKit"),
    Breach("a C module that shows through", "Sources/System/LinuxKit/Broken.swift", HEAD + "package import CLinux\n", "must not show through"),
    Breach("an attribute does not hide an import", "Sources/Gate/Broken.swift", HEAD + "@preconcurrency import COpenSSL\n", "COpenSSL belongs"),
    Breach("Foundation in a pure target", "Sources/Wire/ByteCoding/Broken.swift", HEAD + "import Foundation\n", "ByteCoding is pure and may not import Foundation"),
    Breach("one symbol of Foundation", "Sources/Wire/ByteCoding/Broken.swift", HEAD + "import struct Foundation.Data\n", "may not import Foundation"),
    Breach("Glibc in a pure target", "Sources/Wire/RDGateway/Broken.swift", HEAD + "internal import Glibc\n", "may not import Glibc"),
    Breach("a clock in a pure target", "Sources/Wire/RDGateway/Broken.swift", HEAD + "let now = ContinuousClock().now\n", "may not read a clock"),
    Breach("the gate knows the control plane", "Sources/Gate/Broken.swift", HEAD + "import Sessions\n", "the gate may not know Sessions"),
    Breach("the gate links the control plane", "Package.swift", '"DaemonMessages", "DaemonSettings", "Sessions", "AuditEvents", "LinuxKit", "OpenSSLKit",', "Gate links Sessions", '"DaemonMessages", "DaemonSettings", "AuditEvents", "LinuxKit", "OpenSSLKit",'),
    Breach("an arrow that goes up", "Package.swift", 'floor("Wire", "HTTPHead", ["ByteCoding", "LinuxKit"]', "arrows go down only", 'floor("Wire", "HTTPHead", ["ByteCoding"]'),
    Breach("PAM in the control plane", "Package.swift", '"AuditEvents", "AuthClient", "PAMKit", "CountyConfiguration",', "torhausd links PAMKit", '"AuditEvents", "AuthClient", "CountyConfiguration",'),
    Breach("a foreign package in the gate", "Package.swift", 'daemon("torhaus-gate", "torhaus-gate", [logging, "Gate"', "torhaus-gate links foreign packages: Logging", 'daemon("torhaus-gate", "torhaus-gate", ["Gate"'),
    Breach("a gate that remembers", "Package.swift", '["Gate", "DaemonSettings", "LinuxKit"]', "torhaus-gate does not link WipedHeap", '["Gate", "DaemonSettings", "LinuxKit", "WipedHeap"]'),
    Breach("a pointer in a signature", "Sources/System/LinuxKit/Broken.swift", HEAD + "package func read(\n    into bytes: UnsafeMutableRawBufferPointer\n) -> Int { 0 }\n", "UnsafeMutableRawBufferPointer in a package signature"),
    Breach("a pointer as a result", "Sources/System/LinuxKit/Broken.swift", HEAD + "package func handle()\n    -> OpaquePointer? { nil }\n", "OpaquePointer in a package signature"),
    Breach("a file without end", "Sources/Gate/Broken.swift", HEAD + "//\n" * 801, "800 is the limit"),
    Breach("something left open", "Sources/Gate/Broken.swift", HEAD + "// TO" + "DO later\n", "finish it"),
    Breach("no licence", "Sources/Gate/Broken.swift", "let x = 1\n", "licence line is missing"),
    Breach("a path of one machine", "docs/broken.md", "See /wo" + "rk/main for more.\n", "a path of one machine"),
    Breach("an end without a reason", "Sources/Gate/Broken.swift", HEAD + 'func f() -> Never { fatalError("no") }\n', "fatalError says nothing"),
    Breach("a page that names a file of yesterday", "docs/broken.md", "See `Sources/Gate/Gone.swift`.\n", "Sources/Gate/Gone.swift does not exist"),
    Breach("a link that leads nowhere", "docs/broken.md", "See [there](gone.md).\n", "gone.md leads nowhere"),
]  # fmt: skip


def copy_tree(target: Path) -> None:
    for path in walls.tracked(ROOT):
        if path.is_file():
            place = target / path.relative_to(ROOT)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)


def main() -> int:
    wrong = []
    with tempfile.TemporaryDirectory(prefix="torhaus-walls-") as name:
        folder = Path(name)
        copy_tree(folder)
        before = set(walls.breaches(folder))
        for breach in BREACHES:
            path = folder / breach.file
            original = path.read_text() if path.exists() else None
            path.parent.mkdir(parents=True, exist_ok=True)
            if breach.instead_of is None:
                path.write_text(breach.text)
            elif original is None or breach.instead_of not in original:
                wrong.append(f"{breach.name}: {breach.file} no longer holds {breach.instead_of!r}; adapt this table")
                continue
            else:
                path.write_text(original.replace(breach.instead_of, breach.text))
            new = set(walls.breaches(folder)) - before
            if not any(breach.complaint in complaint for complaint in new):
                wrong.append(f"{breach.name}: not noticed; new complaints: {sorted(new)}")
            if original is None:
                path.unlink()
            else:
                path.write_text(original)
        if set(walls.breaches(folder)) != before:
            wrong.append("the copy did not come back to what it was")
    print("\n".join(wrong) or f"{len(BREACHES)} breaches, all noticed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
