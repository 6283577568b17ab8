"""The built-in renderers keep the contract of renderers, and the contract notices a renderer that does not."""

from __future__ import annotations

import html
import json
import re
import time

import pytest
from attrs import define, frozen
from hypothesis import strategies as st

from journeykit.errors import RenderingError
from journeykit.plugins import renderers
from journeykit.renderers.curve import CurveRenderer
from journeykit.results import Rendering
from journeykit.testing import RendererContract, _hostile, check_renderer
from journeykit.testing._wellformed import MARK, faults
from journeykit.testing.worlds import journey

LAWS = sorted(name for name in vars(RendererContract) | vars(RendererContract.__base__) if name.startswith("test_"))
OWN = [name for name in renderers().names() if renderers().packages(name) == ("journeykit",)]


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("name", OWN)
def test_every_built_in_renderer_keeps_every_law(name, law):
    """Each installed renderer of journeykit passes each law."""
    suite = type("Suite", (RendererContract,), {"plugin": renderers().get(name), "inventions": 15})

    getattr(suite(), law)()


def test_the_curve_keeps_them_as_svg_too():
    """The curve's other format is under the contract as well."""
    suite = type("Suite", (RendererContract,), {"plugin": CurveRenderer(format="svg"), "inventions": 5})

    suite().test_hostile_texts_stay_text()
    suite().test_invented_maps_are_drawn_or_refused()


@frozen(kw_only=True)
class Outline:
    """A good renderer: the titles as a list in HTML."""

    name: str = "outline"
    media_type: str = "text/html"

    def render(self, journey, scores=None):
        told = [touchpoint.title for touchpoint in journey.touchpoints()]
        told += [score.explanation for score in scores or ()]
        items = "".join(f"<li>{self.shown(text)}</li>" for text in told)
        return self.made(f"<!doctype html><title>{self.shown(journey.title)}</title><ul>{items}</ul>", journey)

    def shown(self, text):
        plain = "".join(sign if sign.isprintable() else " " for sign in text)
        return html.escape(plain)

    def made(self, text, journey):
        title = " ".join(journey.title.split())
        return Rendering(media_type=self.media_type, body=text.encode(), title=title, renderer=self.name)


def test_a_good_renderer_of_a_stranger():
    """A renderer that is installed nowhere can be checked, by class or by object, and on maps of one's own."""
    check_renderer(Outline)
    check_renderer(Outline(), journeys=[journey()])


class Raw(Outline):
    def shown(self, text):
        return "".join(sign if sign.isprintable() else " " for sign in text)


class Controls(Outline):
    def shown(self, text):
        return html.escape(text)


class Stamped(Outline):
    def made(self, text, journey):
        return super().made(f"{text}<!-- {time.perf_counter_ns()} -->", journey)


class Misnamed(Outline):
    def made(self, text, journey):
        return Rendering(media_type="text/plain", body=b"x", title="x", renderer="other")


class Blank(Outline):
    def made(self, text, journey):
        return Rendering(media_type=self.media_type, body=b"", title="x", renderer=self.name)


class Untitled(Outline):
    def made(self, text, journey):
        return Rendering(media_type=self.media_type, body=b"<p>", title=" ", renderer=self.name)


class JustText(Outline):
    def made(self, text, journey):
        return text


class Refuses(Outline):
    def render(self, journey, scores=None):
        raise RenderingError("I would rather not")


class NeedsStages(Outline):
    def render(self, journey, scores=None):
        return super().render(journey.stages[0] and journey, scores)


class NeedsScores(Outline):
    def render(self, journey, scores=None):
        return super().render(journey, scores[journey.touchpoints()[0].id])


class Trusting(Outline):
    def render(self, journey, scores=None):
        titles = {touchpoint.id: touchpoint.title for touchpoint in journey.touchpoints()}
        return self.made(" ".join(titles[score.subject.id] for score in scores or ()) or "nothing", journey)


class ShortWords(Outline):
    def shown(self, text):
        if len(text) > 500:
            raise ValueError("too long")
        return super().shown(text)


@define
class Loose:
    name: str = "outline"
    media_type: str = "text/html"
    render = Outline.render
    shown = Outline.shown
    made = Outline.made


@pytest.mark.parametrize(
    ("mutant", "law", "words"),
    [
        (Raw, "hostile texts stay text", "foreign text became an element"),
        (Controls, "hostile texts stay text", "it holds the control character"),
        (ShortWords, "hostile texts stay text", "raised ValueError: too long"),
        (Stamped, "the same input gives the same bytes", "drawn twice gives different bytes"),
        (Misnamed, "it makes what it says", "the plugin says ('text/html', 'outline')"),
        (Blank, "it makes what it says", "made no bytes"),
        (Untitled, "it makes what it says", "has no title"),
        (JustText, "it makes what it says", "gave a str, not a Rendering"),
        (Refuses, "it makes what it says", "it refuses the full map"),
        (NeedsStages, "it makes what it says", "drawing a map without stages without scores raised IndexError"),
        (NeedsScores, "it makes what it says", "without scores raised TypeError"),
        (Trusting, "it makes what it says", "with scores raised KeyError"),
        (Loose, "it is frozen and keeps nothing", "can be changed"),
    ],
)
def test_a_broken_law_is_noticed(mutant, law, words):
    """Each law is broken by a renderer made to break it, and the sentence says how."""
    suite = type("Suite", (RendererContract,), {"plugin": mutant})
    with pytest.raises(AssertionError, match=re.escape(words)):
        getattr(suite(), f"test_{law.replace(' ', '_')}")()


def test_an_invented_map_is_noticed(monkeypatch):
    """A map that hypothesis invents and the renderer falls over breaks the law, with what was raised."""

    class Inventive(Outline):
        def render(self, journey, scores=None):
            raise LookupError(journey.id)

    # The real strategy would take its time to find the smallest map.
    monkeypatch.setattr("journeykit.testing.strategies.journeys", lambda: st.just(journey()))
    suite = type("Suite", (RendererContract,), {"plugin": Inventive})
    with pytest.raises(AssertionError, match="drawing an invented map without scores raised LookupError"):
        suite().test_invented_maps_are_drawn_or_refused()


def test_all_broken_laws_are_told_at_once(broken):
    """One call names every broken law."""
    found = broken(check_renderer, Refuses)

    assert "it refuses the full map" in found["it makes what it says"]


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


@pytest.mark.parametrize(
    ("media_type", "good", "bad", "words"),
    [
        ("image/svg+xml", SVG.format("<text>a</text>"), SVG.format("<text>a<b></text>"), "not well-formed"),
        ("image/svg+xml", SVG.format("<a href='https://x.example'/>"), SVG.format("<script/>"), "a <script> element"),
        ("image/svg+xml", SVG.format("<g id='on'/>"), SVG.format("<g onload='x()'/>"), "the event handler onload"),
        (
            "image/svg+xml",
            SVG.format("<use xlink:href='#a'/>"),
            SVG.format("<use xlink:href='//x.example'/>"),
            "from elsewhere",
        ),
        (
            "image/svg+xml",
            SVG.format("<a/>"),
            SVG.format("<a xlink:href=' JavaScript:x()'/>"),
            "runs a script by its href",
        ),
        ("image/svg+xml", SVG.format("<style>a{}</style>"), SVG.format("<style>@import 'x'</style>"), "from elsewhere"),
        ("image/svg+xml", SVG.format("<g/>"), f'<!DOCTYPE s [<!ENTITY a "b">]>{SVG.format("")}', "declares entities"),
        ("image/svg+xml", SVG.format("&#9;"), SVG.format("\x1b"), "the control character"),
        ("text/html", "<p>&lt;jk-hostile&gt;<script>1</script>", f"<p><{MARK} x>", "became an element"),
        ("text/html", "<a href='https://x.example'>", "<a href='javascript:x()'>", "runs a script"),
        ("application/json", json.dumps({"a": "\x1b"}), '{"a": NaN}', "it is not JSON: NaN"),
        ("application/json", "[]", "[", "it is not JSON"),
        ("text/markdown", f"`<{MARK}>` and \\<{MARK}>", f"a \\` <{MARK}> \\` b", "became an HTML element"),
        ("text/markdown", "\\[x](javascript:x)", "[x](javascript:x)", "a link that runs a script"),
        ("text/csv", "a,b\r\n'=1,-0.5\r\n", "a,b\r\n=1,2\r\n", "for a formula: '=1'"),
        ("text/csv", "a,b\r\n1,2\r\n", "a,b\r\n1\r\n", "rows have [1, 2] cells"),
        ("text/csv", 'a\r\n"b"\r\n', 'a\r\n"b"c\r\n', "it is not CSV"),
        ("text/plain", "a\n\tb", "a\x9bb", "which a terminal obeys"),
        ("text/x-anything", "a\n", "a\x00", "the control character"),
        ("application/pdf", "%PDF-1.7\n%%EOF\n", "%PDF-1.7\n", "no whole PDF"),
        ("application/x-unknown", "\x00", None, None),
    ],
)
def test_what_is_well_formed(media_type, good, bad, words):
    """Each media type's check lets a sound document pass and says what is wrong with another."""
    assert list(faults(media_type, good.encode())) == []
    if bad is not None:
        assert words in "; ".join(faults(media_type, bad.encode()))


def test_a_png_is_looked_into():
    """A PNG whose bytes are cut or changed, or followed by others, is not whole."""
    body = CurveRenderer().render(journey()).body
    place = len(body) // 2
    flipped = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]

    assert list(faults("image/png", body)) == []
    assert [bool(list(faults("image/png", bad))) for bad in (body[:-3], body + b"x", flipped, b"x")] == [True] * 4


def test_bytes_that_are_no_text():
    """A text document that is not UTF-8 is told so."""
    assert ["it is not UTF-8 text: invalid start byte at byte 0"] == list(faults("text/html", b"\xff"))


def test_hostile_texts_are_everywhere():
    """In a hostile map every free text is the hostile one, ids and choices stay, and the map stays valid."""
    calm, map = journey(), _hostile.spoken(journey(), "HOSTILE")
    words = json.dumps([repr(touchpoint) for touchpoint in map.touchpoints()])

    assert [t.id for t in calm.touchpoints()] == [t.id for t in map.touchpoints()]
    assert {"HOSTILE"} == {t.title for t in map.touchpoints()} | {stage.title for stage in map.stages}
    assert not any(text in words for text in ("takes long", "Shorten", "Shipping is shown"))
