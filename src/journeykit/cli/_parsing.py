"""The parser of the command line: what was mistyped is named with what was probably meant, in one line."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

__all__ = ["Parser"]


class Parser(argparse.ArgumentParser):
    """As argparse's, but options are written out, and an error is one line: the whole usage would push it off the screen."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        # An abbreviation in a script breaks when an option is added that begins alike.
        super().__init__(*args, **{"allow_abbrev": False, **settings})
        self._given: Sequence[str] = ()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """As the original; what was given is remembered, to find what was mistyped in it."""
        self._given = list(sys.argv[1:] if args is None else args)
        known, rest = super().parse_known_args(args, namespace)
        if rest:
            self.error(f"unrecognized arguments: {' '.join(rest)}")
        return known, rest

    def error(self, message: str) -> NoReturn:
        """One sentence on stderr and exit code 2."""
        from journeykit.cli._terminal import complain  # noqa: PLC0415

        complain(f"{self.prog}: {self._mistyped() or _said(message)} ('{self.prog} --help' shows everything)")
        sys.exit(2)

    def _mistyped(self) -> str | None:
        """The options that do not exist: the rest of what argparse complains of follows from them."""
        options = [name for name in self._option_string_actions if name.startswith("--")]
        # What follows "--" is no option, and neither is a negative number.
        given = [word.partition("=")[0] for word in self._given[: _index(self._given, "--")] if word.startswith("--")]
        unknown = list(dict.fromkeys(word for word in given if word not in options))
        # Before a command stand only options of all commands; those behind it are the command's own matter.
        if not unknown or (self._subparsers is not None and len(self._given) > len(given)):
            return None
        return "; ".join(f"there is no option {word}{_guess(word, options)}" for word in unknown)


def _index(words: Sequence[str], word: str) -> int:
    return words.index(word) if word in words else len(words)


def _guess(word: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415  # for what is mistyped alone

    near = get_close_matches(word, known, 1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _said(message: str) -> str:
    """What argparse complains of; an invalid choice with the choice that was probably meant."""
    if message.endswith("required: COMMAND"):
        return "say what to do; start with: journeykit demo -o demo"
    if found := re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)$", message):
        choices = [choice.strip("'") for choice in found[2].split(", ")]
        what = message.partition(":")[0].removeprefix("argument ")
        return f"{what}: there is no {found[1]!r}{_guess(found[1], choices)}; there are {', '.join(choices)}"
    return message.removeprefix("argument ")
