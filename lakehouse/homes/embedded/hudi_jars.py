"""Hudi for Spark, and Hudi's client for one process, from Maven Central."""

from pathlib import Path

from lakehouse.homes.embedded.java import Java
from lakehouse.homes.maven import Artifact, fetch, fetch_all

BUNDLE = Artifact(
    "org.apache.hudi",
    "hudi-spark3.5-bundle_2.12",
    "0.15.0",
    "aab6ecdb5c65fcd20406b980b31ccec294fae95693de947d5778f0b3fb4e302a",
    purpose="Spark cannot write Silver",
)
# Writes few rows without Spark (decision 0059). It holds the client alone, the rest of Hudi is in
# the bundle.
JAVA_CLIENT = Artifact(
    "org.apache.hudi",
    "hudi-java-client",
    "0.15.0",
    "0ee4a64d94c6c7d97d152755ac7073761d8835d6d5aced6444094208a0b78c04",
    purpose="a small batch takes Spark a fifth longer",
)


def missing_jars(folder: Path) -> list[str]:
    """The names of those that have not been resolved yet."""
    return [a.file_name for a in (BUNDLE, JAVA_CLIENT) if not (folder / a.file_name).exists()]


def resolve_jars(folder: Path, *, java: Java, trust_folder: Path) -> list[Path]:
    """Both in the folder, resolved on first use and checked against their SHA-256.

    Afterwards no network is needed. Raises PrerequisiteError when one cannot be had or is not what
    was published.
    """
    return fetch_all([BUNDLE, JAVA_CLIENT], folder, java=java, trust_folder=trust_folder)


def resolve_bundle(folder: Path, *, java: Java, trust_folder: Path) -> Path:
    """The bundle alone, as Glue has it; otherwise like `resolve_jars`."""
    return fetch(BUNDLE, folder, java=java, trust_folder=trust_folder)
