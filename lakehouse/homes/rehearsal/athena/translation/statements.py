"""Which plan a statement gets: by its first words, read from the longest to the shortest."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from lakehouse.homes.rehearsal.athena.errors import InvalidRequestError, NotEmulatedError
from lakehouse.homes.rehearsal.athena.tokens import Reader
from lakehouse.homes.rehearsal.athena.translation import create, drop, queries, show, upkeep
from lakehouse.homes.rehearsal.athena.translation.alter import alter_table
from lakehouse.homes.rehearsal.athena.translation.plan import Context, Plan

# Athena's limit of a statement, in bytes.
MAX_BYTES = 262_144
STATEMENTS: dict[tuple[str, ...], Callable[[Reader, Context], Plan]] = {
    ("CREATE", "OR", "REPLACE", "VIEW"): partial(create.create_view, replace=True),
    ("CREATE", "EXTERNAL", "TABLE"): create.create_external_table,
    ("CREATE", "DATABASE"): create.create_database,
    ("CREATE", "SCHEMA"): create.create_database,
    ("CREATE", "TABLE"): create.create_table,
    ("CREATE", "VIEW"): partial(create.create_view, replace=False),
    ("MSCK", "REPAIR", "TABLE"): upkeep.repair,
    ("DROP", "DATABASE"): drop.drop_database,
    ("DROP", "SCHEMA"): drop.drop_database,
    ("DROP", "TABLE"): partial(drop.drop_relation, kind="TABLE"),
    ("DROP", "VIEW"): partial(drop.drop_relation, kind="VIEW"),
    ("ALTER", "TABLE"): alter_table,
    ("OPTIMIZE",): upkeep.optimize,
    ("VACUUM",): upkeep.vacuum,
    ("SHOW",): show.show,
    ("DESCRIBE",): show.describe,
    ("DESC",): show.describe,
    ("EXPLAIN",): queries.explain,
    ("PREPARE",): queries.prepare,
    ("DEALLOCATE",): queries.deallocate,
}

# Other statements that Athena or Trino has, by their first word.
NOT_EMULATED = {
    *("ANALYZE", "CALL", "COMMENT", "COMMIT", "DENY", "EXPORT", "GRANT", "IMPORT", "LOAD", "LOCK"),
    *("REFRESH", "RESET", "REVOKE", "ROLLBACK", "SET", "START", "TRUNCATE", "UNLOAD", "UNLOCK"),
    "USE",
}


def translate(text: str, context: Context, parameters: Sequence[str] = ()) -> Plan:
    """The plan of one statement; parameters are bound to its question marks.

    Raises InvalidRequestError for what cannot be read, and NotEmulatedError, which is one, for a
    statement that Athena has and this endpoint does not.
    """
    if len(text.encode()) > MAX_BYTES:
        raise InvalidRequestError(f"the statement is longer than {MAX_BYTES} bytes")
    reader = Reader(text)
    if reader.at_end:
        raise InvalidRequestError("Query string is empty")
    if reader.accept("EXECUTE"):
        prepared, values = queries.execute(reader, context)
        return translate(prepared, context, values or parameters)
    plan = _plan(reader, context)
    if not parameters:
        return plan
    if len(plan.trino) != 1:
        raise InvalidRequestError("parameters belong to a query or a change of rows")
    return replace(plan, trino=[queries.with_parameters(plan.trino[0], parameters)])


def _plan(reader: Reader, context: Context) -> Plan:
    for words, plan in STATEMENTS.items():
        if reader.accept(*words):
            return plan(reader, context)
    first = _first_word(reader)
    if first in queries.SHARED:
        return queries.query(reader, context, queries.SHARED[first])
    known = {"EXECUTE", *(words[0] for words in STATEMENTS), *queries.SHARED}
    if first in known | NOT_EMULATED:
        raise NotEmulatedError(f"statement {first}")
    raise reader.mismatch(", ".join(f"'{word}'" for word in sorted(known)))


def _first_word(reader: Reader) -> str:
    """A query may begin with parentheses."""
    mark = reader.mark()
    while reader.accept("("):
        pass
    word = reader.word
    reader.back_to(mark)
    return word
