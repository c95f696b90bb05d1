"""Changes to a live database, made through the services as users would make them.

`simulate` runs a plan of steps; `make_demo_changes` is one fixed day of them. `steps` holds what
can happen, `mix` how often, `tally` counts the rows that the database really changed.
"""

from .demo import make_demo_changes, place_one_order
from .mix import OPERATIONS
from .shop import Change
from .simulate import Plan, Report, simulate

__all__ = [
    "OPERATIONS",
    "Change",
    "Plan",
    "Report",
    "make_demo_changes",
    "place_one_order",
    "simulate",
]
