"""``journeykit formats``: what is installed to read, score and draw with."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from journeykit.cli._exits import Exit
from journeykit.cli._terminal import aligned, complain, say

if TYPE_CHECKING:
    from journeykit.plugins import Registry

__all__ = ["add", "run"]

_SUFFIXES = (".svg", ".png", ".pdf", ".html", ".pptx", ".json", ".md", ".mmd")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """The command's arguments."""
    return commands.add_parser(
        "formats",
        help="list the installed importers, scorers and renderers",
        description="List every installed importer, scorer and renderer, those of other packages included.",
    )


def run(_: argparse.Namespace) -> int:
    """List the plugins; one that cannot be loaded is named on stderr and does not hide the others."""
    from journeykit import plugins  # noqa: PLC0415

    registries: tuple[Registry[Any], ...] = (plugins.importers(), plugins.scorers(), plugins.renderers())
    for registry in registries:
        say(registry.group.capitalize())
        rows = list(_rows(registry))
        for line in aligned(rows) if rows else ["  none is installed"]:
            print(line)
        say()
    return Exit.DONE


def _rows(registry: Registry[Any]) -> list[list[str]]:
    from journeykit.errors import PluginError  # noqa: PLC0415

    rows = []
    for name in registry.names():
        try:
            plugin = registry.get(name)
        except PluginError as err:
            complain(f"journeykit formats: {err}")
            continue
        makes = ", ".join(getattr(plugin, "yields", ())) or _files_of(getattr(plugin, "media_type", ""))
        rows.append([name, makes, _first_line(plugin)])
    return rows


def _files_of(media_type: str) -> str:
    """The suffixes that what a renderer makes can be saved under; the type itself where journeykit does not know it."""
    if not media_type:
        return ""
    from journeykit.results import Rendering  # noqa: PLC0415

    made = Rendering(media_type=media_type, body=b"", title="", renderer="")
    fitting = [suffix for suffix in _SUFFIXES if made.fits(f"x{suffix}")]
    return media_type if len(fitting) == len(_SUFFIXES) else ", ".join(fitting)


def _first_line(plugin: object) -> str:
    lines = (type(plugin).__doc__ or "").strip().splitlines()
    return lines[0].replace("``", "") if lines else ""
