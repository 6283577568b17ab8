"""The gallery: every built-in renderer on several journeys, drawn anew with each build of the manual.

The pictures go into ``gallery/_made`` and the pages into ``gallery/made-*.md``; neither is kept in git. A renderer that has no
words in `_WORDS` stops the build, so that the gallery cannot fall behind. ``_made/open/gallery`` is laid beside the pages as
it is, so that a picture can be opened at its full size and the interactive page be used where it is told of.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from shutil import copyfile
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
OPEN = MADE / "open" / "gallery"

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
    title: str
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
        title="Buying running shoes online",
        about="The map that `journeykit demo -o demo` writes: a made-up shop with 2,000 customers, in English.",
        code='events, reviews = jk.read_events("demo/events.csv"), jk.read_feedback("demo/reviews.csv")\n'
        'journey = jk.load("demo/first-order.journey.yaml")\n'
        "cards = jk.score(journey, jk.Evidence(events=events, feedback=reviews))",
        make=_demo,
    ),
    Exhibit(
        name="surgery",
        title="From a first symptom to an appointment (in German)",
        about="A made-up surgery with 900 patients: two personas, two ways to an appointment, in German.",
        code='journey = jk.load("docs/gallery/arzttermin.journey.yaml")\n'
        'cards = jk.score(journey, jk.Evidence(events=jk.read_events("events.csv")))',
        make=_surgery,
    ),
    Exhibit(
        name="orders",
        title="From a product page to an order",
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
    for exhibit in EXHIBITS:
        with tempfile.TemporaryDirectory(prefix="journeykit-gallery-") as folder:
            journey, card = exhibit.make(Path(folder))
        names = [name for name in _WORDS if name in built_in]
        parts = [part for name in names for part in _entry(exhibit, name, jk.render(journey, name, scores=card))]
        _write(
            f"made-{exhibit.name}.md",
            [f"# {exhibit.title}", "", exhibit.about, "", "```python", exhibit.code, "```", "", *parts],
        )
    _write("made-wall.md", list(_wall(names)))


def _write(name: str, lines: list[str]) -> None:
    # Unchanged pages keep their time, so that a second build reads nothing anew.
    target, page = GALLERY / name, "\n".join(lines)
    if not target.is_file() or target.read_text(encoding="utf-8") != page:
        target.write_text(page, encoding="utf-8")


def _wall(names: list[str]) -> Iterator[str]:
    """What the first page of the gallery shows: every view of the first journey, then the other journeys."""
    first, *others = EXHIBITS
    yield "::::{container} wall"
    for name in names:
        title, about, suffix = _WORDS[name]
        yield from _card(f"made-{first.name}.md#{title.lower().replace(' ', '-')}", title, about, first, name, suffix)
    yield from ("::::", "", "## Other journeys", "", "::::{container} wall")
    for exhibit in others:
        yield from _card(f"made-{exhibit.name}.md", exhibit.title, exhibit.about, exhibit, "swimlane", ".svg")
    yield "::::"


def _card(link: str, title: str, about: str, exhibit: Exhibit, name: str, suffix: str) -> Iterator[str]:
    # The slides look like the map; what is text has no picture.
    shown = "swimlane.svg" if suffix == ".pptx" else f"{name}{suffix}"
    yield ":::{container} card"
    if suffix in (".svg", ".png", ".pptx"):
        yield f"[![{title}](_made/{exhibit.name}-{shown})]({link})"
        yield ""
    elif suffix == ".html":
        small = f'<iframe src="{exhibit.name}-{shown}" title="{title}, small" sandbox="allow-scripts" tabindex="-1"></iframe>'
        yield from ("```{raw} html", f'<div class="small">{small}</div>', "```", "")
    yield f"[**{title}**]({link})"
    yield ""
    yield about
    yield ":::"


def _entry(exhibit: Exhibit, name: str, rendering: Rendering) -> Iterator[str]:
    title, about, suffix = _WORDS[name]
    path = rendering.save(MADE / f"{exhibit.name}-{name}{suffix}")
    copyfile(path, OPEN / path.name)
    yield f"## {title}"
    yield ""
    yield about
    yield ""
    yield f'```python\njk.render(journey, "{name}", scores=cards).save("{name}{suffix}")\n```'
    yield ""
    if suffix in (".svg", ".png"):
        yield f"```{{image}} _made/{path.name}\n:alt: {_plain(rendering.title)}\n:target: {path.name}\n:class: wide\n```"
    elif suffix == ".html":
        yield "```{raw} html"
        yield f'<iframe class="live" src="{path.name}" title="{title}" sandbox="allow-scripts" loading="lazy"></iframe>'
        yield f'<p><a href="{path.name}">Open it on a page of its own</a>, {max(1, len(rendering.body) // 1000)} kB.</p>'
        yield "```"
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
    # Before Sphinx looks whether the folder of html_extra_path is there.
    OPEN.mkdir(parents=True, exist_ok=True)
    app.connect("builder-inited", build)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
