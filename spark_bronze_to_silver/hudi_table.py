"""Writes one Silver table as Hudi copy-on-write, and keeps the job's notes in its commits."""

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from py4j.java_gateway import JavaObject
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver import java_client
from spark_bronze_to_silver.errors import StaleTableError
from spark_bronze_to_silver.file_sizes import FULL, LARGEST, file_bytes, files_of_rows
from spark_bronze_to_silver.instants import HOUR_DIGITS
from spark_bronze_to_silver.long_answers import content, text_of
from spark_bronze_to_silver.notes import PREFIX
from spark_bronze_to_silver.retention import Retention, retention
from spark_bronze_to_silver.savepoints import drop_states, files_of, keep_states, savepoint_at
from spark_bronze_to_silver.selection import as_typed
from spark_bronze_to_silver.settings import TIME_TRAVEL_DAYS
from spark_bronze_to_silver.timeline import Timeline
from spark_bronze_to_silver.versions import require_layout

ORDERING_FIELD = "source_order"
ARCHIVED_AT_ONCE = 10
# What happens to a stored row when another one of its key comes: the one that sorts higher stays,
# or the one that comes stays (for rows that are worked out anew as a whole).
KEEP_NEWER = "org.apache.hudi.common.model.DefaultHoodieRecordPayload"
REPLACE = "org.apache.hudi.common.model.OverwriteWithLatestAvroPayload"
# The columns that Hudi keeps beside a row's own.
RECORD_KEY, PARTITION = "_hoodie_record_key", "_hoodie_partition_path"
FILE_NAME = "_hoodie_file_name"
HUDI_COLUMNS = ("_hoodie_commit_time", "_hoodie_commit_seqno", RECORD_KEY, PARTITION, FILE_NAME)
# Operations whose rows bring Hudi's columns along, which say where each is stored.
LOCATED = ("upsert", "delete")
PARALLELISM = "hoodie.bulkinsert.shuffle.parallelism"


@dataclass(frozen=True)
class HudiTable:
    """A table at a path with its record key and the column that orders a row's versions.

    By default an upsert keeps the row with the higher ordering value, whichever of the two comes
    later (DefaultHoodieRecordPayload compares with the stored row as well), so replayed or late
    files change nothing. The table has no partitions: a row that is deleted and created again may
    get another creation date, so no column but the key is safe to partition by. Past states can be
    read for time_travel_days, at least one: all of them, or the last before each full hour where
    they would be too many. Where `age` names a column, the first rows lie in files in its order;
    later ones come to files that are not full, or to new ones.

    One object belongs to one batch: between two commits of its own it reads the table as it found
    it, because to open one takes several listings of its folders.
    """

    spark: SparkSession
    name: str
    path: str
    key: tuple[str, ...]
    ordering: str = ORDERING_FIELD
    time_travel_days: int = TIME_TRAVEL_DAYS
    merging: str = KEEP_NEWER
    age: str | None = None
    _opened: list[DataFrame] = field(default_factory=list, init=False, repr=False, compare=False)

    def exists(self) -> bool:
        """Whether the table has been created."""
        path = self.spark._jvm.org.apache.hadoop.fs.Path(f"{self.path}/.hoodie/hoodie.properties")
        return path.getFileSystem(self.spark._jsc.hadoopConfiguration()).exists(path)

    def notes(self, until: str | None = None) -> dict[str, str]:
        """What the newest commit of this job noted with `upsert`; empty before the first one.

        With `until`, an instant, the newest one that is not later. Raises StaleTableError for a
        table that an older version of the job has written, and UnsupportedVersionError for one that
        Athena does not read.
        """
        if not self.exists():
            return {}
        client = self._meta_client()
        config = client.getTableConfig()
        version, kind = config.getTableVersion().versionCode(), config.getTableType().name()
        require_layout(self.path, version, kind)
        self._refuse_other_order(config.getPreCombineField())
        timeline = client.getActiveTimeline().getCommitsTimeline()
        instants = timeline.filterCompletedInstants().getReverseOrderedInstants().iterator()
        while instants.hasNext():
            instant = instants.next()
            if until and instant.getTimestamp() > until:
                continue
            written = content(self.spark, f"{self.path}/.hoodie/{instant.getFileName()}")
            extra = json.loads(written).get("extraMetadata", {})
            own = {k.removeprefix(PREFIX): v for k, v in extra.items() if k.startswith(PREFIX)}
            if own:
                return own
        return {}

    def timeline(self) -> Timeline:
        """The states that can be read; none before the first commit."""
        if not self.exists():
            return Timeline(self.name, (), ())
        client = self._meta_client()
        timeline = client.getActiveTimeline()
        whole_from = self._whole_from(client, timeline)
        savepoints = _completed(timeline.getSavePointTimeline())
        return Timeline(
            self.name,
            tuple(i for i in _completed(timeline.getCommitsTimeline()) if i >= whole_from),
            tuple(savepoint_at(self.spark, timeline, i) for i in savepoints if i < whole_from),
        )

    def rows(self, columns: Mapping[str, str]) -> DataFrame:
        """The stored rows with these columns (name to Spark SQL type); none before the first
        commit, and null in columns that the table does not have yet.
        """
        if not self.exists():
            schema = ", ".join(f"`{name}` {kind}" for name, kind in columns.items())
            return self.spark.createDataFrame([], schema)
        return _selected(self._stored(), columns)

    def rows_at(self, instant: str, columns: Mapping[str, str]) -> DataFrame:
        """The rows as that commit left them; the caller knows that they can still be read."""
        timeline = self._meta_client().getActiveTimeline()
        if instant in _completed(timeline.getSavePointTimeline()):
            # Hudi refuses all states from before the last cleaning, also those that it has kept.
            files = files_of(self.spark, self.path, timeline, instant)
            past = self.spark.read.option("mergeSchema", "true").parquet(*files)
        else:
            past = self.spark.read.format("hudi").option("as.of.instant", instant).load(self.path)
        return _selected(past, columns)

    def keys_below(self, order: str) -> DataFrame:
        """Key and source_order of the rows that sort below this source_order."""
        return self._stored().where(F.col(self.ordering) < order).select(*self.key, self.ordering)

    def upsert(self, rows: DataFrame, notes: Mapping[str, str]) -> str:
        """Commit the rows (one per key) together with the notes; returns the commit's instant.

        The frame is worked out twice, so what is costly is to be kept.
        """
        if not self.exists():
            return self._create(rows, notes)
        stored = self._stored()
        located, sizes = _nullable(self._located(rows, stored)), _sizes(stored)
        if java_client.is_for(rows) and java_client.keeps_columns(located, self._meta_client()):
            options = {**self._options("upsert"), **self._services(), **sizes}
            noted = _noted(notes)
            instant = java_client.upsert_few(located, self.path, self.name, options, noted)
            self._opened.clear()
            return instant
        return self._commit("upsert", located, notes, sizes)

    def replace(self, rows: DataFrame, notes: Mapping[str, str]) -> str:
        """Let the table hold these rows alone, in one commit; past states stay readable."""
        return self._commit("insert_overwrite_table", rows, notes, {})

    def _create(self, rows: DataFrame, notes: Mapping[str, str]) -> str:
        files = files_of_rows(rows.count()) if self.age else 1
        if files > 1:
            rows = rows.repartitionByRange(files, self.age)
        more = {PARALLELISM: str(files)} if files > 1 else {}
        return self._commit("bulk_insert", rows, notes, more)

    def _commit(
        self, operation: str, rows: DataFrame, notes: Mapping[str, str], more: Mapping[str, str]
    ) -> str:
        options = {**self._options(operation), **self._services(), **more, **_noted(notes)}
        _nullable(rows).write.format("hudi").options(**options).mode("append").save(self.path)
        self._opened.clear()
        timeline = self._meta_client().getActiveTimeline().getCommitsTimeline()
        return timeline.filterCompletedInstants().lastInstant().get().getTimestamp()

    def delete(self, rows: DataFrame) -> None:
        """Take the stored rows of these keys away for good, in a commit of its own.

        No rows make no commit. As in `upsert`, what is costly is to be kept.
        """
        if not rows.isEmpty():
            located = self._located(rows, self._stored())
            self._commit("delete", located.where(F.col(FILE_NAME).isNotNull()), {}, {})

    def _stored(self) -> DataFrame:
        if not self._opened:
            self._opened.append(self.spark.read.format("hudi").load(self.path))
        return self._opened[0]

    def _located(self, rows: DataFrame, stored: DataFrame) -> DataFrame:
        """The rows with Hudi's columns: those of the stored row of their key, if there is one.

        A few keys travel to the stored rows; Hudi's SIMPLE index always shuffles all of these,
        which takes two thirds of what the rest of a small commit does. For many keys this join
        shuffles as well.
        """
        key = list(self.key)
        places = stored.select(*HUDI_COLUMNS, *key).join(rows.select(*key), on=key, how="left_semi")
        located = rows.alias("rows").join(places, on=key, how="left")
        new = {RECORD_KEY: record_key(self.key), PARTITION: F.lit("")}
        hudi = [F.coalesce(n, new[n]).alias(n) if n in new else n for n in HUDI_COLUMNS]
        return located.select(*hudi, "rows.*")

    def _refuse_other_order(self, field: str) -> None:
        if field != self.ordering:
            raise StaleTableError(
                f"{self.path} orders its rows by {field}, this version of the job by "
                f"{self.ordering}; nothing was changed. Delete that folder and run the job "
                "again: it reads all of Bronze and builds the table anew."
            )

    def _meta_client(self) -> JavaObject:
        jvm = self.spark._jvm
        hadoop = self.spark._jsc.hadoopConfiguration()
        storage = jvm.org.apache.hudi.hadoop.fs.HadoopFSUtils.getStorageConfWithCopy(hadoop)
        builder = jvm.org.apache.hudi.common.table.HoodieTableMetaClient.builder()
        return builder.setConf(storage).setBasePath(self.path).build()

    def _options(self, operation: str) -> dict[str, str]:
        parallelism = str(self.spark.sparkContext.defaultParallelism)
        return {
            "hoodie.table.name": self.name,
            "hoodie.table.timeline.timezone": "UTC",
            "hoodie.datasource.write.table.type": "COPY_ON_WRITE",
            "hoodie.datasource.write.operation": operation,
            # As Hudi's own UPDATE and DELETE statements set it; else an index looks for each row.
            "_hoodie.spark.sql.writes.prepped": str(operation in LOCATED).lower(),
            # bulk_insert's own row writer stores decimals of up to 18 digits as INT64 and upsert's
            # Avro reader takes those for unscaled values: rows that the upsert only copies grow a
            # hundredfold. Its legacy format instead loses arrays. One writer for both is right.
            "hoodie.datasource.write.row.writer.enable": "false",
            "hoodie.datasource.write.recordkey.field": ",".join(self.key),
            "hoodie.datasource.write.precombine.field": self.ordering,
            "hoodie.datasource.write.payload.class": self.merging,
            "hoodie.payload.ordering.field": self.ordering,
            "hoodie.payload.event.time.field": self.ordering,
            "hoodie.datasource.write.keygenerator.class": (
                "org.apache.hudi.keygen.NonpartitionedKeyGenerator"
            ),
            "hoodie.datasource.write.partitionpath.field": "",
            "hoodie.datasource.write.commitmeta.key.prefix": PREFIX,
            # The metadata table costs 0.7 s a commit and Athena does not use it by default.
            "hoodie.metadata.enable": "false",
            "hoodie.embed.timeline.server": "false",
            "hoodie.write.markers.type": "DIRECT",
            "hoodie.parquet.compression.codec": "snappy",
            # 0.4 MB in each file's footer, which every reader parses; the job does not look at it.
            "hoodie.parquet.bloom.filter.enabled": "false",
            PARALLELISM: parallelism,
            "hoodie.upsert.shuffle.parallelism": parallelism,
            # A task of a first write makes one file up to this size; an upsert has its own sizes.
            "hoodie.parquet.max.file.size": str(LARGEST),
        }

    def _services(self) -> dict[str, str]:
        """Cleaning and archiving that leave what is to stay of the table's past.

        Hudi looks for the oldest state to keep among the commits that are not archived, and the
        archiver goes by their number.
        """
        now = datetime.now(UTC)
        nothing = retention((), (), now=now, days=self.time_travel_days), None
        keep, last = self._keep_past(now) if self.exists() else nothing
        return {
            "hoodie.clean.automatic": str(is_cleaning_due(last, now)).lower(),
            "hoodie.cleaner.policy": "KEEP_LATEST_BY_HOURS",
            "hoodie.cleaner.hours.retained": str(keep.hours),
            "hoodie.keep.min.commits": str(keep.commits),
            "hoodie.keep.max.commits": str(keep.commits + ARCHIVED_AT_ONCE),
            # The archiver would stop at the oldest savepoint.
            "hoodie.archive.beyond.savepoint": "true",
        }

    def _keep_past(self, now: datetime) -> tuple[Retention, str | None]:
        """Set and drop savepoints as a commit now needs it; returns what it is to keep, and the
        instant of the last commit.
        """
        client = self._meta_client()
        timeline = client.getActiveTimeline()
        commits = _completed(timeline.getCommitsTimeline())
        savepoints = set(_completed(timeline.getSavePointTimeline()))
        keep = retention(
            commits,
            savepoints,
            now=now,
            days=self.time_travel_days,
            whole_from=self._whole_from(client, timeline),
        )
        if keep.savepoints:
            keep_states(self.spark, self.path, keep.savepoints)
        if keep.outdated:
            drop_states(self.spark, self.path, timeline, keep.outdated)
        return keep, commits[-1] if commits else None

    def _whole_from(self, client: JavaObject, timeline: JavaObject) -> str:
        """The oldest commit whose files the last cleaning has left; empty before the first one."""
        cleaning = timeline.getCleanerTimeline().filterCompletedInstants().lastInstant()
        if not cleaning.isPresent():
            return ""
        utils = self.spark._jvm.org.apache.hudi.common.util.CleanerUtils
        return utils.getCleanerMetadata(client, cleaning.get()).getEarliestCommitToRetain()


def _noted(notes: Mapping[str, str]) -> dict[str, str]:
    """The notes as a commit's metadata names them."""
    return {PREFIX + name: text for name, text in notes.items()}


def _completed(timeline: JavaObject) -> list[str]:
    """The instants that were completed, oldest first.

    From their text, because each call into Java takes a tenth of a millisecond.
    """
    text = text_of(timeline.filterCompletedInstants().getInstants())
    return sorted(re.findall(r"\[(\d{17})__", text))


def is_cleaning_due(last_instant: str | None, now: datetime) -> bool:
    """Whether a commit now (UTC) is the first of its hour, of which each cleans once.

    A cleaning looks through the whole table, also when it finds nothing. The days to keep are
    counted in hours, so looking more often finds little more.
    """
    return last_instant is None or last_instant[:HOUR_DIGITS] < f"{now:%Y%m%d%H}"


# Built once a process, as in `conform`.
@functools.cache
def record_key(columns: tuple[str, ...]) -> Column:
    """What Hudi's key generators make of the values of these columns (KeyGenUtils, 0.15.0)."""
    if len(columns) == 1:
        return F.col(columns[0]).cast("string")
    values = {name: F.col(name).cast("string") for name in columns}
    parts = [
        F.concat(
            F.lit(f"{name}:"),
            F.when(v.isNull(), "__null__").when(v == "", "__empty__").otherwise(v),
        )
        for name, v in values.items()
    ]
    return F.concat_ws(",", *parts)


def _sizes(stored: DataFrame) -> dict[str, str]:
    """An upsert fills files below the first size with new rows, up to the second."""
    index = stored._jdf.queryExecution().analyzed().relation().location()
    # To be listed are the files anyway; before that their size is not known.
    index.inputFiles()
    size = file_bytes(index.sizeInBytes())
    return {
        "hoodie.parquet.small.file.limit": str(int(size * FULL)),
        "hoodie.parquet.max.file.size": str(size),
    }


def _selected(stored: DataFrame, columns: Mapping[str, str]) -> DataFrame:
    missing = {name: F.lit(None) for name in columns if name not in stored.columns}
    return as_typed(stored.withColumns(missing) if missing else stored, columns)


def _nullable(rows: DataFrame) -> DataFrame:
    """The same rows with every column nullable in the schema.

    Spark marks literals as not null. Hudi would make such a column required, and then refuse to
    add the next one to a table that has rows already. nullif(x, null) is x, declared nullable.
    """
    required = [f.name for f in rows.schema if not f.nullable]
    return rows.withColumns({n: F.nullif(F.col(n), F.lit(None)) for n in required})
