"""Sessions of visitors."""

from .probe import Probe, between, near

_SESSIONS = """
    select session_id, count(*) as events, bool_and(customer_id is null) as is_anonymous,
        extract(epoch from max(created_at) - min(created_at)) as seconds,
        min(created_at) filter (where event_type = 'page_view') as page_view,
        min(created_at) filter (where event_type = 'product_view') as product_view,
        min(created_at) filter (where event_type = 'add_to_cart') as add_to_cart,
        min(created_at) filter (where event_type = 'checkout') as checkout,
        min(created_at) filter (where event_type = 'purchase') as purchase
    from core_event group by session_id"""

PROBES = (
    Probe(
        (
            near("sessions: that see a product and buy (conversion), share", 0.30, 0.02),
            between("sessions: one page and gone (bounces), share", 0.2, 0.35),
            between("sessions: wholly anonymous, share", 0.25, 0.45),
            between("sessions: median of more than one event, seconds", 60, 600),
            between("sessions: longest, seconds", 60, 1800),
            near("sessions: a step without the one before it, share", 0, 0.001),
            between("sessions: cart and no purchase, share of carts", 0.2, 0.8),
        ),
        f"""
        with sessions as ({_SESSIONS})
        select
            count(purchase)::float / nullif(count(product_view), 0),
            avg((events = 1)::int),
            avg(is_anonymous::int),
            percentile_cont(0.5) within group (order by seconds) filter (where events > 1),
            max(seconds),
            avg((page_view is null
                or product_view is not null and (product_view > page_view) is not true
                or add_to_cart is not null and (add_to_cart > product_view) is not true
                or checkout is not null and (checkout > add_to_cart) is not true
                or purchase is not null and (purchase > checkout) is not true)::int),
            count(*) filter (where add_to_cart is not null and purchase is null)::float
                / nullif(count(add_to_cart), 0)
        from sessions""",
    ),
    Probe(
        (near("sessions: purchases that are an order of that customer, share", 1, 0),),
        """
        select avg((o.id is not null)::int)
        from core_event e left join core_order o
            on o.id::text = e.event_data ->> 'order_id' and o.order_date = e.created_at
                and o.customer_id = e.customer_id and o.tenant_id = e.tenant_id
        where e.event_type = 'purchase'""",
    ),
)
