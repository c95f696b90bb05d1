"""The tour leaves nothing unsaid: what no test runs has its reason there, the rest is compared."""

import pytest

from tests.docs.tour import IN_THE_SUITE, NOT_RUN, TOUR, Step, read_tour

SHOWN = Step("x", ("┃ table ┃ rows ┃", "...", "│ order │ 1,502 │", "  ✓ held: 4.0 ..."), False)


def test_what_no_test_runs_says_why():
    text = TOUR.read_text()
    assert {*NOT_RUN, *IN_THE_SUITE} <= {step.command for step in read_tour()}
    for command, reason in NOT_RUN.items():
        assert f"*No test runs this: {reason}.*" in text.split(f"\n{command}\n")[1].split("##")[0]


def test_every_command_that_is_run_promises_something():
    for step in read_tour():
        if step.command not in NOT_RUN:
            assert step.missing("") is not None, step.command


@pytest.mark.parametrize("name", ["cdc", "history", "isolation", "time-travel", "cost"])
def test_every_demonstration_is_on_the_way(name):
    shown = f".venv/bin/lakehouse demo {name}"
    assert any(step.command.startswith(shown) for step in read_tour())


def test_figures_and_ids_may_differ_and_lines_may_be_left_out():
    output = "title\n table  rows\n│ tenant │ 5 │\n│ order │ 17 │\n✓ held: 12.5 s, under 99 s"
    assert SHOWN.missing(output) is None


@pytest.mark.parametrize(
    ("output", "missing"),
    [
        ("table rows\n✓ held: 4.0 s", "│ order │ 1,502 │"),
        ("order 1\ntable rows\n✓ held: 4.0 s", "│ order │ 1,502 │"),
        ("table rows\norder none\n✓ held: 4.0 s", "│ order │ 1,502 │"),
        ("table rows\norder 1\n✗ held: 4.0 s", "  ✓ held: 4.0 ..."),
    ],
)
def test_other_words_are_noticed(output, missing):
    assert SHOWN.missing(output) == missing


def test_figures_count_where_the_page_calls_them_exact():
    exact = Step("x", ("costs 3 a month",), True)
    assert exact.missing("costs  3 a month") is None
    assert exact.missing("costs 4 a month") == "costs 3 a month"
