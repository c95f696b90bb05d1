-- A step is reached by an event of its type at or after the moment the step before was first
-- reached; so each CTE needs the moment that the one before it found.
with

events as (
    select * from {{ ref('int_events__in_sessions') }}
),

{% set steps = ['page_view', 'product_view', 'add_to_cart', 'checkout', 'purchase'] -%}
{% for step in steps -%}
reached_{{ step }} as (
    select
        *,
        min(
            case
                when
                    event_type = '{{ step }}'
                    {% if not loop.first %}and occurred_at >= {{ loop.previtem }}_at{% endif %}
                    then occurred_at
            end
        ) over (partition by tenant_id, session_key) as {{ step }}_at
    from {{ 'events' if loop.first else 'reached_' ~ loop.previtem }}
),

{% endfor -%}
by_session as (
    select
        tenant_id,
        session_key,
        max(page_view_at) is not null as reaches_page_view,
        max(product_view_at) is not null as reaches_product_view,
        max(add_to_cart_at) is not null as reaches_add_to_cart,
        max(checkout_at) is not null as reaches_checkout,
        max(purchase_at) is not null as reaches_purchase
    from reached_purchase
    group by tenant_id, session_key
)

select * from by_session
