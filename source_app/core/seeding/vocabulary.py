"""Names, places and devices. People, numbers and addresses are from ranges kept for fiction."""

from typing import NamedTuple

from .draw import Weights


class Company(NamedTuple):
    """A tenant's identity."""

    name: str
    code: str
    country: str
    currency: str


class Category(NamedTuple):
    """What a shop sells under one heading: price range in whole units, and words for names."""

    code: str
    lowest: int
    typical: int
    highest: int
    words: tuple[str, ...]


COMPANIES = (
    Company("Northwind Supply", "NWS", "US", "USD"),
    Company("Alpenglow Handel", "ALP", "DE", "EUR"),
    Company("Bluebell & Sons", "BLU", "GB", "GBP"),
    Company("Prairie Goods", "PRA", "US", "USD"),
    Company("Maison Lumière", "LUM", "FR", "EUR"),
    Company("Harbour Lane", "HAR", "GB", "GBP"),
    Company("Redwood Outfitters", "RED", "US", "USD"),
    Company("Kiefer & Korn", "KIE", "DE", "EUR"),
    Company("Atelier Sud", "SUD", "FR", "EUR"),
    Company("Copper Kettle Trading", "COP", "US", "USD"),
    Company("Fjordlys Butikk", "FJO", "NO", "NOK"),
    Company("Saltmarsh Stores", "SAL", "GB", "GBP"),
    Company("Desert Bloom", "DES", "US", "USD"),
    Company("Weißdorn Versand", "WEI", "DE", "EUR"),
    Company("Petit Marché", "PET", "FR", "EUR"),
    Company("Granite Peak Gear", "GRA", "US", "USD"),
    Company("Thistle & Thread", "THI", "GB", "GBP"),
    Company("Lakeshore Living", "LAK", "US", "USD"),
    Company("Rheinblick Markt", "RHE", "DE", "EUR"),
    Company("Citronnelle", "CIT", "FR", "EUR"),
)

CATEGORIES = {
    "Electronics": Category(
        "ELE", 15, 70, 2000, ("Headphones", "Monitor", "Keyboard", "Charger", "Camera", "Speaker")
    ),
    "Clothing": Category(
        "CLO", 8, 28, 260, ("Jacket", "Shirt", "Jeans", "Scarf", "Sneakers", "Sweater")
    ),
    "Home": Category("HOM", 6, 30, 900, ("Lamp", "Kettle", "Rug", "Shelf", "Blanket", "Pan")),
    "Books": Category("BOO", 5, 16, 80, ("Atlas", "Novel", "Cookbook", "Biography", "Guide")),
    "Sports": Category("SPO", 7, 32, 750, ("Racket", "Tent", "Ball", "Mat", "Backpack", "Helmet")),
}
ADJECTIVES = (
    *("Classic", "Compact", "Everyday", "Premium", "Light", "Sturdy", "Nordic", "Urban"),
    *("Vintage", "Bold", "Quiet", "Bright", "Folding", "Travel", "Studio", "Heritage"),
)

FIRST_NAMES = (
    *("Emma", "Liam", "Olivia", "Noah", "Ava", "Ethan", "Sophia", "Mason", "Mia", "Lucas"),
    *("Amelia", "Oliver", "Harper", "Elijah", "Evelyn", "James", "Aisha", "Benjamin", "Chloé"),
    *("Jürgen", "Anneliese", "Björn", "Inès", "Matthieu", "Zoë", "Priya", "Kwame", "Mei"),
    *("Diego", "Fatima", "Yuki", "Ingrid", "Tomasz", "Leila", "Oluwaseun", "Siobhán"),
)
LAST_NAMES = (
    *("Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis", "Wilson"),
    *("Anderson", "Taylor", "Thomas", "Moore", "Martin", "Lee", "Thompson", "White", "Harris"),
    *("Müller", "Schäfer", "Großmann", "Lefèvre", "Dupont", "O'Connor", "Núñez", "Kowalski"),
    *("Patel", "Okafor", "Nakamura", "Hansen", "Rossi", "Van Dijk", "Haddad", "Lindqvist"),
)
EMAIL_DOMAINS = ("example.com", "example.org", "example.net", "mail.example.com")
CITIES = {
    "US": ("New York", "Chicago", "Austin", "Seattle", "Denver"),
    "GB": ("London", "Leeds", "Bristol", "Glasgow"),
    "DE": ("Berlin", "München", "Köln", "Leipzig"),
    "FR": ("Paris", "Lyon", "Nantes", "Lille"),
    "NO": ("Oslo", "Bergen", "Trondheim"),
}
TAX_PERCENT = {"US": 8, "GB": 20, "DE": 19, "FR": 20, "NO": 25}
LANGUAGES = {"US": "en", "GB": "en", "DE": "de", "FR": "fr", "NO": "no"}
AGE_BANDS = Weights({"18-24": 15, "25-34": 30, "35-44": 25, "45-54": 16, "55-64": 9, "65+": 5})
CHANNELS = Weights({"organic": 35, "paid_search": 25, "social": 18, "referral": 12, "email": 10})
PAYMENT_METHODS = Weights(
    {"card": 62, "paypal": 20, "bank_transfer": 8, "apple_pay": 7, "invoice": 3}
)
REFERRERS = Weights(
    {
        None: 45,
        "https://www.google.com/": 30,
        "https://www.instagram.com/": 12,
        "https://www.bing.com/": 6,
        "https://news.example.com/gifts": 7,
    }
)
CAMPAIGNS = ("spring_sale", "newsletter", "retargeting", "brand")
USER_AGENTS = Weights(
    {
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/138.0.0.0 Safari/537.36": 32,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1": 26,
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/138.0.0.0 Mobile Safari/537.36": 20,
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/18.5 Safari/605.1.15": 12,
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": 7,
        "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1": 3,
    }
)
