"""The Hudi bundle for Spark, from Maven Central."""

from pathlib import Path

from lakehouse.homes.embedded.java import Java
from lakehouse.homes.maven import Artifact, fetch

BUNDLE = Artifact(
    "org.apache.hudi",
    "hudi-spark3.5-bundle_2.12",
    "0.15.0",
    "aab6ecdb5c65fcd20406b980b31ccec294fae95693de947d5778f0b3fb4e302a",
    purpose="Spark cannot write Silver",
)


def bundle_path(folder: Path) -> Path:
    """Where the bundle lies once it has been resolved."""
    return folder / BUNDLE.file_name


def resolve_bundle(folder: Path, *, java: Java, trust_folder: Path) -> Path:
    """The bundle in the folder, resolved on first use and checked against its SHA-256.

    Afterwards no network is needed. Raises PrerequisiteError when it cannot be had or is not what
    was published.
    """
    return fetch(BUNDLE, folder, java=java, trust_folder=trust_folder)
