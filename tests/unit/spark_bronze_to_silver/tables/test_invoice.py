"""An invoice's status and dates are compared with each other, never with the clock."""

import datetime as dt

import pytest

from tests.fakes.typed_rows import COMMITTED_AT, cleaned

pytestmark = pytest.mark.spark

SEEN = COMMITTED_AT.date()


def days_before(number):
    return SEEN - dt.timedelta(days=number)


def invoice(status, *, due, paid=None):
    """Issued 40 days before the day on which the row was seen; due and paid count back too."""
    return {
        "status": status,
        "issue_date": days_before(40),
        "due_date": days_before(due),
        "paid_date": None if paid is None else days_before(paid),
    }


CASES = [
    (invoice("paid", due=10, paid=12), (True, 28, 0, "ok")),
    (invoice("paid", due=10, paid=7), (True, 33, 3, "ok")),
    (invoice("paid", due=10), (True, None, None, "paid_without_date")),
    (invoice("sent", due=-1), (False, None, 0, "ok")),
    (invoice("sent", due=0), (False, None, 0, "ok")),
    (invoice("sent", due=1), (False, None, 1, "overdue_not_flagged")),
    (invoice("overdue", due=5), (False, None, 5, "ok")),
    (invoice("overdue", due=5, paid=4), (False, None, 5, "date_without_paid_status")),
    (invoice("draft", due=5), (False, None, None, "ok")),
    (invoice("cancelled", due=5), (False, None, None, "ok")),
]


def test_payment_and_reconciliation(spark, contracts):
    rows = cleaned(spark, contracts["invoice"], *[given for given, _ in CASES])
    found = [(r.is_paid, r.days_to_pay, r.days_overdue, r.reconciliation_status) for r in rows]
    assert found == [wanted for _, wanted in CASES]
    issues = [[] if wanted[3] == "ok" else [wanted[3]] for _, wanted in CASES]
    assert [r.dq_issues for r in rows] == issues


def test_a_tombstone_without_values_says_nothing(spark, contracts):
    (row,) = cleaned(spark, contracts["invoice"], {"is_deleted": True})
    assert (row.reconciliation_status, row.dq_issues) == (None, [])
