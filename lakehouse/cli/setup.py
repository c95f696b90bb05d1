"""`lakehouse setup`."""

import shutil

from lakehouse.cli import console
from lakehouse.cli.home import current_home
from lakehouse.state import REPOSITORY


def setup() -> None:
    """Fetch the Hudi bundle and make profiles.yml; says nothing when both are there."""
    from lakehouse.homes.embedded.hudi_bundle import bundle_path, resolve_bundle
    from lakehouse.homes.embedded.java import find_java
    from lakehouse.stages.gold import PROFILES

    state = current_home().state
    java = find_java()
    if not bundle_path(state.jars).exists():
        with console.status("fetching the Hudi bundle (104 MiB) from Maven Central"):
            bundle = resolve_bundle(state.jars, java=java, trust_folder=state.java)
        console.print(f"Hudi bundle: {bundle.name}", highlight=False)
    if not PROFILES.exists():
        shutil.copyfile(REPOSITORY / "profiles.yml.example", PROFILES)
        console.print("profiles.yml: copied from profiles.yml.example")
