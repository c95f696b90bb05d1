{#
  Fails for every tenant that lacks a day (or month, by `unit`) between its first and last date in
  the column, or has a date after as_of_date. That the last one *is* as_of_date is not asked, so a
  table built yesterday still passes today.
#}
{% test no_gaps(model, column_name, unit='day') %}
    select tenant_id
    from {{ model }}
    group by tenant_id
    having
        max({{ column_name }}) > {{ as_of_date() }}
        or count(distinct {{ column_name }})
        <> date_diff('{{ unit }}', min({{ column_name }}), max({{ column_name }})) + 1
{% endtest %}
