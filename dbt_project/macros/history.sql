{#
  Whether a row of a history held for a while. The others never did: deletes, repeats of a full
  load, changes that another one of their commit replaced.
#}
{% macro version_held() -%}
    not is_deleted and (is_current or valid_to > valid_from)
{%- endmacro %}
