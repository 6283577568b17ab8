"""The journey map as one web page: the picture to search, filter and fold, and every score down to what it was counted from.

The page is one file that asks for nothing else: its one script and one style sheet are named by their hashes in its content
security policy, so a browser runs nothing besides them, and sends nothing anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from importlib import resources
from typing import Literal

from attrs import field, frozen

from journeykit.drawing.scene import Scene
from journeykit.drawing.swimlane import LANES, plan
from journeykit.drawing.swimlane.frame import LABELS, MARGIN
from journeykit.drawing.theme import Theme
from journeykit.drawing.wording import Wording, wording
from journeykit.errors import ArgumentError, one_of
from journeykit.model import Journey
from journeykit.renderers._html_bar import PAPERS, bar, filters
from journeykit.renderers._html_detail import details
from journeykit.renderers._html_markup import Markup, data_script, joined, tag
from journeykit.renderers._html_picture import lanes_of, palette_css, picture
from journeykit.renderers._html_table import map_table
from journeykit.results import Rendering, Scorecard

__all__ = ["HtmlRenderer"]

_MARGIN = 8
_QUOTED = re.compile(r"""('(?:[^'\\\n]|\\.)*'|"[^"\n]*"|`(?:[^`\\]|\\.)*`)""")
_BLANKS = re.compile(r" *([=<>!?:;,{}|&]) *| ([-+*/]) (?=[\w$(])")
_RIGHT_TO_LEFT = ("ar", "he", "fa", "ur", "ps", "sd", "yi", "dv", "ckb")


def _lanes(_: object, __: object, value: tuple[str, ...] | None) -> None:
    if value is None:
        return
    if unknown := [name for name in value if name not in LANES]:
        raise ArgumentError(f"there is no lane {one_of([repr(name) for name in unknown])}; lanes are {one_of(LANES)}")
    if len(set(value)) < len(value):
        raise ArgumentError(f"each lane stands once, not {value!r}")


def _paper(_: object, __: object, value: str) -> None:
    if value not in PAPERS:
        raise ArgumentError(f"paper={value!r}: a map is printed on {one_of(tuple(PAPERS))}")


@frozen(kw_only=True)
class HtmlRenderer:
    """Makes one interactive page of the map: search, filters, lanes to fold, zoom, details behind every touchpoint, print.

    ``lanes`` picks lanes and their order (of `journeykit.drawing.swimlane.LANES`; None: all), ``theme`` holds colours and fonts
    for light and dark, ``paper`` is what one printed page is fitted to until the reader
    picks another. Without a script the picture, a table of everything in it and the details are still there to be read.
    """

    name: str = field(default="html", init=False)
    media_type: str = field(default="text/html", init=False)
    lanes: tuple[str, ...] | None = field(default=None, validator=_lanes)
    theme: Theme = field(factory=Theme)
    paper: Literal["A3", "A4", "Letter"] = field(default="A3", validator=_paper)

    def render(self, journey: Journey, scores: Scorecard | None = None) -> Rendering:
        """The page as HTML (UTF-8); the same bytes for the same input.

        With ``scores`` the lanes of scores and of who is still on board appear, and the details go from each score down to
        its components, counts and evidence. Raises `ArgumentError` when the scorecard belongs to another journey.
        """
        scene = plan(journey, scores, lanes=LANES if self.lanes is None else self.lanes)
        words = wording(journey.language)
        names = {t.id: f"{number}. {t.title}" for number, t in enumerate(journey.touchpoints(), start=1)}
        svg, looks = picture(scene, self.theme, names)
        style = Markup(palette_css(self.theme, journey.language) + looks + _packaged("css") + self._sheet(scene))
        script = Markup(_packaged("js"))
        page = tag(
            "html",
            _head(scene, style, script),
            "\n",
            _body(journey, scores, scene, words, svg, self.paper),
            tag("script", script),
            "\n",
            lang=journey.language,
            dir="rtl" if _backwards(journey.language) else "ltr",
        )
        body = f"<!DOCTYPE html>\n{page}\n".encode()
        return Rendering(media_type=self.media_type, body=body, title=scene.title, renderer=self.name)

    def _sheet(self, scene: Scene) -> str:
        """The paper, as the last rule, which the script replaces; how high the picture is on it, browsers disagree about."""
        across = scene.width >= scene.height
        height = PAPERS[self.paper][1 if across else 0] - 2 * _MARGIN
        size = f"{self.paper} {'landscape' if across else 'portrait'}"
        return f":root{{--sheet:{height - 1:g}mm}}\n@page{{size:{size};margin:{_MARGIN}mm}}\n"


@lru_cache(maxsize=2)
def _packaged(suffix: str) -> str:
    """The page's own script or style sheet, as it lies beside this module, without its comments and most of its blanks."""
    text = resources.files("journeykit.renderers").joinpath(f"_html_page.{suffix}").read_text("utf-8")
    lines = (line.strip() for line in text.splitlines())
    kept = "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))
    if suffix != "js":
        return kept
    # Every second part is a text in quotes, which keeps its blanks.
    return "".join(part if i % 2 else _BLANKS.sub(r"\1\2", part) for i, part in enumerate(_QUOTED.split(kept)))


def _backwards(language: str) -> bool:
    tag = language.lower()
    return tag.split("-")[0] in _RIGHT_TO_LEFT and "latn" not in tag


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _head(scene: Scene, style: Markup, script: Markup) -> Markup:
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    )
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", scene.title),
        tag("style", style),
    )


def _body(journey: Journey, scores: Scorecard | None, scene: Scene, words: Wording, svg: Markup, paper: str) -> Markup:
    lanes = lanes_of(scene)
    # The names of the lanes, for who has scrolled past their labels.
    names = (tag("span", words.text(f"lane.{lane.name}")) for lane in lanes)
    pins = tag("div", names, class_="pins", aria_hidden="true", hidden=True)
    view = tag(
        "div",
        "\n",
        pins,
        svg,
        id="view",
        class_="view",
        role="region",
        tabindex="0",
        aria_label=words.text("html.picture"),
    )
    table = tag("details", tag("summary", words.text("html.table")), "\n", map_table(journey, scene, words))
    panel = tag(
        "aside",
        _panel_head(words),
        "\n",
        details(journey, scores, words),
        id="panel",
        aria_label=words.text("html.details"),
    )
    return tag(
        "body",
        bar(journey, lanes, words),
        "\n",
        tag("main", view, "\n", tag("div", table, class_="more")),
        "\n",
        panel,
        "\n",
        data_script("data", filters(journey, lanes, paper, MARGIN + LABELS)),
        "\n",
    )


def _panel_head(words: Wording) -> Markup:
    buttons = (("previous", "←"), ("next", "→"), ("close", "✕"))
    if _backwards(words.language):
        buttons = (("previous", "→"), ("next", "←"), ("close", "✕"))
    made = (tag("button", sign, type="button", id=id, aria_label=words.text(f"html.{id}")) for id, sign in buttons)
    return tag("div", joined(*made), class_="head")
