{#
  Fails for every tenant whose dates in the column are not one per `unit` (day or month) from the
  first to as_of_date. With a unique key this means: no period is missing, none is in the future.
#}
{% test no_gaps(model, column_name, unit='day') %}
    {%- set last = month_start(as_of_date()) if unit == 'month' else as_of_date() %}
    select tenant_id
    from {{ model }}
    group by tenant_id
    having
        max({{ column_name }}) <> {{ last }}
        or count(distinct {{ column_name }})
        <> date_diff('{{ unit }}', min({{ column_name }}), {{ last }}) + 1
{% endtest %}
