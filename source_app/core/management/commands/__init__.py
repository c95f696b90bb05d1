"""One command a file; each only reads its options, calls a library and prints."""
