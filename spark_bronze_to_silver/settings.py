"""What a run does when nobody says otherwise."""

# How long past states can be read.
TIME_TRAVEL_DAYS = 7
