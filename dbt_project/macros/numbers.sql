{# Money in the tenant's currency; the same type on both engines. #}
{% macro money(expression) -%}
    cast({{ expression }} as decimal(18, 2))
{%- endmacro %}

{# A share or rate as double; null, not an error or infinity, when the denominator is 0. #}
{% macro ratio(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}

{#
  Mean of seconds, a double. Microseconds are added as whole numbers: a sum of doubles depends on
  the order of the rows, and so on the engine.
#}
{% macro mean_seconds(seconds) -%}
    {{ ratio(
        'sum(cast(round(' ~ seconds ~ ' * 1000000) as bigint))', 'count(' ~ seconds ~ ') * 1000000'
    ) }}
{%- endmacro %}

{# Quotient of two whole numbers without its fraction (towards zero); the divisor must not be 0. #}
{% macro integer_quotient(dividend, divisor) -%}
    {{ return(adapter.dispatch('integer_quotient', 'lakehouse')(dividend, divisor)) }}
{%- endmacro %}

{% macro default__integer_quotient(dividend, divisor) -%}
    cast({{ dividend }} as bigint) / cast({{ divisor }} as bigint)
{%- endmacro %}

{% macro duckdb__integer_quotient(dividend, divisor) -%}
    divide(cast({{ dividend }} as bigint), cast({{ divisor }} as bigint))
{%- endmacro %}

{#
  total / number as money, rounded half away from zero; null when number is 0 or null.
  Whole cents are divided, because decimal / decimal keeps too few places on Athena and becomes a
  double on DuckDB, where a half cent may round either way. `total` is money, `number` a count.
#}
{% macro money_average(total, number) -%}
    {%- set cents -%} cast(abs({{ money(total) }}) * 100 as bigint) {%- endset -%}
    {%- set count -%} nullif(cast({{ number }} as bigint), 0) {%- endset -%}
    {%- set rounded -%}
    {{ integer_quotient('2 * ' ~ cents ~ ' + ' ~ count, '2 * ' ~ count) }}
    {%- endset -%}
    cast(
        sign({{ money(total) }}) * cast({{ rounded }} as decimal(18, 0)) * cast(0.01 as decimal(3, 2))
        as decimal(18, 2)
    )
{%- endmacro %}

{# Count since the tenant's first day, over one row a day. #}
{% macro running_count(column) -%}
    cast(
        sum({{ column }}) over (
            partition by tenant_id order by dt rows between unbounded preceding and current row
        ) as bigint
    )
{%- endmacro %}

{# Relative change from one period to the next; null when the one before is 0 or not there. #}
{% macro growth(current, before) -%}
    {{ ratio(current ~ ' - ' ~ before, before) }}
{%- endmacro %}
