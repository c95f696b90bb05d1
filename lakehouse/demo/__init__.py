"""`lakehouse demo`: the whole way once with a full load, once with live changes, then the proof."""
