"""The session spares the job's thousands of small calls what Java has told already."""

import pytest

from spark_bronze_to_silver.session import ASKED_OFTEN, build_session

pytestmark = pytest.mark.spark


def test_java_is_asked_once_for_each_name(spark):
    functions, hadoop = spark._jvm.functions, spark._jvm.org.apache.hadoop
    assert functions.col is functions.col
    assert hadoop.fs is spark._jvm.org.apache.hadoop.fs


def test_a_class_still_makes_objects_and_an_unknown_name_stays_an_error(spark):
    path = spark._jvm.org.apache.hadoop.fs.Path("/a/b")
    assert path.getName() == "b"
    with pytest.raises(Exception, match="no_such_function"):
        spark._jvm.functions.no_such_function()


def test_another_call_keeps_what_is_known(spark):
    known = {name: getattr(spark._jvm, name) for name in ASKED_OFTEN}
    build_session()
    assert {name: getattr(spark._jvm, name) for name in ASKED_OFTEN} == known
