#!/bin/bash
# Makes a certificate authority and a server certificate that it signs, for local use.
#   scripts/make_certificates.sh FOLDER [HOST ...]     hosts: default postgres localhost 127.0.0.1
# Leaves certificates that are there alone. Production takes its certificates from its own authority.
set -euo pipefail

folder=${1:?which folder? for example: scripts/make_certificates.sh certificates}
shift
hosts=("${@:-postgres}")
[ $# -gt 0 ] || hosts=(postgres localhost 127.0.0.1)
days=825

if [ -e "$folder/server.crt" ]; then
    echo "$folder/server.crt is there; nothing was changed"
    exit 0
fi
mkdir -p "$folder"
umask 077

names=""
for host in "${hosts[@]}"; do
    kind=DNS
    [[ $host =~ ^[0-9.]+$|: ]] && kind=IP
    names+="${names:+,}$kind:$host"
done

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days "$days" \
    -subj "/CN=Local certificate authority" -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -keyout "$folder/ca.key" -out "$folder/ca.crt" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=${hosts[0]}" \
    -keyout "$folder/server.key" -out "$folder/server.csr" 2>/dev/null
openssl x509 -req -in "$folder/server.csr" -CA "$folder/ca.crt" -CAkey "$folder/ca.key" \
    -CAcreateserial -days "$days" -out "$folder/server.crt" \
    -extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth' "$names") 2>/dev/null
rm "$folder/server.csr"
chmod 644 "$folder/ca.crt" "$folder/server.crt"
echo "certificates of ${hosts[*]} are in $folder; clients trust $folder/ca.crt"
