"""The emulator's server process: `python -m lakehouse.homes.rehearsal.server -p 5555`."""

import os
import sys


def main() -> None:
    """Serve until stopped; takes moto_server's arguments."""
    # Without it no policy of AWS's own exists, and attaching one fails. moto reads it on import.
    os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    from moto.server import main as serve

    from lakehouse.homes.rehearsal.athena.operations import serve_queries
    from lakehouse.homes.rehearsal.services import install

    install()
    serve_queries()
    serve(sys.argv[1:])


if __name__ == "__main__":
    main()
