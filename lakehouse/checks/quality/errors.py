"""Errors of the data-quality report.

LakehouseError
└── QualityReportError    the pages could not be written
"""

from lakehouse.errors import LakehouseError


class QualityReportError(LakehouseError):
    """The pages could not be written; failed expectations are figures, never an error."""
