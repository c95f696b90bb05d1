"""Who asks, and what may they see: from an access key to Trino's access control.

`principals` turns an access key into the role or user behind it, `grants` reads what Lake
Formation holds, `policy` merges it into rights, `rules` writes them as Trino reads them, `gate`
puts them into force before each query. Whatever is not granted is closed.
"""
