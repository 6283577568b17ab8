"""Whole blocks cut by numpy against one record after the other: two ways of reading, one result."""

from __future__ import annotations

import io
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from journeykit.errors import EvidenceError
from journeykit.evidence.reading import _feed, tabular
from journeykit.evidence.reading._cutting import Cut, cut_block
from journeykit.evidence.reading.tabular import read_tabular, records

Read = tuple[list[tuple[Any, ...]], list[tuple[str, int | None, int | None, str]]]

HEADER = b"a,b,c\n"
# What regular and irregular files are made of; most of it is harmless, so that there is something to cut.
PIECES = st.one_of(
    st.sampled_from(
        [b"u1,home,3\n", b'"u,1","a""b",\n', b"x,y,z\r\n", b",,\n", b'"line\nline","","\r\n"\n', "é,ü,🎁\n".encode()]
    ),
    st.sampled_from(
        [b"\n", b"\r\n", b"\r", b",", b'"', b'""', b'"""', b'",', b',"', b" ", b"a", b"\0", b"\xff", b"\xc3", b"\xa9"]
    ),
    st.sampled_from(
        [
            b"only,two\n",
            b"a,b,c,d\n",
            b'5" screen,b,c\n',
            b'"a" ,b,c\n',
            b'a,"open,c\n',
            b"\xe9t\xe9,b,c\n",
            b"a\rb,c,d\n",
        ]
    ),
)
CONTENTS = st.lists(PIECES, max_size=40).map(b"".join)


def by_record(content: bytes, encoding: str = "utf-8", delimiter: str = ",", width: int = 3) -> Read:
    """Rows and problems as the record-by-record reader alone finds them in the whole text behind the header."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, errors="surrogateescape", newline="")
    rows: list[tuple[Any, ...]] = []
    problems: list[tuple[str, int | None, int | None, str]] = []
    found: Iterator[tabular.Record] = records(text, delimiter)
    next(found)
    for number, record in enumerate(found, start=1):
        if record.fault is not None:
            problems.append(("bad-quoting", record.line, number, record.fault))
        elif len(record.cells) != width:
            message = (
                f"has {len(record.cells)} cells where the header has {width}; the line is cut or has a stray separator"
            )
            problems.append(("wrong-width", record.line, number, message))
        elif any("\ud800" <= sign <= "\udfff" for cell in record.cells for sign in cell):
            problems.append(("bad-encoding", record.line, number, f"holds bytes that are not {encoding} text"))
        else:
            rows.append((number, record.line, *(cell or None for cell in record.cells)))
    return rows, problems


def as_read(content: bytes, encoding: str | None = "utf-8", delimiter: str = ",") -> Read:
    """Rows and problems as the importer finds them, in the order of the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(content)
        raw = read_tabular((str(path),), delimiter=delimiter, encoding=encoding)
        names = ", ".join(f'"{name}"' for name in raw.table.columns if not name.startswith("_"))
        rows = raw.table.cursor().execute(f'SELECT _record, _line, {names} FROM "{raw.table.name}"').fetchall()
        places = [(p.code, p.address.line, p.address.record, p.message) for p in raw.problems]

        assert raw.rows_in == len(rows) + len(places)
        assert {str(path)} >= {p.address.file for p in raw.problems}
        return rows, places


@pytest.fixture(params=[(16, 8, 1), (64, 16, 3), (1 << 20, 1 << 16, 2_000)], ids=["tiny", "small", "real"])
def sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks so small that every border of a block falls somewhere, and the real ones."""
    block, piece, slow = request.param
    monkeypatch.setattr(_feed, "_CHUNK", block)
    monkeypatch.setattr(_feed, "_BLOCK", block)
    monkeypatch.setattr(_feed, "_PIECE", piece)
    monkeypatch.setattr(tabular, "_SLOW_LINES", slow)
    monkeypatch.setattr(tabular, "_FAST_BYTES", block // 4)
    # Here bad bytes are to be compared, not to end the reading.
    monkeypatch.setattr(tabular, "max", lambda *_: 10**9, raising=False)


@pytest.mark.usefixtures("sizes")
@given(content=CONTENTS)
@settings(max_examples=150, deadline=None)
@example(content=b'a,"open,c\nu1,home,3\n"x\ny",b,c\n')
@example(content=b'a,b,"c\r')
@example(content=b'u,"","""",\nu,"","""x"""\n')
@example(content=b"a\xc3,\xa9b,c\nd,e,f")
def test_both_ways_read_the_same(content: bytes) -> None:
    """However dirty a file is, blocks and records give the same rows, the same rejections, the same lines."""
    assert by_record(HEADER + content) == as_read(HEADER + content)


@pytest.mark.usefixtures("sizes")
@given(content=CONTENTS, encoding=st.sampled_from(["cp1252", "latin-1", "ascii", "shift_jis", "utf-8"]))
@settings(max_examples=50, deadline=None)
def test_both_ways_read_the_same_in_other_encodings(content: bytes, encoding: str) -> None:
    """Also where the bytes are transcoded first, and bytes that are no text in that encoding stay none."""
    assert by_record(HEADER + content, encoding) == as_read(HEADER + content, encoding)


@pytest.mark.usefixtures("sizes")
@given(
    table=st.lists(st.lists(st.text("ab\"'\n\r;, é\u2028\x85", max_size=4), min_size=2, max_size=2), max_size=20),
    delimiter=st.sampled_from([";", "\t", "|", " ", "§"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
@settings(max_examples=50, deadline=None)
def test_both_ways_know_every_delimiter(table: list[list[str]], delimiter: str, end: str) -> None:
    """Whatever parts the cells and ends the lines, also what no block can be cut at."""
    lines = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [["a", "b"], *table]]
    content = end.join([*lines, f'plain{delimiter}5" tall', f"one{delimiter}two{delimiter}three"]).encode()

    assert by_record(content, delimiter=delimiter, width=2) == as_read(content, delimiter=delimiter)


@pytest.mark.usefixtures("sizes")
@given(cells=st.lists(st.sampled_from(["", '""', "x", '"y"', '"\n"']), max_size=12))
@settings(max_examples=30, deadline=None)
def test_one_column_is_a_table_too(cells: list[str]) -> None:
    """In a file of one column a blank line is no record and an empty quoted cell is one."""
    content = "\n".join(["a", *cells]).encode()

    assert by_record(content, width=1) == as_read(content)


def test_most_of_a_file_is_cut_whatever_one_record_holds() -> None:
    """A record that only the slow reader can judge does not make the records before it slow."""
    block = b"u1,home,3\n" * 50 + b'5" screen,b,c\n' + b"u1,home,3\n" * 50
    cut = cut_block(block, ",", 3, last=True)

    assert isinstance(cut, Cut)
    assert (500, 50, 50) == (cut.used, cut.used_lines, cut.used_records)
    assert cut_block(block[500:], ",", 3, last=True) is None


@pytest.mark.parametrize(
    "doubtful",
    [b'a"b,c,d\n', b'"a"b,c,d\n', b'"a\n', b"a\rb,c,d\n", b"a\0,b,c\n", b"\xff,b,c\n", b"a" * 131_073 + b",b,c\n"],
)
def test_what_is_in_doubt_is_not_cut(doubtful: bytes) -> None:
    """A block that begins with a record the rules of blocks do not cover is left to the other reader."""
    assert cut_block(doubtful + b"a,b,c\n", ",", 3, last=True) is None


def test_a_cell_too_long_costs_its_record() -> None:
    """A cell longer than the reader takes is one rejection, however the file is read, and the rest is there."""
    content = HEADER + b"a,b,c\n" + b"x" * 140_000 + b",b,c\n" + b"d,e,f\n"
    rows, problems = as_read(content)

    assert by_record(content) == (rows, problems)
    assert [("bad-quoting", 3, 2)] == [problem[:3] for problem in problems]


def test_a_large_dirty_file_is_read_the_same() -> None:
    """Over many real blocks with every kind of fault between them, records, lines and cells are the same."""
    good = b'u1,"say ""hi""\nand go",3\nu2,home,4\n' * 9_000
    dirt = b'only,two\n\n5" screen,b,c\n"never closed,b,c\nu\xff,b,c\n\r\n"a"x,b,c\n'
    content = HEADER + (good + dirt) * 8 + b"u1,ho"

    assert by_record(content) == as_read(content)


@pytest.mark.usefixtures("sizes")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_is_no_part_of_the_text(encoding: str) -> None:
    """Marked files have the rows, records and lines of the plain file, however its blocks fall."""
    text = 'a,b,c\né,"x\ny",🎁\n\nonly,two\n5" é,ü,\nlast,"l""",'
    guessed = None if encoding != "utf-32" else encoding

    assert as_read(text.encode()) == as_read(text.encode(encoding), guessed)


def test_reading_takes_blocks_not_files(tmp_path: Path) -> None:
    """What Python holds while it reads does not grow with the file."""
    path = tmp_path / "a.csv"
    peaks = []
    for times in (1, 3):
        path.write_bytes(HEADER + b"customer-1,home,300\n" * (1_200_000 * times))
        tracemalloc.start()
        read_tabular((str(path),))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < 1.2 * peaks[0]


def test_bytes_in_doubt_end_with_the_file(tmp_path: Path) -> None:
    """A file of another encoding is one error with its first line, also when it is larger than a block."""
    path = tmp_path / "a.csv"
    path.write_bytes(HEADER + b"u1,home,3\n" * 150_000 + b"\xe9t\xe9,b,c\n" * 2_000)
    with pytest.raises(EvidenceError) as caught:
        read_tabular((str(path),))

    assert ("bad-encoding", 150_002) == (caught.value.problems[0].code, caught.value.problems[0].address.line)
