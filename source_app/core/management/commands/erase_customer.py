"""`manage.py erase_customer`: a customer leaves with everything; events stay, nameless."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from ...models import Customer, Tenant
from ...services import customer_erase


class Command(BaseCommand):
    """Erases one customer; one who is not there any more is no error."""

    help = "Delete a customer with invoices, subscriptions, orders and their items."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument("--tenant", required=True, help="slug of the tenant")
        parser.add_argument("--customer", required=True, type=UUID, help="id of the customer")

    def handle(self, *, tenant: str, customer: UUID, **_: Any) -> None:
        """Erase and report."""
        owner = Tenant.objects.filter(slug=tenant).first()
        if owner is None:
            raise CommandError(f"there is no tenant {tenant!r}; nothing was changed")
        found = Customer.objects.for_tenant(owner).filter(pk=customer).first()
        if found is None:
            self.stdout.write(f"{tenant} has no customer {customer}; nothing was changed")
            return
        customer_erase(customer=found)
        self.stdout.write(f"customer {customer} of {tenant} is deleted")
