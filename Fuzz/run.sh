#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# Builds the fuzz targets and runs them one after another.
# Usage: Fuzz/run.sh [SECONDS_EACH] [TARGET...]
# A finding is left in Fuzz/.build/findings/TARGET and ends the run with an error; keep it as a regression test.
# SwiftPM renames the main symbol that libFuzzer brings, so swiftc builds these programs directly.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-600}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(
    HTTPHead WebSocketFrames RDGateway ProxyProtocol DaemonMessages CedarPolicy CedarEntities CedarBatch
    CedarSchema MerkleLog
)
build=$PWD/.build
mkdir -p "$build"
flags=(-O -wmo -swift-version 6 -package-name torhaus -parse-as-library -sanitize=fuzzer,address
    -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature MemberImportVisibility
    -enable-experimental-feature Lifetimes -I "$build" -L "$build" -suppress-warnings)

library() {
    local name=$1
    shift
    # shellcheck disable=SC2046
    swiftc "${flags[@]}" -module-name "$name" -emit-module -emit-module-path "$build/$name.swiftmodule" \
        -emit-library -static -o "$build/lib$name.a" $(find ../Sources/*/"$name" -name '*.swift' | sort) "$@"
}

# The module whose oracle a target feeds; most have one target of the same name.
module() {
    case $1 in
    Cedar*) echo Cedar ;;
    *) echo "$1" ;;
    esac
}

library ByteCoding
for name in $(for target in "${targets[@]}"; do module "$target"; done | sort -u); do library "$name"; done
for target in "${targets[@]}"; do
    swiftc "${flags[@]}" -module-name "fuzz_$target" -o "$build/fuzz-$target" "targets/$target.swift" \
        "-l$(module "$target")" -lByteCoding
done
for target in "${targets[@]}"; do
    mkdir -p "$build/corpus/$target" "$build/findings/$target"
    words="dictionaries/$(module "$target").dict"
    [ -e "$words" ] && words=(-dict="$words") || words=()
    echo "== $target for $seconds s"
    "$build/fuzz-$target" -max_total_time="$seconds" -max_len=8192 -timeout=10 -rss_limit_mb=2048 \
        -artifact_prefix="$build/findings/$target/" -print_final_stats=1 "${words[@]}" "$build/corpus/$target" 2>"$build/$target.log" || {
        tail -30 "$build/$target.log"
        echo "$target: a finding is in Fuzz/.build/findings/$target"
        exit 1
    }
    grep -E "stat::number_of_executed_units|stat::average_exec_per_sec" "$build/$target.log"
done
