"""One piece of a log put in order: case by case, then by time, then by the tie rule.

Rows come in the order of the source, which nearly always is the order of time within a case already; so they are only brought
together by case, keeping their order, and the few cases that are not in order are sorted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["arrange"]

Ints = NDArray[np.int64]
# The order within a case, the strongest first, as far as a table has them.
_WITHIN = ("time", "order", "place")
# The bits of a token that tell nearly all cases of a piece apart. numpy sorts 8 and 16 bits by radix, fast and stable.
_LOW, _HIGH = 8, 16


def arrange(rows: Mapping[str, NDArray[Any]], known: int) -> tuple[Ints, Ints, Ints]:
    """The order of these rows, where in it each case begins, and their times in it.

    The first ``known`` bits of all tokens are the same.
    """
    tokens = rows["case"]
    if not len(tokens):
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing, nothing
    # Values are fetched in the new order as seldom as can be: that, not the sorting, is most of the cost.
    order, tokens = _together(tokens, known)
    new = np.empty(len(tokens), dtype=np.bool_)
    new[0] = True
    np.not_equal(tokens[1:], tokens[:-1], out=new[1:])
    within = [rows[name] for name in _WITHIN if name in rows]
    fetched = [values[order] for values in within]
    wrong = _falling(fetched) & ~new[1:]
    if wrong.any():
        owners = np.cumsum(new) - 1
        bad = np.zeros(int(owners[-1]) + 1, dtype=np.bool_)
        bad[owners[1:][wrong]] = True
        at = np.flatnonzero(bad[owners])
        # Stable, so that what all of these leave open is as it came.
        moved = np.lexsort((*(values[at] for values in reversed(fetched)), owners[at]))
        order[at], fetched[0][at] = order[at][moved], fetched[0][at][moved]
    return order, np.flatnonzero(new), fetched[0]


def _together(tokens: NDArray[np.uint64], known: int) -> tuple[Ints, NDArray[np.uint64]]:
    """The rows by token, those of one token as they came, and their tokens."""
    digits = _digits(tokens, known)
    order = np.argsort(digits.astype(np.uint8), kind="stable")
    order = order[np.argsort((digits >> np.uint64(_LOW)).astype(np.uint16)[order], kind="stable")]
    seen = tokens[order]
    digits = _digits(seen, known)
    same = digits[1:] == digits[:-1]
    clash = same & (seen[1:] != seen[:-1])
    if clash.any():
        runs = np.concatenate([[0], np.cumsum(~same)])
        bad = np.zeros(int(runs[-1]) + 1, dtype=np.bool_)
        bad[runs[1:][clash]] = True
        at = np.flatnonzero(bad[runs])
        moved = np.argsort(seen[at], kind="stable")
        order[at], seen[at] = order[at][moved], seen[at][moved]
    return order, seen


def _digits(tokens: NDArray[np.uint64], known: int) -> NDArray[np.uint64]:
    # A shift to the left drops the bits that are known.
    return (tokens << np.uint64(known)) >> np.uint64(64 - _LOW - _HIGH)


def _falling(columns: list[NDArray[Any]]) -> NDArray[np.bool_]:
    """Where a row must not stand behind the one before it."""
    falls = np.zeros(len(columns[0]) - 1, dtype=np.bool_)
    equal = np.ones(len(falls), dtype=np.bool_)
    for values in columns:
        falls |= equal & (values[1:] < values[:-1])
        equal &= values[1:] == values[:-1]
    return falls
