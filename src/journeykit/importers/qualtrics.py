"""Qualtrics survey exports (CSV): three header rows, the column names, the questions, and ``{"ImportId": ...}``.

A response becomes one row, and the caller says which questions are the score and the text:
``columns={"score": "Q3", "text": "Q4"}``. For several scored questions, pass the importer with what each question is about:
``format=QualtricsImporter(questions={"Q3": "checkout", "Q7": "delivery"})``; then each question of each response is a row:
numbers are scores, other answers texts, and questions left open are rejected (``unanswered``).

Customer is the external reference where the survey has any, time is the recorded date in the zone that the third header row
names (else ``tz=`` is asked for). Previews and test responses are rejected. The legacy layout of two header rows is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar

import attrs
from attrs import Factory, frozen

from journeykit.errors import EvidenceError
from journeykit.evidence import Kind, RawTable, Sample, Source
from journeykit.evidence.engines.duckdb import DuckTable, identifier, literal
from journeykit.evidence.reading.requirements import files_of
from journeykit.evidence.reading.tabular import dialect_of, read_tabular, records
from journeykit.evidence.reading.texts import fault, text_of
from journeykit.problems import Address, Problem

__all__ = ["QualtricsImporter"]

_IMPORT_ID = '{"ImportId":'
_LEGACY = ("ResponseID", "ResponseSet")
_UNREAL = ("Survey Preview", "Survey Test", "Survey Preview Spam", "Offline Survey Preview", "1", "2", "9", "17")
_REFERENCES = ("ExternalReference", "ExternalDataReference")
_TIMES = ("RecordedDate", "EndDate", "StartDate")
_NUMBER = "[+-]?[0-9]+([.][0-9]+)?"


@frozen(kw_only=True)
class QualtricsImporter:
    """Reads the three-header CSV export; ``questions`` maps question columns to what they are about, one row an answer."""

    name: ClassVar[str] = "qualtrics"
    yields: ClassVar[tuple[Kind, ...]] = ("feedback",)
    questions: Mapping[str, str] = Factory(dict)

    def recognizes(self, sample: Sample) -> bool:
        """Whether the third row holds import ids, or the first two are those of the legacy layout (which `read` refuses)."""
        text = text_of(sample.head)
        if not text or not sample.columns:
            return False
        rows = []
        for record in records(iter(text.splitlines(keepends=True)), dialect_of(text)):
            rows.append(record.cells)
            if len(rows) == 3:
                break
        legacy = len(rows) > 1 and rows[0][:1] == ["V1"] and tuple(rows[1][:2]) == _LEGACY
        return legacy or (len(rows) == 3 and any(cell.startswith(_IMPORT_ID) for cell in rows[2]))

    def read(self, source: Source, kind: Kind) -> RawTable:  # noqa: ARG002 - the protocol's signature
        """One row a response, or one an answer with ``questions``; `EvidenceError` for another layout."""
        files = files_of(source, self.name)
        raw = read_tabular(files)
        labels, zone = _headers(raw)
        there = raw.table.columns
        if absent := [name for name in self.questions if name not in there]:
            raise EvidenceError([_no_question(name, labels, files[0]) for name in absent])
        cursor = raw.table.cursor()
        cursor.execute(_responses(raw, there))
        problems = tuple(_moved(problem) for problem in raw.problems)
        columns = {"time": next(name for name in _TIMES if name in there)} if set(_TIMES) & set(there) else {}
        if "UserLanguage" in there:
            columns["language"] = "UserLanguage"
        if reference := _reference(raw.table, there):
            columns["customer"] = reference
        name = "responses"
        untyped = raw.untyped
        if self.questions:
            cursor.execute(_answers(self.questions, labels))
            name = "answers"
            columns |= {"score": "answer_score", "text": "answer_text", "about": "answer_about"}
            untyped |= {"answer_score"}
        table = DuckTable(raw.table.connection, name, database=raw.table.database)
        return attrs.evolve(
            raw,
            table=table,
            columns=columns,
            problems=problems,
            rows_in=len(table) + len(problems),
            tz=zone,
            untyped=untyped,
            rejecting="_rejecting",
            reasons={
                "preview": "the response is a preview or a test of the survey",
                "unanswered": "the question was left open",
            },
        )


def _headers(raw: RawTable) -> tuple[dict[str, str], str | None]:
    """The questions' texts and the zone of the dates, from the second and third header row; refuses other layouts."""
    names = [name for name in raw.table.columns if not name.startswith("_")]
    listed = ", ".join(map(identifier, names))
    cursor = raw.table.cursor()
    labels: dict[str, str] = {}
    zones: set[str] = set()
    for index, file in enumerate(raw.files):
        query = f"SELECT {listed} FROM {identifier(raw.table.name)} WHERE _file = ? AND _record <= 2 ORDER BY _record"  # noqa: S608
        rows = cursor.execute(query, [index]).fetchall()
        if rows and tuple(rows[0][:2]) == _LEGACY:
            message = "is the legacy Qualtrics layout (V1, V2, ...; two header rows), which is not read"
            raise fault("legacy-layout", file, message, "export it again without the legacy format")
        if len(rows) < 2 or not any((cell or "").startswith(_IMPORT_ID) for cell in rows[1]):
            message = 'has no third header row of {"ImportId": ...}, so it is no Qualtrics CSV export'
            raise fault("not-qualtrics", file, message, 'read it with format="csv"')
        labels |= {name: label for name, label in zip(names, rows[0], strict=True) if label}
        zones |= {zone for cell in rows[1] if (zone := _zone(cell))}
    if len(zones) > 1:
        raise fault(
            "mixed-zones", raw.files[0], f"dates in several zones: {', '.join(sorted(zones))}", "read the files apart"
        )
    return labels, zones.pop() if zones else None


def _zone(cell: str | None) -> str | None:
    try:
        found = json.loads(cell or "null")
    except ValueError:
        return None
    zone = found.get("timeZone") if isinstance(found, dict) else None
    # Older exports write Z for UTC.
    return ("UTC" if zone == "Z" else zone) if isinstance(zone, str) else None


def _responses(raw: RawTable, there: Mapping[str, str]) -> str:
    """The rows below the headers, numbered from 1, previews and tests marked."""
    tests = []
    if "Status" in there:
        # A pattern, not IN: DuckDB makes a hash join of a long list, which loses the order of the rows.
        tests.append(f"coalesce(regexp_full_match(Status, {literal('|'.join(_UNREAL))}), false)")
    if "DistributionChannel" in there:
        tests.append("coalesce(DistributionChannel = 'preview', false)")
    rejecting = f"CASE WHEN {' OR '.join(tests)} THEN 'preview' END" if tests else "NULL::VARCHAR"
    return (
        f"CREATE VIEW responses AS SELECT * REPLACE (_record - 2 AS _record), {rejecting} AS _rejecting "  # noqa: S608
        f"FROM {identifier(raw.table.name)} WHERE _record > 2"
    )


def _answers(questions: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """One row a question of each response."""
    parts = []
    for number, (question, about) in enumerate(questions.items(), start=1):
        cell = identifier(question)
        is_number = f"regexp_full_match(trim({cell}), {literal(_NUMBER)})"
        parts.append(
            f"SELECT * REPLACE (CASE WHEN _rejecting IS NULL AND {cell} IS NULL THEN 'unanswered' ELSE _rejecting END"  # noqa: S608
            f" AS _rejecting), {literal(question)} AS question, {literal(labels.get(question, question))} AS question_label,"
            f" {literal(about)} AS answer_about, CASE WHEN {is_number} THEN {cell} END AS answer_score,"
            f" CASE WHEN NOT {is_number} THEN {cell} END AS answer_text, {number} AS _part FROM responses"
        )
    return f"CREATE VIEW answers AS SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY _file, _record, _part"  # noqa: S608


def _reference(table: DuckTable, there: Mapping[str, str]) -> str | None:
    for name in _REFERENCES:
        if name in there:
            query = f"SELECT count({identifier(name)}) FROM {identifier(table.name)} WHERE _record > 2"  # noqa: S608
            if table.cursor().execute(query).fetchall()[0][0]:
                return name
    return None


def _moved(problem: Problem) -> Problem:
    record = problem.address.record
    return attrs.evolve(problem, address=attrs.evolve(problem.address, record=None if record is None else record - 2))


def _no_question(name: str, labels: Mapping[str, str], file: str) -> Problem:
    shown = "; ".join(f"{question} ({label[:40].strip()})" for question, label in list(labels.items())[:40])
    return Problem(
        code="missing-column",
        message=f'there is no question "{name}"; there are: {shown}',
        address=Address(file=file, field=name),
    )
