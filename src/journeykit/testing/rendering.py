"""The contract of renderers: what `RendererContract` tests in pytest and `check_renderer` checks in one call."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, ClassVar

from journeykit import plugins
from journeykit.errors import RenderingError
from journeykit.model import Journey, Stage
from journeykit.protocols import Renderer
from journeykit.results import Rendering, Scorecard
from journeykit.testing import _hostile
from journeykit.testing._laws import Contract, asked, check, fresh, must
from journeykit.testing._wellformed import faults
from journeykit.testing.worlds import journey as full_journey

__all__ = ["RendererContract", "check_renderer"]

_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+(; ?[a-z0-9-]+=\S+)*")


class RendererContract(Contract):
    """The laws of a renderer, one test method each; subclass it in your tests.

    ::

        class TestMyRenderer(RendererContract):
            plugin = MyRenderer

    ``plugin`` is the class or an instance. It draws a map that uses every field, which it must be able to, an empty one, maps
    full of hostile texts, maps that hypothesis invents (``pip install "journeykit[testing]"``), and further ``journeys``
    of your own. A map it cannot draw it may refuse with `RenderingError`; nothing else may be raised. ``inventions`` is how
    many maps hypothesis invents; a renderer that takes seconds may say fewer.
    """

    registry: ClassVar[plugins.Registry[Any]] = plugins.renderers()
    journeys: ClassVar[Sequence[Journey]] = ()
    inventions: ClassVar[int] = 25

    def every(self) -> Iterator[tuple[str, Journey]]:
        """The maps of the suite, then those of the plugin's author, each with what is special about it."""
        yield "the full map", full_journey()
        yield "a map without stages", Journey(id="bare", title="Bare")
        yield "a map without touchpoints", Journey(id="bare", title="Bare", stages=[Stage(id="one", title="One")])
        for journey in self.journeys:
            yield f"your map {journey.id!r}", journey

    def used(self, plugin: Any) -> None:
        """Draw the full map with scores."""
        journey = full_journey()
        _drawn(plugin, journey, _hostile.card(journey), "the full map")

    def test_it_makes_what_it_says(self) -> None:
        """It returns a Rendering of its media type, signed with its name, with a title and a whole, well-formed body."""
        plugin = self.made()
        must(bool(_MEDIA_TYPE.fullmatch(plugin.media_type)), f"{plugin.media_type!r} is no media type")
        for what, journey in self.every():
            for scores in (None, _hostile.card(journey)):
                _check(plugin, journey, scores, what)
        must(_drawn(plugin, full_journey(), None, "the full map") is not None, "it refuses the full map")

    def test_the_same_input_gives_the_same_bytes(self) -> None:
        """Drawing again, and in two threads at once, gives the same bytes."""
        plugin = self.made()
        for what, journey in self.every():
            scores = _hostile.card(journey)
            first = _body(plugin, journey, scores, what)
            must(first == _body(plugin, journey, scores, what), f"{what} drawn twice gives different bytes")
            with ThreadPoolExecutor(2) as pool:
                both = list(pool.map(lambda w: _body(plugin, journey, scores, w), (what, what)))  # noqa: B023 - used at once
            must(both == [first, first], f"{what} drawn by two threads gives other bytes than by one")

    def test_another_process_gives_the_same_bytes(self) -> None:
        """Where it is installed, other Python processes with other hash seeds draw the same bytes."""
        plugin = self.made()
        if not self.installed():
            return
        code = f"from journeykit.testing.rendering import _fingerprint; print(_fingerprint({plugin.name!r}))"
        told = "another process draws other bytes; does an order rest on a set, or on an id?"
        must(fresh(code) == {_fingerprint(plugin.name)}, told)

    def test_hostile_texts_stay_text(self) -> None:
        """Markup, formulas, escapes, endless lines and control characters, in every field, leave the document whole."""
        plugin = self.made()
        for what, text in _hostile.TEXTS.items():
            journey = _hostile.spoken(full_journey(), text)
            for scores in (None, _hostile.card(journey, text)):
                _check(plugin, journey, scores, f"a map whose every text is {what}")
        plain = full_journey()
        _check(
            plugin,
            plain,
            _hostile.card(plain, _hostile.CONTROLS),
            "a scorecard whose every text holds control characters",
        )

    def test_invented_maps_are_drawn_or_refused(self) -> None:
        """Whatever valid map hypothesis invents is drawn well-formed, or refused with RenderingError."""
        from hypothesis import HealthCheck, given, settings  # noqa: PLC0415 - an extra, and only this law needs it

        from journeykit.testing.strategies import journeys  # noqa: PLC0415

        plugin = self.made()

        @settings(
            max_examples=self.inventions,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(journeys())
        def draw(journey: Journey) -> None:
            _check(plugin, journey, None, "an invented map")
            _check(plugin, journey, _hostile.card(journey), "an invented map with scores")

        draw()


def check_renderer(renderer: Renderer | type[Renderer], *, journeys: Sequence[Journey] = ()) -> None:
    """Check every law of `RendererContract` at once, on further maps of your own too.

    Raises AssertionError with one line for each broken law.
    """
    check(RendererContract, plugin=renderer, journeys=tuple(journeys))


def _drawn(plugin: Any, journey: Journey, scores: Scorecard | None, what: str) -> Any:
    with asked(f"drawing {what} {'with' if scores else 'without'} scores"):
        try:
            return plugin.render(journey, scores)
        except RenderingError as err:
            must(bool(str(err).strip()), f"it refuses {what} without a sentence")
            return None


def _body(plugin: Any, journey: Journey, scores: Scorecard | None, what: str) -> bytes | None:
    rendering = _drawn(plugin, journey, scores, what)
    return None if rendering is None else rendering.body


def _check(plugin: Any, journey: Journey, scores: Scorecard | None, what: str) -> None:
    rendering = _drawn(plugin, journey, scores, what)
    if rendering is None:
        return
    where = f"{what} {'with' if scores else 'without'} scores"
    must(isinstance(rendering, Rendering), f"drawing {where} gave a {type(rendering).__name__}, not a Rendering")
    made, said = (rendering.media_type, rendering.renderer), (plugin.media_type, plugin.name)
    must(made == said, f"drawing {where} made {made}, the plugin says {said}")
    must(isinstance(rendering.body, bytes) and bool(rendering.body), f"drawing {where} made no bytes")
    must(bool(rendering.title.strip()), f"the rendering of {where} has no title, which is its alternative text")
    found = list(islice(faults(rendering.media_type, rendering.body), 3))
    must(not found, f"drawing {where}: {'; '.join(found)}")


def _fingerprint(name: str) -> str:
    """A digest of what the installed renderer makes of the full map."""
    journey = full_journey()
    body = _body(plugins.renderers().get(name), journey, _hostile.card(journey), "the full map") or b""
    return hashlib.sha256(body).hexdigest()
