r"""The "combined" access log of Apache httpd and nginx, one line a request:

``%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i"`` (https://httpd.apache.org/docs/2.4/logs.html#combined).

The event is ``page_view`` (GET or HEAD), ``submit`` (any other method) or ``error`` (status 400 and above); ``page`` is the path
without its query. The customer is the signed-in user where the server knows one, else a pseudonym of address and browser, so
that no address leaves the log. Requests that no person made (robots, by what they call themselves) or saw (images, scripts,
style sheets, redirects) are rejected and counted, not lost.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote

from attrs import field, frozen

from journeykit.errors import ArgumentError, EvidenceError
from journeykit.evidence import Kind, RawTable, Sample, Source
from journeykit.evidence.engines.duckdb import Database
from journeykit.evidence.reading.loading import TextLoader
from journeykit.evidence.reading.texts import encoding_of, open_text, text_of
from journeykit.problems import Address, Problem

__all__ = ["CombinedImporter"]

# Inside quotes the servers write a quote as \" (Apache) or \x22 (nginx), so a bare one ends the field.
_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_LINE = re.compile(rf'(\S+) \S+ ([^\["]*) \[([^\]]*)\] {_QUOTED} (\d{{3}}) (\d+|-) {_QUOTED} {_QUOTED}\s*')
_TIME = re.compile(r"(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_REQUEST = re.compile(r"([A-Z]+) (\S+)(?: HTTP/\d(?:\.\d)?)?")
_ASSETS = re.compile(
    r"\.(avif|css|eot|gif|ico|jpe?g|js|json|map|mjs|mp4|otf|png|svg|ttf|txt|webm|webp|woff2?|xml)$", re.IGNORECASE
)
_ROBOTS = re.compile(
    r"bot\b|crawl|spider|slurp|curl/|wget/|python-requests|go-http-client|headless|monitor", re.IGNORECASE
)
_ESCAPED = re.compile(r"((?:\\x[0-9A-Fa-f]{2})+)|\\(.)")
_LONGEST = 64_000
_COLUMNS = (
    "customer",
    "time",
    "event",
    "page",
    "query",
    "method",
    "status",
    "bytes",
    "referrer",
    "browser",
    "rejecting",
)
_REASONS = {
    "asset": "the request is for an image, a style sheet, a script or the like, which no customer asked for",
    "redirect": "the answer sent the browser on, and the page it went to has a line of its own",
    "robot": "the browser calls itself a robot",
}


def _is_text(_: object, __: object, value: object) -> None:
    if not isinstance(value, str):
        raise ArgumentError(f"salt={value!r}: give a text that only you know")


@frozen(kw_only=True)
class CombinedImporter:
    """Reads access logs of web servers in the "combined" format, one event a page a person asked for.

    Pseudonyms are SHA-256 of ``salt``, address and browser. The default salt is public, so anyone who has a list of addresses
    can try them: give one of your own for anything that leaves the house. Several people behind one address and
    browser are one customer here, and one person with two browsers, or before and after signing in, two.
    """

    salt: str = field(default="", validator=_is_text, repr=False)

    @property
    def name(self) -> str:
        return "combined"

    @property
    def yields(self) -> tuple[Kind, ...]:
        return ("events",)

    def recognizes(self, sample: Sample) -> bool:
        """Whether the first line, and nine in ten of those after it, are of this format to the last quote."""
        lines = (text_of(sample.head) or "").splitlines(keepends=True)[:20]
        fits = [_fields(line) is not None for line in lines if line.endswith("\n") and line.strip()]
        return bool(fits) and fits[0] and sum(fits) >= 0.9 * len(fits)

    def read(self, source: Source, kind: Kind) -> RawTable:  # noqa: ARG002 - the protocol's signature
        """One row a request; `EvidenceError` for a file that is no such log."""
        if not source.files:
            raise ArgumentError('format="combined" reads files, and the source is a table in memory')
        loader, problems = TextLoader(Database()), list[Problem]()
        loader.start(_COLUMNS)
        for index, name in enumerate(source.files):
            self._read(loader, problems, index, name)
        return RawTable(
            table=loader.table(),
            columns={name: name for name in ("customer", "time", "event")},
            problems=tuple(problems),
            rows_in=loader.count + len(problems),
            files=source.files,
            untyped=frozenset({"status", "bytes"}),
            rejecting="rejecting",
            reasons=_REASONS,
        )

    def _read(self, loader: TextLoader, problems: list[Problem], index: int, name: str) -> None:
        before, count, record = len(problems), loader.count, 0
        with open_text(name, encoding_of(name, None), errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                record += 1
                if cells := _fields(line):
                    loader.add(index, record, number, self._row(cells))
                else:
                    address = Address(file=name, line=number, record=record)
                    problems.append(Problem(code="bad-line", message="is no line of a combined log", address=address))
        loader.flush()
        if loader.count == count and len(problems) > before:
            hint = 'a "common" log has no referrer and browser; log "combined", or write an importer for it'
            message = f"none of its {len(problems) - before:,} lines is one of a combined access log"
            address = Address(file=name)
            raise EvidenceError([Problem(code="not-combined", message=message, address=address, hint=hint)])

    def _row(self, cells: tuple[str, ...]) -> list[str]:
        host, user, time, request, status, size, referrer, browser = cells
        found = _REQUEST.fullmatch(request)
        method, target = found.groups() if found else ("", "")
        page, _, query = target.partition("?")
        page = unquote(page, errors="replace")
        event = "error" if status >= "400" or not found else "page_view" if method in ("GET", "HEAD") else "submit"
        rejecting = ""
        if _ROBOTS.search(browser):
            rejecting = "robot"
        elif _ASSETS.search(page):
            rejecting = "asset"
        elif event == "page_view" and status.startswith("3") and status != "304":
            rejecting = "redirect"
        known = user not in ("", "-")
        customer = user if known else hashlib.sha256(f"{self.salt}\n{host}\n{browser}".encode()).hexdigest()[:16]
        seen = "" if referrer == "-" else referrer
        return [
            customer, _iso(time), event, page, query, method, status, "" if size == "-" else size, seen, browser, rejecting,
        ]  # fmt: skip


def _fields(line: str) -> tuple[str, ...] | None:
    """The fields of a line (the identity of RFC 1413, which is always "-", left out); None when it is no such line."""
    found = _LINE.fullmatch(line) if len(line) <= _LONGEST else None
    if found is None or not _TIME.fullmatch(found[3]):
        return None
    host, user, time, request, status, size, referrer, browser = found.groups()
    return (host, user, time, _plain(request), status, size, _plain(referrer), _plain(browser))


def _plain(text: str) -> str:
    """The field without the escapes of Apache and nginx; control characters become blanks."""

    def meant(found: re.Match[str]) -> str:
        if found[1]:
            return bytes.fromhex(found[1].replace("\\x", "")).decode("utf-8", errors="replace")
        return " " if found[2] in "nrtbvf" else found[2]

    return "".join(sign if sign.isprintable() else " " for sign in _ESCAPED.sub(meant, text))


def _iso(time: str) -> str:
    """The server's time in ISO 8601; a month that is none is left for the core to reject."""
    found = _TIME.fullmatch(time)
    if found is None or found[2] not in _MONTHS:
        return time
    day, month, year, clock, hours, minutes = found.groups()
    return f"{year}-{_MONTHS.index(month) + 1:02}-{day}T{clock}{hours}:{minutes}"
