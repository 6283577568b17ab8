"""``journeykit render``: one picture or document of a map."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from journeykit.cli._exits import Exit
from journeykit.cli._output import must_be_a_file, must_be_writable, write_one
from journeykit.cli._terminal import say

__all__ = ["add", "run"]

_BY_SUFFIX = {".svg": "swimlane", ".png": "curve", ".json": "json", ".md": "markdown"}


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """The command's arguments."""
    parser = commands.add_parser(
        "render",
        help="draw a map as a picture or write it as a document",
        description="Draw a map. The suffix picks the renderer: .svg swimlane, .png curve, .json json, .md markdown.",
    )
    parser.add_argument("map", metavar="MAP", help="the map file (.yaml or .json)")
    parser.add_argument("-o", "--output", metavar="FILE", required=True, type=Path, help="the file to write")
    parser.add_argument("--renderer", metavar="NAME", help="another renderer ('journeykit formats' lists them)")
    parser.add_argument("--scores", metavar="FILE", type=Path, help="a scorecard.json whose scores to draw")
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Draw and write the file."""
    from journeykit import api, codec  # noqa: PLC0415
    from journeykit.errors import ArgumentError, RenderingError  # noqa: PLC0415

    output: Path = arguments.output
    must_be_a_file(output)
    suffix = output.suffix.lower()
    name = arguments.renderer or _BY_SUFFIX.get(suffix)
    if name is None:
        known = ", ".join(f"{end} ({who})" for end, who in _BY_SUFFIX.items())
        raise ArgumentError(
            f"{output}: no renderer is known for {repr(suffix) if suffix else 'a file without a suffix'}; write {known}, or name "
            "a --renderer"
        )
    must_be_writable(output.parent)
    journey = api.load(arguments.map)
    scores = codec.loads_scorecard(_text(arguments.scores), name=str(arguments.scores)) if arguments.scores else None
    if scores is not None and scores.journey != journey.id:
        raise ArgumentError(f"{arguments.scores} holds the scores of {scores.journey!r}, not of {journey.id!r}")
    rendering = api.render(journey, _with_format(name, suffix), scores=scores)
    if not rendering.fits(output):
        raise RenderingError(
            f"the renderer {rendering.renderer!r} makes {rendering.media_type}, which is not saved as {output.name!r}; "
            "choose another suffix or another --renderer"
        )
    write_one(output, rendering.body)
    say(f"wrote {output} ({rendering.title})")
    return Exit.DONE


def _text(path: Path) -> str:
    from journeykit.errors import ArgumentError  # noqa: PLC0415

    build = "give the scorecard.json of a build"
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as err:
        raise ArgumentError(f"{path} is not UTF-8 text, so it is no scorecard; {build}") from err
    except OSError as err:
        raise ArgumentError(f"{path} cannot be read: {err.strerror}; {build}") from err


def _with_format(name: str, suffix: str) -> Any:
    """The renderer, set to the format of the suffix where it can make several (the curve: .png and .svg)."""
    import attrs  # noqa: PLC0415

    from journeykit.plugins import renderers  # noqa: PLC0415

    renderer: Any = renderers().get(name)
    kind = type(renderer)
    if attrs.has(kind) and "format" in attrs.fields_dict(kind) and suffix in (".png", ".svg"):
        return attrs.evolve(renderer, format=suffix[1:])
    return renderer
