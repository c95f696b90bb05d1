"""The business of the source application: tenants, their shops, their billing."""
