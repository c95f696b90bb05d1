"""What every subcommand starts from."""

from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.state import current_state


def current_home() -> EmbeddedHome:
    """The embedded home in the current state folder."""
    return EmbeddedHome(current_state())
