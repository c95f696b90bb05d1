"""What `make wheel` puts beside the wheel, for the release of the Glue jobs."""
