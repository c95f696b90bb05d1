{#
  Last statement of an incremental model: the rows of its last CTE that the table does not hold in
  just this form. Comparing whole rows needs no clock and no list of what may touch a row, so
  late updates, repeats and changes of joined tables are all seen. A full refresh takes every row.
#}
{% macro changed_rows(cte) -%}
    {%- if adds_to_table() -%}
        {%- set columns = model.columns.keys() | join(', ') -%}
        select {{ columns }} from {{ cte }}
        except
        select {{ columns }} from {{ this }}
    {%- else -%}
        select * from {{ cte }}
    {%- endif -%}
{%- endmacro %}

{#
  The rows of a CTE whose row in the table was made of other inputs, or that have none there; all of
  them when the table is built anew. For a model whose rows are dear to compute: `inputs` are
  columns of both, and everything else in the row must follow from them. `id` is the key in a tenant.
#}
{% macro rows_of_other_inputs(cte, id, inputs) -%}
    select {{ cte }}.*
    from {{ cte }}
    {%- if adds_to_table() %}
    left join {{ this }} as known
        on
            {{ cte }}.tenant_id = known.tenant_id
            and {{ cte }}.{{ id }} = known.{{ id }}
    where
        known.tenant_id is null
        {%- for column in inputs %}
        or {{ cte }}.{{ column }} is distinct from known.{{ column }}
        {%- endfor %}
    {%- endif %}
{%- endmacro %}

{#
  Whether the run adds to a table that is there. A unit test has no `this`; a full refresh need not
  ask whether the table is there.
#}
{% macro adds_to_table() -%}
    {{ return(this and not should_full_refresh() and is_incremental()) }}
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

{#
  Text that tells one set of rows from another, whatever their order: an aggregate over columns that
  must not all be null. A hash of 64 bits; engines have different ones, and each asks only its own.
#}
{% macro fingerprint(columns) -%}
    {{ return(adapter.dispatch('fingerprint', 'lakehouse')(columns)) }}
{%- endmacro %}

{% macro default__fingerprint(columns) -%}
    to_hex(checksum(row({{ columns | join(', ') }})))
{%- endmacro %}

{% macro duckdb__fingerprint(columns) -%}
    to_hex(sum(hash({{ columns | join(', ') }})))
{%- endmacro %}
