"""Fetches what Maven Central publishes, by the resolver that Spark carries (Ivy)."""

import hashlib
import subprocess
from collections.abc import Sequence
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
    def dependency(self) -> str:
        """How an Ivy module says that it needs this file alone.

        The file is named, because a tar.gz is not what Ivy takes a dependency for by itself.
        """
        return (
            f'<dependency org="{self.group}" name="{self.name}" rev="{self.version}" '
            f'transitive="false"><artifact name="{self.name}" type="{self.kind}" '
            f'ext="{self.kind}"/></dependency>'
        )


def fetch(
    artifact: Artifact, folder: Path, *, java: Java, trust_folder: Path, cache: Path | None = None
) -> Path:
    """The artifact in the folder, as `fetch_all` gets it."""
    fetch_all([artifact], folder, java=java, trust_folder=trust_folder, cache=cache)
    return folder / artifact.file_name


def fetch_all(
    artifacts: Sequence[Artifact],
    folder: Path,
    *,
    java: Java,
    trust_folder: Path,
    cache: Path | None = None,
) -> list[Path]:
    """The artifacts in the folder, fetched on first use and checked against their SHA-256.

    Ivy keeps its downloads in the user's own Ivy cache, as Spark does, unless another cache is
    named. Raises PrerequisiteError when one cannot be had or is not what was published.
    """
    missing = [a for a in artifacts if not (folder / a.file_name).exists()]
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        _retrieve(missing, folder, java, trust_folder, cache)
    return [_checked(artifact, folder / artifact.file_name) for artifact in artifacts]


def _checked(artifact: Artifact, path: Path) -> Path:
    digest = _sha256(path)
    if digest != artifact.sha256:
        path.unlink()
        raise PrerequisiteError(
            f"{path.name} has SHA-256 {digest}, expected {artifact.sha256}; it was removed. "
            "Run the command again; if it repeats, a proxy alters the download."
        )
    return path


def _retrieve(
    artifacts: Sequence[Artifact], folder: Path, java: Java, trust_folder: Path, cache: Path | None
) -> None:
    ivy = next(Path(pyspark.__file__).parent.glob("jars/ivy-*.jar"))
    module = folder / f".{artifacts[0].name}.ivy.xml"
    module.write_text(
        '<ivy-module version="2.0"><info organisation="lakehouse" module="fetch"/>'
        f"<dependencies>{''.join(a.dependency for a in artifacts)}</dependencies></ivy-module>"
    )
    kinds = sorted({a.kind for a in artifacts})
    command = [
        java.executable,
        *trust_store_options(java, trust_folder),
        *["-jar", ivy, "-m2compatible", "-types", *kinds, "-ivy", module],
        *(["-cache", cache] if cache else []),
        *["-retrieve", f"{folder}/[artifact]-[revision].[ext]"],
    ]
    output = _output(list(map(str, command)))
    module.unlink()
    for artifact in artifacts:
        if not (folder / artifact.file_name).exists():
            raise PrerequisiteError(_failure(artifact, output))


def _output(command: Sequence[str]) -> str:
    """What the resolver says. One that takes too long is ended; then its files are missing."""
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"nothing within {TIMEOUT_SECONDS} s; it was ended"
    return result.stdout + result.stderr


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
