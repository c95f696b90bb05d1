"""Errors of the endpoint.

InvalidRequestError    HTTP 400 InvalidRequestException: the request never becomes a query
├── NotEmulatedError   a statement of Athena's that the endpoint does not have
AccessDeniedError      HTTP 400 AccessDeniedException
StatementError         the query fails; its message is the reason that Athena gives
"""

from lakehouse.homes.rehearsal.services.extending import ServiceError


class InvalidRequestError(ServiceError):
    """The request is refused before it becomes a query."""

    def __init__(self, message: str) -> None:
        super().__init__("InvalidRequestException", message)


class NotEmulatedError(InvalidRequestError):
    """What Athena can and this endpoint cannot; names the words that it does not know."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"not emulated: {what}. docs/REHEARSAL.md lists the statements that the rehearsal has."
        )


class AccessDeniedError(ServiceError):
    """The caller may not do that."""

    def __init__(self, message: str) -> None:
        super().__init__("AccessDeniedException", message)


class StatementError(Exception):
    """A statement that failed: kind is the engine's name of the error, such as TABLE_NOT_FOUND.

    category is Athena's: 1 for a fault of the system, 2 for one of the user.
    """

    def __init__(self, kind: str, message: str, *, category: int = 2) -> None:
        self.kind = kind
        self.message = message
        self.category = category
        super().__init__(f"{kind}: {message}")
