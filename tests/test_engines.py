"""The same rows from Dask and from Spark, each judging partitions of an event log by workers of its own."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from practice_rules.synthetic import synthetic_authority

pa = pytest.importorskip("pyarrow", reason="needs the extra caseload")

from practice_rules.caseloads import evaluate_caseload, rows_of_log  # noqa: E402
from practice_rules.readers import read_event_log  # noqa: E402
from practice_rules.rows import plain_type, row_schema  # noqa: E402

AS_OF = date(2024, 3, 31)
#: The pack's events that the log holds.
HOLDS = [
    "case opened",
    "case closed",
    "child visited",
    "referral received",
    "assessment completed",
    "case supervision held",
]
#: All but where the record stands: a partition numbers its own rows.
COMPARED = [name for name in row_schema().names if name != "source_rows"]
#: The columns of rows as Spark names their types.
DDL = (
    "subject string, standard string, kind string, section string, opened date, due date, met_on date, status string, "
    "late boolean, overdue boolean, days_late int, days_left int, worker string, team string, missing string, "
    "key string, source_rows string, sentence string"
)


def log() -> Any:
    """Thirty invented children, their births on their rows."""
    authority = synthetic_authority(30)
    births = {row["subject"]: row["born"] for row in authority.subjects()}
    rows = [{**row, "born": births[row["subject"]]} for row in authority.events()]
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})


def wanted(table: Any) -> list[tuple[Any, ...]]:
    """The rows as this library gives them by itself."""
    found = evaluate_caseload("bromley", read_event_log(table, holds=HOLDS), as_of=AS_OF, workers=1)
    return in_order(found.rows())


def in_order(table: Any) -> list[tuple[Any, ...]]:
    return sorted((tuple(row[name] for name in COMPARED) for row in table.to_pylist()), key=repr)


def plain_schema() -> Any:
    return pa.schema([(column.name, plain_type(column.type)) for column in row_schema()])


def test_the_types_for_spark_are_those_of_the_rows() -> None:
    """The columns written out for Spark are the columns of rows, in their order."""
    types = {"string": pa.string(), "date": pa.date32(), "boolean": pa.bool_(), "int": pa.int32()}
    written = [tuple(part.split()) for part in DDL.split(", ")]
    assert [(name, types[type_]) for name, type_ in written] == [(each.name, each.type) for each in plain_schema()]


def test_dask() -> None:
    """Shuffled by subject and judged partition by partition, the rows are the same."""
    pytest.importorskip("dask.dataframe", reason="needs the extra engines (Dask)")
    pd = pytest.importorskip("pandas", reason="needs the extra notebook")
    import dask
    import dask.dataframe as dd

    table = log()
    judge = rows_of_log("bromley", as_of=AS_OF, holds=HOLDS)

    def of_partition(frame: Any) -> Any:
        batches = pa.Table.from_pandas(frame, preserve_index=False).to_batches()
        return pa.Table.from_batches(judge(batches), plain_schema()).to_pandas(types_mapper=pd.ArrowDtype)

    meta = plain_schema().empty_table().to_pandas(types_mapper=pd.ArrowDtype)
    with dask.config.set(scheduler="threads"):
        frame = dd.from_pandas(table.to_pandas(types_mapper=pd.ArrowDtype), npartitions=4)
        found = frame.shuffle(on="subject").map_partitions(of_partition, meta=meta).compute()
    rows = in_order(pa.Table.from_pandas(found, schema=plain_schema(), preserve_index=False))
    assert rows == wanted(table)
    assert len(rows) > 1000


@pytest.fixture
def spark(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A Spark of two workers on this machine."""
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("needs the extra engines (pyspark)")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java")
    from pyspark.sql import SparkSession

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("PYSPARK_DRIVER_PYTHON", sys.executable)
    # The workers find the library where the tests do.
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_spark(spark: Any) -> None:
    """Repartitioned by subject and judged with `mapInArrow`, the rows are the same."""
    table = log()
    judge = rows_of_log("bromley", as_of=AS_OF, holds=HOLDS)
    # Tuples, for the conversion from Arrow goes through pandas.
    types = ", ".join(f"`{name}` string" for name in table.column_names)
    frame = spark.createDataFrame([tuple(row.values()) for row in table.to_pylist()], types)
    found = frame.repartition(4, "subject").mapInArrow(judge, DDL).collect()
    rows = sorted((tuple(row[name] for name in COMPARED) for row in found), key=repr)
    assert rows == wanted(table)
    assert len(rows) > 1000


def test_the_page_shows_what_is_tested() -> None:
    """The guide's columns for Spark are those of the test, and its calls are there."""
    page = (Path(__file__).parents[1] / "docs" / "how-to" / "dask-and-spark.md").read_text(encoding="utf-8")
    columns = "".join(re.findall(r'^    "(.*)"$', page, re.MULTILINE))
    assert columns == DDL
    for call in ('shuffle(on="subject").map_partitions(of_partition, meta=', "mapInArrow(judge, columns)"):
        assert call in page
    for block in re.findall(r"```py\n(.*?)```", page, re.DOTALL):
        compile(block, "page", "exec")
