"""A scorecard for a notebook: what was counted, then one ranking a scorer."""

from __future__ import annotations

from collections.abc import Iterable

from journeykit.results.scores import Score, Scorecard
from journeykit.results.showing import cell_text, figure_text, table_html, text_html
from journeykit.results.small_groups import count_text

__all__ = ["score_html", "scorecard_html"]

_MOST = 40
_WORDS = {"ok": "ok", "low-n": "uncertain", "suppressed": "withheld", "not-estimable": "not estimable"}


def scorecard_html(card: Scorecard) -> str:
    """Head and rankings; a score that is not ranked (uncertain, withheld, not estimable, whole journey) has no place."""
    version = f", version {card.version}" if card.version else ""
    head = f"<p><strong>{text_html(f'Scorecard of {card.journey}{version}')}</strong><br>"
    parts = [head, text_html(_counted(card)), f"; seed {card.seed}</p>"]
    for scorer in dict.fromkeys(score.scorer for score in card.scores):
        parts.append(_ranking(card, scorer))
        if by_segment := [s for s in card.scores if s.scorer == scorer and s.segment is not None]:
            parts.append(_table(f"{scorer} by segment", by_segment, {}))
    return "".join(parts)


def score_html(score: Score) -> str:
    """One score, and the way back down from it: in words, its components as they add up, and the rows it rests on."""
    parts = [f"<p>{text_html(score.explanation)}</p>"]
    if score.components:
        caption = f"{score.scorer} of {score.subject}" + (f", {score.segment}" if score.segment else "")
        head = ["component", "measured", "scaled", "weight", "adds", "n"]
        rows: list[tuple[object, ...]] = [
            (part.name, part.raw, figure_text(part.scaled), part.weight, figure_text(part.contribution), part.n)
            for part in score.components
        ]
        if score.baseline:
            rows.insert(0, ("baseline", None, "", None, figure_text(score.baseline), None))
        rows.append(("in all", None, "", None, figure_text(score.value), score.n))
        parts.append(
            table_html(head, rows, caption=f"{caption}, {score.method}, {score.unit}", figures=("scaled", "adds"))
        )
    if score.evidence:
        rows = [(ref.table, ", ".join(ref.sources), ref.rule, ref.rows) for ref in score.evidence]
        parts.append(table_html(["evidence", "from", "rule", "rows"], rows))
    return "".join(parts)


def _counted(card: Scorecard) -> str:
    seen = card.coverage
    closed = f"{seen.closed:,} closed ({seen.converted:,} with success)"
    counts = f"{seen.journeys:,} journeys on the map, {closed}, {seen.open:,} open"
    until = f"; observed until {cell_text(seen.observed_until)}" if seen.observed_until else ""
    of = "" if seen.events is None else f" of {seen.events:,}"
    few = sum(count.journeys is None for count in seen.touchpoints)
    less = (
        f"; without {few:,} {'touchpoint' if few == 1 else 'touchpoints'} that fewer than {card.floor} came to"
        if few
        else ""
    )
    return f"{counts}; {seen.claimed:,}{of} events claimed by a touchpoint{less}{until}"


def _ranking(card: Scorecard, scorer: str) -> str:
    own = [score for score in card.scores if score.scorer == scorer and score.segment is None]
    ranked = card.top(scorer, len(own))
    places = {id(score): place for place, score in enumerate(ranked, 1)}
    return _table(scorer, [*ranked, *(score for score in own if id(score) not in places)], places)


def _table(name: str, scores: list[Score], places: dict[int, int]) -> str:
    units = list(dict.fromkeys(score.unit for score in scores))
    methods = ", ".join(dict.fromkeys(score.method for score in scores))
    segments = any(score.segment is not None for score in scores)
    # One unit stands in the caption; several need a column.
    caption = f"{name}, {methods}" + (f", {units[0]}" if len(units) == 1 else "")
    shown = scores[:_MOST]
    columns: list[tuple[str, Iterable[object]]] = [
        ("place", [places.get(id(score)) for score in shown]) if places else ("", []),
        ("subject", [_subject(score) for score in shown]),
        ("segment", [score.segment for score in shown]) if segments else ("", []),
        ("score", [figure_text(score.value) for score in shown]),
        ("unit", [score.unit for score in shown]) if len(units) > 1 else ("", []),
        (_interval_name(scores), [_interval(score) for score in shown]),
        ("n", [score.n if score.status != "suppressed" else count_text(score) for score in shown]),
        ("status", [_status(score) for score in shown]),
    ]
    there = [(head, values) for head, values in columns if head]
    rows = zip(*(values for _, values in there), strict=True)
    more = f"<p>... and {len(scores) - _MOST:,} more</p>" if len(scores) > _MOST else ""
    return table_html([head for head, _ in there], rows, caption=caption, figures=("score",)) + more


def _subject(score: Score) -> str:
    return score.subject.id if score.subject.kind == "touchpoint" else str(score.subject)


def _interval_name(scores: list[Score]) -> str:
    levels = {score.interval.level for score in scores if score.interval is not None}
    return f"{100 * levels.pop():.3g} % interval" if len(levels) == 1 else "interval"


def _interval(score: Score) -> str:
    return (
        f"{figure_text(score.interval.low)} to {figure_text(score.interval.high)}"
        if score.interval is not None
        else "none"
    )


def _status(score: Score) -> str:
    why = (score.reason or "").replace("-", " ")
    return f"{_WORDS[score.status]}: {why}" if why else _WORDS[score.status]
