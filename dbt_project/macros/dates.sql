{# "Today" of this build as a date literal: the variable as_of_date, else the run's UTC date. #}
{% macro as_of_date() -%}
    date '{{ var("as_of_date") or run_started_at.strftime("%Y-%m-%d") }}'
{%- endmacro %}

{#
  The UTC wall-clock time of a Silver timestamp, as timestamp(6) without a zone.
  DuckDB reads Silver's Parquet instants as TIMESTAMPTZ and would cast them in the session's zone;
  Athena reads them as timestamps in UTC.
#}
{% macro utc_timestamp(column) -%}
    {{ return(adapter.dispatch('utc_timestamp', 'lakehouse')(column)) }}
{%- endmacro %}

{% macro default__utc_timestamp(column) -%}
    cast({{ column }} as timestamp(6))
{%- endmacro %}

{% macro duckdb__utc_timestamp(column) -%}
    cast(cast({{ column }} as timestamp with time zone) at time zone 'UTC' as timestamp(6))
{%- endmacro %}

{#
  Array with every day (or first day of a month) from first to last, both included, for
  `cross join unnest(...)`; cast the elements to date. Athena raises an error when first > last.
#}
{% macro date_sequence(first, last, unit='day') -%}
    {{ return(adapter.dispatch('date_sequence', 'lakehouse')(first, last, unit)) }}
{%- endmacro %}

{% macro default__date_sequence(first, last, unit) -%}
    sequence({{ first }}, {{ last }}, interval '1' {{ unit }})
{%- endmacro %}

{% macro duckdb__date_sequence(first, last, unit) -%}
    generate_series({{ first }}, {{ last }}, interval '1' {{ unit }})
{%- endmacro %}

{# The date a fixed, non-negative number of days after (before) another. #}
{% macro days_after(day, number) -%}
    cast({{ day }} + interval '{{ number }}' day as date)
{%- endmacro %}

{% macro days_before(day, number) -%}
    cast({{ day }} - interval '{{ number }}' day as date)
{%- endmacro %}

{# First and last day of the month of a date. #}
{% macro month_start(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}

{% macro month_end(day) -%}
    cast(date_trunc('month', {{ day }}) + interval '1' month - interval '1' day as date)
{%- endmacro %}

{# First and last day of the calendar quarter of a date. #}
{% macro quarter_start(day) -%}
    cast(date_trunc('quarter', {{ day }}) as date)
{%- endmacro %}

{% macro quarter_end(day) -%}
    cast(date_trunc('quarter', {{ day }}) + interval '3' month - interval '1' day as date)
{%- endmacro %}
