"""Values of Trino's JSON in the text form that Athena answers with."""

import base64
from collections.abc import Mapping
from typing import Any


def text_of(value: Any, signature: Mapping[str, Any]) -> str | None:
    """A value's text; None for null. The signature is Trino's description of its type.

    Nested values have no quotes: [a, b], {k=v}, {field=value}, as in the Athena user guide.
    """
    if value is None:
        return None
    kind = signature["rawType"]
    if kind == "array":
        of = signature["arguments"][0]["value"]
        return f"[{', '.join(_nested(item, of) for item in value)}]"
    if kind == "map":
        key, of = (argument["value"] for argument in signature["arguments"])
        pairs = (f"{_nested(k, key)}={_nested(v, of)}" for k, v in value.items())
        return f"{{{', '.join(pairs)}}}"
    if kind == "row":
        fields = (argument["value"] for argument in signature["arguments"])
        pairs = (
            f"{_field_name(f, n)}={_nested(item, f['typeSignature'])}"
            for n, (f, item) in enumerate(zip(fields, value, strict=True))
        )
        return f"{{{', '.join(pairs)}}}"
    if kind == "varbinary":
        return base64.b64decode(value).hex(" ")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _nested(value: Any, signature: Mapping[str, Any]) -> str:
    text = text_of(value, signature)
    return "null" if text is None else text


def _field_name(field: Mapping[str, Any], number: int) -> str:
    name = field.get("fieldName")
    return name["name"] if name else f"field{number}"
