{#
  Fails for every value of the column that no row of `to` has in `field` for the same tenant_id.
  Nulls pass. A match in another tenant is no match: this also finds rows that cross tenants.
#}
{% test relationships_within_tenant(model, column_name, to, field) %}
    select
        child.tenant_id,
        child.{{ column_name }}
    from {{ model }} as child
    left join {{ to }} as parent
        on
            child.tenant_id = parent.tenant_id
            and child.{{ column_name }} = parent.{{ field }}
    where
        child.{{ column_name }} is not null
        and parent.{{ field }} is null
{% endtest %}
