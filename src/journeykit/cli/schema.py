"""``journeykit schema``: the JSON Schema of what journeykit reads and writes."""

from __future__ import annotations

import argparse
import json
from typing import Any, cast

from journeykit.cli._exits import Exit

__all__ = ["add", "run"]


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """The command's arguments."""
    parser = commands.add_parser(
        "schema", help="print the JSON Schema of a map or a scorecard", description="Print a JSON Schema on stdout."
    )
    parser.add_argument(
        "what",
        nargs="?",
        choices=("journey", "scorecard", "document"),
        default="journey",
        help="journey: a map file (the default); scorecard: scorecard.json; document: both in one, as render -o x.json writes",
    )
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Print the schema."""
    from journeykit import codec  # noqa: PLC0415
    from journeykit.plugins import renderers  # noqa: PLC0415

    document = cast("Any", renderers().get("json"))
    made = {"journey": codec.schema, "scorecard": codec.scorecard_schema, "document": document.schema}
    print(json.dumps(made[arguments.what](), indent=2, ensure_ascii=True))
    return Exit.DONE
