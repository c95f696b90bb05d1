"""Fetches what Maven Central publishes, by the resolver that Spark carries (Ivy)."""

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pyspark

from lakehouse.errors import PrerequisiteError
from lakehouse.homes.embedded.java import Java, trust_store_options

TIMEOUT_SECONDS = 900
CHUNK = 1 << 20


@dataclass(frozen=True)
class Artifact:
    """A published file with its SHA-256; purpose ends the sentence "without it ..."."""

    group: str
    name: str
    version: str
    sha256: str
    purpose: str
    kind: str = "jar"

    @property
    def file_name(self) -> str:
        """The file's name, with version and kind."""
        return f"{self.name}-{self.version}.{self.kind}"

    @property
    def module(self) -> str:
        """An Ivy module that depends on this file alone.

        The file is named, because a tar.gz is not what Ivy takes a dependency for by itself.
        """
        return (
            '<ivy-module version="2.0"><info organisation="lakehouse" module="fetch"/>'
            f'<dependencies><dependency org="{self.group}" name="{self.name}" '
            f'rev="{self.version}" transitive="false"><artifact name="{self.name}" '
            f'type="{self.kind}" ext="{self.kind}"/></dependency></dependencies></ivy-module>'
        )


def fetch(
    artifact: Artifact, folder: Path, *, java: Java, trust_folder: Path, cache: Path | None = None
) -> Path:
    """The artifact in the folder, fetched on first use and checked against its SHA-256.

    Ivy keeps its download in the user's own Ivy cache, as Spark does, unless another cache is
    named. Raises PrerequisiteError when it cannot be had or is not what was published.
    """
    path = folder / artifact.file_name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _retrieve(artifact, path, java, trust_folder, cache)
    digest = _sha256(path)
    if digest != artifact.sha256:
        path.unlink()
        raise PrerequisiteError(
            f"{path.name} has SHA-256 {digest}, expected {artifact.sha256}; it was removed. "
            "Run the command again; if it repeats, a proxy alters the download."
        )
    return path


def _retrieve(
    artifact: Artifact, path: Path, java: Java, trust_folder: Path, cache: Path | None
) -> None:
    ivy = next(Path(pyspark.__file__).parent.glob("jars/ivy-*.jar"))
    module = path.with_name(f".{artifact.name}.ivy.xml")
    module.write_text(artifact.module)
    command = [
        java.executable,
        *trust_store_options(java, trust_folder),
        *["-jar", ivy, "-m2compatible", "-types", artifact.kind, "-ivy", module],
        *(["-cache", cache] if cache else []),
        *["-retrieve", f"{path.parent}/[artifact]-{artifact.version}.[ext]"],
    ]
    result = subprocess.run(
        list(map(str, command)),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    module.unlink()
    if not path.exists():
        raise PrerequisiteError(_failure(artifact, result.stdout + result.stderr))


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _failure(artifact: Artifact, output: str) -> str:
    if "SSLHandshakeException" in output or "PKIX" in output:
        return (
            f"TLS failure while fetching {artifact.file_name} from Maven Central: Java does not "
            "trust the certificate that was presented. Add your proxy's certificate to the "
            "system's CA bundle, or set JAVA_HOME to a Java 17 that trusts it. Nothing was changed."
        )
    return (
        f"{artifact.file_name} could not be fetched from Maven Central; without it "
        f"{artifact.purpose}. What the resolver said:\n{output.strip()[-1500:]}"
    )
