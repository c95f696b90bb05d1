"""Athena's statements in Trino's words, or as changes of the catalog.

`statements` chooses by the first words; a module a family does the rest. What Athena and Trino say
alike is taken over as it was written.
"""

from lakehouse.homes.rehearsal.athena.translation.plan import Context, Plan
from lakehouse.homes.rehearsal.athena.translation.statements import translate

__all__ = ["Context", "Plan", "translate"]
