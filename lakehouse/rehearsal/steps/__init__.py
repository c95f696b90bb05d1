"""What each step of the rehearsal does: `platform`, `layers`, `gold`, `pipeline`, `checks`."""
