"""How operations are added to moto.

moto runs the method of a service's response class that has the operation's name in snake case.
"""

import json
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import JsonRESTError

Parameters = dict[str, Any]
Answer = dict[str, Any]


class ServiceError(JsonRESTError):
    """An error as a JSON service of AWS answers it: HTTP 400, the error's name, a message."""

    code = 400


def operation(response_class: type) -> Callable:
    """Make a function (response, parameters) -> answer an operation of a JSON service."""

    def register(function: Callable[[Any, Parameters], Answer | None]) -> Callable:
        def answer(self: Any) -> str:
            return json.dumps(function(self, json.loads(self.body or "{}")) or {})

        setattr(response_class, function.__name__, answer)
        return function

    return register


def replaces(owner: type) -> Callable:
    """Put a function (original, self, ...) in the place of the owner's method of that name."""

    def register(function: Callable) -> Callable:
        original = getattr(owner, function.__name__)

        def method(self: Any, *arguments: Any, **named: Any) -> Any:
            return function(original, self, *arguments, **named)

        setattr(owner, function.__name__, method)
        return function

    return register


def kept(backend: Any, what: str) -> dict[Any, Any]:
    """A dictionary that lives as long as the backend's own data: until moto is reset."""
    return backend.__dict__.setdefault(f"_rehearsal_{what}", {})


def without_nulls(values: Answer) -> Answer:
    """AWS leaves out what is not set; Terraform reads a null as a value."""
    return {name: value for name, value in values.items() if value is not None}
