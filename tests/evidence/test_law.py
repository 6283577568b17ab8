from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeykit.errors import EvidenceError
from journeykit.evidence.canonical import canonical
from journeykit.evidence.reading import resolve
from journeykit.importers.csv import CsvImporter

CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "u1",
            "nan",
            "2024-01-01T10:00:00Z",
            "2024-01-01",
            "1709641815",
            "home",
            " ",
            "1.5",
            "x\ny",
            '"',
            "é",
            "\x00",
        ]
    ),
    st.text(max_size=6).filter(lambda text: text.isprintable()),
)
TABLES = st.lists(st.lists(CELLS, min_size=3, max_size=5), max_size=12)


@given(table=TABLES, cut=st.integers(0, 8), choice=st.sampled_from(["keep", "drop"]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_rows_in_are_rows_kept_and_rejected(table, cut, choice):
    """However dirty a table is: rows in = kept + rejected, each rejection has one problem, and kept rows are whole."""
    out = io.StringIO()
    csv.writer(out).writerows([["customer", "time", "event", "value"], *table])
    content = out.getvalue().encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(content[: max(len(content) - cut, 30)])
        try:
            raw = CsvImporter().read(resolve(path), "events")
            parsed = len(raw.table) + len(raw.problems)
            log = canonical(raw, "events", tz="UTC", on_duplicate=choice)
        except EvidenceError:
            # Not a table at all (an empty file, a header that cannot be read): then there are no rows to account for.
            return
        rejected = list(log.rejected())
        report = log.report

        assert (parsed, len(log)) == (report.rows_in, report.rows_kept)
        assert report.rows_in == report.rows_kept + report.rows_rejected
        assert dict(report.rejections) == dict(Counter(problem.code for problem in rejected))
        query = "SELECT count(*) FROM events WHERE customer IS NULL OR time IS NULL OR event IS NULL"
        assert [(0,)] == log.table.cursor().execute(query).fetchall()
        assert all(problem.address.line and problem.address.record for problem in rejected)


@given(table=st.lists(st.lists(st.sampled_from("abc"), min_size=2, max_size=2), max_size=20))
@settings(max_examples=30, deadline=None)
def test_duplicates_are_exactly_the_surplus_copies(table):
    """The number of duplicates is the number of rows less the number of different rows."""
    lines = ["customer,time,event", *(f"{a},2024-01-01Z,{b}" for a, b in table)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text("\n".join(lines))
        log = canonical(CsvImporter().read(resolve(path), "events"), "events", on_duplicate="drop")

        different = {tuple(row) for row in table}
        assert (len(table) - len(different), len(different)) == (log.report.duplicates, len(log))
