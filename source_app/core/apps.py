"""Registers the application under the label that the table names start with."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The application `core`: tables are core_tenant, core_customer and so on."""

    name = "core"
