"""What is long and comes from Java, asked for in pieces.

py4j answers through a buffer of 8 KB. The rest of a longer answer waits until the beginning was
acknowledged, which the other side puts off for 40 ms: more than all else that a commit's notes take
(RFC 896, Nagle's algorithm, and RFC 1122, 4.2.3.2; with TCP_QUICKACK there is no such wait).
"""

from contextlib import closing

from py4j.java_gateway import JavaObject
from pyspark.sql import SparkSession

# Bytes travel as Base64, four characters for three; an item is to have 80 characters at most.
BYTES, ITEMS = 6_000, 100


def content(spark: SparkSession, path: str) -> bytes:
    """All bytes of a file on any file system that Spark reads."""
    file = spark._jvm.org.apache.hadoop.fs.Path(path)
    system = file.getFileSystem(spark._jsc.hadoopConfiguration())
    with closing(system.open(file)) as stream:
        return b"".join(iter(lambda: bytes(stream.readNBytes(BYTES)), b""))


def text_of(items: JavaObject) -> str:
    """The texts of all items of a Java list in their order, brackets around every ITEMS of them."""
    size = items.size()
    starts = range(0, size, ITEMS)
    return "".join(items.subList(n, min(n + ITEMS, size)).toString() for n in starts)
