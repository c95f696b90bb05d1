{#
  Fails for every value outside minimum..maximum (both included); give one of them or both.
  Nulls pass: not_null is a test of its own.
#}
{% test accepted_range(model, column_name, minimum=none, maximum=none) %}
    {%- if minimum is none and maximum is none %}
        {{ exceptions.raise_compiler_error('accepted_range: give minimum, maximum or both') }}
    {%- endif %}
    select {{ column_name }}
    from {{ model }}
    where
        false
        {% if minimum is not none %}or {{ column_name }} < {{ minimum }}{% endif %}
        {% if maximum is not none %}or {{ column_name }} > {{ maximum }}{% endif %}
{% endtest %}
