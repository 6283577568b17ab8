"""A journey shows itself without the model knowing any picture."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys

import pytest

from journeykit.errors import PluginMissingError
from journeykit.model import Journey, Stage, Touchpoint

JOURNEY = Journey(
    id="shop",
    title="A <b> order",
    stages=[Stage(id="buy", title="Buy", touchpoints=[Touchpoint(id="cart", title="Cart")])],
)


def test_a_journey_shows_its_map() -> None:
    """A notebook gets the picture as an image, which keeps its ids to itself, and one line of text."""
    bundle = JOURNEY._repr_mimebundle_(include=None, exclude=None)

    assert {"text/html", "text/plain"} == set(bundle)
    assert bundle["text/html"].startswith("<img ")
    assert "data:image/svg+xml;base64," in bundle["text/html"]
    assert "<b>" not in bundle["text/html"]
    assert "Journey shop: A <b> order (stages: 1, touchpoints: 1, personas: 0)" == bundle["text/plain"]


def test_without_the_renderer_a_line_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture is a plugin: where it is not installed, a journey is still shown in words."""
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_: [])

    assert {"text/plain"} == set(JOURNEY._repr_mimebundle_())


def test_the_model_loads_no_picture_until_it_is_asked() -> None:
    """Importing the model loads neither a room above it nor the search for plugins."""
    code = "import sys, journeykit.model; print([m for m in sys.modules if m.startswith('journeykit.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert [] == [
        room for room in ("api", "plugins", "renderers", "drawing", "results") if f"journeykit.{room}" in done.stdout
    ]


def test_a_journey_shows_its_page() -> None:
    """On request a journey is an interactive page, in a frame that may run its own script and nothing else."""
    page = JOURNEY.interactive()
    bundle = page._repr_mimebundle_()

    assert ("text/html", "html") == (page.media_type, page.renderer)
    assert bundle["text/html"].startswith('<iframe sandbox="allow-scripts" ')
    assert bundle["text/html"].endswith('"></iframe>')
    assert 1 == bundle["text/html"].count("<") - bundle["text/html"].count("</")


def test_without_the_page_s_renderer_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was asked for by name and is not there is an error that names it."""
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_: [])

    with pytest.raises(PluginMissingError, match="'html'"):
        JOURNEY.interactive()
