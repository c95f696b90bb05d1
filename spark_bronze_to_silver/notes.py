"""Names of what the job notes in its commits, for the job and for readers without Spark."""

# What a note's name begins with among the other entries of a commit.
PREFIX = "_lakehouse_"
# The Bronze files read so far, the start of the newest full load, and those of all.
LEDGER, FLOOR, LOADS = "ledger", "floor", "loads"
# The accounts of all batches, and what the quality gate found in this one.
TOTALS, QUALITY = "totals", "quality"
# The instant of a restore that is not complete.
RESTORING = "restoring"
# A savepoint of the job's own, and its comment: this before the instant that replaced the state.
OWNER, UNTIL = "bronze-to-silver", "until "
