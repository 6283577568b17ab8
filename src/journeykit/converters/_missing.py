"""Tells of letters that no font has: the picture would lack them without a word."""

from __future__ import annotations

import unicodedata
import warnings

__all__ = ["warn_of_missing"]

_SHOWN = 8


def warn_of_missing(letters: str) -> None:
    """Warn when there are any, naming the first few."""
    if not letters:
        return
    named = ", ".join(f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip() for letter in letters[:_SHOWN])
    more = f" and {len(letters) - _SHOWN} more" if len(letters) > _SHOWN else ""
    message = f"no font on this machine has {named}{more}: the picture lacks them; install a font (such as Noto) or give fonts="
    warnings.warn(message, UserWarning, stacklevel=5)
