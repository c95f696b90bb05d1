"""Changes to a live database, made through the services as users would make them."""

from .demo import Change, make_demo_changes

__all__ = ["Change", "make_demo_changes"]
