#!/bin/bash
# Backs the source database up into FOLDER (default: backups), checks the file, keeps the newest KEEP
# (default: 7). The database is the one that SOURCE_DB_* name, as for manage.py.
#   scripts/backup_db.sh [FOLDER]
# Restore into an empty database:  pg_restore --no-owner --exit-on-error -d DATABASE FILE
set -euo pipefail

folder=${1:-backups}
keep=${KEEP:-7}
[[ $keep =~ ^[1-9][0-9]*$ ]] || { echo "KEEP=$keep is not a number above 0; nothing was done" >&2; exit 1; }
export PGHOST=${SOURCE_DB_HOST:?names the server; nothing was done} PGPORT=${SOURCE_DB_PORT:-5432}
export PGDATABASE=${SOURCE_DB_NAME:-shop} PGUSER=${SOURCE_DB_USER:-postgres}
export PGPASSWORD=${SOURCE_DB_PASSWORD:-} PGSSLMODE=${SOURCE_DB_SSLMODE:-prefer}

umask 077
mkdir -p "$folder"
file="$folder/$PGDATABASE-$(date -u +%Y%m%dT%H%M%S%NZ).dump"
trap 'rm -f "$file.partial"' EXIT
pg_dump --format=custom --file="$file.partial"
[[ $(pg_restore --list "$file.partial") == *"TABLE DATA public core_tenant "* ]] ||
    { echo "the backup holds no core_tenant; it was not kept" >&2; exit 1; }
mv "$file.partial" "$file"

ls -1 "$folder/$PGDATABASE"-*.dump | sort -r | tail -n "+$((keep + 1))" | xargs -r -d '\n' rm --
echo "$file ($(du -h "$file" | cut -f1)); the newest $keep are kept"
