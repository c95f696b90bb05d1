"""Which types a source column may have beside the one that its contract says."""

import re

_NUMERIC = re.compile(r"numeric\((\d+),(\d+)\)")
_VARYING = re.compile(r"character varying\((\d+)\)")
_INTEGERS = ("smallint", "integer", "bigint")


def is_wider(found: str, listed: str) -> bool:
    """Whether every value of the listed PostgreSQL type is one of the found type, with equal text.

    Such a column can be read on: a value that the contract's Bronze type cannot hold stops the
    task when it comes (UntypableValueError).
    """
    if listed in _INTEGERS and found in _INTEGERS:
        return _INTEGERS.index(found) > _INTEGERS.index(listed)
    if varying := _VARYING.fullmatch(listed):
        wider = _VARYING.fullmatch(found)
        # Without a length it would be a large object to DMS.
        return bool(wider and int(wider[1]) > int(varying[1]))
    numeric, wider = _NUMERIC.fullmatch(listed), _NUMERIC.fullmatch(found)
    return bool(numeric and wider and wider[2] == numeric[2] and int(wider[1]) > int(numeric[1]))
