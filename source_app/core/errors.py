"""Errors of the source application.

CoreError
├── ImmutableFieldError      a service was asked to change what never changes
├── TransitionError          a status can't follow another
├── PlanError                a seeding plan contradicts itself
├── NotEmptyError            seeding would mix with rows that are there
├── NoSuchTenantError        no tenant has the slug that was asked for
├── MissingParentsError      rows to add would have nothing to belong to
├── RowsClashError           rows to add are there already
├── SeedIntegrityError       seeded rows contradict each other
└── NothingToChangeError     the database has no rows to change yet
"""


class CoreError(Exception):
    """Base of all; its text says what failed, what state the data is in, and what to do."""


class ImmutableFieldError(CoreError):
    """A service was asked to change an identifier, the tenant or the creation time."""


class TransitionError(CoreError):
    """The status asked for can't follow the present one."""


class PlanError(CoreError):
    """The volumes or dates of a seeding plan contradict each other."""


class NotEmptyError(CoreError):
    """The tables hold rows already."""


class NoSuchTenantError(CoreError):
    """No tenant has the slug that was asked for."""


class MissingParentsError(CoreError):
    """A tenant lacks the customers or products that further rows need."""


class RowsClashError(CoreError):
    """Rows that were to be added have ids or numbers that are there already."""


class SeedIntegrityError(CoreError):
    """The rows that were loaded contradict each other."""


class NothingToChangeError(CoreError):
    """The database was not seeded."""
