"""Ways to a table's rows: those that are to end in the role's own rows, and those in a refusal."""

from dataclasses import dataclass

from lakehouse.rehearsal.isolation.facts import Facts


@dataclass(frozen=True)
class Route:
    """A statement about a table; its one value is the number of visible rows, if it `counts`.

    {t} stands for the table's full name, {d} and {n} for database and name.
    """

    name: str
    template: str
    counts: bool = True

    def sql(self, table: Facts) -> str:
        """The statement for that table."""
        return self.template.format(t=table.full_name, d=table.database, n=table.name)


# On every table for every role: the rows that it sees, or a refusal.
PLAIN = Route("count", "select count(*) from {t}")

# On a table that a tenant may see: still only its rows.
READING = (
    Route("common table expression", "with a as (select * from {t}) select count(*) from a"),
    Route(
        "a condition that is always true", "select count(*) from {t} where 1 = 1 or tenant_id = ''"
    ),
    Route("subquery", "select count(*) from (select * from (select tenant_id from {t}))"),
    Route(
        "join with itself",
        "select count(*) from {t} a where exists (select 1 from {t} b where b.tenant_id <> '')",
    ),
    Route("with the catalog's name", 'select count(*) from "awsdatacatalog".{t}'),
    Route(
        "time travel",
        "select count(*) from {t} for timestamp as of (current_timestamp - interval '1' second)",
    ),
)

# On a table that a tenant may see: refused all the same.
REFUSED = tuple(
    Route(name, template, counts=False)
    for name, template in {
        "snapshots": 'select * from "{d}"."{n}$snapshots"',
        "history": 'select * from "{d}"."{n}$history"',
        "files": 'select * from "{d}"."{n}$files"',
        "partitions": 'select * from "{d}"."{n}$partitions"',
        "insert": "insert into {t} select * from {t}",
        "delete": "delete from {t}",
        "update": "update {t} set tenant_id = tenant_id",
        "drop": "drop table {t}",
        "add columns": "alter table {t} add columns (x int)",
        "set properties": "alter table {t} set tblproperties ('x' = 'y')",
        "optimize": "optimize {t} rewrite data using bin_pack",
        "view over it": 'create view "{d}"."mine" as select * from {t}',
        "table of it": 'create table "{d}"."mine" as select * from {t}',
    }.items()
)

# On no table: what only the engine below has.
ENGINE = tuple(
    Route(name, template, counts=False)
    for name, template in {
        "queries of others": "select * from system.runtime.queries",
        "the engine's catalogs": "select * from system.metadata.catalogs",
    }.items()
)
