"""Errors of the local DMS. Each says what state Bronze is in and what to do.

ReplicationError
├── SourceUnreachableError     the database does not answer, or refuses replication
├── TaskStateError             slot, state file and Bronze do not belong together
├── SettingsError              a setting or table mapping is unknown or not supported
├── IncompleteLogError         the source's log holds only a part of a row
├── SourceColumnsError         a source table does not have the columns that its contract lists
├── TextNeededError            a column has a type that is read as text only
└── UntypableValueError        a value does not fit the type that DMS writes for its column
"""

from lakehouse.errors import LakehouseError


class ReplicationError(LakehouseError):
    """Replication stopped; what was acknowledged is durable, the rest will be sent again."""


class SourceUnreachableError(ReplicationError):
    """The source database does not answer, or refuses replication."""


class TaskStateError(ReplicationError):
    """Slot, state file and Bronze do not belong together."""


class SettingsError(ReplicationError):
    """A setting or table mapping is unknown or not supported."""


class IncompleteLogError(ReplicationError):
    """The source's log holds only a part of a row, because of the table's replica identity."""


class SourceColumnsError(ReplicationError):
    """A source table does not have the columns that its contract lists."""


class UntypableValueError(ReplicationError):
    """A value does not fit the type that DMS writes for its column."""


class TextNeededError(ReplicationError):
    """A column has a type whose binary form cannot be read; the task reads on as text."""
