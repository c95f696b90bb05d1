select
    {{ as_of_date() }} as as_of_date,
    {{ utc_timestamp("timestamp with time zone '2026-01-01 01:30:00.123456+02:00'") }} as utc_timestamp,
    {{ date_sequence("date '2026-01-30'", "date '2026-02-01'") }} as days,
    {{ date_sequence("date '2025-12-01'", "date '2026-02-01'", 'month') }} as months,
    {{ days_after("date '2024-02-28'", 2) }} as days_after,
    {{ days_before("date '2024-03-01'", 1) }} as days_before,
    {{ month_start("date '2024-02-29'") }} as month_start,
    {{ month_end("date '2024-02-01'") }} as month_end,
    {{ quarter_start("date '2024-06-30'") }} as quarter_start,
    {{ quarter_end("date '2024-04-01'") }} as quarter_end,
    {{ money('1.005') }} as money,
    {{ ratio(1, 4) }} as ratio,
    {{ ratio(1, 0) }} as ratio_of_zero,
    {{ growth('3', '4') }} as growth,
    {{ growth('3', '0') }} as growth_from_zero,
    {{ integer_quotient('cast(7 as bigint)', 'cast(2 as bigint)') }} as integer_quotient,
    {{ money_average('cast(1.01 as decimal(18, 2))', 2) }} as half_cent_up,
    {{ money_average('cast(-1.01 as decimal(18, 2))', 2) }} as half_cent_down,
    {{ money_average('cast(2.00 as decimal(18, 2))', 3) }} as two_thirds,
    {{ money_average('cast(45000000000000.01 as decimal(18, 2))', 2) }} as large_average,
    {{ money_average('cast(1.00 as decimal(18, 2))', 0) }} as average_of_none,
    {{ money_average('cast(null as decimal(18, 2))', 2) }} as average_of_null,
    (
        select {{ mean_seconds('seconds') }}
        from (values (cast(0.1 as double)), (0.2), (0.3), (null)) as durations (seconds)
    ) as mean_seconds,
    (
        select {{ mean_seconds('seconds') }}
        from (values (cast(null as double))) as durations (seconds)
    ) as mean_of_none
