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
NO_CONSENTS = ("maybe", "ja", 2)
COUNTRY_NAMES = {
    "US": ("USA", "United States"),
    "GB": ("UK (GB)", "England"),
    "DE": ("Deutschland", "Germany"),
    "FR": ("France", "FRA"),
    "NO": ("Norge", "Norway"),
}


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


def _odd_consent(chance: Chance, row: CustomerRow, _: Setting) -> CustomerRow:
    return row._replace(metadata={**row.metadata, "marketing_consent": chance.choice(NO_CONSENTS)})


def _odd_key(_: Chance, row: CustomerRow, __: Setting) -> CustomerRow:
    others = dict(row.metadata)
    return row._replace(
        metadata={"Acquisition-Channel": others.pop("acquisition_channel"), **others}
    )


def _country_name(chance: Chance, row: CustomerRow, _: Setting) -> CustomerRow:
    name = chance.choice(COUNTRY_NAMES[row.metadata["country"]])
    return row._replace(metadata={**row.metadata, "country": name})


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
        "consent_value",
        "core_customer",
        lambda row, setting: True,
        _odd_consent,
        """select count(*) from core_customer
        where jsonb_typeof(metadata -> 'marketing_consent') <> 'boolean'""",
        "malformed_metadata",
    ),
    Kind(
        "channel_key",
        "core_customer",
        lambda row, setting: True,
        _odd_key,
        "select count(*) from core_customer where not metadata ? 'acquisition_channel'",
    ),
    Kind(
        "country_name",
        "core_customer",
        lambda row, setting: True,
        _country_name,
        "select count(*) from core_customer where metadata ->> 'country' !~ '^[A-Z]{2}$'",
        "invalid_country",
    ),
)
