"""What moto lacks of the services that the platform uses, one module a service.

Importing a module changes moto's own classes; `install` imports all of them. A module says what
its part does not emulate. Everything is kept on moto's backends, so moto's reset clears it.
"""

from importlib import import_module

SERVICES = (
    "athena",
    "budgets",
    "codebuild",
    "cost_explorer",
    "dms",
    "dms_subscriptions",
    "ec2",
    "glue",
    "lake_formation",
    "s3",
    "step_functions",
)


def install() -> None:
    """Extend moto in this process; a second call changes nothing."""
    for service in SERVICES:
        import_module(f"{__name__}.{service}")
