"""The standard product categories, and how tenants spell them.

A spelling is compared in lower case, with everything that is neither letter nor digit taken as
one space. A tenant's new spelling is one more word here.
"""

from collections.abc import Mapping

OTHER = "Other"
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "Electronics": (
        *("electronics", "electronic", "elec", "electro", "elektronik", "électronique"),
        *("electronique", "elektronikk", "consumer electronics", "tech"),
    ),
    "Clothing": (
        *("clothing", "clothes", "cloth", "apparel", "fashion", "kleidung", "bekleidung"),
        *("vêtements", "vetements", "klær"),
    ),
    "Home": (
        *("home", "house", "household", "home living", "home kitchen", "home and kitchen"),
        *("home garden", "home and garden", "homeware", "haushalt", "maison", "hjem"),
    ),
    "Books": ("books", "book", "bücher", "buecher", "livres", "bøker"),
    "Sports": (
        *("sports", "sport", "sporting goods", "sports outdoors", "sports and outdoors"),
        *("sport und freizeit", "idrett"),
    ),
    "Toys": (
        *("toys", "toy", "games", "toys games", "toys and games", "spielzeug", "jouets", "leker"),
    ),
    OTHER: ("other",),
}
CATEGORIES = tuple(SPELLINGS)
