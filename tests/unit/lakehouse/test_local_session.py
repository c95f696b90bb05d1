"""Which of Java's compilers a session on this machine gets."""

import os
from pathlib import Path

import pytest

from lakehouse.homes.embedded import spark
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.state import State


@pytest.fixture
def state(tmp_path) -> State:
    """A state folder with a file of four bytes in Bronze."""
    state = State(tmp_path)
    written(state.bronze / "shop/core_order/LOAD00000001.parquet", at=100, text="rows")
    return state


@pytest.fixture
def sessions(monkeypatch) -> list[bool]:
    """Of each session that is asked for, whether it is to be one that goes on."""
    asked: list[bool] = []
    monkeypatch.setattr(spark, "local_session", lambda state, *, goes_on: asked.append(goes_on))
    return asked


def written(file: Path, *, at: float, text: str = "") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    os.utime(file, (at, at))


def test_what_came_after_the_last_commit_is_unread(state):
    assert spark.unread_bytes(state) == 4
    written(state.silver / "order/.hoodie/20261122000000000.commit", at=200)
    assert spark.unread_bytes(state) == 0
    written(state.bronze / "shop/core_order/20261122-000000001.parquet", at=300, text="more rows")
    written(state.bronze / "shop/core_order/.20261122-000000002.parquet", at=300, text="half a row")
    assert spark.unread_bytes(state) == 9


def test_without_bronze_nothing_is_unread(tmp_path):
    assert spark.unread_bytes(State(tmp_path / "not made yet")) == 0


def test_much_data_is_worth_the_optimising_compiler(state, sessions, monkeypatch):
    _ = EmbeddedHome(state).spark
    monkeypatch.setattr(spark, "MUCH_BYTES", 3)
    _ = EmbeddedHome(state).spark
    assert sessions == [False, True]


def test_so_is_a_process_that_goes_on(state, sessions):
    _ = EmbeddedHome(state, goes_on=True).spark
    assert sessions == [True]


def test_the_quick_compiler_alone_is_an_option_of_the_driver(state):
    options = [
        spark.local_settings(state, [], Path("log"), goes_on=goes_on)[
            "spark.driver.extraJavaOptions"
        ]
        for goes_on in (False, True)
    ]
    assert [spark.QUICK_COMPILER in text for text in options] == [True, False]
