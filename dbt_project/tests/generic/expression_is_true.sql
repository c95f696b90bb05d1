{#
  Fails for every row for which `expression` is false or null: a row equation that cannot be
  computed does not hold. Restrict it with the config `where` when null is allowed.
#}
{% test expression_is_true(model, expression) %}
    select *
    from {{ model }}
    where coalesce(not ({{ expression }}), true)
{% endtest %}
