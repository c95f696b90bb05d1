"""The pages, in the order of the menu; one module each."""

from lakehouse.dashboard.question import Question
from lakehouse.dashboard.sections import (
    behaviour,
    customers,
    overview,
    payments,
    products,
    quality,
    revenue,
    subscriptions,
    tenants,
)
from lakehouse.dashboard.view import Section

# What one tenant's pages show, each once: the whole report and the workbook are made of them.
DETAILS: tuple[Section, ...] = (
    revenue.SECTION,
    customers.SECTION,
    behaviour.SECTION,
    subscriptions.SECTION,
    products.SECTION,
    payments.SECTION,
    quality.SECTION,
)
OVERVIEW, TENANTS = overview.SECTION, tenants.SECTION


def all_questions() -> tuple[Question, ...]:
    """Every question of every page, each once."""
    asked = [q for section in (*DETAILS, OVERVIEW, TENANTS) for q in section.questions]
    return tuple({question.name: question for question in asked}.values())
