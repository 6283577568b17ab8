"""Spark, the engine of a cluster: a user's DataFrame, which stays where it is.

Nothing here imports pyspark by itself: it is there when the user has a DataFrame of it. Rows are never brought to the driver;
what a measure makes of each partition is.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, NoReturn

from attrs import field, frozen

from journeykit.errors import ArgumentError

__all__ = ["SparkTable", "duckdb_type", "is_spark", "quoted", "spark_functions"]

_TYPES = {
    "boolean": "BOOLEAN",
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "int": "INTEGER",
    "bigint": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "date": "DATE",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "timestamp_ntz": "TIMESTAMP",
    "binary": "BLOB",
}


@frozen(eq=False)
class SparkTable:
    """A Spark DataFrame with canonical columns, of which only figures are brought to the driver.

    ``frame`` is the DataFrame itself, ``rows`` how many rows it held when it was read. Where `DuckTable` gives a cursor, a name
    and a relation, this raises `ArgumentError`: whoever asks for them wants rows.
    """

    frame: Any = field(repr=False)
    rows: int

    @property
    def columns(self) -> dict[str, str]:
        """Column name to the DuckDB type of the same values, in order."""
        return {str(part.name): duckdb_type(part.dataType.simpleString()) for part in self.frame.schema.fields}

    def __len__(self) -> int:
        return self.rows

    @property
    def name(self) -> NoReturn:
        """Never: a Spark table has no name in DuckDB."""
        self._refuse()

    @property
    def connection(self) -> NoReturn:
        """Never: there is no DuckDB behind a Spark table."""
        self._refuse()

    @property
    def database(self) -> NoReturn:
        """Never: there is no DuckDB behind a Spark table."""
        self._refuse()

    def cursor(self) -> NoReturn:
        """Never: there is no DuckDB behind a Spark table."""
        self._refuse()

    def relation(self, cursor: object) -> NoReturn:  # noqa: ARG002 - the signature of DuckTable
        """Never: there is no DuckDB behind a Spark table."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise ArgumentError(
            f"the {self.rows:,} rows of this log lie on Spark and are not brought here; measures, score, check and discover "
            "count them there. For rows take its DataFrame, events.table.frame: some with .limit(1_000).toPandas(), all with "
            ".write.parquet(...) and jk.read_events on the files"
        )


def is_spark(value: object) -> bool:
    """Whether the value is a Spark DataFrame, of a session or of Spark Connect, told without importing pyspark."""
    return any(
        kind.__name__ == "DataFrame" and kind.__module__.startswith("pyspark.sql.") for kind in type(value).__mro__
    )


def spark_functions() -> Any:
    """The module ``pyspark.sql.functions``."""
    return import_module("pyspark.sql.functions")


def quoted(name: str) -> str:
    """The name as Spark wants a column that may hold dots and other signs."""
    return "`" + name.replace("`", "``") + "`"


def duckdb_type(kind: str) -> str:
    """The DuckDB type that holds what this Spark type does (``bigint`` is BIGINT); an own name for what has none."""
    if kind.startswith(("string", "char", "varchar")):
        return "VARCHAR"
    if kind.startswith("array"):
        return f"{kind.removeprefix('array').upper()}[]"
    return _TYPES.get(kind, kind.upper())
