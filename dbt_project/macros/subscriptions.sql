{#
  Whether a subscription (columns started_on, ended_on, subscription_status) pays on a day.
  The last day is exclusive; a trial never pays; a cancelled one pays until its end date.
#}
{% macro is_paying_on(day) -%}
    started_on <= {{ day }}
    and (ended_on is null or ended_on > {{ day }})
    and subscription_status <> 'trial'
{%- endmacro %}
