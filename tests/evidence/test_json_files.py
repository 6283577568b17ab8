from __future__ import annotations

import json

import pytest

from journeykit.errors import EvidenceError

ROWS = [{"customer": f"u{i}", "time": "2024-01-01T10:00:00Z", "event": "home"} for i in range(3)]
LINES = "\n".join(json.dumps(row) for row in ROWS)


@pytest.mark.parametrize(
    "text",
    [
        LINES,
        LINES + "\n\n",
        json.dumps(ROWS),
        json.dumps(ROWS, indent=2),
        "\n".join(json.dumps(r, indent=1) for r in ROWS),
    ],
)
def test_all_three_forms_give_the_same_rows(read, rows, csv_file, text):
    """Lines, one array and objects one after the other are the same table."""
    assert [row["customer"] for row in ROWS] == [row["customer"] for row in rows(read(csv_file(text, "a.json")))]


@pytest.mark.parametrize(
    ("text", "line", "kept"),
    [
        (LINES[:-9], 3, 2),
        (LINES.replace("home", 'ho"me', 1), 1, 2),
        (json.dumps(ROWS)[:-20], 1, 2),
        (json.dumps(ROWS, indent=1)[:-1], 17, 3),
        (LINES + "\n[1, 2]", 4, 3),
        (LINES + "\n17", 4, 3),
        (LINES + '\n{"customer": "a", "customer": "b"}', 4, 3),
        (LINES + '\n{"a.b": 1, "a": {"b": 2}}', 4, 3),
        (LINES + '\n{"customer": "\\ud800"}', 4, 3),
        (LINES + "\n" + '{"a":' * 100_000, 4, 3),
    ],
)
def test_what_is_no_whole_object_is_rejected_with_its_line(read, csv_file, text, line, kept):
    """A cut or broken record, a value that is no object and a key that stands twice are one rejection each, with the line."""
    log = read(csv_file(text, "a.ndjson"))

    assert (kept, 1, {"bad-json": 1}) == (len(log), log.report.rows_rejected, log.report.rejections)
    assert line == log.report.problems[0].address.line


def test_nested_values_get_dotted_names_and_keep_their_types(read, rows, csv_file):
    """Objects are flattened, lists kept as JSON, numbers typed, and digits in quotes stay text."""
    more = {
        "device": {"os": {"name": "iOS"}},
        "tags": ["a", 1],
        "count": 3,
        "share": 0.5,
        "zip": "123",
        "ok": True,
        "no": None,
    }
    log = read(csv_file(json.dumps(ROWS[0] | more), "a.json"))
    row = rows(log)[0]

    assert ("iOS", '["a", 1]', 3, 0.5, "123", "true") == tuple(
        row[name] for name in ("device.os.name", "tags", "count", "share", "zip", "ok")
    )
    assert "no" not in row


def test_columns_may_appear_late(read, rows, csv_file):
    """A key that only the last record has is a column, NULL in the others."""
    text = LINES + "\n" + json.dumps(ROWS[0] | {"late": 1})

    assert [None, None, None, 1] == [row["late"] for row in rows(read(csv_file(text, "a.jsonl")))]


def test_depth_is_limited(read, csv_file):
    """What lies deeper than eight levels is kept as JSON text, not as ever more columns."""
    deep: object = 1
    for _ in range(20):
        deep = {"a": deep}
    log = read(csv_file(json.dumps(ROWS[0] | {"x": deep}), "a.json"))

    assert "x" + ".a" * 7 in log.columns


def test_too_many_columns_are_an_error(read, csv_file):
    """Keys without end are an error, not a table without end."""
    with pytest.raises(EvidenceError, match="5,000"):
        read(csv_file(json.dumps({f"k{i}": i for i in range(6000)}), "a.json"))


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty-file"), (b" \n", "empty-file"), (b'{"a": "\xff"}', "bad-encoding")]
)
def test_no_json_at_all_is_an_error(read, csv_file, content, code):
    """Empty files and files that are not UTF-8 are errors."""
    with pytest.raises(EvidenceError) as caught:
        read(csv_file(content, "a.json"))

    assert code == caught.value.problems[0].code


@pytest.mark.parametrize("content", ['{"a":', "[1, 2]", '"hello"', "[]", "[{]"])
def test_json_without_a_record_is_told_so(read, csv_file, content):
    """Where nothing is an object the faults are told with their lines; nobody is asked for columns that cannot be there."""
    with pytest.raises(EvidenceError) as caught:
        read(csv_file(content, "a.json"))

    assert "there are: none" not in str(caught.value)
    assert all(problem.address.file for problem in caught.value.problems)
