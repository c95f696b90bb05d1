{#
  Fails for every combination of values of `columns` that more than one row has.
  Nulls count as equal, so a key with a null in it is found too when it repeats.
#}
{% test unique_combination_of_columns(model, columns) %}
    {%- if columns is string or columns | length == 0 %}
        {{ exceptions.raise_compiler_error('unique_combination_of_columns: columns must be a list') }}
    {%- endif %}
    select {{ columns | join(', ') }}
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
{% endtest %}
