from __future__ import annotations

import re
from pathlib import Path

import pytest

import journeykit as jk
from journeykit.errors import MissingLibraryError
from journeykit.evidence import Evidence, ImportReport


@pytest.mark.parametrize("counts", [(3, 1, 1, {"x": 1}), (2, 1, 1, {}), (1, 1, 1, {"x": 1})])
def test_a_report_that_does_not_add_up_cannot_exist(counts):
    """Rows in = rows kept + rows rejected = kept + the sum of the rejections, or there is no report."""
    rows_in, kept, rejected, by_code = counts
    with pytest.raises(ValueError, match="rows in"):
        ImportReport(
            source="a",
            format="csv",
            kind="events",
            rows_in=rows_in,
            rows_kept=kept,
            rows_rejected=rejected,
            rejections=by_code,
        )


def test_a_log_describes_itself(read, csv_file):
    """repr and the notebook display name the source and the counts, and escape what the data names."""
    log = read(csv_file("customer,time,event,<b>\nu1,2024-01-01Z,a,x\nu2,2024-01-03Z,a,x\n,2024-01-01Z,a,x\n"))
    page = log._repr_html_()
    cells = re.findall("<td[^>]*>(.*?)</td>", page)

    assert "3 rows in, 2 kept, 1 rejected (missing-customer 1)" in repr(log)
    assert ["rows", "2", "different customers", "2", "different events", "1"] == cells[:6]
    assert ["first", "2024-01-01 00:00:00 UTC", "last", "2024-01-03 00:00:00 UTC"] == cells[6:10]
    assert ["observed until", "2024-01-03 00:00:00 UTC"] == cells[10:12]
    assert ["&lt;b&gt;", "varchar"] == cells[18:20]
    assert ["missing-customer", "1"] == cells[20:22]
    assert "<b>" not in page


def test_the_display_of_a_table_holds_no_row(read, csv_file):
    """A notebook is sent around: neither customer ids nor cells of rejected rows are in what it shows."""
    log = read(csv_file("customer,time,event\nalice-77,2024-01-01Z,a\nbob-88,alice-77 was here,a\n"))

    assert [] == [name for name in ("alice", "bob") if name in log._repr_html_() + log.report._repr_html_()]
    assert "bad-time" in log._repr_html_()


def test_an_empty_log_has_no_span(read, csv_file):
    """Without rows there is no first and no last time to show."""
    page = read(csv_file("customer,time,event\n"))._repr_html_()

    assert "different customers" in page
    assert "first" not in page


def test_an_empty_log_is_still_a_log(read, csv_file):
    """A log without rows is true, so that a test for its presence does not hide it."""
    log = read(csv_file("customer,time,event\n"))

    assert (True, 0) == (bool(Evidence(events=log).events), len(log))


def test_a_missing_library_is_named(read, csv_file, monkeypatch):
    """Without pandas, to_pandas says what to install."""
    log = read(csv_file("customer,time,event\n"))
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(MissingLibraryError, match="pip install pandas"):
        log.to_pandas()


def test_every_kind_of_table_shows_what_it_counts(read, csv_file):
    """Customers have no time and metrics no customer: each table counts the names it has, and shows none of them."""
    customers = read(csv_file("customer,plan\nalice-77,free\nbob-88,paid\n"), kind="customers")._repr_html_()
    metrics = read(csv_file("kpi,time,value\nsales,2024-01-01Z,1\nsales,2024-01-02Z,2\n"), kind="metrics")._repr_html_()

    assert ["rows", "2", "different customers", "2"] == re.findall("<td[^>]*>(.*?)</td>", customers)[:4]
    assert ["rows", "2", "different kpis", "1", "first"] == re.findall("<td[^>]*>(.*?)</td>", metrics)[:5]
    assert "alice" not in customers


def test_a_large_table_is_shown_without_counting_names(read, csv_file, monkeypatch):
    """Where counting would make the reader wait, only what is quickly known is shown."""
    monkeypatch.setattr("journeykit.evidence.tables._QUICK", 1)
    page = read(csv_file("customer,time,event\nu1,2024-01-01Z,a\nu2,2024-01-03Z,a\n"))._repr_html_()

    assert ["rows", "2", "first", "2024-01-01 00:00:00 UTC"] == re.findall("<td[^>]*>(.*?)</td>", page)[:4]


def test_where_a_row_came_from_is_no_column_for_rules(read, csv_file):
    """The place of a row in a file is kept and shown with the rows, and no rule, case or segment can ask it."""
    from journeykit import measures
    from journeykit.errors import ArgumentError
    from journeykit.model import Journey, Match, Stage, Touchpoint

    log = read(csv_file("customer,time,event\nu1,2024-01-01Z,a\n"))
    touchpoint = Touchpoint(id="a", title="A", match=Match(event="a", where={"_record": 1}))
    journey = Journey(id="j", title="J", stages=[Stage(id="s", title="S", touchpoints=[touchpoint])])

    assert ["customer", "time", "event"] == list(log.columns)
    assert {"_file", "_record"} <= set(log.to_polars().columns)
    with pytest.raises(ArgumentError, match="no column '_record'; they have 'customer', 'time', 'event'"):
        measures.trace(log, journey)
    with pytest.raises(ArgumentError, match="no column '_file'"):
        measures.transitions(log, by="_file")


def test_evidence_shows_what_was_read(read, csv_file):
    """Evidence shows one line a table: where it is from and how many rows are in it, and no row."""
    log = read(csv_file("customer,time,event\nalice-77,2024-01-01Z,a\n,2024-01-01Z,a\n"))
    page = Evidence(events=log)._repr_html_()

    assert ["events", "csv", "2", "1", "1"] == [
        cell for cell in re.findall("<td[^>]*>(.*?)</td>", page) if "events.csv" not in cell
    ]
    assert "alice" not in page
    assert "nothing was read" in Evidence()._repr_html_()


def test_a_rejected_row_is_not_quoted_with_its_customer(tmp_path: Path) -> None:
    """A cell that holds the id of its own row, or of another rejected one, is quoted with a pseudonym, though no row was kept."""
    path = tmp_path / "events.csv"
    path.write_text(
        "customer,time,event\nshop-user-1,shop-user-1,view\nshop-user-2,of shop-user-2,view\n,shop-user-1,view\n"
    )

    told = "".join(map(str, jk.read_events(path).rejected()))

    assert "shop-user" not in told
    assert "'of p-" in told
