{# Fails for every row in which one of `columns` is below 0. Nulls pass. #}
{% test no_negatives(model, columns) %}
    {%- if columns is string or columns | length == 0 %}
        {{ exceptions.raise_compiler_error('no_negatives: columns must be a list') }}
    {%- endif %}
    select *
    from {{ model }}
    where
        {% for column in columns -%}
            {{ 'or ' if not loop.first }}{{ column }} < 0
        {% endfor %}
{% endtest %}
