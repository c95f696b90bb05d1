"""The three steps of the data's way: source to Bronze, Bronze to Silver, Silver to Gold."""
