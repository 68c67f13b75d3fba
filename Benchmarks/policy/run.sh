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
python=$("$root/Scripts/cedar-environment.sh")
"$python" "$here/compare.py" --bench "$bench" "$@"
