"""The verbs: small compositions of the rooms below. No algorithm lives here.

>>> import journeykit as jk
>>> from journeykit.model import Journey, Match, Outcome, Stage, Touchpoint
>>> journey = Journey(
...     id="first-order",
...     title="First order",
...     outcome=Outcome(success=Match(event="order")),
...     stages=[Stage(id="buy", title="Buy", touchpoints=[Touchpoint(id="cart", title="Cart", match=Match(event="cart"))])],
... )
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Literal, cast

import attrs

from journeykit import codec, conformance, discovery, plugins, scoring
from journeykit.errors import ArgumentError, one_of
from journeykit.evidence import Customers, EventLog, Evidence, Feedback, Kind, Metrics, RawTable, reading
from journeykit.evidence.canonical import canonical
from journeykit.evidence.engines.duckdb import limited, room
from journeykit.model import Journey, Match, Outcome
from journeykit.protocols import Importer, Renderer, Scorer
from journeykit.results import Finding, Records, Rendering, Scorecard
from journeykit.results.small_groups import FLOOR

__all__ = [
    "check",
    "discover",
    "load",
    "read_customers",
    "read_events",
    "read_feedback",
    "read_metrics",
    "render",
    "save",
    "score",
]

Columns = Mapping[str, str | None]
OnDuplicate = Literal["keep", "drop", "raise"]


def load(source: str | Path | IO[str] | bytes) -> Journey:
    r"""The journey in a map file (``.yaml``, ``.json``, or ``.mmd`` for Mermaid), a text stream or bytes.

    Raises `JourneyError` with every fault of the map at once, each with its line and column.

    >>> jk.load(b"journeykit: 1\nid: first-order\ntitle: First order\n").title
    'First order'
    """
    return codec.load(source)


def save(journey: Journey, path: str | Path, *, drop_comments: bool = False) -> Path:
    """Write the map to ``path`` (``.yaml``, ``.json``, or ``.mmd`` for Mermaid) in its canonical form, and return the path.

    Raises `ArgumentError` for another suffix, where no file can be written, and where the file that is there holds
    comments, which would be lost, unless ``drop_comments`` is true.
    """
    return codec.save(journey, path, drop_comments=drop_comments)


def read_events(
    source: object,
    format: str | Importer | None = None,
    *,
    columns: Mapping[str, str | Sequence[str] | None] | None = None,
    tz: str | None = None,
    time_format: str | None = None,
    on_duplicate: OnDuplicate = "keep",
    observed_until: datetime | None = None,
    memory_limit: int | str | None = None,
) -> EventLog:
    """What customers did, from a file, a glob, a list of files or a table in memory.

    ``format`` names an importer; without it the one dedicated importer that recognises the source reads it, else the generic
    one for its suffix. ``columns`` maps ``customer``, ``time``, ``event``, ``channel``, ``value``, ``session``, ``case`` and
    ``order`` to the source's columns; ``{"event": ["stage", "action"]}`` makes the event of several, joined by " / ", a missing
    part left out, ``{"value": None}`` leaves a column out. ``tz`` is the zone of times that carry none, ``time_format`` a
    strptime pattern.
    ``on_duplicate`` says what becomes of exactly equal rows (``keep``, ``drop``, ``raise``). ``observed_until`` (aware) is
    when the log was last watched, by default its last time. ``memory_limit`` (``"4GB"``, or bytes) bounds the memory of the
    engine, here and in every measure of this log (default: 3 GB, or less on a small machine); it spills to disk what does not
    fit. A row that cannot be used is rejected, never repaired; ``.report`` counts it.

    Raises `EvidenceError` when the source is not what it claims to be, `PluginError` when no importer or several answer,
    `SpaceError` when memory and disk are full.
    """
    raw, facts = _read(source, format, "events", memory_limit)
    return canonical(raw, "events", columns, tz, time_format, on_duplicate, observed_until, **facts)


def read_feedback(
    source: object,
    format: str | Importer | None = None,
    *,
    columns: Columns | None = None,
    kind: str | None = None,
    scale: tuple[float, float] | None = None,
    about: str | None = None,
    tz: str | None = None,
    time_format: str | None = None,
    on_duplicate: OnDuplicate = "keep",
) -> Feedback:
    """What customers said: ratings, scores and comments; `read_events` says what the arguments and errors mean.

    ``kind`` (``nps``, ``csat``, ``ces``, ``rating``, ``comment``, ``other``), ``scale`` (lowest and highest score) and
    ``about`` (an event, a touchpoint id or a channel) hold for every row where no column says otherwise.
    """
    raw, facts = _read(source, format, "feedback")
    return canonical(
        raw, "feedback", columns, tz, time_format, on_duplicate, feedback_kind=kind, scale=scale, about=about, **facts
    )


def read_metrics(
    source: object,
    format: str | Importer | None = None,
    *,
    columns: Columns | None = None,
    tz: str | None = None,
    time_format: str | None = None,
    on_duplicate: OnDuplicate = "keep",
) -> Metrics:
    """Figures over time (``kpi``, ``time``, ``value``); `read_events` says what the arguments and errors mean."""
    raw, facts = _read(source, format, "metrics")
    return canonical(raw, "metrics", columns, tz, time_format, on_duplicate, **facts)


def read_customers(
    source: object,
    format: str | Importer | None = None,
    *,
    columns: Columns | None = None,
    tz: str | None = None,
    time_format: str | None = None,
    on_duplicate: OnDuplicate = "keep",
) -> Customers:
    """Who the customers are (``customer`` and attributes); `read_events` says what the arguments and errors mean."""
    raw, facts = _read(source, format, "customers")
    return canonical(raw, "customers", columns, tz, time_format, on_duplicate, **facts)


def discover(
    events: EventLog,
    *,
    title: str,
    id: str | None = None,
    stages: Mapping[str, Sequence[str]] | None = None,
    max_touchpoints: int = 15,
    case: str = "customer",
    outcome: str | Match | Outcome | None = None,
    language: str = "en",
    floor: int = FLOOR,
) -> Journey:
    """A first map measured from a log, for people to edit; the same log gives the same draft.

    The touchpoints are the event names that most cases reach, at most ``max_touchpoints`` with "Other" for all the rest, in the
    order in which cases first come to them; stages are cut where that order has its largest breaks, or are given:
    ``stages={"Consider": ["view", "search"], ...}``. ``case`` is what one journey is counted by, ``outcome`` the event that is
    success, a rule, or a `journeykit.model.Outcome`. What fewer than ``floor`` customers did is part of "Other". What is counted
    and every threshold: `journeykit.discovery.discover`.

    Raises `ArgumentError` for a log without events and for names it does not have.
    """
    given: object = events
    if not isinstance(given, EventLog):
        raise ArgumentError(f"events={_shown(given)}: read the events with read_events(...) first")
    return discovery.discover(
        events,
        title=title,
        id=id,
        stages=stages,
        max_touchpoints=max_touchpoints,
        case=case,
        outcome=outcome,
        language=language,
        floor=floor,
    )


def score(
    journey: Journey,
    evidence: Evidence,
    scorers: Iterable[str | Scorer] = ("impact", "friction"),
    *,
    seed: int = 0,
    floor: int = FLOOR,
    progress: Callable[[int, int], None] | None = None,
) -> Scorecard:
    """Count the evidence on the map once, and let every scorer (a name or an object) say what follows.

    ``seed`` feeds everything random and is kept in the result. Figures that rest on fewer than ``floor`` journeys or
    customers, and those that would give them away, are withheld (`journeykit.results.small_groups` says how); 1 withholds
    nothing, for those who may see the log itself. ``progress`` is called with (done, total) while counting and while each
    scorer works, all of which are equal parts of the total. Raises `ArgumentError` when the evidence holds no events, two
    scorers have the same name, or the floor is below 1.
    """
    _must_be_a_map(journey)
    if isinstance(scorers, str):
        raise ArgumentError(f"scorers={scorers!r}: give a list, such as scorers=[{scorers!r}]")
    given: object = evidence
    if not isinstance(given, Evidence):
        raise ArgumentError(
            f"evidence={type(given).__name__}(...): put what was read into one Evidence, such as Evidence(events=events)"
        )
    chosen = [plugins.scorers().get(scorer) for scorer in scorers]
    return scoring.scorecard(journey, evidence, chosen, seed=seed, floor=floor, progress=progress)


def render(
    journey: Journey,
    renderer: str | Renderer = "swimlane",
    *,
    scores: Scorecard | None = None,
    beside: Journey | None = None,
) -> Rendering:
    """The journey, with its scores where they are given, as a picture or document; ``renderer`` is a name or an object.

    ``beside`` is another journey to compare it with (the map as it is to be, or an older version). Raises `ArgumentError`
    where the renderer has no such setting, and for scores of another journey or of a map with other touchpoints.

    >>> jk.render(journey, "json").media_type
    'application/json'
    """
    chosen = plugins.renderers().get(renderer)
    _must_be_a_map(journey)
    if scores is not None:
        given: object = scores
        if not isinstance(given, Scorecard):
            raise ArgumentError(
                f"scores={_shown(given)}: give the scorecard that score() returned, or one read with codec.loads_scorecard(text)"
            )
        scoring.must_be_of(scores, journey)
    made = (chosen if beside is None else _beside(chosen, beside)).render(journey, scores)
    return plugins.renderers().returned(chosen, made, Rendering)


def check(
    journey: Journey,
    evidence: Evidence | None = None,
    *,
    today: date | None = None,
    thresholds: conformance.Thresholds | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Records[Finding]:
    """What is missing, overdue or doubtful in a valid map, and where the evidence contradicts it; each with the next step.

    ``today`` is what dates are compared with: by default the day up to which the events were observed, without events the
    day of the call; the finding ``checked-as-of`` records it. ``thresholds`` say from where on a difference is worth a
    finding, ``journeykit.conformance.CHECKS`` what each code means. ``progress`` is called with (done, total) while counting.
    Raises `ArgumentError` when ``today`` is no date, or a single table is given in place of an `Evidence`.

    >>> isinstance(jk.check(journey)[0].next_step, str)
    True
    """
    _must_be_a_map(journey)
    return conformance.check(journey, evidence, today=today, thresholds=thresholds, progress=progress)


def _beside(renderer: Renderer, other: Journey) -> Renderer:
    """The renderer with its setting ``beside``: what compares has one, the protocol itself knows a single journey."""
    kind: Any = type(renderer)
    if not attrs.has(kind) or "beside" not in attrs.fields_dict(kind):
        raise ArgumentError(
            f"the renderer {renderer.name!r} draws one journey: leave beside= out, or choose one that compares, such as "
            "'swimlane'"
        )
    compares: Renderer = attrs.evolve(cast("Any", renderer), beside=other)
    return compares


def _read(
    source: object, format: str | Importer | None, kind: Kind, memory_limit: int | str | None = None
) -> tuple[RawTable, dict[str, str]]:
    """The rows as the right importer reads them, and what the report says of where they came from."""
    found = reading.resolve(source)
    if format is None:
        format = plugins.importer_for(reading.sample(found), kind) or reading.generic_format(found)
    importer = plugins.importers().get(format)
    if kind not in importer.yields:
        raise ArgumentError(f"the importer {importer.name!r} reads {one_of(importer.yields)}, not {kind}")
    with limited(memory_limit), room():
        raw = plugins.importers().returned(importer, importer.read(found, kind), RawTable)
    return raw, {"format": importer.name, "source": found.name}


def _shown(given: object) -> str:
    # A wrong argument is often a path; anything else may hold data.
    return repr(given) if isinstance(given, str | Path) else f"{type(given).__name__}(...)"


def _must_be_a_map(journey: object) -> None:
    if not isinstance(journey, Journey):
        raise ArgumentError(f"journey={_shown(journey)}: load the map with load(...) first")
