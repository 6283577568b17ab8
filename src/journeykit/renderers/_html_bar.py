"""The bar above the picture: search, filters, lanes and view. It does nothing without the page's script, which shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from journeykit.drawing.wording import Wording
from journeykit.model import Claim, Journey, Touchpoint
from journeykit.renderers._html_markup import Markup, tag
from journeykit.renderers._html_picture import Lane

__all__ = ["bar", "filters"]

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
        tag("button", text("html.options"), type="button", id="more", aria_expanded="false", aria_controls="options"),
        class_="row",
    )
    people = [(p.name, p.id) for p in journey.personas] if len(journey.personas) > 1 else []
    channels = [(name, str(index)) for index, name in enumerate(_channels(journey))]
    shown = [(text(f"lane.{lane.name}"), lane.name) for lane in lanes if lane.name != _FIXED]
    sets = [
        _set("persona", text("persona"), people, pressed=False),
        _set("channel", text("channel"), channels if len(channels) > 1 else [], pressed=False),
        _set("lane", text("html.lanes"), shown, pressed=True),
        _view(wording),
    ]
    options = tag("div", sets, id="options", class_="options")
    return tag(
        "header",
        tag("h1", journey.title, class_="sr"),
        tag("div", row, options, id="controls", hidden=True),
        class_="bar",
    )


def filters(journey: Journey, lanes: Sequence[Lane]) -> dict[str, object]:
    """What the script filters and folds by: lanes with their heights, and for each touchpoint its channels and personas."""
    places = {name: index for index, name in enumerate(_channels(journey))}
    steps = [
        {"id": t.id, "channels": [places[name] for name in dict.fromkeys(t.channels)], "personas": _personas(t)}
        for t in journey.touchpoints()
    ]
    return {"lanes": [{"name": lane.name, "height": round(lane.height, 2)} for lane in lanes], "touchpoints": steps}


def _channels(journey: Journey) -> list[str]:
    return list(dict.fromkeys(name for touchpoint in journey.touchpoints() for name in touchpoint.channels))


def _personas(touchpoint: Touchpoint) -> list[str]:
    """Whom the touchpoint speaks of; nobody when a claim there holds for everyone."""
    claims: Iterator[Claim | None] = iter(
        (*touchpoint.thoughts, *touchpoint.emotions, *touchpoint.pains, touchpoint.moment)
    )
    found = [claim.persona for claim in claims if claim is not None]
    return [] if None in found else list(dict.fromkeys(filter(None, found)))


def _set(kind: str, label: str, members: Iterable[tuple[str, str]], *, pressed: bool) -> Markup | None:
    state = "true" if pressed else "false"
    buttons = [
        tag("button", tag("bdi", name), type="button", aria_pressed=state, **{f"data_{kind}": value})
        for name, value in members
    ]
    return _labelled(kind, label, buttons) if buttons else None


def _labelled(kind: str, label: str, members: list[Markup]) -> Markup:
    name = tag("span", label, class_="label", id=f"set-{kind}")
    return tag("div", name, members, class_="set", role="group", aria_labelledby=f"set-{kind}")


def _view(wording: Wording) -> Markup:
    text = wording.text
    small = {"type": "button"}
    members = [
        tag("button", "−", aria_label=text("html.zoom-out"), data_zoom="out", **small),
        tag("bdi", id="zoom", dir="ltr"),
        tag("button", "+", aria_label=text("html.zoom-in"), data_zoom="in", **small),
        tag("button", text("html.fit"), data_zoom="fit", **small),
        tag("button", text("html.theme"), id="theme", **small),
        tag("button", text("html.print"), id="print", **small),
        tag("button", text("html.whole"), id="whole", **small),
    ]
    return _labelled("view", text("html.view"), members)
