"""Checks that people run: prerequisites, reconciliation with the source, data quality."""
