from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pandas as pd
import pytest

from journeykit.errors import EvidenceError

FRAME = pd.DataFrame(
    {"customer": ["u1", "u2"], "time": [datetime(2024, 1, day, tzinfo=UTC) for day in (1, 2)], "event": ["a", "b"]}
)


def test_globs_are_united_by_name_with_file_and_record(read, rows, tmp_path):
    """Files of one glob give one table in sorted order; each row knows its file and record."""
    FRAME.to_parquet(tmp_path / "b.parquet")
    FRAME.assign(page="/x").to_parquet(tmp_path / "a.parquet")
    log = read(tmp_path / "*.parquet")

    assert [("/x", 0, 1), ("/x", 0, 2), (None, 1, 1), (None, 1, 2)] == [
        (row["page"], row["_file"], row["_record"]) for row in rows(log)
    ]


@pytest.mark.parametrize("unit", ["ns", "us", "ms"])
def test_aware_times_of_any_unit_need_no_zone(read, rows, tmp_path, unit):
    """Parquet times that are marked as UTC are read without tz=, whatever their unit."""
    FRAME.assign(time=FRAME["time"].astype(f"datetime64[{unit}, UTC]")).to_parquet(tmp_path / "a.parquet")

    assert [datetime(2024, 1, 1), datetime(2024, 1, 2)] == [row["time"] for row in rows(read(tmp_path / "a.parquet"))]


def test_names_with_wildcards_are_names(read, tmp_path):
    """A file whose name holds wildcard characters is that one file."""
    FRAME.to_parquet(tmp_path / "a[1].parquet")
    FRAME.to_parquet(tmp_path / "a1.parquet")

    assert 2 == len(read(tmp_path / "a[1].parquet"))


@pytest.mark.parametrize("content", [b"", b"PAR1 and nothing", b"a,b\n1,2\n"])
def test_damaged_files_are_errors(read, tmp_path, content):
    """A file that is not whole Parquet is an error that names it."""
    path = tmp_path / "a.parquet"
    path.write_bytes(content)
    with pytest.raises(EvidenceError) as caught:
        read(path)

    assert ("bad-parquet", str(path)) == (caught.value.problems[0].code, caught.value.problems[0].address.file)


def test_the_order_of_rows_survives_parallel_reading(read, tmp_path):
    """With row groups enough for every thread, rows stand in the order of files and records, also among optional columns."""
    source = duckdb.connect()
    for name in ("a", "b"):
        source.execute(
            "COPY (SELECT 'u' || (range % 99) AS customer, make_timestamp(1700000000000000 + range) AS time, 'e' AS event, "
            "CASE WHEN range % 3 = 0 THEN 'web' END AS channel, range AS value, 's' AS session FROM range(200000)) "
            f"TO '{tmp_path / name}.parquet' (ROW_GROUP_SIZE 20000)"
        )
    log = read(tmp_path / "*.parquet", tz="UTC")
    order = log.to_polars()

    assert [*range(1, 200_001)] * 2 == order["_record"].to_list()
    assert [0] * 200_000 + [1] * 200_000 == order["_file"].to_list()
