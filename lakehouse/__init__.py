"""The `lakehouse` command: runs the platform's parts in order, on a laptop or against AWS."""
