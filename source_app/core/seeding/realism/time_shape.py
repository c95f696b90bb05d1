"""When things happen."""

from ..timeline import MONTH_END, MONTH_END_DAYS, WEEKDAYS
from .probe import Probe, between, near

_EVERY_ROW = """
    select created_at from core_tenant union all select created_at from core_customer
    union all select created_at from core_product union all select created_at from core_order
    union all select created_at from core_orderitem union all select created_at from core_event
    union all select created_at from core_subscription
    union all select created_at from core_invoice"""
# Orders, items and events of each day; the rest is too little to have a rhythm.
_ACTIVITY = """
    select moment::date as day, count(*) as rows from (
        select order_date as moment from core_order
        union all select created_at from core_orderitem
        union all select created_at from core_event) activity
    where moment >= %(start)s and moment < %(end)s group by 1"""

PROBES = (
    Probe(
        (
            near("time: rows of the first sixth (month 6), share", 0.10, 0.02),
            near("time: rows of the next two sixths (months 5, 4), share", 0.30, 0.02),
            near("time: rows of the second half (last 3 months), share", 0.60, 0.02),
        ),
        f"""
        with elapsed as (
            select extract(epoch from created_at - %(start)s)
                / extract(epoch from %(end)s - %(start)s) as part
            from ({_EVERY_ROW}) every_row),
        counts as (
            select nullif(count(*), 0)::float as every,
                count(*) filter (where part < 1.0 / 6) as first,
                count(*) filter (where part >= 1.0 / 6 and part < 0.5) as middle,
                count(*) filter (where part >= 0.5) as last
            from elapsed)
        select first / every, middle / every, last / every from counts""",
    ),
    Probe(
        (between("time: growth, last 30 days times the first 30", 1.9, 2.6),),
        f"""
        with days as ({_ACTIVITY})
        select sum(rows) filter (where day >= %(end)s::date - 30)
            / nullif(sum(rows) filter (where day < %(start)s::date + 30), 0)
        from days""",
    ),
    # Each day is compared with the mean of the days before and after it that the trend and the
    # rhythm leave comparable.
    Probe(
        (near("time: Saturdays, times Mondays", WEEKDAYS[5] / WEEKDAYS[0], 0.1),),
        f"""
        with days as ({_ACTIVITY})
        select avg(s.rows / ((before.rows + after.rows) / 2.0))
        from days s
        join days before on before.day = s.day - 5 join days after on after.day = s.day + 2
        where extract(isodow from s.day) = 6""",
    ),
    Probe(
        (near(f"time: last {MONTH_END_DAYS} days of a month, times others", MONTH_END, 0.06),),
        f"""
        with days as ({_ACTIVITY})
        select avg(d.rows / ((before.rows + after.rows) / 2.0))
        from days d
        join days before on before.day = d.day - 7 join days after on after.day = d.day + 7
        where extract(month from d.day) <> extract(month from d.day + {MONTH_END_DAYS})""",
    ),
)
