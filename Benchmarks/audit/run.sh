#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Torhaus: benchmarks of the audit log. Options go to bench.py; TORHAUS_BIN names a folder of release executables.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$(dirname "$here")")
build="$root/Benchmarks/.build"
mkdir -p "$build"
cc -O2 -Wall -Wextra -o "$build/audit-load" "$here/load.c"
bin=${TORHAUS_BIN:-}
if [ -z "$bin" ]; then
    swift build --package-path "$root" -c release --product torhaus-auditd
    swift build --package-path "$root" -c release --product torhaus
    bin=$(swift build --package-path "$root" -c release --show-bin-path)
fi
set -- --auditd "$bin/torhaus-auditd" --load "$build/audit-load" "$@"
if [ -x "$bin/torhaus" ]; then set -- --torhaus "$bin/torhaus" "$@"; fi
exec python3 "$here/bench.py" "$@"
