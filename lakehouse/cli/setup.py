"""`lakehouse setup`."""

import shutil

from lakehouse.cli import console
from lakehouse.cli.home import current_home
from lakehouse.state import REPOSITORY


def setup() -> None:
    """Fetch Hudi and make profiles.yml; says nothing when both are there."""
    from lakehouse.homes.embedded.hudi_jars import missing_jars, resolve_jars
    from lakehouse.homes.embedded.java import find_java
    from lakehouse.stages.gold import PROFILES

    state = current_home().state
    java = find_java()
    if missing_jars(state.jars):
        with console.status("fetching Hudi (104 MiB) from Maven Central"):
            jars = resolve_jars(state.jars, java=java, trust_folder=state.java)
        console.print(f"Hudi: {', '.join(jar.name for jar in jars)}", highlight=False)
    if not PROFILES.exists():
        shutil.copyfile(REPOSITORY / "profiles.yml.example", PROFILES)
        console.print("profiles.yml: copied from profiles.yml.example")
