"""The emotion curve: what it shows, that it fits, and that it is the same picture every time."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import warnings
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import attrs
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from journeykit.drawing.theme import DARK, LIGHT, Theme
from journeykit.drawing.wording import wording
from journeykit.errors import ArgumentError, RenderingError
from journeykit.model import Emotion, Journey, Moment, Persona, Stage, Touchpoint
from journeykit.renderers._curve_drawing import Drawing, stretches
from journeykit.renderers._curve_lines import Line, lines_of
from journeykit.renderers._curve_points import aside, runs, smooth
from journeykit.renderers._curve_text import Pen
from journeykit.renderers._curve_values import look, placed
from journeykit.renderers.curve import CurveRenderer, draw
from journeykit.results import Coverage, Interval, Records, Score, Scorecard, Subject

LONG = "Compares prices, reads what others say and asks a friend who knows about shoes"


def journey(
    count: int = 6, *, title: str = "First order", names: tuple[str, ...] = (), language: str = "en"
) -> Journey:
    names = names or (LONG, "Pays", "Adds to the basket and sees the fee")
    values = (0.6, -2, 0.9, 2, 0.3, -0.9)
    touchpoints = [
        Touchpoint(
            id=f"t{i}",
            title=names[i % len(names)],
            emotions=[Emotion(valence=values[i % 6], spread=0.4)] if i % 5 != 4 else (),
            moment=Moment(kind="decision", label="ZMOT") if i % 3 == 2 else None,
        )
        for i in range(count)
    ]
    half = (count + 1) // 2
    stages = [Stage(id="a", title="Discover and compare", touchpoints=touchpoints[:half])]
    if touchpoints[half:]:
        stages.append(Stage(id="b", title="Buy", touchpoints=touchpoints[half:]))
    return Journey(id="first-order", title=title, language=language, stages=stages)


def curves(journey: Journey) -> tuple[Line, ...]:
    return lines_of(journey, wording(journey.language))


def drawing(journey: Journey) -> Drawing:
    return Drawing(journey=journey, lines=curves(journey), palette=Theme().light, words=wording(journey.language))


def rated(
    drawn: Journey, *values: float | None, first: int = 1, segment: str | None = None, claimed: tuple[int, ...] = ()
) -> Scorecard:
    """A scorecard of ratings, one for each touchpoint in turn (None: withheld), of the month ``first`` of 2025."""
    scores = []
    for place, (touchpoint, value) in enumerate(zip(drawn.touchpoints(), values, strict=False)):
        status = "suppressed" if value is None else "low-n" if place in claimed else "ok"
        scores.append(
            Score(
                subject=Subject(kind="touchpoint", id=touchpoint.id),
                scorer="emotion",
                segment=segment,
                value=value,
                unit="valence -2..+2",
                interval=None if value is None else Interval(low=value - 0.1, high=value + 0.2, method="t"),
                n=None if value is None else 40,
                status=status,
                reason={"ok": None, "low-n": "declared-only", "suppressed": "small-group"}[status],
                method="emotion@1",
                explanation="As customers rated it.",
            )
        )
    start = datetime(2025, first, 1, tzinfo=UTC)
    coverage = Coverage(
        events=1, claimed=1, unclaimed=0, cases=1, journeys=1, off_map=0, closed=1, open=0, converted=0, abandoned=0, late=0,
        first=start, last=start + timedelta(days=27), observed_until=None, tie_rule="none", ties=0, touchpoints=(),
    )  # fmt: skip
    records = Records(scores, kind=Score, key=("subject", "scorer"))
    return Scorecard(journey=drawn.id, version=None, coverage=coverage, scores=records, seed=0)


def lines(drawn: Journey, **settings: Any) -> tuple[Line, ...]:
    return lines_of(drawn, wording(drawn.language), **settings)


def with_personas(*claims: tuple[str, float]) -> Journey:
    """One touchpoint that each of three personas feels something about."""
    emotions = [Emotion(valence=valence, persona=persona) for persona, valence in claims]
    stage = Stage(id="s", title="S", touchpoints=[Touchpoint(id="t", title="T", emotions=emotions)])
    personas = [Persona(id=id, name=id.upper()) for id in ("ann", "bob", "cem")]
    return Journey(id="j", title="J", personas=personas, stages=[stage])


def test_png_is_drawn() -> None:
    """The default picture is a PNG that names its journey."""
    rendering = CurveRenderer().render(journey())

    assert rendering.body.startswith(b"\x89PNG\r\n")
    assert (rendering.media_type, rendering.renderer) == ("image/png", "curve")
    assert rendering.title == "Emotion curve of First order"


@pytest.mark.parametrize("format", ["png", "svg", "pdf"])
def test_same_bytes(format: str) -> None:
    """The same journey gives the same bytes, with any hash seed."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from journeykit.model import *; from journeykit.renderers.curve import CurveRenderer; import hashlib\n"
        "t = [Touchpoint(id=f't{i}', title='A title', emotions=[Emotion(valence=i - 1, spread=.3)]) for i in range(3)]\n"
        "j = Journey(id='j', title='J', stages=[Stage(id='s', title='S', touchpoints=t)])\n"
        "print(hashlib.sha256(CurveRenderer(format=sys.argv[2]).render(j).body).hexdigest())"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code, ".", format],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(made) == 1
    assert made != {""}


def test_svg_carries_no_date_and_is_well_formed() -> None:
    """The SVG parses, and nothing in it tells when it was made."""
    body = CurveRenderer(format="svg").render(journey()).body

    assert ET.fromstring(body).tag == "{http://www.w3.org/2000/svg}svg"
    assert b"dc:date" not in body


def test_no_emotion_is_an_error_that_says_what_to_add() -> None:
    """A map without any emotion has no curve, and the error says how to give it one."""
    bare = Journey(id="bare", title="B", stages=[Stage(id="s", title="S", touchpoints=[Touchpoint(id="t", title="T")])])

    with pytest.raises(RenderingError, match=r"'bare' holds no emotion.*valence from -2 to 2"):
        CurveRenderer().render(bare)


def test_a_line_stops_at_a_gap() -> None:
    """Stretches without a gap are drawn one by one."""
    assert [(0, 1), (2, 4)] == runs([True, False, True, True])


@pytest.mark.parametrize("count", [1, 4, 10, 25, 40, 60])
def test_no_text_is_cut_and_no_label_overlaps(count: int) -> None:
    """From 1 to 60 touchpoints every text lies inside the figure and no two names or stage titles touch."""
    drawn = journey(count)
    figure = drawing(drawn).figure(100)
    renderer = FigureCanvasAgg(figure).get_renderer()
    drawn_in = [text for ax in figure.axes for text in ax.texts]
    rows = [
        [text.get_window_extent(renderer) for text in drawn_in if text.get_gid() == f"name-{i}"] for i in range(count)
    ]
    names = [Bbox.union(boxes) for boxes in rows]
    ticks = [label for ax in figure.axes for label in ax.get_yticklabels()]
    texts = [text.get_window_extent(renderer) for text in (*drawn_in, *figure.texts, *ticks) if text.get_text()]
    wide, high = figure.bbox.width, figure.bbox.height

    assert [] == [box for box in (*names, *texts) if box.x0 < 0 or box.y0 < 0 or box.x1 > wide or box.y1 > high]
    assert wide <= 24 * 100
    inside = [text.get_window_extent(renderer) for text in (*drawn_in, *figure.texts) if text.get_text()]
    assert [] == [(a, b) for i, a in enumerate(inside) for b in inside[i + 1 :] if a.overlaps(b)]
    # Names of one row share their first baseline, whatever letters they hold.
    for ax, (first, stop) in zip(figure.axes, stretches(drawn), strict=True):
        firsts = [next(t for t in ax.texts if t.get_gid() == f"name-{i}") for i in range(first, stop)]
        assert 1 == len({text.get_position()[1] for text in firsts})
        assert {"baseline"} == {text.get_verticalalignment() for text in firsts}
    # The names stand under the plot and above the footnote.
    foot = figure.texts[-1].get_window_extent(renderer)
    assert min(box.y0 for box in names) > foot.y1


def test_rows_hold_every_touchpoint_once_and_end_with_stages() -> None:
    """More than 24 touchpoints are drawn in rows of about 20, which part where a stage ends if they are nearly full then."""
    touchpoints = [Touchpoint(id=f"t{i}", title="T", emotions=[Emotion(valence=1)]) for i in range(50)]
    cuts = pairwise((0, 16, 20, 50))
    stages = [Stage(id=f"s{a}", title="S", touchpoints=touchpoints[a:b]) for a, b in cuts]

    assert [(0, 16), (16, 33), (33, 50)] == stretches(Journey(id="j", title="J", stages=stages))
    assert [(0, 24)] == stretches(journey(24))


def test_narrow_axes_have_numbers_for_names() -> None:
    """Where no word fits, a touchpoint has its number on the map, whole, and nothing overlaps."""
    figure = Figure(figsize=(6, 4), dpi=100)
    ax = draw(journey(10), ax=figure.subplots())
    renderer = FigureCanvasAgg(figure).get_renderer()
    names = [text for text in ax.texts if (text.get_gid() or "").startswith("name-")]
    boxes = [text.get_window_extent(renderer) for text in ax.texts if text.get_text()]

    assert [str(i) for i in range(1, 11)] == [text.get_text() for text in names]
    assert [] == [(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :] if a.overlaps(b)]


def test_curves_differ_in_more_than_colour() -> None:
    """Any two of eight curves differ in dash or in marker."""
    looks = [look(number)[1:] for number in range(8)]

    assert 8 == len(set(looks))


def test_points_of_one_height_step_aside() -> None:
    """Three personas, two of whom feel the same: their points part, the third one's stays, and none changes its height."""
    found = curves(with_personas(("ann", 1), ("bob", 1), ("cem", -1)))

    assert [[-0.07], [0.07], [0.0]] == aside(found)


def test_a_spread_without_neighbours_is_a_bar() -> None:
    """One point with a spread between points without: an upright line, and no filled band."""
    emotions = (Emotion(valence=1), Emotion(valence=0, spread=1), Emotion(valence=-1))
    touchpoints = [Touchpoint(id=f"t{i}", title="T", emotions=[e]) for i, e in enumerate(emotions)]
    drawn = Journey(id="j", title="J", stages=[Stage(id="s", title="S", touchpoints=touchpoints)])
    ax = drawing(drawn).figure(100).axes[0]
    bars = [line for line in ax.lines if line.get_marker() == "_"]

    assert [[-1, 1]] == [list(line.get_ydata()) for line in bars]
    # Only the two areas above and below neutral are filled.
    assert 2 == len(ax.collections)


@pytest.mark.parametrize("count", [4, 10, 25])
def test_figures_hide_no_line(count: int) -> None:
    """Every figure stands clear of the curve and of the neutral line."""
    drawn = journey(count)
    found = curves(drawn)
    column, unit = 120.0, 5.24 / 530
    labels = placed(found, Pen(100), column, unit, Theme().light, wording("en"))
    course = [
        ((x + 0.5) * column, (2.62 - y) / unit)
        for start, stop in runs(point is not None for point in found[0].points)
        for x, y in zip(*smooth(range(start, stop), [p.valence for p in found[0].points[start:stop] if p]), strict=True)
    ]
    neutral = 2.62 / unit

    assert len(labels) == sum(1 for point in found[0].points if point)
    assert [] == [v for v in labels for x, y in course if v.box.x < x < v.box.right and v.box.y < y < v.box.bottom]
    assert [] == [v for v in labels if v.box.y < neutral < v.box.bottom]


def test_several_curves_have_a_key_that_fits() -> None:
    """Each persona's name stands in the key, inside the figure, and no two names overlap."""
    names = ("Maya, 34", "Jonas the very patient bargain hunter", "Priya", "A club of forty runners", "Otto")
    personas = [Persona(id=f"p{i}", name=name) for i, name in enumerate(names)]
    feelings = [Emotion(valence=i / 2 - 1, persona=p.id, basis="assumed") for i, p in enumerate(personas)]
    stage = Stage(
        id="s", title="S", touchpoints=[Touchpoint(id=f"t{i}", title="T", emotions=feelings) for i in range(3)]
    )
    drawn = Journey(id="j", title="J", personas=personas, stages=[stage])
    figure = drawing(drawn).figure(100)
    renderer = FigureCanvasAgg(figure).get_renderer()
    keys = [text for text in figure.texts if text.get_text() in names]
    boxes = [text.get_window_extent(renderer) for text in keys]

    assert list(names) == [text.get_text() for text in keys]
    assert [] == [box for box in boxes if box.x0 < 0 or box.x1 > figure.bbox.width]
    assert [] == [(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :] if a.overlaps(b)]
    assert min(box.y0 for box in boxes) > figure.axes[0].get_window_extent().y1


def test_draws_on_given_axes_and_returns_them() -> None:
    """``draw`` uses the axes it is given, and no other."""
    figure = Figure(figsize=(9, 4))
    ax = figure.add_subplot()

    assert CurveRenderer().draw(journey(), ax=ax) is ax
    assert figure.axes == [ax]
    assert len(ax.get_xticklabels()) == 6


def test_pyplot_is_never_loaded() -> None:
    """Drawing does not touch pyplot and its global state."""
    code = (
        "import sys; from journeykit.model import *; from journeykit.renderers.curve import CurveRenderer\n"
        "t = [Touchpoint(id='t', title='T', emotions=[Emotion(valence=1)])]\n"
        "CurveRenderer().render(Journey(id='j', title='J', stages=[Stage(id='s', title='S', touchpoints=t)]))\n"
        "print('matplotlib.pyplot' in sys.modules, 'matplotlib.figure' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ("False True\n", "") == (done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("ja", ("「扁平足に最適な靴」を検索する、それから比較する", "送料を見る 🙂")),
        ("ar", ("يقارن الأسعار ويقرأ المراجعات", "يبحث عن نصيحة")),
        ("en", ("Costs $5 to $9 <b>&amp;", "a_b^{c")),
    ],
)
def test_any_script_without_a_warning(language: str, names: tuple[str, ...]) -> None:
    """Titles in any script, and with signs that mean something to maths or markup, draw without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        body = CurveRenderer(format="svg").render(journey(names=names, title=names[0], language=language)).body

    assert len(body) > 1000


def test_right_to_left_is_mirrored() -> None:
    """In a right-to-left language the journey begins at the right."""
    drawn = journey(language="ar")
    ax = drawing(drawn).figure(100).axes[0]

    assert ax.get_xlim()[0] > ax.get_xlim()[1]


def test_caller_settings_do_not_change_the_picture() -> None:
    """matplotlib's global settings are the caller's; the picture ignores them and leaves them as they were."""
    import matplotlib as mpl

    before = CurveRenderer().render(journey(3)).body
    with mpl.rc_context({"axes.facecolor": "red", "lines.linewidth": 9, "font.size": 30}):
        changed = CurveRenderer().render(journey(3)).body
        kept = mpl.rcParams["font.size"]

    assert before == changed
    assert kept == 30


@pytest.mark.parametrize(
    ("settings", "named"), [({"format": "gif"}, "'png', 'svg' or 'pdf'"), ({"dpi": 5}, "50 to 600")]
)
def test_settings_are_checked(settings: dict[str, object], named: str) -> None:
    """A setting without meaning is an error that says what is accepted."""
    with pytest.raises(ArgumentError, match=named):
        CurveRenderer(**settings)  # type: ignore[arg-type]


def test_wrapped_lines_fit_and_keep_every_word() -> None:
    """Wrapped lines are no wider than asked, and together they are the text."""
    pen = Pen(100)
    lines = pen.wrap(LONG, 90, 9)

    assert " ".join(lines) == LONG
    assert all(pen.width(line, 9) <= 90 for line in lines)
    assert len(lines) > 3


def test_line_breaks_in_a_text_are_spaces() -> None:
    """Text that breaks its own lines is measured and drawn as if on one, without a warning of a missing sign."""
    stage = Stage(
        id="s",
        title="Buys\tit",
        touchpoints=[
            Touchpoint(
                id="t",
                title="Pays\nby card",
                emotions=[Emotion(valence=1, persona="p"), Emotion(valence=-1, persona="q")],
            )
        ],
    )
    people = [Persona(id="p", name="Ma\nya"), Persona(id="q", name="Ti\tmur")]
    broken = Journey(id="j", title="A first\norder", scenario="One\n\ttwo", personas=people, stages=[stage])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        CurveRenderer().render(broken)

    assert Pen(100).width("One two", 9) == Pen(100).width("One\n\ttwo", 9)


def test_long_words_are_hyphenated_and_closing_signs_never_start_a_line() -> None:
    """A word wider than the line is broken with a hyphen; Japanese breaks anywhere but before closing signs."""
    pen = Pen(100)
    broken = pen.wrap("Donaudampfschifffahrtsgesellschaft", 80, 9)
    japanese = pen.wrap("送料を見る、それから「靴」を買う。", 60, 9)

    assert all(line.endswith("-") for line in broken[:-1])
    assert "".join(line.rstrip("-") for line in broken) == "Donaudampfschifffahrtsgesellschaft"
    assert not [line for line in japanese if line[0] in "、。」"]


def test_too_long_text_ends_in_an_ellipsis() -> None:
    """With a limit of lines the last one says that text is missing."""
    lines = Pen(100).wrap(LONG, 90, 9, most=2)

    assert len(lines) == 2
    assert lines[-1].endswith("…")


def test_png_has_the_asked_resolution() -> None:
    """Twice the dots an inch give twice the pixels."""
    from PIL import Image

    sizes = [Image.open(io.BytesIO(CurveRenderer(dpi=dpi).render(journey(3)).body)).size for dpi in (72, 144)]

    assert sizes[1] == pytest.approx(tuple(2 * side for side in sizes[0]), abs=2)


def test_ratings_take_the_place_of_claims() -> None:
    """With scores that rest on ratings the line is what customers said, with the interval of the mean as its band."""
    drawn = journey(3)
    (line,) = lines(drawn, scores=rated(drawn, 1.0, None, -1.0, claimed=(2,)))
    first, gap, last = line.points

    assert line.measured
    assert (1.0, 0.9, 1.2, False) == (first.valence, first.low, first.high, first.assumed)
    assert gap is None
    assert last.assumed


def test_scores_without_ratings_leave_the_claims() -> None:
    """A scorecard of other scores, or one that only repeats the map, does not change the line."""
    drawn = journey(3)
    (claims,) = lines(drawn)

    assert (claims,) == lines(drawn, scores=rated(drawn))
    assert (claims,) == lines(drawn, scores=rated(drawn, 1.0, claimed=(0,)))


def test_two_periods_are_two_lines_named_by_their_days() -> None:
    """The earlier period comes first, whichever was given as the other; each is named by what it covers."""
    drawn = journey(3)
    old, new = rated(drawn, 1.0, 0.0, 1.0, first=1), rated(drawn, 0.0, 0.5, 0.5, first=3)
    names = ["2025-01-01 – 2025-01-28", "2025-03-01 – 2025-03-28"]

    assert names == [line.name for line in lines(drawn, scores=new, beside=old)]
    assert names == [line.name for line in lines(drawn, scores=old, beside=new)]


def test_two_maps_are_two_lines_over_the_touchpoints_of_the_first() -> None:
    """As it is and as it is to be, joined by the ids of their touchpoints; what one lacks is a gap."""
    drawn = journey(3)
    (stage, last) = drawn.stages
    planned = attrs.evolve(
        drawn, status="future", stages=[attrs.evolve(stage, touchpoints=stage.touchpoints[1:]), last]
    )
    first, second = lines(drawn, beside=planned)

    assert ("As is", "To be") == tuple(wording("en").text(f"beside.{key}") for key in ("as-is", "to-be"))
    assert ("As is", "To be") == (first.name, second.name)
    assert [True, False, False] == [point is None for point in second.points]


def test_one_persona_alone_can_be_drawn() -> None:
    """``persona`` leaves one line; an unknown one is an error."""
    drawn = with_personas(("ann", 1), ("bob", -1))
    (line,) = lines(drawn, persona="bob")

    assert (-1.0, "BOB") == (line.points[0].valence, line.name)
    with pytest.raises(ArgumentError, match="no persona 'zoe'"):
        lines(drawn, persona="zoe")


def test_rated_personas_have_a_line_each() -> None:
    """Where ratings tell several personas apart, everyone comes first and each persona follows."""
    drawn = with_personas(("ann", 1), ("bob", -1))
    cards = [rated(drawn, value, segment=who) for who, value in ((None, 0.0), ("ann", 1.5), ("bob", -1.5))]
    scores = Records([score for card in cards for score in card.scores], kind=Score, key=("subject", "scorer"))
    found = lines(drawn, scores=attrs.evolve(cards[0], scores=scores))

    assert [("Everyone", 0.0), ("ANN", 1.5), ("BOB", -1.5)] == [(line.name, line.points[0].valence) for line in found]


def test_what_cannot_be_compared_is_refused() -> None:
    """A scorecard of another map, one without ratings, and a map of other touchpoints are errors that say so."""
    drawn, other = journey(3), attrs.evolve(journey(3), id="other")
    ratings = rated(drawn, 1.0, 1.0)
    strangers = with_personas(("ann", 1))

    with pytest.raises(ArgumentError, match="is of journey 'other', not of 'first-order'"):
        lines(drawn, scores=rated(other, 1.0))
    with pytest.raises(ArgumentError, match="both must hold ratings"):
        lines(drawn, beside=ratings)
    with pytest.raises(ArgumentError, match="both must hold ratings"):
        lines(drawn, scores=ratings, beside=rated(drawn))
    with pytest.raises(ArgumentError, match="few touchpoints of 'first-order'"):
        lines(drawn, beside=strangers)
    with pytest.raises(ArgumentError, match="beside is the scorecard of another period, or another journey, not str"):
        CurveRenderer(beside="march")  # type: ignore[arg-type]


def test_a_foreign_emotion_score_off_the_scale_is_refused() -> None:
    """A plugin may call its scores emotions on another scale; they are not drawn outside this one."""
    drawn = journey(3)
    with pytest.raises(RenderingError, match="an emotion of 7 is outside the scale"):
        lines(drawn, scores=rated(drawn, 7.0))


def test_draw_is_a_function_too() -> None:
    """``draw`` takes scores, a second period, a theme and axes; it gives the axes back with two lines' markers on them."""
    drawn = journey(3)
    ax = Figure(figsize=(9, 4)).add_subplot()
    old, new = rated(drawn, 1.0, 0.0, 1.0), rated(drawn, 0.0, 0.5, 0.5, first=3)

    assert draw(drawn, ax=ax, scores=new, beside=old, theme=Theme()) is ax
    assert {"o", "s"} <= {line.get_marker() for line in ax.lines}


@pytest.mark.parametrize("mode", ["auto", "light", "dark"])
def test_colours_are_the_theme_s(mode: Any) -> None:
    """A brand's colours are those of the picture, on light and on dark ground."""
    own = {"light": attrs.evolve(LIGHT, curve="#7A2E8E"), "dark": attrs.evolve(DARK, curve="#D9A6F0")}
    brand = Theme(**own, mode=mode)
    palette = own["dark" if mode == "dark" else "light"]
    body = CurveRenderer(format="svg", theme=brand).render(journey(3)).text

    assert palette.curve.lower() in body
    assert f"fill: {palette.bg.lower()}" in body


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Höhepunkt"), ("ja", "最高点"), ("ar", "الذروة"), ("en", "Peak")]
)
def test_the_picture_s_own_words_are_in_the_map_s_language(language: str, words: str) -> None:
    """Peak, scale and notes are said in the language of the journey."""
    drawn = journey(language=language)
    ax = drawing(drawn).figure(100).axes[0]

    assert words in [text.get_text() for text in ax.texts]
    assert wording(language).text("valence.2") in [label.get_text() for label in ax.get_yticklabels()]


def test_long_texts_are_cut_and_quickly_measured() -> None:
    """Texts of a thousand characters, with and without spaces, and a title of a hundred thousand are drawn in seconds."""
    long, solid = "word and some more of it " * 40, "x" * 1000
    touchpoints = [
        Touchpoint(id=f"t{i}", title=f"{i} {long if i % 2 else solid}", emotions=[Emotion(valence=i % 3)])
        for i in range(10)
    ]
    drawn = Journey(
        id="j", title="y" * 100_000, scenario=long * 9, stages=[Stage(id="s", title=long, touchpoints=touchpoints)]
    )
    CurveRenderer().render(journey(3))  # whatever is loaded once
    start = time.process_time()
    CurveRenderer().render(drawn)

    # A guard against quadratic work, not a measure of speed: 1 s on a quiet machine.
    assert time.process_time() - start < 30


def test_a_pdf_tells_no_date() -> None:
    """Nothing in the PDF tells when, or with which version, it was made."""
    body = CurveRenderer(format="pdf").render(journey(3)).body

    assert body.startswith(b"%PDF-")
    assert b"CreationDate" not in body
    assert b"Producer" not in body
