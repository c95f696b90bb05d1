#!/usr/bin/env python3
"""Command line of the source application: `python source_app/manage.py <command>`."""

import os
import sys
from pathlib import Path

SOURCE_APP = Path(__file__).resolve().parent


def main() -> int:
    """Run one Django command; a database out of reach or a wrong setting is one clear line."""
    sys.path.insert(0, str(SOURCE_APP))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

    from config.database import describe_lost_connection, is_lost_connection
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # Django wraps what the WSGI module says; the cause is the text that helps.
        sys.stderr.write(f"wrong settings: {error.__cause__ or error}\n")
        return 1
    except OperationalError as error:
        if not is_lost_connection(error):
            raise
        sys.stderr.write(describe_lost_connection(error) + "\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
