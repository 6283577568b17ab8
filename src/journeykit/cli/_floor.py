"""The option that says how small a group may be and still be shown."""

from __future__ import annotations

import argparse

__all__ = ["add_floor", "least_of"]


def add_floor(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """``--floor N``, the smallest group of journeys or customers that is told."""
    parser.add_argument(
        "--floor", metavar="N", type=_count,
        help="the smallest group of journeys or customers whose figures and event names are shown (default: 10; 1 withholds "
        "nothing)",
    )  # fmt: skip


def least_of(arguments: argparse.Namespace) -> int:
    """The floor that was asked for, or the library's own."""
    # Late: help costs the standard library only.
    from journeykit.results.small_groups import FLOOR  # noqa: PLC0415

    return FLOOR if arguments.floor is None else int(arguments.floor)


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return number
