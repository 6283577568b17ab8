"""``journeykit render``: one picture or document of a map."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from journeykit.cli._exits import Exit
from journeykit.cli._output import must_be_a_file, must_be_writable, write_one
from journeykit.cli._terminal import complain, say

if TYPE_CHECKING:
    from journeykit.model import Journey
    from journeykit.protocols import Renderer
    from journeykit.results import Rendering, Scorecard

__all__ = ["add", "run"]

_BY_SUFFIX = {
    ".svg": "swimlane", ".png": "swimlane", ".pdf": "swimlane", ".html": "html", ".pptx": "pptx", ".json": "json",
    ".md": "markdown", ".mmd": "mermaid",
}  # fmt: skip


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """The command's arguments."""
    parser = commands.add_parser(
        "render",
        help="draw a map as a picture or write it as a document",
        description=f"Draw a map. The suffix picks the renderer: {_choices()}. A picture that is SVG becomes a PNG or PDF "
        "when the file is called so.",
    )
    parser.add_argument("map", metavar="MAP", help="the map file (.yaml, .json or .mmd)")
    parser.add_argument("-o", "--output", metavar="FILE", required=True, type=Path, help="the file to write")
    parser.add_argument("--renderer", metavar="NAME", help="another renderer ('journeykit formats' lists them)")
    parser.add_argument("--scores", metavar="FILE", type=Path, help="a scorecard.json whose scores to draw")
    parser.add_argument(
        "--beside", metavar="MAP", help="another map to draw beside it: the one as it is to be, or an older version"
    )
    parser.add_argument(
        "--scale",
        metavar="N",
        type=float,
        help="dots a pixel in a PNG made from SVG (default: 2, which is 192 dots an inch)",
    )
    parser.add_argument(
        "--columns-per-page",
        metavar="N",
        type=int,
        help="cut a wide map into pages of at most N columns (default: one page)",
    )
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Draw and write the file."""
    import gc  # noqa: PLC0415

    # A short job: looking for garbage costs a tenth of its time, and the process takes its memory with it.
    was = gc.isenabled()
    gc.disable()
    try:
        return _draw(arguments)
    finally:
        if was:
            gc.enable()


def _draw(arguments: argparse.Namespace) -> int:
    from journeykit import codec  # noqa: PLC0415
    from journeykit.errors import ArgumentError  # noqa: PLC0415

    output: Path = arguments.output
    must_be_a_file(output)
    suffix = output.suffix.lower()
    name = arguments.renderer or _BY_SUFFIX.get(suffix)
    if name is None:
        raise ArgumentError(
            f"{output}: no renderer is known for {repr(suffix) if suffix else 'a file without a suffix'}; write {_choices()}, or "
            "name a --renderer"
        )
    must_be_writable(output.parent)
    renderer = _set(name, suffix, arguments.columns_per_page)
    journey = codec.load(arguments.map)
    scores = codec.loads_scorecard(_text(arguments.scores), name=str(arguments.scores)) if arguments.scores else None
    rendering = _rendered(journey, renderer, scores, codec.load(arguments.beside) if arguments.beside else None)
    settings = {} if arguments.scale is None else {"scale": arguments.scale}
    write_one(output, _converted(rendering, output, settings).body)
    say(f"wrote {output} ({rendering.title})")
    return Exit.DONE


def _rendered(journey: Journey, renderer: Renderer, scores: Scorecard | None, beside: Journey | None) -> Rendering:
    if scores is None and beside is None:
        # Not through the verb: it loads everything that counts, and a picture of a map alone is quick because it counts nothing.
        from journeykit.plugins import renderers  # noqa: PLC0415
        from journeykit.results.renderings import Rendering  # noqa: PLC0415  # made already, where the renderer keeps its word

        return renderers().returned(renderer, renderer.render(journey), Rendering)
    from journeykit import api  # noqa: PLC0415

    return api.render(journey, renderer, scores=scores, beside=beside)


def _choices() -> str:
    return ", ".join(f"{end} ({who})" for end, who in _BY_SUFFIX.items())


def _converted(rendering: Rendering, output: Path, settings: dict[str, float]) -> Rendering:
    """What the file holds; letters that no font has are told of as a sentence, not as Python's warning."""
    import warnings  # noqa: PLC0415

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", UserWarning)
        made = rendering.converted(output, **settings)
    for warning in told:
        complain(f"journeykit render: {warning.message}")
    return made


def _text(path: Path) -> str:
    from journeykit.errors import ArgumentError  # noqa: PLC0415

    build = "give the scorecard.json of a build"
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as err:
        raise ArgumentError(f"{path} is not UTF-8 text, so it is no scorecard; {build}") from err
    except OSError as err:
        raise ArgumentError(f"{path} cannot be read: {err.strerror}; {build}") from err


def _set(name: str, suffix: str, columns: int | None) -> Any:
    """The renderer, set to the format of the suffix where it makes several (the curve), and to pages where they are asked for."""
    import attrs  # noqa: PLC0415

    from journeykit.errors import ArgumentError  # noqa: PLC0415
    from journeykit.plugins import renderers  # noqa: PLC0415

    renderer: Any = renderers().get(name)
    kind = type(renderer)
    settings = attrs.fields_dict(kind) if attrs.has(kind) else {}
    if columns is not None:
        if "columns_per_page" not in settings:
            raise ArgumentError(f"the renderer {name!r} makes no pages: leave --columns-per-page out")
        renderer = attrs.evolve(renderer, columns_per_page=columns)
    if "format" in settings and suffix:
        try:
            return attrs.evolve(renderer, format=suffix[1:])
        except ArgumentError:
            # Not one of its own formats: the rendering says what its file may be called.
            return renderer
    return renderer
