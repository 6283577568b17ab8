"""Exit codes: the one list of what the command's last word to the shell means."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["MEANINGS", "Exit"]


class Exit(IntEnum):
    """What a command returns to the shell."""

    DONE = 0
    FINDINGS = 1
    INVALID = 2
    NOTHING_KEPT = 3
    FAULT = 70
    INTERRUPTED = 130
    CLOSED = 141


MEANINGS = {
    Exit.DONE: "done; check found nothing at or above --fail-on",
    Exit.FINDINGS: "check found something at or above --fail-on",
    Exit.INVALID: "the command line, a map, a data source or an output path is not usable; nothing was written",
    Exit.NOTHING_KEPT: "the events have no row, or every row was rejected; nothing was written",
    Exit.FAULT: "a fault in journeykit or in a plugin; the traceback says where",
    Exit.INTERRUPTED: "stopped with Ctrl-C; no file is left half written",
    Exit.CLOSED: "whoever read the output went away",
}
