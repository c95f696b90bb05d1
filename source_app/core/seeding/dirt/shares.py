"""How much of each kind of dirt there is."""

from dataclasses import dataclass, fields

from ...errors import PlanError


@dataclass(frozen=True)
class Dirt:
    """Share of each kind of dirt among the rows that can have it; `kinds.py` says what each is.

    Raises PlanError when one is not between 0 and 1.
    """

    duplicate_email: float = 0.0
    invalid_email: float = 0.0
    invalid_phone: float = 0.0
    future_created_at: float = 0.0
    updated_before_created: float = 0.0
    consent_value: float = 0.0
    channel_key: float = 0.0
    country_name: float = 0.0
    category_spelling: float = 0.0
    category_synonym: float = 0.0
    unknown_category: float = 0.0
    non_positive_price: float = 0.0
    cost_above_price: float = 0.0
    negative_stock: float = 0.0
    order_total_mismatch: float = 0.0
    completed_before_order: float = 0.0
    completed_without_date: float = 0.0
    order_metadata_form: float = 0.0
    payment_key: float = 0.0
    item_total_mismatch: float = 0.0
    late_event: float = 0.0
    cart_value: float = 0.0
    cart_value_key: float = 0.0
    end_before_start: float = 0.0
    active_with_past_end: float = 0.0
    overdue_not_flagged: float = 0.0
    paid_without_date: float = 0.0
    date_without_paid_status: float = 0.0
    amount_mismatch: float = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            if not 0 <= getattr(self, field.name) <= 1:
                raise PlanError(
                    f"the share of {field.name} is not between 0 and 1; nothing was seeded; "
                    "choose another"
                )


DIRTS = {
    "none": Dirt(),
    "realistic": Dirt(
        duplicate_email=0.02,
        invalid_email=0.003,
        invalid_phone=0.02,
        future_created_at=0.001,
        updated_before_created=0.005,
        consent_value=0.01,
        channel_key=0.01,
        country_name=0.005,
        category_spelling=0.06,
        category_synonym=0.02,
        unknown_category=0.01,
        non_positive_price=0.005,
        cost_above_price=0.02,
        negative_stock=0.01,
        order_total_mismatch=0.01,
        completed_before_order=0.003,
        completed_without_date=0.003,
        order_metadata_form=0.003,
        payment_key=0.01,
        item_total_mismatch=0.005,
        late_event=0.02,
        cart_value=0.01,
        cart_value_key=0.01,
        end_before_start=0.02,
        active_with_past_end=0.01,
        overdue_not_flagged=0.05,
        paid_without_date=0.01,
        date_without_paid_status=0.02,
        amount_mismatch=0.01,
    ),
}
# What a plan has unless it says otherwise.
DEFAULT_DIRT_NAME = "none"
DEFAULT_DIRT = DIRTS[DEFAULT_DIRT_NAME]
