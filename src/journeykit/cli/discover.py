"""``journeykit discover``: a first map, measured from events, for people to edit."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from journeykit.cli._exits import Exit
from journeykit.cli._floor import add_floor, least_of
from journeykit.cli._output import must_be_writable, write_one
from journeykit.cli._reading import add_options, read_evidence
from journeykit.cli._summary import show_rejections
from journeykit.cli._terminal import complain, say, watching

if TYPE_CHECKING:
    from journeykit.model import Journey

__all__ = ["add", "run"]


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """The command's arguments."""
    parser = commands.add_parser(
        "discover",
        help="draft a map from events",
        description="Measure a first map from events: touchpoints, their order, stages and main moves, for people to edit.",
        epilog="Example: journeykit discover --events events.csv --title 'First order' --success order "
        "-o first-order.journey.yaml",
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", required=True, type=Path,
        help="the map file to write (.yaml or .json); one that is there is not written over",
    )  # fmt: skip
    parser.add_argument("--title", metavar="T", required=True, help="the title of the map")
    parser.add_argument("--id", metavar="ID", help="the id of the map (default: made from the title)")
    parser.add_argument(
        "--max-touchpoints", metavar="N", type=int, default=15,
        help="the most touchpoints, the one for all other events included (default: 15)",
    )  # fmt: skip
    parser.add_argument(
        "--case", metavar="C", default="customer",
        help="what one journey is counted by: customer, session or a column (default: customer)",
    )  # fmt: skip
    parser.add_argument("--success", metavar="EVENT", help="the event that is the journey's success")
    parser.add_argument("--language", metavar="TAG", default="en", help="the language of the event names (default: en)")
    add_floor(parser)
    add_options(parser, ("events",))
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Read, discover, write, and say what the draft holds."""
    from journeykit import api, codec  # noqa: PLC0415
    from journeykit.errors import ArgumentError  # noqa: PLC0415

    output: Path = arguments.output
    suffix = output.suffix.lower()
    if suffix not in (".yaml", ".yml", ".json"):
        raise ArgumentError(f"a map is written as .yaml or .json, not to {output.name!r}")
    if output.exists():
        # What people made of an earlier draft is worth more than a new one.
        raise ArgumentError(f"{output} is there already; write to another file, or remove it")
    must_be_writable(output.parent)
    steps = watching()
    evidence = read_evidence(arguments, steps)
    assert evidence.events is not None  # noqa: S101  (--events is required)
    report = evidence.events.report
    if report.rows_in and not len(evidence.events):
        show_rejections(evidence, complain)
        complain(f"journeykit discover: every row of {report.source} was rejected; nothing was written")
        return Exit.NOTHING_KEPT
    try:
        with steps.step("Counting"):
            draft = api.discover(
                evidence.events,
                title=arguments.title,
                id=arguments.id,
                max_touchpoints=arguments.max_touchpoints,
                case=arguments.case,
                outcome=arguments.success,
                language=arguments.language,
                floor=least_of(arguments),
            )
    except ArgumentError as err:
        # What is said of Python's arguments is said of this command's.
        words = str(err).replace("outcome=", "--success").replace("max_touchpoints=", "--max-touchpoints ")
        raise ArgumentError(words) from err
    write_one(output, codec.dumps(draft, "json" if suffix == ".json" else "yaml").encode())
    say(report)
    show_rejections(evidence, say)
    _show(draft)
    if least_of(arguments) > 1 and [touchpoint.id for touchpoint in draft.touchpoints()] == ["other"]:
        say("no event name is shared by so many customers that it is shown; --floor 1 names them all")
    say(f"wrote {output}")
    return Exit.DONE


def _show(draft: Journey) -> None:
    say(draft.scenario)
    for stage in draft.stages:
        say(stage.title)
        for touchpoint in stage.touchpoints:
            say(f"  {touchpoint.title}")
    if draft.outcome is None:
        say("no outcome yet: say which event is success with --success, or in the file")
