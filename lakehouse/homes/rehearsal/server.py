"""The emulator's server process: `python -m lakehouse.homes.rehearsal.server -p 5555`."""

import logging
import os
import sys


def main() -> None:
    """Serve until stopped; takes moto_server's arguments."""
    # Without it no policy of AWS's own exists, and attaching one fails. moto reads it on import.
    os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    from moto.server import main as serve

    from lakehouse.homes.rehearsal.athena.operations import serve_queries
    from lakehouse.homes.rehearsal.services import install

    _answer_faster()
    install()
    serve_queries()
    serve(sys.argv[1:])


def _answer_faster() -> None:
    """Leave out what moto's server does anew for every request: half of what a small one costs."""
    from moto import backends

    # It looks at each of its 200 folders to find which service is meant.
    modules = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: modules
    # A line for each request, written through to the log.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)


if __name__ == "__main__":
    main()
