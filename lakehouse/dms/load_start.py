"""When a load began: the moment that all its rows carry, and that its order follows from.

Silver orders a full-load row by it, against the time part of change sequences, and takes a live
row that sorts before the newest load for deleted. So it is taken from the source's own clock before
the snapshot is made, it has the precision of the time part, and it lies behind every sequence
that the task has given out.
"""

from datetime import datetime, timedelta

import psycopg2.extensions

from lakehouse.dms.change_seq import moment_of, time_part

HUNDREDTH = timedelta(milliseconds=10)


def load_start(connection: psycopg2.extensions.connection, last_time_part: int) -> datetime:
    """The start of a load that begins now, in UTC and whole hundredths of a second.

    When the server's clock stands before what the task has written (it may step back), the start
    is one hundredth after that.
    """
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp() at time zone 'UTC'")
        (now,) = cursor.fetchone()
    return later_than(last_time_part, now)


def later_than(last_time_part: int, now: datetime) -> datetime:
    """The moment in whole hundredths, but after the time part; both in UTC."""
    start = moment_of(time_part(now))
    return max(start, moment_of(last_time_part) + HUNDREDTH) if last_time_part else start
