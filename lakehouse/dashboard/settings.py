"""What `lakehouse dashboard` tells the process that serves, by its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from lakehouse.dashboard.errors import DashboardError

PRINCIPAL, ATHENA, REGION = (
    "LAKEHOUSE_DASHBOARD_AS",
    "LAKEHOUSE_DASHBOARD_ATHENA",
    "AWS_REGION",
)
DEFAULT_REGION = "eu-central-1"


@dataclass(frozen=True)
class Settings:
    """Who looks, and where: athena is the name of an environment (`lakehouse-dev`), or nothing."""

    principal: str
    athena: str = ""
    region: str = DEFAULT_REGION

    def environment(self) -> dict[str, str]:
        """The variables that say the same."""
        return {PRINCIPAL: self.principal, ATHENA: self.athena, REGION: self.region}


def from_environment(variables: Mapping[str, str] = os.environ) -> Settings:
    """The settings. Raises DashboardError without a principal: nobody sees anything by default."""
    principal = variables.get(PRINCIPAL, "")
    if not principal:
        raise DashboardError(
            "nobody said who looks; nothing was read. Start it with "
            "`lakehouse dashboard --as analyst@SLUG`."
        )
    region = variables.get(REGION) or DEFAULT_REGION
    return Settings(principal, variables.get(ATHENA, ""), region)
