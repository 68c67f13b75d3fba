#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Torhaus: a small authority with everything a trial needs. Never use these certificates for people.
#
# usage: make-certs.sh [--broken] [--days N] [--out DIR] [NAME|ADDRESS ...]
#   NAME, ADDRESS  what the gate's certificate is for (default: localhost gate.example 127.0.0.1)
#   --out DIR      where to write (default: "out" beside this script); files there are replaced
#   --days N       how long certificates are valid (default: 30)
#   --broken       also write expired, mismatched and weak ones to DIR/broken, for tests
set -eu
umask 077

here=$(cd "$(dirname "$0")" && pwd)
out=$here/out days=30 broken=no names=
while [ $# -gt 0 ]; do
    case $1 in
        --broken) broken=yes ;;
        --days) days=$2; shift ;;
        --out) out=$2; shift ;;
        -h | --help) sed -n '3,11s/^# \{0,1\}//p' "$0"; exit 0 ;;
        -*) echo "make-certs.sh: unknown option $1" >&2; exit 64 ;;
        *) names="$names $1" ;;
    esac
    shift
done
[ -n "$names" ] || names="localhost gate.example 127.0.0.1"
mkdir -p "$out"
cd "$out"

# san NAME...: the subject alternative names, addresses as addresses.
san() {
    list=
    for name in "$@"; do
        case $name in
            *:* | [0-9]*.[0-9]*.[0-9]*.[0-9]*) list="$list,IP:$name" ;;
            *) list="$list,DNS:$name" ;;
        esac
    done
    echo "${list#,}"
}

# key FILE KIND: a private key; KIND is ec, rsa2048 or rsa3072.
key() {
    case $2 in
        ec) openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" ;;
        rsa*) openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:${2#rsa}" -out "$1" ;;
    esac
}

# authority FILE SUBJECT: FILE.key and a self-signed FILE.pem.
authority() {
    key "$1.key" ec
    openssl req -x509 -new -key "$1.key" -sha256 -days 3650 -subj "$2" -out "$1.pem" \
        -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign"
}

# issue FILE SUBJECT USAGE NAMES AUTHORITY [x509 options]: a certificate for FILE.key, in FILE.pem with its chain.
issue() {
    file=$1 subject=$2 usage=$3 alternative=$4 issuer=$5
    shift 5
    {
        echo "basicConstraints=critical,CA:FALSE"
        echo "keyUsage=critical,digitalSignature"
        echo "extendedKeyUsage=$usage"
        echo "subjectKeyIdentifier=hash"
        echo "authorityKeyIdentifier=keyid"
        [ -z "$alternative" ] || echo "subjectAltName=$alternative"
    } >"$file.ext"
    openssl req -new -key "$file.key" -subj "$subject" -out "$file.csr"
    [ $# -gt 0 ] || set -- -days "$days"
    openssl x509 -req -in "$file.csr" -CA "$issuer.pem" -CAkey "$issuer.key" -CAcreateserial -sha256 \
        -extfile "$file.ext" -out "$file.leaf" "$@" 2>/dev/null
    cat "$file.leaf" "$issuer.pem" >"$file.pem"
    rm -f "$file.leaf" "$file.csr" "$file.ext"
}

authority ca "/O=Torhaus example/CN=Torhaus example authority"

key gate.key ec
# shellcheck disable=SC2086 # a list of words
issue gate "/O=Torhaus example/CN=$(echo $names | cut -d' ' -f1)" serverAuth "$(san $names)" ca

# Windows wants RSA for signed .rdp files.
key rdp.key rsa3072
issue rdp "/O=Torhaus example/CN=Torhaus example publisher" codeSigning "" ca

key client.key ec
issue client "/O=Torhaus example/CN=anna.example" clientAuth "email:anna@client.example" ca

if [ "$broken" = yes ]; then
    rm -rf broken
    mkdir broken
    authority broken/stranger "/CN=Authority of strangers"
    for name in expired future noname; do key "broken/$name.key" ec; done
    # openssl 3.0 has no -not_before for x509: `openssl ca` is told both dates.
    dated() {
        cat >broken/ca.cnf <<-END
			[ca]
			default_ca = x
			[x]
			new_certs_dir = broken
			database = broken/index.txt
			serial = broken/serial
			default_md = sha256
			policy = p
			[p]
			commonName = supplied
			[e]
			subjectAltName = $(san localhost gate.example 127.0.0.1)
			extendedKeyUsage = serverAuth
		END
        : >broken/index.txt
        openssl rand -hex 8 >broken/serial
        openssl req -new -key "broken/$1.key" -subj "/CN=localhost" -out "broken/$1.csr"
        openssl ca -batch -notext -config broken/ca.cnf -extensions e -cert ca.pem -keyfile ca.key \
            -startdate "$2" -enddate "$3" -in "broken/$1.csr" -out "broken/$1.leaf" 2>/dev/null
        cat "broken/$1.leaf" ca.pem >"broken/$1.pem"
        rm -f "broken/$1.leaf" "broken/$1.csr" broken/ca.cnf broken/index.txt* broken/serial* broken/[0-9A-F]*.pem
    }
    dated expired 20200101000000Z 20200201000000Z
    dated future 20400101000000Z 20400201000000Z
    issue broken/noname "/CN=localhost" serverAuth "" ca
    key broken/weak.key rsa2048
    issue broken/weak "/CN=localhost" serverAuth "$(san localhost)" ca
    # A chain and a key that do not belong together.
    cp gate.pem broken/mismatched.pem
    key broken/mismatched.key ec
    # A client that another authority vouches for.
    key broken/client.key ec
    issue broken/client "/CN=mallory.example" clientAuth "" broken/stranger
    # Text that is no PEM.
    echo "not a certificate" >broken/garbage.pem
    cp gate.key broken/garbage.key
fi

chmod 644 ./*.pem
[ "$broken" = no ] || chmod 644 broken/*.pem
rm -f ./*.srl broken/*.srl
echo "written to $out: $(ls | tr '\n' ' ')"
