"""What can be wrong with a contract."""


class ContractError(Exception):
    """A contract file cannot be used; the message names the file, the place and the mend."""
