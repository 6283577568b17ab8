"""The bar above the picture: search, filters, lanes and view. It does nothing without the page's script, which shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from journeykit.drawing.wording import Wording
from journeykit.model import Claim, Journey, Touchpoint
from journeykit.renderers._html_markup import Markup, joined, tag
from journeykit.renderers._html_picture import Lane

__all__ = ["PAPERS", "bar", "filters"]

# Width and height across, in millimetres.
PAPERS = {"A3": (420.0, 297.0), "A4": (297.0, 210.0), "Letter": (279.4, 215.9)}
_FIXED = "touchpoints"


def bar(journey: Journey, lanes: Sequence[Lane], wording: Wording) -> Markup:
    """The header of the page with all its buttons; a filter that could only leave everything is left out."""
    text = wording.text
    search = tag(
        "input", type="search", id="q", aria_label=text("html.search"), placeholder=text("html.search-key"),
        autocomplete="off", spellcheck="false",
    )  # fmt: skip
    row = tag(
        "div",
        search,
        tag("span", id="hits", role="status"),
        tag("button", text("html.reset"), type="button", id="reset", hidden=True),
        tag("button", text("html.options"), type="button", id="more", aria_expanded="false", aria_controls="options"),
        class_="row",
    )
    people = [(p.name, p.id) for p in journey.personas] if len(journey.personas) > 1 else []
    channels = [(name, str(index)) for index, name in enumerate(_channels(journey))]
    shown = [(text(f"lane.{lane.name}"), lane.name) for lane in lanes if lane.name != _FIXED]
    sets = [
        _menu("persona", text("persona"), people, pressed=False),
        _menu("channel", text("channel"), channels if len(channels) > 1 else [], pressed=False),
        _menu("lane", text("html.lanes"), shown, pressed=True),
        _view(wording),
        tag("button", text("html.whole"), type="button", id="whole"),
        _print(wording),
    ]
    options = tag("div", sets, id="options", class_="options")
    return tag(
        "header",
        tag("h1", journey.title, class_="sr"),
        tag("div", row, options, id="controls", hidden=True),
        class_="bar",
    )


def filters(journey: Journey, lanes: Sequence[Lane], paper: str, edge: float) -> dict[str, object]:
    """What the script works with: lanes with their heights, for each touchpoint its channels and personas, and the papers.

    ``edge`` is how far the columns begin from the side of the picture where the labels stand.
    """
    places = {name: index for index, name in enumerate(_channels(journey))}
    steps = [
        {"id": t.id, "channels": [places[name] for name in dict.fromkeys(t.channels)], "personas": _personas(t)}
        for t in journey.touchpoints()
    ]
    heights = [{"name": lane.name, "height": round(lane.height, 2)} for lane in lanes]
    top = round(lanes[0].top, 2) if lanes else 0
    return {"lanes": heights, "top": top, "touchpoints": steps, "papers": PAPERS, "paper": paper, "edge": edge}


def _channels(journey: Journey) -> list[str]:
    return list(dict.fromkeys(name for touchpoint in journey.touchpoints() for name in touchpoint.channels))


def _personas(touchpoint: Touchpoint) -> list[str]:
    """Whom the touchpoint speaks of; nobody when a claim there holds for everyone."""
    claims: Iterator[Claim | None] = iter(
        (*touchpoint.thoughts, *touchpoint.emotions, *touchpoint.pains, touchpoint.moment)
    )
    found = [claim.persona for claim in claims if claim is not None]
    return [] if None in found else list(dict.fromkeys(filter(None, found)))


def _menu(kind: str, label: str, members: Iterable[tuple[str, str]], *, pressed: bool) -> Markup | None:
    """A button that opens the buttons of one kind; beside its name stands how many of them are at work."""
    state = "true" if pressed else "false"
    buttons = [
        tag("button", tag("bdi", name), type="button", aria_pressed=state, **{f"data_{kind}": value})
        for name, value in members
    ]
    return _opening(kind, label, buttons) if buttons else None


def _opening(kind: str, label: str, members: list[Markup]) -> Markup:
    name = tag("summary", tag("span", label, id=f"set-{kind}"), " ", tag("span", class_="count"))
    own = tag("div", members, class_="set", role="group", aria_labelledby=f"set-{kind}")
    return tag("details", name, own, class_="menu", id=f"menu-{kind}")


def _view(wording: Wording) -> Markup:
    text = wording.text
    small = {"type": "button"}
    members = [
        tag("button", "−", aria_label=text("html.zoom-out"), data_zoom="out", **small),
        tag("bdi", id="zoom", dir="ltr"),
        tag("button", "+", aria_label=text("html.zoom-in"), data_zoom="in", **small),
        tag("button", text("html.fit"), data_zoom="fit", **small),
    ]
    theme = tag("button", "◐", id="theme", aria_label=text("html.theme"), title=text("html.theme"), **small)
    zoom = tag("div", members, class_="set joint", role="group", aria_label=text("html.view"))
    return joined(zoom, theme)


def _print(wording: Wording) -> Markup:
    """Paper is the reader's choice, not only the author's."""
    papers = [tag("button", paper, type="button", data_paper=paper) for paper in PAPERS]
    return _opening("print", wording.text("html.print"), papers)
