"""Things that happen in a shop. Each step changes rows through the services and reports them.

A step is one transaction; `recreate_product` and `reopen_tenant` are two. It raises
NothingToChangeError, and changes nothing, when the tenant has no row that it could change.
"""
