{#
  Marts have no custom schema and land in the profile's own, lakehouse_gold. A layer with one gets
  the profile's schema with its last word exchanged: lakehouse_gold -> lakehouse_staging. A
  profile schema that does not end in _gold (a developer's own) gets the layer added:
  dev_ann -> dev_ann_staging. So nobody's views land between somebody else's.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none -%}
        {{ target.schema }}
    {%- elif target.schema.endswith('_gold') -%}
        {{ target.schema[:-4] }}{{ custom_schema_name | trim }}
    {%- else -%}
        {{ target.schema }}_{{ custom_schema_name | trim }}
    {%- endif -%}
{%- endmacro %}
