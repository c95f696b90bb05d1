"""Errors of the `lakehouse` command.

LakehouseError            one clear message: what failed, what state the data is in, what to do
├── PrerequisiteError     something the machine must have is missing or of the wrong version
└── SourceDatabaseError   the source database cannot be reached or is not set up
"""


class LakehouseError(Exception):
    """Shown to the user as it is, without a traceback; the command then exits non-zero."""


class PrerequisiteError(LakehouseError):
    """Something the machine must have is missing or of the wrong version."""


class SourceDatabaseError(LakehouseError):
    """The source database cannot be reached or is not set up."""
