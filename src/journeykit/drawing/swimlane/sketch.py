"""What there is to draw: the journey and its scorecard, sorted by touchpoint, before any position is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import attrs
from attrs import field, frozen

from journeykit.drawing.feelings import Curve, Point, curve_of, curves
from journeykit.drawing.theme import Spacing
from journeykit.drawing.wording import Wording, wording
from journeykit.errors import ArgumentError
from journeykit.model import Journey, Stage, Touchpoint
from journeykit.model._frozen import Value

if TYPE_CHECKING:
    from journeykit.drawing.swimlane.comparing import Change
    from journeykit.results import Coverage, Score, Scorecard, TouchpointCount

__all__ = [
    "MOST_VOICES",
    "Cell",
    "Sketch",
    "decimals_for",
    "extremes",
    "paged",
    "reads_backwards",
    "sketch",
    "voices_of",
]

_RIGHT_TO_LEFT = ("ar", "he", "fa", "ur", "ps", "sd", "yi", "dv", "ckb")
MOST_VOICES = 4
"""More curves than this nobody can tell apart."""


@frozen(kw_only=True, eq=False, repr=False)
class Cell(Value):
    """One column of the map. ``touchpoint`` is None in the column of a stage that holds none.

    ``feelings`` holds a point for every curve that is drawn, None where that curve has a gap; ``share`` is how many of the
    journeys are still on board (0 to 1), ``loss`` how many went since the touchpoint counted before it. ``change`` is what
    the other map of a pair makes of it; ``passed`` are the curves whose map has no touchpoint here: they go on across it.
    """

    number: int
    stage: int
    touchpoint: Touchpoint | None
    feelings: tuple[Point | None, ...] = ()
    count: TouchpointCount | None = None
    scores: tuple[Score, ...] = ()
    share: float | None = None
    loss: float | None = None
    change: Change | None = None
    passed: frozenset[int] = frozenset()

    @property
    def feeling(self) -> Point | None:
        """The emotion of the first curve that has one here."""
        return next((point for point in self.feelings if point), None)


@frozen(kw_only=True, eq=False, repr=False)
class Sketch(Value):
    """Everything the lanes need. ``peak`` and ``lowest`` are the first cells with the highest and the lowest emotion, None
    unless two differ and where several curves are drawn. ``decimals`` are those of each scorer's figures. ``voices`` are
    the curves that are drawn, ``unheard`` the names of those that are not.

    ``cells`` are the columns of this page, from ``start`` on in ``every``, which are those of the whole map: what compares
    (scales, peaks, legends) looks at every one, so that the pages of a map speak of the same things.

    Beside another map there is the ``other`` sketch with the same columns and ``joined`` with the curves of both; ``label``
    says which of the two maps a sketch is, ``subtitle`` what a reader of both should know first.
    """

    journey: Journey
    words: Wording
    stages: tuple[Stage, ...]
    cells: tuple[Cell, ...]
    every: tuple[Cell, ...]
    voices: tuple[Curve, ...]
    unheard: tuple[str, ...]
    coverage: Coverage | None
    scorers: tuple[str, ...]
    overall: tuple[Score, ...]
    decimals: Mapping[str, int]
    peak: Cell | None = None
    lowest: Cell | None = None
    kpis: tuple[Score, ...] = ()
    start: int = 0
    page: int = 1
    pages: int = 1
    spacing: Spacing = field(factory=Spacing)
    label: str = ""
    subtitle: tuple[str, ...] = ()
    other: Sketch | None = None
    joined: Sketch | None = None

    @cached_property
    def touchpoints(self) -> tuple[Cell, ...]:
        """The cells of the whole map, and of the one beside it, that hold a touchpoint."""
        own = tuple(cell for cell in self.every if cell.touchpoint is not None)
        return (*own, *self.other.touchpoints) if self.other else own

    @property
    def backwards(self) -> bool:
        """Whether the journey's language is read from right to left."""
        return reads_backwards(self.journey.language)

    @property
    def tag(self) -> str | None:
        """What tells ids of this page from those of the first: a capital, which no id of a map has."""
        return None if self.page == 1 else f"P{self.page}"

    def named(self, name: str) -> str:
        """A name for ids of this page."""
        return f"{name}-{self.tag}" if self.tag else name

    def figures(self, scorer: str) -> Iterator[float]:
        """Every figure of a scorer on the whole map that is shown: values and ends of intervals."""
        return _figures(self.every, scorer)

    def felt(self, cell: Cell, persona: str | None) -> Point | None:
        """How this persona feels there; who has no curve of their own feels as the first curve that speaks."""
        own = (point for curve, point in zip(self.voices, cell.feelings, strict=False) if curve.persona == persona)
        return next(own, None) or cell.feeling

    def name_of(self, persona: str | None) -> str | None:
        """The persona's name where several could be meant."""
        if persona is None or len(self.journey.personas) < 2:
            return None
        return next(p.name for p in self.journey.personas if p.id == persona)


def decimals_for(values: Iterable[float], spans: Iterable[float] = ()) -> int:
    """How many decimals all these figures get, so that they compare and the smallest keeps a digit: 0 to 3.

    ``spans`` are the widths of their intervals: where even the narrowest leaves that digit open, it is not written.
    """
    sizes = [abs(value) for value in values if value]
    top = max(sizes, default=0.0)
    decimals = 0 if top >= 100 else 1 if top >= 10 else 2
    unit = 10.0**-decimals
    narrow = min(spans, default=0.0)
    return decimals + 1 if sizes and min(sizes) < unit and narrow < 2 * unit else decimals


def _figures(cells: Iterable[Cell], scorer: str) -> Iterator[float]:
    for cell in cells:
        for score in cell.scores:
            if score.scorer == scorer and score.value is not None:
                yield score.value
                if score.interval is not None:
                    yield from (score.interval.low, score.interval.high)


def _spans(cells: Iterable[Cell], scorer: str) -> Iterator[float]:
    own = (score for cell in cells for score in cell.scores if score.scorer == scorer and score.value is not None)
    return (score.interval.high - score.interval.low for score in own if score.interval is not None)


def extremes(cells: Iterable[Cell], voices: int) -> tuple[Cell | None, Cell | None]:
    """The first cell with the highest and with the lowest emotion; None for both unless a single curve has two levels."""
    felt = [(cell.feeling.valence, cell) for cell in cells if cell.feeling]
    if voices > 1 or len({valence for valence, _ in felt}) < 2:
        return None, None
    return max(felt, key=lambda pair: pair[0])[1], min(felt, key=lambda pair: pair[0])[1]


def reads_backwards(language: str) -> bool:
    """Whether a language is written from right to left."""
    language = language.lower()
    return language.split("-")[0] in _RIGHT_TO_LEFT and "latn" not in language


def voices_of(journey: Journey, words: Wording, persona: str | None) -> tuple[Curve, ...]:
    """The curves of a journey, or the one that is asked for; `ArgumentError` for an unknown persona."""
    if persona is not None and persona not in {p.id for p in journey.personas}:
        known = ", ".join(p.id for p in journey.personas) or "none"
        raise ArgumentError(f"no persona {persona!r} in journey {journey.id!r}; it has {known}")
    found = (curve_of(journey, persona),) if persona else curves(journey)
    everyone = words.text("everyone-else" if len(found) > 1 else "everyone")
    return tuple(curve if curve.persona else attrs.evolve(curve, name=everyone) for curve in found)


def sketch(
    journey: Journey, scores: Scorecard | None, persona: str | None = None, spacing: Spacing | None = None
) -> Sketch:
    """The journey by columns; `ArgumentError` when the scorecard is of another journey or the persona unknown."""
    if scores is not None and scores.journey != journey.id:
        raise ArgumentError(f"the scorecard is of journey {scores.journey!r}, not of {journey.id!r}")
    words = wording(journey.language)
    voices = voices_of(journey, words, persona)
    counts = {count.id: count for count in scores.coverage.touchpoints} if scores is not None else {}
    known = tuple(score for score in scores or () if score.segment is None)
    about: dict[str, list[Score]] = {}
    for score in known:
        if score.subject.kind == "touchpoint":
            about.setdefault(score.subject.id, []).append(score)
    cells: list[Cell] = []
    number = 0
    for index, stage in enumerate(journey.stages):
        for touchpoint in stage.touchpoints:
            number += 1
            feelings = tuple(voice.points[number - 1] for voice in voices[:MOST_VOICES])
            # Without a rule no event could ever be counted; a nought would claim that none happened.
            count = counts.get(touchpoint.id) if touchpoint.match is not None else None
            own = tuple(about.get(touchpoint.id, ()))
            cells.append(
                Cell(number=number, stage=index, touchpoint=touchpoint, feelings=feelings, count=count, scores=own)
            )
        if not stage.touchpoints:
            cells.append(Cell(number=0, stage=index, touchpoint=None))
    every = tuple(_on_board(cells, scores.coverage.journeys if scores is not None else 0))
    scorers = tuple(dict.fromkeys(score.scorer for cell in cells for score in cell.scores))
    peak, lowest = extremes(every, len(voices))
    return Sketch(
        journey=journey,
        words=words,
        stages=journey.stages,
        cells=every,
        every=every,
        voices=voices[:MOST_VOICES],
        unheard=tuple(voice.name for voice in voices[MOST_VOICES:]),
        coverage=scores.coverage if scores is not None else None,
        scorers=scorers,
        decimals={scorer: decimals_for(_figures(every, scorer), _spans(every, scorer)) for scorer in scorers},
        peak=peak,
        lowest=lowest,
        overall=tuple(score for score in known if score.subject.kind == "journey"),
        spacing=spacing or Spacing(),
        kpis=tuple(score for score in known if score.subject.kind == "kpi"),
    )


def _on_board(cells: list[Cell], journeys: int) -> Iterator[Cell]:
    """The cells with the share of journeys still on board and the loss since the last known one."""
    before: float | None = None
    for cell in cells:
        board = cell.count.on_board if cell.count is not None else None
        if board is None or not journeys:
            yield cell
            continue
        share = board / journeys
        yield attrs.evolve(cell, share=share, loss=None if before is None else before - share)
        before = share


def paged(whole: Sketch, most: int | None) -> tuple[Sketch, ...]:
    """The sketch cut into pages of at most ``most`` columns: at the end of a stage where that leaves a page half full."""
    size = len(whole.cells)
    if most is None or size <= most:
        return (whole,)
    cuts = [0]
    while size - cuts[-1] > most:
        start = cuts[-1]
        borders = [i for i in range(start + 1, start + most + 1) if whole.cells[i].stage != whole.cells[i - 1].stage]
        stage = whole.cells[start + most - 1].stage
        # A stage that fills the page is shared out evenly by itself; else all that is left.
        rest = sum(cell.stage == stage for cell in whole.cells[start:]) if not borders else size - start
        even = start + -(-rest // -(-rest // most))
        good = [i for i in borders if 2 * (i - start) >= most]
        cuts.append(good[-1] if good else even)
    pairs = list(zip(cuts, [*cuts[1:], size], strict=True))
    return tuple(_page(whole, start, end, page, len(pairs)) for page, (start, end) in enumerate(pairs, 1))


def _page(whole: Sketch, start: int, end: int, page: int, pages: int) -> Sketch:
    other, joined = (part and _page(part, start, end, page, pages) for part in (whole.other, whole.joined))
    cells = whole.cells[start:end]
    return attrs.evolve(whole, cells=cells, start=start, page=page, pages=pages, other=other, joined=joined)
