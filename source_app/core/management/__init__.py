"""Commands of `manage.py`, found by Django below this package."""
