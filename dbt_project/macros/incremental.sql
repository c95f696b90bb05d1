{#
  Last statement of an incremental model: the rows of its last CTE that the table does not hold in
  just this form. Comparing whole rows needs no clock and no list of what may touch a row, so
  late updates, repeats and changes of joined tables are all seen. A full refresh takes every row.
#}
{% macro changed_rows(cte) -%}
    {#- A unit test has no `this`; a full refresh need not ask whether the table is there. -#}
    {%- if this and not should_full_refresh() and is_incremental() -%}
        {%- set columns = model.columns.keys() | join(', ') -%}
        select {{ columns }} from {{ cte }}
        except
        select {{ columns }} from {{ this }}
    {%- else -%}
        select * from {{ cte }}
    {%- endif -%}
{%- endmacro %}

{#
  Hook after a merge, which itself deletes nothing: removes the rows whose key `live` no longer has.
  tenant_id is a UUID, so the joined text names one key only.
#}
{% macro delete_gone_rows(live, id) -%}
    delete from {{ this }}
    where
        tenant_id || {{ id }} not in (
            select kept.tenant_id || kept.{{ id }} from {{ live }} as kept
        )
{%- endmacro %}

{#
  Partitions of a large fact on Athena (Iceberg): 8 buckets of tenants, and months of the day. One
  bucket holds many tenants, so their number does not matter; dbt-athena writes what is above
  Athena's limit of 100 partitions a statement in batches. DuckDB has none.
#}
{% macro tenant_and_month(day) -%}
    {{ return(adapter.dispatch('tenant_and_month', 'lakehouse')(day)) }}
{%- endmacro %}

{% macro default__tenant_and_month(day) -%}
    {{ return(['bucket(tenant_id, 8)', 'month(' ~ day ~ ')']) }}
{%- endmacro %}

{% macro duckdb__tenant_and_month(day) -%}
    {{ return(none) }}
{%- endmacro %}
