"""The importer of access logs keeps the contract, and reads a log as its documentation says."""

from __future__ import annotations

from pathlib import Path

import pytest
from journeykit_example.combined import CombinedImporter

import journeykit as jk
from journeykit.errors import EvidenceError
from journeykit.testing import ImporterContract

LOG = Path(__file__).parents[1] / "access.log"
LINE = '192.0.2.7 - - [04/Mar/2024:10:00:00 +0100] "{}" {} 1 "-" "{}"\n'


class TestContract(ImporterContract):
    plugin = CombinedImporter
    samples = (LOG,)
    formats = ("access-combined",)


@pytest.fixture
def read(tmp_path):
    def run(text, importer=None):
        path = tmp_path / "access.log"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        events = jk.read_events(path, importer or CombinedImporter())
        return events, events.table.cursor().execute("SELECT * EXCLUDE (_file, _record) FROM events").fetchall()

    return run


def test_the_log_is_accounted_for():
    """Of thirteen lines eight are events; style sheet, robot, redirect, wrong date and cut line are rejected by name."""
    report = jk.read_events(LOG).report

    assert (report.format, report.rows_in, report.rows_kept) == ("combined", 13, 8)
    assert dict(report.rejections) == {"asset": 1, "bad-line": 1, "bad-time": 1, "redirect": 1, "robot": 1}


def test_no_address_gets_out():
    """Customers are the user where the server knows one, else a pseudonym; addresses stand nowhere."""
    events = jk.read_events(LOG, "combined")
    cells = events.table.cursor().execute("SELECT * FROM events").fetchall()
    customers = {row[0] for row in cells}

    assert "maya" in customers
    assert all(len(customer) == 16 for customer in customers - {"maya"})
    assert not any("192.0.2." in str(cell) or "198.51." in str(cell) for row in cells for cell in row)


def test_a_salt_of_ones_own_makes_other_pseudonyms(read):
    """The pseudonym depends on the salt, and the salt is not shown."""
    line = LINE.format("GET / HTTP/1.1", 200, "Mozilla/5.0")
    plain, salted = read(line)[1][0][0], read(line, CombinedImporter(salt="mine"))[1][0][0]

    assert plain != salted
    assert "mine" not in repr(CombinedImporter(salt="mine"))


@pytest.mark.parametrize(
    ("request_line", "status", "event", "page"),
    [
        ("GET /a/b?q=1 HTTP/1.1", 200, "page_view", "/a/b"),
        ("HEAD / HTTP/1.0", 304, "page_view", "/"),
        ("POST /order HTTP/2.0", 302, "submit", "/order"),
        ("GET /gone HTTP/1.1", 404, "error", "/gone"),
        ("GET /caf\\xC3\\xA9 HTTP/1.1", 200, "page_view", "/café"),
        ("GET /a\\\\x22b HTTP/1.1", 200, "page_view", "/a\\x22b"),
        ("\\x16\\x03\\x01", 400, "error", None),
    ],
)
def test_what_a_request_is(read, request_line, status, event, page):
    """Method and status say what happened; the path, without escapes and query, says where."""
    events, rows = read(LINE.format(request_line, status, "Mozilla/5.0"))

    assert (event, page) == (rows[0][2], dict(zip(events.columns, rows[0], strict=False)).get("page"))


def test_times_are_utc(read):
    """The server's offset is taken into account."""
    _, rows = read(LINE.format("GET / HTTP/1.1", 200, "Mozilla/5.0"))

    assert str(rows[0][1]) == "2024-03-04 09:00:00"


def test_another_kind_of_log_is_refused(read):
    """A log without referrer and browser is an error that says so, not thousands of rejections."""
    with pytest.raises(EvidenceError, match="none of its 2 lines is one of a combined access log"):
        read('192.0.2.7 - - [04/Mar/2024:10:00:00 +0100] "GET / HTTP/1.1" 200 1\n' * 2)


def test_an_endless_line_costs_no_time(read):
    """A line of a megabyte of quotes and backslashes is one rejection."""
    events, _ = read(LINE.format("GET / HTTP/1.1", 200, "Mozilla/5.0") + '"\\' * 500_000 + "\n" + "\\" * 60_000)

    assert dict(events.report.rejections) == {"bad-line": 2}
