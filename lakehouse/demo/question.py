"""One question, asked of each layer's files: revenue of the last six months by tenant and month."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from lakehouse.checks.bronze_files import is_readable
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.silver_relations import current_files

MONTHS = 6
GOLD_TABLE = "revenue_metrics"
SINCE = f"date_trunc('month', current_date) - interval {MONTHS - 1} month"
# A change is placed by its sequence, a loaded row by the start of its load: the first 16 digits of
# its time, and zeros (docs/decisions/0028).
BRONZE = f"""
    with versions as (
        select *, row_number() over (
            partition by tenant_id, id
            order by coalesce(
                nullif(dms_change_seq, ''),
                rpad(left(regexp_replace(dms_committed_at, '[^0-9]', '', 'g'), 16), 35, '0')
            ) desc
        ) as age
        from {{}}
    )
    select tenant_id, strftime(order_date, '%Y-%m') as month, sum(subtotal + tax + shipping)
    from versions
    where age = 1 and Op <> 'D' and status = 'completed' and order_date >= {SINCE}
        and order_date < current_date + interval 1 day
    group by 1, 2 order by 1, 2
"""
SILVER = f"""
    select tenant_id, strftime(order_date, '%Y-%m') as month, sum(subtotal + tax + shipping)
    from {{}}
    where not is_deleted and status = 'completed' and order_date >= {SINCE}
        and order_date < current_date + interval 1 day
    group by 1, 2 order by 1, 2
"""
GOLD = f"""
    select tenant_id, strftime(dt, '%Y-%m') as month, sum(total_revenue)
    from {{}}
    where dt >= {SINCE}
    group by 1, 2 having sum(total_revenue) <> 0 order by 1, 2
"""


ORDER_COLUMNS = ("tenant_id", "order_date", "status", "subtotal", "tax", "shipping")
COLUMNS = {
    "Bronze": (*ORDER_COLUMNS, "id", "Op", "dms_committed_at", "dms_change_seq"),
    "Silver": (*ORDER_COLUMNS, "is_deleted"),
    "Gold": ("tenant_id", "dt", "total_revenue"),
}


@dataclass(frozen=True)
class Layer:
    """SQL of the question in a layer, and the files that it reads."""

    name: str
    sql: str
    files: tuple[Path, ...]

    def bytes_of_columns(self) -> int:
        """Compressed bytes of the question's columns, without the files' footers."""
        return sum(_bytes_of(pq.read_metadata(f), COLUMNS[self.name]) for f in self.files)

    @property
    def rows(self) -> int:
        """Rows of the files.

        From their footers: DuckDB answers that of one file without a scan, and then has no profile.
        """
        return sum(pq.read_metadata(file).num_rows for file in self.files)

    @property
    def size(self) -> int:
        """Bytes of the files."""
        return sum(file.stat().st_size for file in self.files)


def layers(home: EmbeddedHome, folder: Path) -> list[Layer]:
    """Bronze, Silver and Gold; Gold's rows are written to Parquet in the folder first."""
    order = home.contracts["order"]
    bronze = home.state.bronze / order.bronze_folder
    gold = folder / f"{GOLD_TABLE}.parquet"
    export(home, f"select * from lakehouse_gold.{GOLD_TABLE}", f"'{gold}' (format parquet)")
    return [
        _layer("Bronze", BRONZE, filter(is_readable, sorted(bronze.rglob("[!._]*.parquet")))),
        _layer("Silver", SILVER, map(Path, current_files(home.state.silver / order.name))),
        _layer("Gold", GOLD, [gold]),
    ]


def export(home: EmbeddedHome, sql: str, target: str) -> None:
    """Write an answer of Gold to files, as COPY's target says."""
    with duckdb.connect(str(home.state.duckdb), read_only=True) as gold:
        gold.execute(f"copy ({sql}) to {target}")


def tenant_names(home: EmbeddedHome) -> dict[str, str]:
    """Names of the tenants by id."""
    with duckdb.connect(str(home.state.duckdb), read_only=True) as gold:
        rows = gold.execute("select tenant_id, tenant_name from lakehouse_gold.dim_tenant")
        return dict(rows.fetchall())


def _bytes_of(metadata: pq.FileMetaData, names: Iterable[str]) -> int:
    groups = (metadata.row_group(i) for i in range(metadata.num_row_groups))
    chunks = (group.column(i) for group in groups for i in range(group.num_columns))
    return sum(c.total_compressed_size for c in chunks if c.path_in_schema in names)


def _layer(name: str, sql: str, files: Iterable[Path]) -> Layer:
    found = tuple(files)
    listed = ", ".join(f"'{file}'" for file in found)
    return Layer(name, sql.format(f"read_parquet([{listed}], union_by_name = true)"), found)
