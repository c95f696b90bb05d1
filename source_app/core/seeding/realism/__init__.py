"""Whether a database looks like a business: each rule with the share that is wanted and measured.

The probes are SQL, so that they hold for any size of database and for rows that came in any way.
"""

from .measure import Measure, measure

__all__ = ["Measure", "measure"]
