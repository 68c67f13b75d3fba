#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# Installs Debian 12's packages: what Torhaus links with, and with `test` what its tests and demonstration drive.
# usage: Scripts/install-packages.sh build|test
set -euo pipefail

build=(libssl-dev libpam0g-dev libsqlite3-dev pkg-config)
# The gate's faster AES-GCM; other processors have no such package, and do without.
case "$(dpkg --print-architecture)" in amd64) build+=(libipsec-mb-dev) ;; esac
runtime=(openssl libpam-oath oathtool novnc)
# libpam-wrapper brings the modules that the tests of PAM conversations use.
clients=(freerdp2-x11 freerdp2-shadow-x11 xrdp xorgxrdp tigervnc-standalone-server tigervnc-common
    chromium chromium-driver xvfb xterm x11-apps x11-utils xdotool xauth imagemagick fonts-dejavu-core)
# Judges, fault injection and core images of the audit log's tests.
audit=(strace gdb golang-go golang-golang-x-mod-dev rsyslog rsyslog-gnutls rsyslog-openssl)
# systemd-container and dbus: a machine in which the units run.
tools=(libpam-wrapper systemd-container dbus python3 python3-venv libnss3-tools sslscan iproute2 procps passwd util-linux coreutils)

case "${1:-}" in
build) wanted=("${build[@]}") ;;
test) wanted=("${build[@]}" "${runtime[@]}" "${clients[@]}" "${tools[@]}" "${audit[@]}") ;;
*)
    echo "usage: $0 build|test" >&2
    exit 2
    ;;
esac

missing=()
for package in "${wanted[@]}"; do
    state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
    echo "all packages are there"
    exit 0
fi

# apt's temporary files must survive an upgrade of systemd in the middle of the run: hence not /tmp.
export DEBIAN_FRONTEND=noninteractive TMPDIR=/var/tmp
# No service may start: neither here nor in a container is there a place for them.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
fi
install() {
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
echo "installing: ${missing[*]}"
install || {
    echo "a first try failed; repairing and trying once more" >&2
    dpkg --configure -a || true
    install
}
