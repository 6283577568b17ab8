"""``journeykit demo``: a made-up shop, its map, its data and everything that follows from them."""

from __future__ import annotations

import argparse
from pathlib import Path

from journeykit.cli._exits import Exit
from journeykit.cli._output import must_be_writable, write_all
from journeykit.cli._summary import show_summary
from journeykit.cli._terminal import say, watching

__all__ = ["add", "run"]

MAP = "first-order.journey.yaml"
_SEED = 2026
_SCORERS = "impact,friction+feedback"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """The command's arguments."""
    parser = commands.add_parser(
        "demo",
        help="write an example map with made-up data, and build it",
        description="Write the map and the data of a made-up online shoe shop, and everything that build makes of them.",
    )
    parser.add_argument("-o", "--output", metavar="DIR", required=True, type=Path, help="the folder to write to")
    return parser


def _must_not_be_edited(path: Path, text: bytes) -> None:
    """Refuse to write the demo's map over one that somebody has worked on since."""
    from journeykit.errors import ArgumentError  # noqa: PLC0415

    if path.is_file() and path.read_bytes() != text:
        raise ArgumentError(f"{path} has been edited, and the demo would write over it; name another folder with -o")


def run(arguments: argparse.Namespace) -> int:
    """Make the data, build the map on them, and write all of it."""
    from importlib.resources import files  # noqa: PLC0415

    from journeykit import api  # noqa: PLC0415
    from journeykit.cli.build import documents, scorers_of  # noqa: PLC0415
    from journeykit.cli.demo._shop import shop_data  # noqa: PLC0415
    from journeykit.evidence import Evidence  # noqa: PLC0415

    output: Path = arguments.output
    must_be_writable(output)
    steps = watching()
    map_text = files(__package__).joinpath(MAP).read_bytes()
    events, answers = shop_data(_SEED)
    _must_not_be_edited(output / MAP, map_text)
    inputs = {MAP: map_text, "events.csv": events.encode(), "reviews.csv": answers.encode()}
    # The data are read back from where the user finds them, so that every address in the report is one that exists.
    write_all(output, inputs)
    with steps.step("Reading the shop's data"):
        evidence = Evidence(
            events=api.read_events(output / "events.csv"), feedback=api.read_feedback(output / "reviews.csv")
        )
    journey = api.load(output / MAP)
    card, outputs, _ = documents(journey, evidence, scorers_of(_SCORERS), 0, steps)
    write_all(output, outputs)
    show_summary(journey, evidence, card)
    say(f"wrote to {output}:")
    say(f"  the map   {MAP} (text to read, edit and keep in git)")
    say("  the data  events.csv, reviews.csv (made up: 2,000 customers, 60 days)")
    say(f"  built     {', '.join(outputs)}")
    say()
    say("Next: edit the map, then build it again:")
    say(f"  journeykit check {output / MAP}")
    say(
        f"  journeykit build {output / MAP} --events {output / 'events.csv'} "
        f"--feedback {output / 'reviews.csv'} --scorers {_SCORERS} -o {output}"
    )
    return Exit.DONE
