"""EC2: the description of a security group rule towards a prefix list or another group.

Not emulated: packets; no rule ever lets anything through or stops it.
"""

from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule

from lakehouse.homes.rehearsal.services.extending import replaces


@replaces(SecurityGroupRule)
def __init__(original, self: SecurityGroupRule, *arguments: Any, **named: Any) -> None:  # noqa: N807
    """A rule shows the description that stands in its address range: all kinds get it there."""
    original(self, *arguments, **named)
    for target in arguments:
        if isinstance(target, dict) and target.get("Description") and not self.ip_range:
            self.ip_range = {"Description": target["Description"]}
