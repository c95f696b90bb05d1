#!/bin/bash
# Entry point of the postgres container: gives the server its own copy of the key, then starts as usual.
# PostgreSQL refuses a key that other users can read, and a mounted file keeps the owner of the host.
set -euo pipefail
install -d -o postgres -g postgres -m 0700 /etc/postgresql/tls
install -o postgres -g postgres -m 0600 /certificates/server.key /certificates/server.crt /etc/postgresql/tls/
exec docker-entrypoint.sh "$@"
