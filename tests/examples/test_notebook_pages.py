"""What journeykit shows, on the page of a notebook: each output stands alone, and nothing of it reaches the page around it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

import journeykit as jk
from journeykit import measures
from journeykit.model import Emotion, Journey, Match, Outcome, Stage, Touchpoint
from journeykit.testing import worlds

nbformat = pytest.importorskip("nbformat")
pytest.importorskip("nbconvert")

START = datetime(2026, 1, 5, tzinfo=UTC)
NASTY = '</td></div><script>alert(1)</script><b id="x">'


def nouns() -> dict[str, Any]:
    """Everything that shows itself, from a map and a log whose names would break out of a cell."""
    rows = [
        {"customer": f"person-{i}", "time": START + timedelta(minutes=9 * i + k), "event": event}
        for i in range(60)
        for k, event in enumerate([NASTY, "pay", "buy"][: 2 + i % 2])
    ]
    rows.append({"customer": None, "time": START, "event": "pay"})
    touchpoints = [
        Touchpoint(id="look", title=NASTY, match=Match(event=NASTY), emotions=[Emotion(valence=1)]),
        Touchpoint(id="pay", title="Pays", match=Match(event="pay"), emotions=[Emotion(valence=-1)]),
    ]
    journey = Journey(
        id="order",
        title=NASTY,
        outcome=Outcome(success=Match(event="buy")),
        stages=[Stage(id="s", title=NASTY, touchpoints=touchpoints)],
    )
    events = worlds.events(rows, observed_until=datetime(2026, 3, 1, tzinfo=UTC))
    evidence = jk.Evidence(events=events)
    cards = jk.score(journey, evidence, ["impact", "friction", "emotion", "moments"])
    return {
        "journey": journey,
        "a second map": journey.replace("pay", title="Pays later"),
        "evidence": evidence,
        "events": events,
        "report": events.report,
        "cards": cards,
        "one score": cards["pay", "friction"],
        "scores": cards.scores,
        "transitions": measures.transitions(events),
        "funnel": measures.funnel(events, ["pay", "buy"]),
        "findings": jk.check(journey, evidence),
        "scored map": jk.render(journey, scores=cards),
        "curve": jk.render(journey, "curve"),
    }


def bundle(value: Any) -> dict[str, str]:
    if hasattr(value, "_repr_mimebundle_"):
        found: dict[str, str] = value._repr_mimebundle_()
        return found
    return {"text/html": value._repr_html_(), "text/plain": repr(value)}


class Page(HTMLParser):
    """Every tag of a page by the output it stands in (None: the notebook's own), and whether tags close as they open."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.outputs: list[list[tuple[str, dict[str, str | None]]]] = []
        self._depth = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._depth:
            self.outputs[-1].append((tag, given))
            self._depth += tag == "div"
        elif tag == "div" and "jp-OutputArea-output" in (given.get("class") or ""):
            self.outputs.append([])
            self._depth = 1

    def handle_endtag(self, tag: str) -> None:
        self._depth -= bool(self._depth) and tag == "div"


@pytest.fixture(scope="module")
def shown() -> dict[str, Any]:
    return nouns()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_outputs_stand_alone_on_the_page(shown: dict[str, Any], theme: str) -> None:
    """Exported as JupyterLab shows it, no output has an id, a class, a style sheet or a script, none breaks out of its cell."""
    from nbconvert import HTMLExporter

    cells = []
    for name, value in shown.items():
        cell = nbformat.v4.new_code_cell(name, id=name.replace(" ", "-"), execution_count=1)
        cell.outputs = [nbformat.v4.new_output("execute_result", bundle(value), execution_count=1)]
        cells.append(cell)
    page, _ = HTMLExporter(template_name="lab", theme=theme).from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    outputs = Page(page).outputs

    assert len(outputs) == len(shown)
    tags = {tag for output in outputs for tag, _ in output}
    assert tags <= {
        "p", "strong", "br", "table", "caption", "thead", "tbody", "tr", "th", "td", "ul", "li", "img",
    }, tags  # fmt: skip
    assert {name for output in outputs for _, given in output for name in given} <= {"style", "alt", "src"}
    pictures = [given["src"] for output in outputs for tag, given in output if tag == "img"]
    assert 4 == len([source for source in pictures if source and source.startswith("data:image/")])
    assert "person-" not in page


def test_every_output_takes_the_colours_of_the_page(shown: dict[str, Any]) -> None:
    """Tables name no colour of their own, so that they can be read in a light and in a dark notebook."""
    for value in shown.values():
        page = bundle(value)["text/html"]
        styles = {
            given["style"]
            for _, given in Page(f'<div class="jp-OutputArea-output">{page}</div>').outputs[0]
            if "style" in given
        }

        assert styles <= {"text-align:left", "text-align:right", "max-width:100%"}
