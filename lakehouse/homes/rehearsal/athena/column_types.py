"""Names of column types: as Hive and Glue write them, and as Trino does."""

from lakehouse.homes.rehearsal.athena.errors import InvalidRequestError

TRINO_NAMES = {"string": "varchar", "int": "integer", "float": "real", "binary": "varbinary"}
HIVE_NAMES = {trino: hive for hive, trino in TRINO_NAMES.items()}
NESTED = {"array": "array", "map": "map", "struct": "row"}


def trino_type(hive: str, *, iceberg: bool) -> str:
    """Trino's name of a Hive type; Iceberg has microseconds, Hive milliseconds."""
    name, arguments = _parts(hive.strip().lower(), "<", ">")
    if name == "struct":
        fields = (field.split(":", 1) for field in arguments)
        inner = (f'"{n.strip()}" {trino_type(kind, iceberg=iceberg)}' for n, kind in fields)
    elif name in NESTED:
        inner = (trino_type(argument, iceberg=iceberg) for argument in arguments)
    elif name == "timestamp":
        return "timestamp(6)" if iceberg else "timestamp(3)"
    else:
        return TRINO_NAMES.get(name, name)
    return f"{NESTED[name]}({', '.join(inner)})"


def hive_type(trino: str) -> str:
    """Hive's name of a Trino type, as Glue has it."""
    name, arguments = _parts(trino.strip(), "(", ")")
    if name == "row":
        fields = (argument.strip().split(" ", 1) for argument in arguments)
        return f"struct<{','.join(f'{_unquoted(n)}:{hive_type(kind)}' for n, kind in fields)}>"
    if name in ("array", "map"):
        return f"{name}<{','.join(hive_type(argument) for argument in arguments)}>"
    if name.startswith("timestamp"):
        return "timestamp"
    if name in ("decimal", "char") or (name == "varchar" and arguments):
        return f"{name}({','.join(a.strip() for a in arguments)})"
    return HIVE_NAMES.get(name, name)


def _parts(text: str, opening: str, closing: str) -> tuple[str, list[str]]:
    """Name and arguments of a type; no arguments when it has none in these brackets."""
    start = text.find(opening)
    if start < 0 or not text.endswith(closing):
        return text, []
    return text[:start].strip(), _split(text[start + 1 : -1])


def _split(text: str) -> list[str]:
    found, depth = [""], 0
    for letter in text:
        depth += (letter in "(<") - (letter in ")>")
        if depth < 0:
            raise InvalidRequestError(f"type {text!r} has a bracket too many")
        if letter == "," and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return found


def _unquoted(name: str) -> str:
    return name.strip('"')
