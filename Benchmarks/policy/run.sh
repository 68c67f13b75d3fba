#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Torhaus: the policy engine beside the official one: builds ours, fetches theirs, prints ratios. Options go to compare.py; TORHAUS_POLICY_BENCH names a built program.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

bench=${TORHAUS_POLICY_BENCH:-}
if [ -z "$bench" ]; then
    swift build --package-path "$root" -c release --product policy-bench
    bench="$(swift build --package-path "$root" -c release --show-bin-path)/policy-bench"
fi
build="$root/.build/policy-bench"
mkdir -p "$build"
cc -O2 -Wall -Wextra -shared -fPIC -o "$build/count.so" "$here/count.c"
python=$("$root/Scripts/cedar-environment.sh")
"$python" "$here/compare.py" --bench "$bench" --counter "$build/count.so" "$@"
