"""What the caller did wrong: every exception journeykit raises on purpose.

::

    JourneykitError
    ├── JourneyError            a journey map is not valid; ``problems`` holds every fault
    ├── EvidenceError           a source is not what it claims to be; ``problems`` holds every fault
    ├── ArgumentError           an argument of a verb or measure has no meaning (also a ValueError)
    ├── UnknownNameError        a scorecard or a result has nothing under the name asked for (also a KeyError)
    ├── PluginError
    │   ├── PluginMissingError  no plugin of that name is installed
    │   ├── PluginBrokenError   a plugin is installed but cannot be imported or breaks its protocol
    │   └── PluginAmbiguousError  several plugins answer where one must
    ├── SpaceError              memory and disk together are not enough for what was asked
    ├── RenderingError          a picture cannot be written as asked
    └── MissingLibraryError     an optional library is not installed (also an ImportError)

What the *data* has wrong is not raised: it is a `journeykit.problems.Problem` beside the value.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from os import PathLike

from journeykit.problems import Problem

__all__ = [
    "ArgumentError",
    "EvidenceError",
    "JourneyError",
    "JourneykitError",
    "MissingLibraryError",
    "PluginAmbiguousError",
    "PluginBrokenError",
    "PluginError",
    "PluginMissingError",
    "RenderingError",
    "SpaceError",
    "UnknownNameError",
]


class JourneykitError(Exception):
    """The root: catching it catches everything journeykit raises on purpose."""


class _ProblemsError(JourneykitError):
    problems: tuple[Problem, ...]

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    # Exception pickles through ``args``; those hold the sentence, not the problems.
    def __reduce__(self) -> tuple[type[_ProblemsError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class JourneyError(_ProblemsError):
    """A journey, or a part of one, breaks the model's rules; all faults at once in ``problems``."""


class EvidenceError(_ProblemsError):
    """A data source is not what it claims to be; all faults at once in ``problems``."""


class ArgumentError(JourneykitError, ValueError):
    """An argument has no meaning here; the sentence names it and what would be accepted."""


class UnknownNameError(JourneykitError, KeyError):
    """Nothing has the name asked for; the sentence names what there is."""

    # KeyError would show the sentence as a quoted key.
    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class PluginError(JourneykitError):
    """The root of everything that can be wrong with a plugin."""

    def __init__(self, kind: str, name: str, message: str) -> None:
        self.kind = kind
        self.name = name
        self.message = message
        super().__init__(message)

    def __reduce__(self) -> tuple[type[PluginError], tuple[str, str, str]]:
        return type(self), (self.kind, self.name, self.message)


class PluginMissingError(PluginError):
    """No installed plugin of this kind has this name, or none recognises the source."""


class PluginBrokenError(PluginError):
    """The plugin is installed but cannot be imported, or is not of its kind."""


class PluginAmbiguousError(PluginError):
    """Several plugins answer to one name or recognise one source; none is chosen."""


class SpaceError(JourneykitError):
    """The engine may use no more memory, and there is no more room in the folder it spills into."""


class RenderingError(JourneykitError):
    """A picture cannot be drawn or written as asked."""


class MissingLibraryError(JourneykitError, ImportError):
    """An optional library is needed for this call and is not installed; ``extra`` of journeykit brings it, if any."""

    def __init__(self, library: str, purpose: str, extra: str | None = None) -> None:
        self.library = library
        self.purpose = purpose
        self.extra = extra
        package = f"'journeykit[{extra}]'" if extra else library
        super().__init__(f"{purpose} needs {library}, which is not installed: pip install {package}")

    def __reduce__(self) -> tuple[type[MissingLibraryError], tuple[str, str, str | None]]:
        return type(self), (self.library, self.purpose, self.extra)


def one_of(names: Sequence[str]) -> str:
    """The names as an English choice, for error sentences: ``a, b or c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} or {names[-1]}"


def unwritable(path: str | PathLike[str], err: OSError) -> str:
    """Why a file cannot be written, and what to do, as a sentence for an error."""
    folder = os.path.dirname(path) or "."  # noqa: PTH120  (pathlib is more than the errors should load)
    if isinstance(err, IsADirectoryError):
        return f"cannot write {os.fspath(path)}: it is a folder; name a file in it"
    if isinstance(err, FileNotFoundError | NotADirectoryError):
        return f"cannot write {os.fspath(path)}: there is no folder {folder}; make it first, or name another"
    return f"cannot write {os.fspath(path)}: {err.strerror or err}; choose another place"
