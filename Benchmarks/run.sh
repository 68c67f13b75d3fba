#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Torhaus: the benchmarks: installs missing peers, builds, runs, prints one table. Options go to bench.py; TORHAUS_GATE names a built gate.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")

missing=
command -v haproxy >/dev/null || [ -x /usr/sbin/haproxy ] || missing="$missing haproxy"
[ -e /usr/lib/nginx/modules/ngx_stream_module.so ] || missing="$missing nginx-light libnginx-mod-stream"
command -v stunnel >/dev/null || missing="$missing stunnel4"
command -v valgrind >/dev/null || missing="$missing valgrind"
if [ -n "$missing" ] && [ "$(id -u)" = 0 ]; then
    # Nothing that apt installs here may start a service; the benchmark starts its own processes.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
        trap 'rm -f "$policy"' EXIT
    fi
    # shellcheck disable=SC2086
    apt-get install -y --no-install-recommends $missing
fi

[ "$(id -u)" != 0 ] || "$root/Scripts/install-packages.sh" build

build="$here/.build"
mkdir -p "$build"
flags="-O2 -Wall -Wextra"
# shellcheck disable=SC2086
cc $flags -o "$build/backend" "$here/load/backend.c"
# shellcheck disable=SC2086
cc $flags -o "$build/load" "$here/load/load.c" "$here/load/line.c" "$here/load/meter.c" -lssl -lcrypto -lpthread

gate=${TORHAUS_GATE:-}
if [ -z "$gate" ]; then
    swift build --package-path "$root" -c release --product torhaus-gate
    gate="$(swift build --package-path "$root" -c release --show-bin-path)/torhaus-gate"
fi
export PATH="$PATH:/usr/sbin:/sbin"
python3 "$here/bench.py" --gate "$gate" --build "$build" "$@"
