"""The data-quality report: contracts compiled to Great Expectations suites, run over Silver.

Importing this package is cheap; Great Expectations (some seconds) is loaded by `build_report`.
"""

from lakehouse.checks.quality.errors import QualityReportError
from lakehouse.checks.quality.report import QualityReport, TableQuality, build_report

__all__ = ["QualityReport", "QualityReportError", "TableQuality", "build_report"]
