"""Dirt of customers."""

from datetime import timedelta

from ..draw import Chance
from ..rows import CustomerRow
from .kind import Kind, Setting

# None of them is a number in any of the countries.
NO_PHONES = ("n/a", "unknown", "12345", "0000000000", "-")
NO_ADDRESSES = ("{name}", "{name}@", "{name}@@{host}", "{name} at {host}", "{name}@localhost")
# Years that a clock set wrong is ahead.
AHEAD = (20, 60)
NO_AGE_BANDS = ("thirty", "25 to 34", "?")
NO_CONSENTS = ("maybe", "ja", 2)


def _other_case(chance: Chance, row: CustomerRow, setting: Setting) -> CustomerRow:
    """The same person registers again, typing the address in another way."""
    first = setting.before
    name, host = first.email.split("@")
    email = chance.choice(
        (first.email.upper(), f"{name.title()}@{host}", f"{name}@{host.upper()}", f"{first.email} ")
    )
    return row._replace(email=email, first_name=first.first_name, last_name=first.last_name)


def _no_address(chance: Chance, row: CustomerRow, _: Setting) -> CustomerRow:
    name, host = row.email.split("@")
    return row._replace(email=chance.choice(NO_ADDRESSES).format(name=name, host=host))


def _no_phone(chance: Chance, row: CustomerRow, _: Setting) -> CustomerRow:
    cut_off = (row.phone or "")[:6]
    return row._replace(phone=chance.choice((*NO_PHONES, cut_off)))


def _clock_ahead(chance: Chance, row: CustomerRow, setting: Setting) -> CustomerRow:
    years = chance.randint(*AHEAD)
    at = setting.shop.history.closes_at + timedelta(days=365 * years, seconds=chance.random())
    return row._replace(created_at=at)


def _changed_before_created(chance: Chance, row: CustomerRow, _: Setting) -> CustomerRow:
    return row._replace(updated_at=row.created_at - timedelta(hours=chance.uniform(1, 48)))


def _odd_metadata(chance: Chance, row: CustomerRow, _: Setting) -> CustomerRow:
    """One key is spelled in another way, has a value of another type, or is text that says none."""
    clean = row.metadata
    others = {key: value for key, value in clean.items() if key != "acquisition_channel"}
    odd = chance.choice(
        (
            {**others, "Acquisition-Channel": clean["acquisition_channel"]},
            {**clean, "age_band": chance.choice(NO_AGE_BANDS)},
            {**clean, "marketing_consent": chance.choice(NO_CONSENTS)},
            {**clean, "country": [clean["country"]]},
        )
    )
    return row._replace(metadata=odd)


KINDS = (
    Kind(
        "duplicate_email",
        "core_customer",
        lambda row, setting: setting.before is not None,
        _other_case,
        """select count(*) - count(distinct (tenant_id, lower(trim(email)))) from core_customer""",
        copies=True,
    ),
    Kind(
        "invalid_email",
        "core_customer",
        lambda row, setting: True,
        _no_address,
        r"""select count(*) from core_customer
        where trim(email) !~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:].]+$'""",
        "invalid_email",
    ),
    Kind(
        "invalid_phone",
        "core_customer",
        lambda row, setting: row.phone is not None,
        _no_phone,
        r"""select count(*) from core_customer where phone !~ '^\+[0-9 ()-]{8,}$'""",
        "invalid_phone",
    ),
    Kind(
        "future_created_at",
        "core_customer",
        lambda row, setting: True,
        _clock_ahead,
        """select count(*) from core_customer where created_at >= %(end)s""",
        "future_created_at",
    ),
    Kind(
        "updated_before_created",
        "core_customer",
        lambda row, setting: True,
        _changed_before_created,
        """select count(*) from core_customer
        where updated_at < created_at and created_at < %(end)s""",
    ),
    Kind(
        "customer_metadata",
        "core_customer",
        lambda row, setting: True,
        _odd_metadata,
        r"""select count(*) from core_customer
        where not (
            metadata ?& array['country', 'age_band', 'acquisition_channel']
            and metadata ->> 'age_band' ~ '^[0-9]+([+]|-[0-9]+)$'
            and jsonb_typeof(metadata -> 'country') = 'string'
            and jsonb_typeof(metadata -> 'marketing_consent') = 'boolean')""",
    ),
)
