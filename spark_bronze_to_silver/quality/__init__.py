"""The quality gate: what a contract expects of its rows, checked before each commit."""
