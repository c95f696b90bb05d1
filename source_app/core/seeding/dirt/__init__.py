"""What a real source has and a clean generator has not, in known shares; each kind is counted.

`shares` says how much, one module per table what; `soiling` puts it on rows. Dirt is drawn from
random numbers of its own: a row that gets none is the same as without any dirt.
"""
