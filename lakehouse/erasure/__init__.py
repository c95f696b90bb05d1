"""Erasure of one customer from Bronze, Silver and Gold, and a signed receipt of what was searched.

Bronze is rewritten, and everything after it is made again from Bronze: what Bronze does not hold,
no layer can hold.
"""
