"""Errors of the Silver job. Each but CatalogError stops a table before its commit, so Silver stays
as it was.

SilverJobError
├── UnreadableBronzeError    too many Bronze files cannot be read, or one of a full load
├── UntypableRowsError       too many rows have no key or hold a value that cannot be typed
├── QualityGateError         rows break a rule that the contract calls critical
├── MixedLoadTimesError      rows of one full-load file name different starts of their load
├── UnknownEntryError        no open entry of the quarantine is meant
├── UnsupportedVersionError  Spark, Hudi or a table is of a version that Athena's reader is not for
├── UnreachableInstantError  a table has no readable state at the moment asked for
├── UnfinishedRestoreError   a restore of the table was begun and not completed
├── StaleTableError          the table was written by another version of the job
├── UnwrittenRowsError       Hudi could not write some of the rows
├── CatalogError             the table is committed, but not registered in the Glue catalog
└── RowAccountingError       rows read are not those accepted, superseded and quarantined
"""


class SilverJobError(Exception):
    """Nothing of the batch was committed, and the next run reads the same files again; where that
    is otherwise, the error says so.
    """


class UnreadableBronzeError(SilverJobError):
    """A Bronze file cannot be read as the contract describes it."""


class UntypableRowsError(SilverJobError):
    """Rows have no key or hold a value that the contract's type cannot take."""


class QualityGateError(SilverJobError):
    """Rows of the batch break a critical rule of the contract."""


class MixedLoadTimesError(SilverJobError):
    """Which rows belong to one full load cannot be told, so neither what it does not hold."""


class UnknownEntryError(SilverJobError):
    """A command names an entry of the quarantine that is not there or not open."""


class UnsupportedVersionError(SilverJobError):
    """Spark, Hudi or the table is of a version that the job must not write with."""


class UnreachableInstantError(SilverJobError):
    """A table has no readable state at the moment asked for; nothing was read."""


class UnfinishedRestoreError(SilverJobError):
    """The table went back to an earlier state, and what is derived from it did not yet."""


class UnwrittenRowsError(SilverJobError):
    """Hudi could not write some of the rows."""


class StaleTableError(SilverJobError):
    """The Silver table was written by a version of the job whose tables this one cannot go on."""


class CatalogError(SilverJobError):
    """The batch is committed, and the catalog does not know of it; the next run tells it."""


class RowAccountingError(SilverJobError):
    """Rows got lost or multiplied between reading and writing: a defect of the job."""
