#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# The demonstration: two municipalities, two people with password and one-time code, a real xrdp and a real VNC desktop.
# usage: Scripts/demo.sh start|stop          TORHAUS_BIN=FOLDER uses executables that are built already
#
# What was made is written down in .demo before it is made, so that `stop` can remove all of it, also after a crash.
# Files that other users must read lie in a folder below /var/tmp, because the repository may be closed to them.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly STATE=$PWD/.demo
readonly PEOPLE=(demo-erika demo-jonas)
readonly ACCOUNTS=(demo-gate demo-control demo-audit demo-desk "${PEOPLE[@]}")
readonly GROUPS_MADE=(demo-run demo-rhoenblick demo-schmalkalden)
readonly PORTS_TRIED="8443 8444 8445 8446 8447 8448 9443 10443"

say() { printf '%s\n' "$*"; }
die() {
    say "demo: $*" >&2
    exit 1
}

# Processes: each with its start time, so that a number given to somebody else later is never killed.
started_at() { sed -E 's/.*\) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }
is_ours() { [ -n "$2" ] && [ "$(started_at "$1")" = "$2" ]; }
launch() {
    local name=$1 pid
    shift
    setsid "$@" </dev/null >>"$PLACE/log/$name.log" 2>&1 &
    pid=$!
    printf '%s %s %s\n' "$pid" "$(started_at "$pid")" "$name" >>"$STATE/processes"
}
as() { # USER COMMAND...
    local user=$1
    shift
    printf '%s\0' setpriv --reuid="$user" --regid="$user" --init-groups -- "$@"
}
launch_as() { # USER NAME COMMAND...
    local user=$1 name=$2 command
    shift 2
    mapfile -d '' -t command < <(as "$user" "$@")
    launch "$name" "${command[@]}"
}
free_port() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
wait_for() { # WHAT SECONDS COMMAND...
    local what=$1 tries=$(($2 * 10))
    shift 2
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || {
            tail -n 15 "$PLACE"/log/*.log >&2 || true
            die "$what did not come up"
        }
        sleep 0.1
    done
}

stop() {
    [ -d "$STATE" ] || {
        say "no demonstration is running"
        return 0
    }
    local pid begun name account
    for signal in TERM KILL; do
        while read -r pid begun name; do
            if is_ours "$pid" "$begun"; then kill "-$signal" -- "-$pid" 2>/dev/null || kill "-$signal" "$pid" 2>/dev/null || true; fi
        done <"$STATE/processes"
        while read -r account; do
            # Sessions of the desktop leave the process group; they run under an account that only exists for them.
            if id "$account" >/dev/null 2>&1; then
                for pid in $(ps -o pid= -u "$account" 2>/dev/null); do kill "-$signal" "$pid" 2>/dev/null || true; done
            fi
        done <"$STATE/accounts"
        # Long enough for X servers to take their lock files with them.
        sleep 1
    done
    while read -r account; do
        if id "$account" >/dev/null 2>&1; then
            find /tmp/.X*-lock /tmp/.X11-unix -maxdepth 1 -user "$account" -delete 2>/dev/null || true
            userdel --force --remove "$account" 2>/dev/null || true
        fi
    done <"$STATE/accounts"
    while read -r name; do
        if getent group "$name" >/dev/null; then groupdel "$name" 2>/dev/null || true; fi
    done <"$STATE/groups"
    while read -r place; do
        case "$place" in /var/tmp/torhaus-demo.*) rm -rf "$place" ;; esac
    done <"$STATE/place"
    rm -rf "$STATE"
    say "the demonstration is gone: processes, accounts, files"
}

make_accounts() {
    local account
    for account in "${ACCOUNTS[@]}" "${GROUPS_MADE[@]}"; do
        if getent passwd "$account" >/dev/null || getent group "$account" >/dev/null; then
            die "the account or group $account exists already and is not ours"
        fi
    done
    printf '%s\n' "${ACCOUNTS[@]}" >"$STATE/accounts"
    printf '%s\n' "${GROUPS_MADE[@]}" >"$STATE/groups"
    for account in "${GROUPS_MADE[@]}"; do groupadd "$account"; done
    useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin --user-group --groups demo-run demo-gate
    useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin --user-group --groups demo-run demo-control
    useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin --user-group --groups demo-run demo-audit
    useradd --create-home --shell /bin/bash --user-group --comment "Demo desktop" demo-desk
    useradd --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin --user-group --comment "Erika Mustermann" \
        --groups demo-rhoenblick demo-erika
    useradd --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin --user-group --comment "Jonas Beispiel" \
        --groups demo-schmalkalden demo-jonas
}

random_word() { head -c 32 /dev/urandom | base64 | tr -dc 'A-HJ-NP-Za-km-z2-9' | head -c "$1"; }
make_secrets() {
    local person password secret
    umask 077
    : >"$PLACE/etc/users.oath"
    for person in "${PEOPLE[@]}"; do
        password=$(random_word 12)
        secret=$(head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \n')
        printf '%s:%s\n' "$person" "$password" | chpasswd
        printf 'HOTP/T30/6\t%s\t-\t%s\n' "$person" "$secret" >>"$PLACE/etc/users.oath"
        printf '%s %s %s\n' "$person" "$password" "$secret" >>"$STATE/people"
    done
    DESK_PASSWORD=$(random_word 12)
    printf 'demo-desk:%s\n' "$DESK_PASSWORD" | chpasswd
    umask 022
}

make_certificates() {
    certs-example/make-certs.sh --out "$PLACE/tls" localhost 127.0.0.1 ::1 >/dev/null 2>&1
    install -o demo-gate -m 0400 "$PLACE/tls/gate.key" "$PLACE/etc/gate.key"
    install -m 0444 "$PLACE/tls/gate.pem" "$PLACE/etc/gate.pem"
    install -o demo-control -m 0400 "$PLACE/tls/rdp.key" "$PLACE/etc/signing.key"
    install -m 0444 "$PLACE/tls/rdp.pem" "$PLACE/etc/signing.pem"
    install -m 0444 "$PLACE/tls/ca.pem" "$STATE/ca.pem"
    # The desktop behind the gate gets a certificate too, so that a client can verify both layers.
    openssl req -new -newkey rsa:3072 -nodes -subj "/CN=$1" -keyout "$PLACE/tls/desktop.key" -out "$PLACE/tls/desktop.csr" 2>/dev/null
    openssl x509 -req -in "$PLACE/tls/desktop.csr" -CA "$PLACE/tls/ca.pem" -CAkey "$PLACE/tls/ca.key" -CAcreateserial -sha256 -days 30 \
        -extfile <(printf 'subjectAltName=DNS:%s\nextendedKeyUsage=serverAuth\nkeyUsage=critical,digitalSignature,keyEncipherment\n' "$1") \
        -out "$PLACE/tls/desktop.pem" 2>/dev/null
}

terminal() { # TITLE BACKGROUND
    printf '%s\0' xterm -u8 -geometry 100x30+20+20 -fa "DejaVu Sans Mono" -fs 12 -bg "$2" -fg white -T "$1" \
        -e sh -c "echo 'Torhaus: $1'; echo; echo 'Type something, umlauts included: äöüß'; exec bash --norc"
}
start_xrdp() {
    local settings=$PLACE/xrdp/etc runtime=$PLACE/xrdp/run manager mounts command
    manager=$(free_port)
    mkdir -p "$PLACE/xrdp" "$runtime" /run/xrdp
    cp -a /etc/xrdp "$settings"
    sed -i -e "s#^port=3389#port=tcp://127.0.0.1:$RDP_PORT#" -e 's/^autorun=$/autorun=Xorg/' -e 's/^EnableSyslog=.*/EnableSyslog=false/' \
        -e "s#^certificate=.*#certificate=$PLACE/tls/desktop.pem#" -e "s#^key_file=.*#key_file=$PLACE/tls/desktop.key#" \
        -e "s#^LogFile=.*#LogFile=$PLACE/log/xrdp-main.log#" "$settings/xrdp.ini"
    sed -i -e "s/^ListenPort=.*/ListenPort=$manager/" -e 's/^EnableSyslog=.*/EnableSyslog=false/' \
        -e "s#^LogFile=.*#LogFile=$PLACE/log/xrdp-manager.log#" "$settings/sesman.ini"
    mapfile -d '' -t command < <(terminal "Rhönblick, Arbeitsplatz 1" "#1f4e79")
    { printf '#!/bin/sh\nexport LC_ALL=C.UTF-8\nexec' && printf ' %q' "${command[@]}" && echo; } >/home/demo-desk/.xsession
    chmod 755 /home/demo-desk/.xsession && chown demo-desk: /home/demo-desk/.xsession
    # In mount namespaces of their own: the machine's /etc/xrdp and /run/xrdp stay untouched.
    mounts="mount --bind '$settings' /etc/xrdp && mount --bind '$runtime' /run/xrdp"
    launch sesman unshare --mount --propagation private sh -c "$mounts && exec xrdp-sesman --nodaemon"
    launch xrdp unshare --mount --propagation private sh -c "$mounts && exec xrdp --nodaemon"
    wait_for "xrdp" 15 port_open "$RDP_PORT"
}
start_vnc() {
    local display command
    install -d -o demo-desk -m 0700 "$PLACE/vnc"
    launch_as demo-desk vnc sh -c "exec Xtigervnc -displayfd 5 5>'$PLACE/vnc/display' -geometry 1100x750 -depth 24 -rfbport $VNC_PORT \
        -localhost -interface 127.0.0.1 -SecurityTypes None -AlwaysShared -nolisten tcp -ac -desktop Torhaus"
    wait_for "TigerVNC" 15 port_open "$VNC_PORT"
    # The port is open before the number is written.
    wait_for "TigerVNC's display" 15 test -s "$PLACE/vnc/display"
    display=$(tr -d '[:space:]' <"$PLACE/vnc/display")
    mapfile -d '' -t command < <(terminal "Schmalkalden, Arbeitsplatz 1" "#2d5a3d")
    launch_as demo-desk vnc-terminal env DISPLAY=":$display" LC_ALL=C.UTF-8 HOME="$PLACE/vnc" "${command[@]}"
}

write_configuration() {
    local run=$PLACE/run
    install -d -o demo-control -g demo-run -m 2775 "$run"
    install -d -o demo-control -m 0700 "$PLACE/state"
    install -d -o demo-audit -m 0750 "$PLACE/audit-log"
    install -d -o demo-audit -m 0700 "$PLACE/audit-state" "$PLACE/names"
    mkdir -p "$PLACE/etc/municipalities" "$PLACE/etc/policies" "$PLACE/etc/pam.d"
    cat >"$PLACE/etc/pam.d/torhaus" <<PAM
auth     required pam_unix.so
auth     required pam_oath.so usersfile=$PLACE/etc/users.oath window=2 digits=6
account  required pam_unix.so
password required pam_unix.so
session  required pam_permit.so
PAM
    cat >"$PLACE/etc/torhaus.yaml" <<YAML
county: Landkreis Beispiel
public_names: [localhost]
public_port: $PORT
listen: ["127.0.0.1:$PORT", "[::1]:$PORT"]
tls:
  profile: bsi
  certificates:
    - chain: $PLACE/etc/gate.pem
      key: $PLACE/etc/gate.key
  unknown_name: refuse
rdp_signing:
  chain: $PLACE/etc/signing.pem
  key: $PLACE/etc/signing.key
paths:
  state: $PLACE/state
  run: $run
  novnc: /usr/share/novnc
  municipalities: municipalities
users: {gate: demo-gate, control: demo-control, auth: root, audit: demo-audit}
audit:
  origin: audit.demo.example/gate1
  logs: $PLACE/audit-log
  state: $PLACE/audit-state
  names: $PLACE/names
  holders: $PLACE/etc/holders.json
  minimum_free_mebibytes: 64
zones:
  - name: rathaus
    networks: [10.0.0.0/8]
YAML
    cat >"$PLACE/etc/policies/county.cedar" <<'CEDAR'
// What the county holds for everybody; no row of a municipality can allow it.
@id("no-clipboard-of-sensitive-data")
forbid (principal, action in [Gw::Action::"clipboardIn", Gw::Action::"clipboardOut"], resource)
when { resource.sensitive };
CEDAR
    cat >"$PLACE/etc/municipalities/rhoenblick.yaml" <<YAML
name: rhoenblick
title: Rhönblick
groups: [demo-rhoenblick]
pools:
  - name: buergerbuero
    title: Bürgerbüro
    desktops:
      - name: rb-01
        title: Arbeitsplatz 1
        dns: rb-01.desktops.example
        rdp: 127.0.0.1:$RDP_PORT
        account: demo-desk
  - name: standesamt
    title: Standesamt
    desktops:
      - name: rb-02
        title: Arbeitsplatz 2
        dns: rb-02.desktops.example
        rdp: 127.0.0.1:$RDP_PORT
access:
  - name: homeoffice
    pools: buergerbuero
    factor: any
    factor_within: 10h
    may: [clipboard, print]
    idle: 20m
  - name: standesamt
    pools: standesamt
    from: rathaus
YAML
    cat >"$PLACE/etc/municipalities/schmalkalden.yaml" <<YAML
name: schmalkalden
title: Schmalkalden
groups: [demo-schmalkalden]
pools:
  - name: verwaltung
    title: Verwaltung
    sensitive: true
    redirections: [clipboard, printer]
    desktops:
      - name: sm-01
        title: Arbeitsplatz 1
        dns: sm-01.desktops.example
        vnc: 127.0.0.1:$VNC_PORT
YAML
    local torhaus=("$PLACE/bin/torhaus" --config "$PLACE/etc/torhaus.yaml")
    "${torhaus[@]}" check || die "torhaus check found mistakes in the demonstration's own files"
    "${torhaus[@]}" render gate >"$PLACE/etc/gate.settings"
    "${torhaus[@]}" render auth | grep -v '^confdir' >"$PLACE/etc/auth.settings"
    echo "confdir = $PLACE/etc/pam.d" >>"$PLACE/etc/auth.settings"
    "${torhaus[@]}" render audit >"$PLACE/etc/audit.settings"
    # Two people of two roles open a name together; here both keys lie beside each other, for trying it out.
    local holder
    for holder in dpo council; do
        openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out "$STATE/$holder.key" 2>/dev/null
        openssl pkey -in "$STATE/$holder.key" -pubout -out "$STATE/$holder.pub"
    done
    "${torhaus[@]}" audit holders write "$PLACE/etc/holders.json" \
        --holder "data-protection:dpo:$STATE/dpo.pub" --holder "staff-council:council:$STATE/council.pub"
    chmod 644 "$PLACE/etc/holders.json"
    "${torhaus[@]}" audit init >"$STATE/audit.vkey"
}

is_healthy() {
    /usr/bin/python3 - "$STATE/ca.pem" "https://localhost:$PORT/health" 2>/dev/null <<'PYTHON'
import ssl, sys, urllib.request

with urllib.request.urlopen(sys.argv[2], context=ssl.create_default_context(cafile=sys.argv[1]), timeout=3) as answer:
    sys.exit(answer.read().strip() != b"ok")
PYTHON
}

print_guide() {
    local erika jonas torhaus="$PLACE/bin/torhaus --config $PLACE/etc/torhaus.yaml"
    mapfile -t -n 2 people <"$STATE/people"
    read -r -a erika <<<"${people[0]}"
    read -r -a jonas <<<"${people[1]}"
    cat <<GUIDE

  Torhaus is open at   https://localhost:$PORT
  Its certificate comes from   .demo/ca.pem   (import it into a browser, or accept it for the demonstration)

  Rhönblick      name ${erika[0]}    password ${erika[1]}    xrdp desktop, with a client of your own
                 code: oathtool --totp ${erika[2]}
  Schmalkalden   name ${jonas[0]}    password ${jonas[1]}    VNC desktop, in the browser
                 code: oathtool --totp ${jonas[2]}

  Own client: sign in as ${erika[0]}, press "Mit Remotedesktop öffnen", then open the downloaded file within five minutes:

    SSL_CERT_FILE=$STATE/ca.pem xfreerdp DOWNLOADED.rdp /u:demo-desk /p:$DESK_PASSWORD /cert:deny

  In the browser: sign in as ${jonas[0]}, press "Im Browser öffnen".

  Rules: the registry office (Standesamt) is only open from the town hall's network, and the list says so;
  a guardrail of the county keeps the clipboard shut in Schmalkalden, whatever its file allows.

    $torhaus policy show
    $torhaus policy explain ${erika[0]} rhoenblick/standesamt/rb-02

  The operator's view: $torhaus status
  What is recorded:    $torhaus audit tail -f --purpose "trying it out" --case 1
  Whether it is whole: $torhaus audit verify
  Who that was:        $torhaus audit reveal request PSEUDONYM --purpose "trying it out" --case 1
                       $torhaus audit reveal approve REQUEST --key dpo:$STATE/dpo.key
                       $torhaus audit reveal approve REQUEST --key council:$STATE/council.key
  The end:            make demo-stop

GUIDE
}

start() {
    [ "$(id -u)" -eq 0 ] || die "the demonstration makes accounts and starts daemons under them: run it as root"
    if [ -d "$STATE" ]; then
        say "an earlier demonstration is removed first"
        stop
    fi
    Scripts/install-packages.sh test
    local bin=${TORHAUS_BIN:-}
    if [ -z "$bin" ]; then
        make --no-print-directory release
        bin=$(swift build -c release --show-bin-path)
    fi

    mkdir "$STATE"
    : >"$STATE/processes" && : >"$STATE/accounts" && : >"$STATE/groups" && (umask 077 && : >"$STATE/people")
    PLACE=$(mktemp -d /var/tmp/torhaus-demo.XXXXXX)
    echo "$PLACE" >"$STATE/place"
    # From here on everything is undone when a step fails.
    trap 'code=$?; trap - EXIT; if [ $code -ne 0 ]; then stop; fi; exit $code' EXIT
    chmod 755 "$PLACE" && mkdir "$PLACE/etc" "$PLACE/log" "$PLACE/bin"
    cp "$bin"/torhaus "$bin"/torhausd "$bin"/torhaus-gate "$bin"/torhaus-authd "$bin"/torhaus-auditd "$PLACE/bin/"
    cp -r "$bin"/*.resources "$PLACE/bin/"
    chmod -R a+rX "$PLACE/bin"

    for PORT in $PORTS_TRIED none; do
        [ "$PORT" != none ] || die "no port is free of: $PORTS_TRIED"
        port_open "$PORT" || break
    done
    RDP_PORT=$(free_port) VNC_PORT=$(free_port)
    make_accounts
    make_secrets
    make_certificates rb-01.desktops.example
    write_configuration
    start_xrdp
    start_vnc
    launch_as demo-audit auditd "$PLACE/bin/torhaus-auditd" --settings "$PLACE/etc/audit.settings"
    wait_for "the audit log" 15 test -S "$PLACE/run/audit.sock"
    launch authd "$PLACE/bin/torhaus-authd" --settings "$PLACE/etc/auth.settings"
    launch_as demo-control torhausd "$PLACE/bin/torhausd" --config "$PLACE/etc/torhaus.yaml"
    launch_as demo-gate gate "$PLACE/bin/torhaus-gate" --settings "$PLACE/etc/gate.settings"
    wait_for "the portal" 30 is_healthy
    print_guide
}

case "${1:-}" in
start) start ;;
stop) stop ;;
*)
    say "usage: $0 start|stop" >&2
    exit 2
    ;;
esac
