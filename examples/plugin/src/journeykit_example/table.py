"""The map and its scores as one table, for a spreadsheet."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator

from attrs import frozen

from journeykit.model import Journey
from journeykit.results import Rendering, Score, Scorecard

__all__ = ["TableRenderer"]

_HEAD = ("stage", "subject", "kind", "id", "channels", "scorer", "segment", "value", "unit", "low", "high", "n", "status",
         "reason", "explanation")  # fmt: skip
# What Excel, LibreOffice and Google Sheets take for the beginning of a formula (OWASP: CSV Injection), wide forms included.
_FORMULA = tuple("=+-@＝＋－＠")


@frozen(kw_only=True)
class TableRenderer:
    """Writes one row a touchpoint and score as CSV (RFC 4180), touchpoints in map order, then what else was scored.

    Without scores there is one row a touchpoint. A text that a spreadsheet would run as a formula gets an apostrophe
    in front; line ends and control characters become blanks.
    """

    @property
    def name(self) -> str:
        return "table"

    @property
    def media_type(self) -> str:
        return "text/csv"

    def render(self, journey: Journey, scores: Scorecard | None = None) -> Rendering:
        """The table in UTF-8 with a header row; the same bytes for the same input."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(_HEAD)
        for places, found in _rows(journey, () if scores is None else tuple(scores)):
            writer.writerow([*map(_cell, places), *(_figures(found) if found else [""] * (len(_HEAD) - len(places)))])
        body = out.getvalue().encode()
        return Rendering(media_type=self.media_type, body=body, title=f"{journey.title} as a table", renderer=self.name)


def _rows(journey: Journey, scores: tuple[Score, ...]) -> Iterator[tuple[tuple[str, ...], Score | None]]:
    """Every row: where it stands, and the score where there is one."""
    told: set[str] = set()
    for stage in journey.stages:
        for touchpoint in stage.touchpoints:
            told.add(touchpoint.id)
            places = (stage.title, touchpoint.title, "touchpoint", touchpoint.id, ", ".join(touchpoint.channels))
            own = [score for score in scores if (score.subject.kind, score.subject.id) == ("touchpoint", touchpoint.id)]
            if not own:
                yield places, None
            for score in own:
                yield places, score
    titles = {journey.id: journey.title, **{stage.id: stage.title for stage in journey.stages}}
    titles |= {kpi.id: kpi.name for kpi in journey.kpis}
    for score in scores:
        kind, id = score.subject.kind, score.subject.id
        if kind != "touchpoint" or id not in told:
            yield ("", titles.get(id, id), kind, id, ""), score


def _figures(score: Score) -> Iterable[str]:
    low, high = (score.interval.low, score.interval.high) if score.interval else (None, None)
    yield from (_cell(score.scorer), _cell(score.segment or ""), _number(score.value), _cell(score.unit))
    yield from (_number(low), _number(high), "" if score.n is None else str(score.n))
    yield from (score.status, _cell(score.reason or ""), _cell(score.explanation))


def _number(value: float | None) -> str:
    """A figure of ours, which may begin with a minus; repr gives the shortest text that reads back the same."""
    return "" if value is None else repr(float(value))


def _cell(text: str) -> str:
    """Foreign text as a cell that nothing runs."""
    # Cf are the signs one cannot see, which could hide what follows; two of them belong to Persian, Hindi and emoji.
    plain = "".join(
        sign if sign in "\u200c\u200d" or unicodedata.category(sign) not in ("Cc", "Cf", "Zl", "Zp") else " "
        for sign in text
    )
    line = " ".join(plain.split())
    return f"'{line}" if line.lstrip("'\"").lstrip().startswith(_FORMULA) else line
