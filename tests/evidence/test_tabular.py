from __future__ import annotations

import gzip

import pytest

from journeykit.errors import ArgumentError, EvidenceError
from journeykit.importers.csv import CsvImporter

HEAD = "customer,time,event\n"
ROW = "u1,2024-01-01T10:00:00Z,home\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_delimiter_is_found(read, rows, csv_file, delimiter):
    """The delimiter that cuts the head evenly is the delimiter, whatever the cells hold."""
    text = 'customer,time,event,note\nu1,2024-01-01T10:00:00Z,home,"1,5; a|b"\n'
    cells = [line.split(",", 3) for line in text.splitlines()]
    body = "\n".join(delimiter.join(line) for line in cells)

    assert [("u1", "1,5; a|b")] == [(row["customer"], row["note"]) for row in rows(read(csv_file(body)))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_marked_encodings_are_read(read, rows, csv_file, encoding):
    """UTF-8 with and without a mark and UTF-16 with one give the same rows."""
    text = (HEAD + "ü1,2024-01-01T10:00:00Z,größe 🎁\n").encode(encoding)
    if encoding in {"utf-16-le", "utf-16-be"}:
        text = "\ufeff".encode(encoding) + text

    assert [("ü1", "größe 🎁")] == [(row["customer"], row["event"]) for row in rows(read(csv_file(text)))]


def test_gzip_is_told_by_its_bytes(read, csv_file):
    """A gzipped file is unpacked, also when its name does not say so."""
    packed = gzip.compress((HEAD + ROW).encode())

    assert [1, 1] == [len(read(csv_file(packed, name))) for name in ("a.csv.gz", "b.csv")]


def test_cut_gzip_is_an_error(read, csv_file):
    """A cut gzip file is an error that names the file, not a shorter table."""
    packed = gzip.compress((HEAD + ROW * 5000).encode())[:-40]
    with pytest.raises(EvidenceError) as caught:
        read(csv_file(packed, "a.csv.gz"))

    assert "bad-gzip" == caught.value.problems[0].code


def test_cut_last_line_is_one_rejection(read, csv_file):
    """A last line that is cut is one rejected row with its line."""
    log = read(csv_file(HEAD + ROW * 3 + "u1,2024-01-0"))

    assert (4, 3, {"wrong-width": 1}) == (log.report.rows_in, log.report.rows_kept, log.report.rejections)
    assert (5, 4) == (log.report.problems[0].address.line, log.report.problems[0].address.record)


def test_lines_count_as_an_editor_counts(read, csv_file):
    """After a quoted cell with line ends and blank lines, a rejection still has the line an editor shows."""
    text = "customer,time,event,note\r\n" + 'u1,2024-01-01T10:00:00Z,home,"a\r\nb\nc"\r\n\r\n' + "u1,x,home,\r\n"
    problem = next(read(csv_file(text)).rejected())

    assert ("bad-time", 6, 2) == (problem.code, problem.address.line, problem.address.record)


def test_unclosed_quote_costs_its_line(read, rows, csv_file):
    """A quote that never closes rejects the line it is on and leaves the following rows alone."""
    log = read(csv_file(HEAD + ROW + 'u2,"2024-01-01T10:00:00Z,home\n' + ROW + ROW))

    assert (3, {"bad-quoting": 1}) == (len(log), log.report.rejections)
    assert [1, 3, 4] == [row["_record"] for row in rows(log)]
    assert 3 == log.report.problems[0].address.line


def test_duplicate_and_empty_headers_are_kept_apart(read, csv_file):
    """A second column of one name, also in other case, becomes name_2, an empty name its position; each is noted."""
    log = read(csv_file("customer,time,event,page,Page,,page\nu1,2024-01-01T10:00:00Z,home,a,b,c,d\n"))

    assert ["page", "Page_2", "column_6", "page_3"] == list(log.columns)[3:7]
    assert 3 == len(log.report.notes)


def test_header_only_is_an_empty_table(read, csv_file):
    """A file with a header and no records is a table without rows, and a note says so."""
    log = read(csv_file(HEAD))

    assert (0, 0, None) == (len(log), log.report.rows_in, log.observed_until)
    assert "no records" in log.report.notes[0]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty-file"), (b"\x00\x01\x02", "not-text"), (b"PK\x03\x04rest", "not-text"), (b"\n\n\n", "empty-file")],
)
def test_no_table_at_all_is_an_error(read, csv_file, content, code):
    """Empty and binary files are errors that name the file and what to do."""
    path = csv_file(content)
    with pytest.raises(EvidenceError) as caught:
        read(path)

    assert (code, str(path)) == (caught.value.problems[0].code, caught.value.problems[0].address.file)
    assert caught.value.problems[0].hint


def test_one_bad_byte_is_one_rejection(read, csv_file):
    """A single byte that is no UTF-8 rejects its row with its line, and nothing is replaced."""
    text = (HEAD + ROW).encode() + b"u\xff,2024-01-01T10:00:00Z,home\n" + ROW.encode()
    log = read(csv_file(text))

    assert (3, 2, {"bad-encoding": 1}) == (log.report.rows_in, len(log), log.report.rejections)
    assert 3 == log.report.problems[0].address.line


def test_another_encoding_is_an_error_with_the_way_out(read, rows, csv_file):
    """A Latin-1 file is an error that names the first line and how to say the encoding; saying it reads the file."""
    path = csv_file((HEAD + "u1,2024-01-01T10:00:00Z,fleuri à l'été\n" * 5).encode("latin-1"))
    with pytest.raises(EvidenceError, match="encoding") as caught:
        read(path)

    assert 2 == caught.value.problems[0].address.line
    assert "fleuri à l'été" == rows(read(path, importer=CsvImporter(encoding="latin-1")))[0]["event"]


def test_settings_without_meaning_are_refused(read, csv_file):
    """A delimiter of two characters and an encoding nobody knows are the caller's mistakes."""
    path = csv_file(HEAD)
    for importer in (CsvImporter(delimiter="||"), CsvImporter(encoding="klingon")):
        with pytest.raises(ArgumentError):
            read(path, importer=importer)


def test_several_files_are_united_by_column_name(read, rows, csv_file):
    """Files of one glob give one table; rows know their file, and a column that one file lacks is noted."""
    csv_file(HEAD + ROW, "a.csv")
    second = csv_file("event,customer,time,page\ncart,u2,2024-01-01T11:00:00Z,/cart\n", "b.csv")
    log = read(str(second.parent / "*.csv"))

    assert [("u1", None, 0, 1), ("u2", "/cart", 1, 1)] == [
        (row["customer"], row["page"], row["_file"], row["_record"]) for row in rows(log)
    ]
    assert any("page" in note for note in log.report.notes)


def test_identifiers_keep_every_digit(read, rows, csv_file):
    """Only a column of canonical numbers is typed; leading zeros and over-long numbers stay text."""
    head = "customer,time,event,whole,decimal,zip,long,mixed\n"
    log = read(
        csv_file(
            head
            + "007,2024-01-01T10:00:00Z,home,12,1.50,01234,12345678901234567890,1\n" * 2
            + "007,2024-01-01T10:00:00Z,home,-3,2,00000,1,x\n"
        )
    )

    assert ["BIGINT", "DOUBLE", "VARCHAR", "VARCHAR", "VARCHAR"] == list(log.columns.values())[3:8]
    assert ("007", 12, 1.5, "01234", "12345678901234567890") == tuple(
        rows(log)[0][name] for name in ("customer", "whole", "decimal", "zip", "long")
    )


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_excel_s_line_for_the_delimiter_is_obeyed(read, rows, csv_file, mark, end):
    """A first line ``sep=;`` names the delimiter and is no header; lines are still counted with it."""
    lines = ["sep=;", "customer;time;event;note", "u1;2024-01-01T10:00:00Z;home;1,5,2,3", "u2;never;home;x"]
    log = read(csv_file(mark + end.join(lines) + end))

    assert [("u1", "1,5,2,3")] == [(row["customer"], row["note"]) for row in rows(log)]
    assert [4] == [problem.address.line for problem in log.report.problems]


def test_a_row_in_another_encoding_says_how_to_read_it(read, csv_file):
    """A byte that is no UTF-8 is rejected with the setting that reads it."""
    log = read(csv_file((HEAD + "u1,2024-01-01T10:00:00Z,Käufe\n").encode("cp1252")))

    assert 'CsvImporter(encoding="cp1252")' in log.report.problems[0].hint


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "an old Excel workbook"),
        (b"PK\x03\x04" + bytes(90), "an Excel workbook"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (b"<!DOCTYPE html><html>Sign in</html>", "is a web page"),
        (b"\xef\xbb\xbf\n<HTML>", "is a web page"),
        (b"\x01\x02\x03abcdefghijklmnop\x00" * 9, "is a binary file"),
        ("customer,time,event\nä,1,b\n".encode("utf-16-le"), 'encoding="utf-16-le"'),
    ],
)
def test_a_file_that_is_something_else_is_told_what(read, csv_file, content, words):
    """What is no text is named for what it is, with a next step."""
    with pytest.raises(EvidenceError) as caught:
        read(csv_file(content))

    assert words in str(caught.value)
    assert caught.value.problems[0].hint
