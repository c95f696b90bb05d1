"""The bundle is only used when it is the published one."""

import pytest

from lakehouse.errors import PrerequisiteError
from lakehouse.homes.embedded.hudi_bundle import bundle_path, resolve_bundle
from lakehouse.homes.embedded.java import Java, find_java


def test_a_bundle_with_another_checksum_is_removed(tmp_path):
    bundle = bundle_path(tmp_path)
    bundle.write_bytes(b"not the jar")
    with pytest.raises(PrerequisiteError, match="SHA-256"):
        resolve_bundle(tmp_path, java=find_java(), trust_folder=tmp_path)
    assert not bundle.exists()


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("javax.net.ssl.SSLHandshakeException: PKIX path", "TLS failure.*CA bundle"),
        ("UnknownHostException", "could not be fetched.*UnknownHostException"),
    ],
)
def test_a_failed_download_says_what_failed(tmp_path, output, message):
    home = tmp_path / "jdk"
    (home / "bin").mkdir(parents=True)
    program = home / "bin" / "java"
    program.write_text(f"#!/bin/sh\necho '{output}'\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(PrerequisiteError, match="(?s)" + message):
        resolve_bundle(tmp_path / "jars", java=Java(home, 17, False), trust_folder=tmp_path)
