"""``journeykit build``: the main job, from a map and data to a scored, drawn map and a report."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from journeykit.cli._exits import Exit
from journeykit.cli._floor import add_floor, least_of
from journeykit.cli._output import must_be_writable, write_all
from journeykit.cli._reading import add_options, read_evidence, refuse_idle_options
from journeykit.cli._summary import reports_of, show_rejections, show_summary, silent_notes, unused_notes
from journeykit.cli._terminal import Steps, complain, say, watching

if TYPE_CHECKING:
    from journeykit.evidence import Evidence
    from journeykit.model import Journey
    from journeykit.protocols import Scorer
    from journeykit.results import Scorecard

__all__ = ["add", "documents", "run", "scorers_of"]


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """The command's arguments."""
    parser = commands.add_parser(
        "build",
        help="score a map on data and write map.svg, map.html, curve.png, scorecard.json and report.md",
        description="Read the data, score the map on them and write map.svg, map.html, curve.png, scorecard.json and "
        "report.md.",
        epilog="Example: journeykit build first-order.journey.yaml --events events.csv --tz Europe/Berlin -o out",
    )
    parser.add_argument("map", metavar="MAP", help="the map file (.yaml, .json or .mmd)")
    parser.add_argument("-o", "--output", metavar="DIR", required=True, type=Path, help="the folder to write to")
    add_options(parser)
    group = parser.add_argument_group("scoring")
    group.add_argument(
        "--scorers", metavar="NAME,...", default="impact,friction",
        help="the scorers ('journeykit formats' lists them; 'friction+feedback' also weighs ratings and effort scores; "
        "default: impact,friction)",
    )  # fmt: skip
    group.add_argument("--seed", metavar="N", type=int, default=0, help="the seed of everything random (default: 0)")
    add_floor(group)
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Read, score, draw, write, and print the ranking."""
    from journeykit import api  # noqa: PLC0415

    output: Path = arguments.output
    must_be_writable(output)
    steps = watching()
    refuse_idle_options(arguments)
    journey = api.load(arguments.map)
    scorers = scorers_of(arguments.scorers)
    evidence = read_evidence(arguments, steps)
    if evidence.events is not None and not len(evidence.events):
        show_rejections(evidence, complain)
        report = evidence.events.report
        what = f"every row of {report.source} was rejected" if report.rows_in else f"{report.source} has no row of data"
        complain(f"journeykit build: {what}, so there is nothing to score; nothing was written")
        return Exit.NOTHING_KEPT
    card, files, notes = documents(journey, evidence, scorers, arguments.seed, steps, floor=least_of(arguments))
    write_all(output, files)
    show_summary(journey, evidence, card)
    for note in notes:
        say(note)
    say(f"wrote {', '.join(files)} to {output}")
    return Exit.DONE


def scorers_of(names: str) -> list[str | Scorer]:
    """The scorers of a comma-separated list; ``name+setting`` is the scorer with that yes-or-no setting switched on."""
    import attrs  # noqa: PLC0415

    from journeykit import plugins  # noqa: PLC0415
    from journeykit.errors import ArgumentError, one_of  # noqa: PLC0415

    found: list[str | Scorer] = []
    for wanted in filter(None, (name.strip() for name in names.split(","))):
        name, *settings = wanted.split("+")
        scorer: Any = plugins.scorers().get(name)
        fields = attrs.fields_dict(type(scorer)) if attrs.has(type(scorer)) else {}
        switches = sorted(key for key, field in fields.items() if isinstance(field.default, bool))
        for setting in settings:
            if setting not in switches:
                has = f"it has {', '.join(switches)}" if switches else "it has none"
                raise ArgumentError(f"the scorer {name!r} has no yes-or-no setting {setting!r}; {has}")
        found.append(attrs.evolve(scorer, **dict.fromkeys(settings, True)) if settings else scorer)
    if not found:
        raise ArgumentError(f"--scorers {names!r} names no scorer; there is {one_of(plugins.scorers().names())}")
    return found


def documents(
    journey: Journey,
    evidence: Evidence,
    scorers: list[str | Scorer],
    seed: int,
    steps: Steps,
    *,
    floor: int | None = None,
) -> tuple[Scorecard, dict[str, bytes], list[str]]:
    """The scorecard, every file of a build by its name, and what the user should know about files that are missing."""
    import attrs  # noqa: PLC0415

    from journeykit import api, codec  # noqa: PLC0415
    from journeykit.measures import said  # noqa: PLC0415
    from journeykit.plugins import renderers  # noqa: PLC0415
    from journeykit.results.small_groups import FLOOR  # noqa: PLC0415

    notes = []
    with steps.step("Counting and scoring") as progress:
        card = api.score(journey, evidence, scorers, seed=seed, floor=floor or FLOOR, progress=progress)
    with steps.step("Drawing"):
        files = {"map.svg": api.render(journey, "swimlane", scores=card).body}
        files["map.html"] = api.render(journey, "html", scores=card).body
        if any(touchpoint.emotions for touchpoint in journey.touchpoints()):
            files["curve.png"] = api.render(journey, "curve").body
        else:
            notes.append("no curve.png: the map holds no emotion at any touchpoint")
        files["scorecard.json"] = codec.dumps_scorecard(card).encode()
        # The report is about the reading and the feedback too, which no scorecard holds.
        heard = tuple(said(evidence.feedback, journey)) if evidence.feedback is not None else ()
        report = attrs.evolve(cast("Any", renderers().get("markdown")), imports=tuple(reports_of(evidence)), said=heard)
        files["report.md"] = api.render(journey, report, scores=card).body
    notes += silent_notes(journey, scorers, card)
    notes += unused_notes(journey, evidence, card, heard)
    return card, files, notes
