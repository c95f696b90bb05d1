"""The places where the platform runs; a home supplies what differs between them."""
