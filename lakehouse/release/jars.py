"""Jars that the Glue jobs need beside what Glue has."""

from pathlib import Path

from lakehouse.homes.embedded.java import find_java
from lakehouse.homes.maven import Artifact, fetch
from lakehouse.state import State

# Hudi's sync to the Glue catalog. Whether Glue's own Hudi brings it is written nowhere.
HUDI_AWS = Artifact(
    "org.apache.hudi",
    "hudi-aws",
    "0.15.0",
    "fb3bef775d90559976116552229c978243db01118be9571e0acea64f251e3db9",
    purpose="the jobs cannot register Silver's tables in the Glue catalog",
)


def fetch_hudi_aws(state: State) -> Path:
    """The jar, fetched into the state folder on first use. Raises PrerequisiteError."""
    return fetch(HUDI_AWS, state.jars, java=find_java(), trust_folder=state.java)
