-- A step is reached by an event of its type at or after the moment the step before was first
-- reached; so each CTE needs the moment that the one before it found.
with

events as (
    select * from {{ ref('int_events__in_sessions') }}
),

reached_page_view as (
    select
        *,
        min(
            case when event_type = 'page_view' then occurred_at end
        ) over (partition by tenant_id, session_key) as page_view_at
    from events
),

reached_product_view as (
    select
        *,
        min(
            case
                when event_type = 'product_view' and occurred_at >= page_view_at
                    then occurred_at
            end
        ) over (partition by tenant_id, session_key) as product_view_at
    from reached_page_view
),

reached_add_to_cart as (
    select
        *,
        min(
            case
                when event_type = 'add_to_cart' and occurred_at >= product_view_at
                    then occurred_at
            end
        ) over (partition by tenant_id, session_key) as add_to_cart_at
    from reached_product_view
),

reached_checkout as (
    select
        *,
        min(
            case
                when event_type = 'checkout' and occurred_at >= add_to_cart_at
                    then occurred_at
            end
        ) over (partition by tenant_id, session_key) as checkout_at
    from reached_add_to_cart
),

reached_purchase as (
    select
        *,
        min(
            case
                when event_type = 'purchase' and occurred_at >= checkout_at
                    then occurred_at
            end
        ) over (partition by tenant_id, session_key) as purchase_at
    from reached_checkout
),

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
