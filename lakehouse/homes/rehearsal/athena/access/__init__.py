"""What a principal may see: from Lake Formation's grants to Trino's access control.

`grants` reads what Lake Formation holds, `policy` merges it into rights, `rules` writes them as
Trino reads them, `gate` puts them into force before each query. Whatever is not granted is closed.
"""
