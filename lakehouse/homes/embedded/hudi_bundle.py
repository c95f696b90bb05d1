"""The Hudi bundle for Spark, from Maven Central by the resolver that Spark carries (Ivy)."""

import hashlib
import subprocess
from pathlib import Path

import pyspark

from lakehouse.errors import PrerequisiteError
from lakehouse.homes.embedded.java import Java, trust_store_options

GROUP, ARTIFACT, VERSION = "org.apache.hudi", "hudi-spark3.5-bundle_2.12", "0.15.0"
SHA256 = "aab6ecdb5c65fcd20406b980b31ccec294fae95693de947d5778f0b3fb4e302a"
TIMEOUT_SECONDS = 600


def bundle_path(folder: Path) -> Path:
    """Where the bundle lies once it has been resolved."""
    return folder / f"{ARTIFACT}-{VERSION}.jar"


def resolve_bundle(folder: Path, *, java: Java, trust_folder: Path) -> Path:
    """The bundle in the folder, resolved on first use and checked against its SHA-256.

    Ivy keeps its download in the user's own Ivy cache, as Spark does; afterwards no network is
    needed. Raises PrerequisiteError when it cannot be had or is not what was published.
    """
    bundle = bundle_path(folder)
    if not bundle.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _retrieve(folder, java, trust_folder)
    digest = hashlib.sha256(bundle.read_bytes()).hexdigest()
    if digest != SHA256:
        bundle.unlink()
        raise PrerequisiteError(
            f"{bundle.name} has SHA-256 {digest}, expected {SHA256}; it was removed. "
            "Run the command again; if it repeats, a proxy alters the download."
        )
    return bundle


def _retrieve(folder: Path, java: Java, trust_folder: Path) -> None:
    ivy = next(Path(pyspark.__file__).parent.glob("jars/ivy-*.jar"))
    command = [
        java.executable,
        *trust_store_options(java, trust_folder),
        *["-jar", ivy, "-m2compatible", "-types", "jar", "-confs", "default", "-notransitive"],
        *["-dependency", GROUP, ARTIFACT, VERSION],
        *["-retrieve", f"{folder}/[artifact]-[revision].[ext]"],
    ]
    result = subprocess.run(
        list(map(str, command)),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    output = result.stdout + result.stderr
    if not bundle_path(folder).exists():
        raise PrerequisiteError(_failure(output))


def _failure(output: str) -> str:
    if "SSLHandshakeException" in output or "PKIX" in output:
        return (
            "TLS failure while fetching the Hudi bundle from Maven Central: Java does not trust "
            "the certificate that was presented. Add your proxy's certificate to the system's CA "
            "bundle, or set JAVA_HOME to a Java 17 that trusts it. Nothing was changed."
        )
    return (
        "the Hudi bundle could not be fetched from Maven Central; Spark cannot write Silver "
        f"without it. What the resolver said:\n{output.strip()[-1500:]}"
    )
