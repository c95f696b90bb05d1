{#
  Fails for every combination of values of `columns` that more than one row has, and for every one
  with a null in it: unique and not_null for the whole key in one scan. Columns that are also in
  `nullable` may be null; nulls count as equal.
#}
{% test primary_key(model, columns, nullable=[]) %}
    {%- if columns is string or columns | length == 0 %}
        {{ exceptions.raise_compiler_error('primary_key: columns must be a list') }}
    {%- endif %}
    select
        {{ columns | join(', ') }},
        count(*) as copies
    from {{ model }}
    group by {{ columns | join(', ') }}
    having
        count(*) > 1
        {% for column in columns if column not in nullable -%}
            or {{ column }} is null
        {% endfor %}
{% endtest %}
