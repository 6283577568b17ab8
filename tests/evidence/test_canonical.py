from __future__ import annotations

import json

import pandas as pd
import pytest

from journeykit.errors import ArgumentError, EvidenceError

T = "2024-01-01T10:00:00Z"


def test_missing_columns_are_listed_with_a_suggestion(read, csv_file):
    """A source without the canonical columns is an error that lists what is there and suggests, but maps nothing."""
    with pytest.raises(EvidenceError) as caught:
        read(csv_file(f"user_id,event_time,Activity\nu1,{T},a\n"))
    problem = caught.value.problems[0]

    assert "missing-column" == problem.code
    assert 'columns={"customer": "user_id", "time": "event_time", "event": "Activity"}' in problem.hint


def test_all_wrong_columns_are_named_at_once(read, csv_file):
    """Every mapped column that does not exist is a problem of its own, with the nearest name."""
    with pytest.raises(EvidenceError) as caught:
        read(csv_file(f"user_id,when,what\nu1,{T},a\n"), columns={"customer": "userid", "time": "wen", "event": "what"})

    assert ['did you mean "user_id"?', 'did you mean "when"?'] == [problem.hint for problem in caught.value.problems]


def test_an_importer_that_names_a_column_it_did_not_make_is_told(csv_file):
    """A mapping of the importer to a column that is not there is an error naming both, not a crash inside."""
    import attrs

    from journeykit.evidence.canonical import canonical
    from journeykit.evidence.reading import resolve
    from journeykit.importers.csv import CsvImporter

    raw = CsvImporter().read(resolve(csv_file("customer,time,event\nu1,2024-01-01T00:00:00Z,a\n")), "events")
    with pytest.raises(EvidenceError, match='reads value from a column "price" that it did not make'):
        canonical(attrs.evolve(raw, columns={"value": "price"}), "events")


def test_an_unknown_canonical_name_is_the_callers_mistake(read, csv_file):
    """A canonical name that does not exist is refused with the nearest one."""
    with pytest.raises(ArgumentError, match="did you mean 'customer'"):
        read(csv_file(f"customer,time,event\nu1,{T},a\n"), columns={"custmer": "customer"})


@pytest.mark.parametrize("missing", ["", " ", "nan", "NaN", "NULL", "None", "<NA>", r"\N"])
def test_a_row_without_a_name_is_rejected(read, csv_file, missing):
    """An empty or missing customer or event is rejected with its own code, the first fault counting."""
    log = read(csv_file(f"customer,time,event\n{missing},{T},a\nu1,{T},{missing}\n{missing},,{missing}\nu1,{T},a\n"))

    assert (1, {"missing-customer": 2, "missing-event": 1}) == (len(log), log.report.rejections)
    assert ["customer", "event", "customer"] == [problem.address.field for problem in log.rejected()]


def test_nan_of_a_frame_is_no_name(read, rows):
    """NaN and None of pandas are missing names; a float column of ids gives ids without a decimal point."""
    frame = pd.DataFrame({"customer": [13085.0, float("nan"), 7.5], "time": [T] * 3, "event": ["a", "b", "c"]})
    log = read(frame)

    assert (["13085", "7.5"], {"missing-customer": 1}) == (
        [row["customer"] for row in rows(log)],
        log.report.rejections,
    )


def test_optional_columns_are_typed_or_rejected(read, rows, csv_file):
    """value is a finite number and order a whole one; what is neither empty nor that is rejected with the cell."""
    text = f"customer,time,event,value,order\nu1,{T},a,1.5,1\nu1,{T},a,,\nu1,{T},a,12 EUR,1\nu1,{T},a,inf,1\nu1,{T},a,1,1.5\n"
    log = read(csv_file(text))

    assert [(1.5, 1), (None, None)] == [(row["value"], row["order"]) for row in rows(log)]
    assert {"bad-integer": 1, "bad-number": 2} == log.report.rejections
    assert "'12 EUR'" in next(log.rejected()).message


def test_absent_optional_columns_are_absent(read, csv_file):
    """An optional column that the source lacks is no column of NULLs."""
    log = read(csv_file(f"customer,time,event\nu1,{T},a\n"))

    assert ["customer", "time", "event"] == list(log.columns)
    assert ["customer", "time", "event", "_file", "_record"] == list(log.table.columns)


def test_none_takes_a_column_out_of_the_canonical_ones(read, csv_file):
    """columns={"value": None} keeps the column as an attribute that cannot be mistaken for the canonical one."""
    log = read(csv_file(f"customer,time,event,value\nu1,{T},a,much\n"), columns={"value": None})

    assert (1, "value_2") == (len(log), list(log.columns)[3])
    assert any("value_2" in note for note in log.report.notes)


def test_attributes_never_hide_a_canonical_column(read, rows, csv_file):
    """A source column called like a canonical one that is taken from elsewhere is renamed and noted."""
    log = read(csv_file(f"customer,time,Event,kind\nu1,{T},x,a\n"), columns={"event": "kind"})

    assert ("a", "x") == (rows(log)[0]["event"], rows(log)[0]["Event_2"])


@pytest.mark.parametrize(("choice", "kept", "rejections"), [("keep", 4, {}), ("drop", 2, {"duplicate": 2})])
def test_duplicates_are_counted_whatever_becomes_of_them(read, rows, csv_file, choice, kept, rejections):
    """Exact copies are counted; dropped ones count as rejected, and the first of each stays."""
    text = f"customer,time,event,note\nu1,{T},a,x\nu1,{T},a,y\nu1,{T},a,x\nu1,{T},a,x\n"
    log = read(csv_file(text), on_duplicate=choice)

    assert (2, kept, rejections) == (log.report.duplicates, len(log), log.report.rejections)
    assert [1, 2] == [row["_record"] for row in rows(log)][:2]


def test_duplicates_can_be_refused(read, csv_file):
    """on_duplicate="raise" is an error with the address of every copy."""
    path = csv_file(f"customer,time,event\nu1,{T},a\nu1,{T},a\nu1,{T},a\n")
    with pytest.raises(EvidenceError) as caught:
        read(path, on_duplicate="raise")

    assert [(2, 3), (3, 4)] == [(p.address.record, p.address.line) for p in caught.value.problems]
    assert str(caught.value.problems[0]).startswith(f"{path}:3: ")
    with pytest.raises(ArgumentError):
        read(path, on_duplicate="ignore")


def test_duplicates_are_named_by_their_line(read, csv_file):
    """What spans lines moves the line and not the record; a table without lines names the record alone."""
    path = csv_file(f'customer,time,event,note\nu1,{T},a,"two\nlines"\nu1,{T},a,"two\nlines"\n')
    with pytest.raises(EvidenceError) as caught:
        read(path, on_duplicate="raise")
    frame = pd.DataFrame({"customer": ["u1", "u1"], "time": [T, T], "event": ["a", "a"]})
    with pytest.raises(EvidenceError) as framed:
        read(frame, on_duplicate="raise")

    assert [(2, 4)] == [(p.address.record, p.address.line) for p in caught.value.problems]
    assert [(2, None)] == [(p.address.record, p.address.line) for p in framed.value.problems]


def test_nested_columns_cannot_be_names(read):
    """A list or struct mapped to a canonical column is an error that names its type."""
    frame = pd.DataFrame({"customer": [["u1"]], "time": [T], "event": ["a"]})
    with pytest.raises(EvidenceError, match="VARCHAR\\[\\]"):
        read(frame)


def test_metrics_need_finite_values(read, rows, csv_file):
    """A metric is a kpi, a time and a finite value; anything else is rejected."""
    values = (
        "nps,2024-01-01Z,41",
        "nps,2024-01-02Z,",
        "nps,2024-01-03Z,NaN",
        ",2024-01-04Z,1",
        "nps,x,1",
        "nps,2024-01-05Z,inf",
    )
    text = "kpi,time,value,segment\n" + "".join(f"{row},\n" for row in values)
    table = read(csv_file(text), "metrics")

    assert [("nps", 41.0, None)] == [(row["kpi"], row["value"], row["segment"]) for row in rows(table)]
    assert {"bad-number": 1, "bad-time": 1, "missing-kpi": 1, "missing-value": 2} == table.report.rejections


def test_customers_are_names_with_attributes(read, rows, csv_file):
    """A customer table keeps every attribute and rejects rows without a customer."""
    table = read(csv_file("customer,country,age\nu1,DE,41\n,FR,20\n"), "customers")

    assert [("u1", "DE", 41)] == [(row["customer"], row["country"], row["age"]) for row in rows(table)]
    assert {"missing-customer": 1} == table.report.rejections


@pytest.mark.parametrize(
    "name", ["_code", "_naive", "_hash", "_field", "_shown", "_Rejecting", "_in_time", "_raw_time"]
)
@pytest.mark.parametrize("value", ["", "1"])
def test_no_column_of_the_source_hides_one_of_ours(read, csv_file, name, value):
    """A column called as one of the import's own changes nothing but its own name: the same rows are kept and rejected."""
    rows = ["a,2026-01-01T00:00:00Z,look", "a,2026-01-01T00:00:00Z,look", "a,bad,look", ",2026-01-01T00:00:00Z,look"]
    text = f"customer,time,event,{name}\n" + "".join(f"{row},{value}\n" for row in rows)
    found = read(csv_file(text), on_duplicate="drop")

    assert {"bad-time": 1, "missing-customer": 1, "duplicate": 1} == dict(found.report.rejections)
    assert f"{name}_2" in found.columns


def test_names_from_data_cannot_become_sql(read, rows, csv_file):
    """Quotes, semicolons and statements in column names and cells are names and cells."""
    evil = 'x"); DROP TABLE canonical_rows; --'
    quoted = evil.replace('"', '""')
    text = f'"{quoted}",when\',what{{}}\n"{quoted}",{T},a\'b\n'
    log = read(csv_file(text), columns={"customer": evil, "time": "when'", "event": "what{}"})

    assert [(evil, "a'b")] == [(row["customer"], row["event"]) for row in rows(log)]


def test_only_the_first_thousand_problems_are_in_the_report(read, csv_file):
    """The report shows the first 1,000 rejections in full; rejected() gives all of them."""
    log = read(csv_file("customer,time,event\n" + f",{T},a\n" * 1500))

    assert (1500, 1000, 1500) == (log.report.rows_rejected, len(log.report.problems), len(list(log.rejected())))


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("顧客ID,日時,イベント", {"customer": "顧客ID", "time": "日時", "event": "イベント"}),
        ("用户ID,时间,事件", {"customer": "用户ID", "time": "时间", "event": "事件"}),
        ("ID клиента,Дата,Событие", {"customer": "ID клиента", "time": "Дата", "event": "Событие"}),
        ("KundenNr,Bestelldatum,Reaktion", {"customer": "KundenNr", "time": "Bestelldatum", "event": "Reaktion"}),
        (
            "anonymousId,EngagementDate,ContentType",
            {"customer": "anonymousId", "time": "EngagementDate", "event": "..."},
        ),
        ("useragentFamily,updated_at,Satisfaction", {"customer": "...", "time": "updated_at", "event": "..."}),
        ("customer date,x,y", {"customer": "customer date", "time": "...", "event": "..."}),
        ('"the ""client""",zeit,seite', {"customer": 'the "client"', "time": "zeit", "event": "seite"}),
    ],
)
def test_a_suggestion_is_of_words_and_takes_a_column_once(read, csv_file, header, said):
    """Columns are suggested by the words of their names in many languages, never by letters inside a word, and never twice."""
    with pytest.raises(EvidenceError) as caught:
        read(csv_file(f"{header}\n1,2,3\n"))
    hint = caught.value.problems[0].hint

    assert said == json.JSONDecoder().raw_decode(hint, hint.index("{"))[0]


def test_a_file_without_a_header_is_told_so(read, csv_file):
    """Where a row of data stands in the header's place, no name is suggested: the header is asked for."""
    with pytest.raises(EvidenceError, match="put a line of names before it"):
        read(csv_file("u1,2026-03-01T10:00:00Z,view\nu2,2026-03-01T10:05:00Z,buy\n"))


def test_a_decimal_comma_says_how_to_keep_the_rows(read, csv_file):
    """A value with a comma is refused with the way to read the events without it, which keeps every row."""
    path = csv_file(f"customer;time;event;value\na;{T};x;3,5\nb;{T};x;1.234,50\n")
    hints = {problem.hint for problem in read(path).report.problems}
    kept = read(path, columns={"value": None})

    (hint,) = hints
    assert 'leave the column out: columns={"value": None}' in hint
    assert (2, 2) == (len(kept), kept.report.rows_in)
