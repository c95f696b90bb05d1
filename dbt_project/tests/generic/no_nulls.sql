{# Fails for every row that has a null in one of `columns`: not_null for many columns in one scan. #}
{% test no_nulls(model, columns) %}
    {%- if columns is string or columns | length == 0 %}
        {{ exceptions.raise_compiler_error('no_nulls: columns must be a list') }}
    {%- endif %}
    select *
    from {{ model }}
    where
        {% for column in columns -%}
            {{ 'or ' if not loop.first }}{{ column }} is null
        {% endfor %}
{% endtest %}
