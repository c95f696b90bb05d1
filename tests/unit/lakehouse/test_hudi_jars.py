"""Hudi's jars are only used when they are the published ones."""

import pytest

from lakehouse.errors import PrerequisiteError
from lakehouse.homes.embedded.hudi_jars import BUNDLE, JAVA_CLIENT, missing_jars, resolve_jars
from lakehouse.homes.embedded.java import Java, find_java
from lakehouse.state import current_state


@pytest.mark.parametrize("altered", [BUNDLE, JAVA_CLIENT])
def test_a_jar_with_another_checksum_is_removed(tmp_path, altered):
    both = current_state().jars
    for artifact in (BUNDLE, JAVA_CLIENT):
        (tmp_path / artifact.file_name).symlink_to(both / artifact.file_name)
    jar = tmp_path / altered.file_name
    jar.unlink()
    jar.write_bytes(b"not the jar")
    with pytest.raises(PrerequisiteError, match=f"{altered.file_name} has SHA-256"):
        resolve_jars(tmp_path, java=find_java(), trust_folder=tmp_path)
    assert missing_jars(tmp_path) == [altered.file_name]


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
        resolve_jars(tmp_path / "jars", java=Java(home, 17, False), trust_folder=tmp_path)
