from __future__ import annotations

import pytest

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
    """repr and the notebook display name the source and the counts, and escape what the data holds."""
    log = read(csv_file("customer,time,event\n<b>,2024-01-01Z,a\n,2024-01-01Z,a\n"))

    assert "2 rows in, 1 kept, 1 rejected (missing-customer 1)" in repr(log)
    assert "&lt;b&gt;" in log._repr_html_()
    assert "<b>" not in log._repr_html_()


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
