"""`manage.py seed_products`: further products for the tenants that are there."""

from ..seed_command import AddCommand


class Command(AddCommand):
    """Products only."""

    help = "Add products to the tenants that are there; SKU numbers go on."
    volume = "products"
