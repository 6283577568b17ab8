"""The gallery: every built-in renderer on several journeys, drawn anew with each build of the manual.

The pictures go into ``gallery/_made`` and the pages into ``gallery/made-*.md``; neither is kept in git. A renderer that has no
words in `_WORDS` stops the build, so that the gallery cannot fall behind.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from attrs import frozen
from gallery_data import surgery_events
from sphinx.application import Sphinx

import journeykit as jk
from journeykit import cli, codec
from journeykit.model import Journey
from journeykit.results import Rendering, Scorecard

DOCS = Path(__file__).parents[1]
GALLERY = DOCS / "gallery"
MADE = GALLERY / "_made"

# renderer: (title, what it is for, suffix of its file)
_WORDS = {
    "swimlane": ("Journey map", "The whole map: stages, cards, feelings, words, pains, figures, backstage.", ".svg"),
    "html": ("Web page", "The same map as one page to search, filter and open down to the counts.", ".html"),
    "flow": ("Flow", "What customers really do, beside what was planned.", ".svg"),
    "funnel": ("Funnel", "Who is still on board at every touchpoint.", ".svg"),
    "matrix": ("Matrix", "What matters most, and what is hardest.", ".svg"),
    "storyboard": ("Storyboard", "One panel a stage, for people who were not there.", ".svg"),
    "curve": ("Emotion curve", "How it feels from stage to stage, for each persona.", ".png"),
    "pptx": ("Slides", "The map as native shapes that can be edited.", ".pptx"),
    "markdown": ("Report", "Every figure with its interval and its reason.", ".md"),
    "mermaid": ("Mermaid", "Text for wikis that draw Mermaid.", ".mmd"),
    "json": ("Data", "The journey and its scores for programs.", ".json"),
}


@frozen(kw_only=True)
class Exhibit:
    """A journey on show: its map, the code that gets it, and how."""

    name: str
    about: str
    code: str
    make: Callable[[Path], tuple[Journey, Scorecard]]


def _demo(folder: Path) -> tuple[Journey, Scorecard]:
    _quietly(["demo", "-o", str(folder)])
    evidence = jk.Evidence(
        events=jk.read_events(folder / "events.csv"), feedback=jk.read_feedback(folder / "reviews.csv")
    )
    journey = jk.load(folder / "first-order.journey.yaml")
    return journey, jk.score(journey, evidence)


def _surgery(folder: Path) -> tuple[Journey, Scorecard]:
    (folder / "events.csv").write_text(surgery_events(), encoding="utf-8")
    journey = jk.load(GALLERY / "arzttermin.journey.yaml")
    return journey, jk.score(journey, jk.Evidence(events=jk.read_events(folder / "events.csv")))


def _orders(_: Path) -> tuple[Journey, Scorecard]:
    example = DOCS.parent / "examples" / "rees46"
    card = codec.loads_scorecard((example / "scorecard.json").read_text(encoding="utf-8"))
    return jk.load(example / "first_order.journey.yaml"), card


EXHIBITS = (
    Exhibit(
        name="shoes",
        about="The map of `journeykit demo`: a made-up shop with 2,000 customers, in English.",
        code='journey = jk.load("demo/first-order.journey.yaml")\n'
        "cards = jk.score(journey, evidence)  # the demo's events.csv and reviews.csv",
        make=_demo,
    ),
    Exhibit(
        name="surgery",
        about="A made-up surgery with 900 patients: two personas, two ways to an appointment, in German.",
        code='journey = jk.load("docs/gallery/arzttermin.journey.yaml")\ncards = jk.score(journey, evidence)',
        make=_surgery,
    ),
    Exhibit(
        name="orders",
        about="Real customers: three hours of an electronics shop (REES46). The scorecard lies beside the map in "
        "`examples/rees46`, whose README gives the command that made it.",
        code='journey = jk.load("examples/rees46/first_order.journey.yaml")\n'
        'cards = codec.loads_scorecard(Path("examples/rees46/scorecard.json").read_text())',
        make=_orders,
    ),
)


def build(_: Sphinx) -> None:
    """Draw everything and write one page a journey."""
    built_in = {
        point.name for point in entry_points(group="journeykit.renderers") if point.value.startswith("journeykit.")
    }
    if missing := sorted(built_in - set(_WORDS)):
        raise SystemExit(f"docs/_ext/gallery.py has no words for the renderers {', '.join(missing)}")
    MADE.mkdir(exist_ok=True)
    for exhibit in EXHIBITS:
        with tempfile.TemporaryDirectory(prefix="journeykit-gallery-") as folder:
            journey, card = exhibit.make(Path(folder))
        names = [name for name in _WORDS if name in built_in]
        parts = [part for name in names for part in _entry(exhibit, name, jk.render(journey, name, scores=card))]
        page = "\n".join([f"# {journey.title}", "", exhibit.about, "", "```python", exhibit.code, "```", "", *parts])
        target = GALLERY / f"made-{exhibit.name}.md"
        # Unchanged pages keep their time, so that a second build reads nothing anew.
        if not target.is_file() or target.read_text(encoding="utf-8") != page:
            target.write_text(page, encoding="utf-8")


def _entry(exhibit: Exhibit, name: str, rendering: Rendering) -> Iterator[str]:
    title, about, suffix = _WORDS[name]
    path = rendering.save(MADE / f"{exhibit.name}-{name}{suffix}")
    yield f"## {title}"
    yield ""
    yield about
    yield ""
    yield f'```python\njk.render(journey, "{name}", scores=cards).save("{name}{suffix}")\n```'
    yield ""
    if suffix in (".svg", ".png"):
        yield f"```{{image}} _made/{path.name}\n:alt: {_plain(rendering.title)}\n```"
    elif suffix == ".mmd":
        drawn = [line for line in rendering.text.splitlines() if not line.startswith("%%")]
        yield "```text\n" + "\n".join(drawn) + "\n```"
    else:
        yield f"{{download}}`{path.name} <_made/{path.name}>`, {max(1, len(rendering.body) // 1000)} kB"
    yield ""


def _plain(text: str) -> str:
    return " ".join(json.dumps(text, ensure_ascii=False)[1:-1].split())


def _quietly(argv: list[str]) -> None:
    import contextlib  # noqa: PLC0415
    import io  # noqa: PLC0415

    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        if code := cli.main(argv):
            raise SystemExit(f"journeykit {' '.join(argv)} ended with {code}")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("builder-inited", build)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
