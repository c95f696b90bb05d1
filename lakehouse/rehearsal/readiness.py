"""Makes ready what a rehearsal needs and this repository does not hold."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from lakehouse.homes.rehearsal.terraform.deployment import DEV, copy_repository
from lakehouse.homes.rehearsal.terraform.process import Terraform, cli_configuration
from lakehouse.rehearsal.stage import Stage


def make_ready(stage: Stage, on_part: Callable[[str], None]) -> None:
    """Fetch what is missing, and see that Terraform finds its provider.

    Raises PrerequisiteError when something cannot be had here; a run would then end with it.
    """
    stage.downloads.fetch(on_part)
    on_part("Terraform and its provider")
    with tempfile.TemporaryDirectory() as folder:
        repository = copy_repository(Path(folder))
        terraform = Terraform(repository / DEV, cli_configuration(Path(folder)))
        terraform.init("-backend=false")
