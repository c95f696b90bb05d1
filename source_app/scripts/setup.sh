#!/bin/bash
# Once, before `docker compose up`: makes .env with fresh secrets, and the certificates. Changes
# nothing that is there already.
set -euo pipefail
cd "$(dirname "$0")/.."

secret() { openssl rand -base64 48 | tr -d '/+=\n' | cut -c1-"$1"; }

if [ -e .env ]; then
    echo ".env is there; nothing was changed"
else
    umask 077
    sed -e "s|^DJANGO_SECRET_KEY=.*|DJANGO_SECRET_KEY=$(secret 60)|" \
        -e "s|^SOURCE_DB_PASSWORD=.*|SOURCE_DB_PASSWORD=$(secret 32)|" \
        -e "s|^REPLICATION_PASSWORD=.*|REPLICATION_PASSWORD=$(secret 32)|" \
        -e "s|^PGADMIN_DEFAULT_PASSWORD=.*|PGADMIN_DEFAULT_PASSWORD=$(secret 24)|" \
        .env.example > .env
    echo ".env is made, with fresh secrets"
fi
scripts/make_certificates.sh certificates
echo "next: docker compose up"
