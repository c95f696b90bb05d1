"""The embedded home: what the stages need from this machine, made when first asked for."""

import functools
import os
from typing import TYPE_CHECKING

from contracts import Contract, load_contracts
from lakehouse.homes.embedded.postgres import DATABASE, EmbeddedPostgres
from lakehouse.homes.embedded.source_app import manage
from lakehouse.state import State

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from spark_bronze_to_silver.to_silver import Places

# libpq keyword for each variable that points the platform at a source database of one's own.
SOURCE_VARIABLES = {
    "SOURCE_DB_HOST": "host",
    "SOURCE_DB_PORT": "port",
    "SOURCE_DB_NAME": "dbname",
    "SOURCE_DB_USER": "user",
    "SOURCE_DB_PASSWORD": "password",
    "SOURCE_DB_SSLMODE": "sslmode",
}
DEFAULTS = {"port": "5432", "dbname": DATABASE, "user": "postgres"}


class EmbeddedHome:
    """One state folder with its source database, contracts and Spark session."""

    def __init__(self, state: State, *, goes_on: bool = False) -> None:
        """goes_on tells of a process that runs until it is stopped, such as live mode's."""
        self.state = state
        self._goes_on = goes_on
        self.postgres = EmbeddedPostgres(state.postgres)

    @functools.cached_property
    def contracts(self) -> dict[str, Contract]:
        """The contracts by Silver table name. Raises ContractError when one is broken."""
        return load_contracts()

    @property
    def has_own_source(self) -> bool:
        """Whether the embedded server is the source; False when SOURCE_DB_HOST names another."""
        return "SOURCE_DB_HOST" not in os.environ

    def dsn(self) -> str:
        """libpq string of the source. Raises SourceDatabaseError when the server is not up."""
        if self.has_own_source:
            return self.postgres.dsn()
        given = {k: os.environ[v] for v, k in SOURCE_VARIABLES.items() if v in os.environ}
        return " ".join(f"{k}='{v}'" for k, v in {**DEFAULTS, **given}.items())

    def start_source(self) -> str:
        """Start the embedded server if it is the source, create and migrate the database."""
        if self.has_own_source:
            self.postgres.start()
            self.postgres.create_database()
        dsn = self.dsn()
        manage(dsn, "migrate", "--verbosity", "0", quiet=True)
        return dsn

    @functools.cached_property
    def spark(self) -> "SparkSession":
        """The warm session of this process."""
        from lakehouse.homes.embedded.spark import MUCH_BYTES, local_session, unread_bytes

        goes_on = self._goes_on or unread_bytes(self.state) > MUCH_BYTES
        return local_session(self.state, goes_on=goes_on)

    def places(self, contract: Contract) -> "Places":
        """Where the job finds what belongs to one table."""
        from spark_bronze_to_silver.to_silver import places

        layers = {"bronze": str(self.state.bronze), "silver": str(self.state.silver)}
        return places(self.spark, contract, **layers)
