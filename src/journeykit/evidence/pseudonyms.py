"""Pseudonyms of people: the same name for the same person wherever it stands, and no way back without the key.

A pseudonym is ``p-`` and 80 bits of HMAC-SHA256 (RFC 2104) of the id. Whoever has the key can try ids and so knows who is meant:
a pseudonym is personal data still, in the sense of the GDPR, for them. Without the key ids cannot even be tried.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import cache
from typing import Any

from attrs import field, frozen

from journeykit.errors import ArgumentError

__all__ = ["LONG_ENOUGH", "Pseudonyms", "of_this_process"]

LONG_ENOUGH = 5
"""The signs from which on an id is looked for within other texts: shorter ones stand there by chance."""

_PREFIX, _SIGNS = "p-", 20
_BLOCK = 64
_SHORTEST = 16


def _checked(_: object, __: object, key: Any) -> None:
    if not isinstance(key, bytes) or len(key) < _SHORTEST:
        raise ArgumentError(
            f"key= must be at least {_SHORTEST} random bytes, such as secrets.token_bytes(32); it stays with you"
        )


@frozen(kw_only=True)
class Pseudonyms:
    """Pseudonyms made with one secret ``key`` (bytes, at least 16; it is never shown).

    One key gives one person the same pseudonym in every table and every night; another key gives others, and nobody can tell
    which belong together. Raises `ArgumentError` for a key that is no bytes or too short.
    """

    key: bytes = field(repr=False, validator=_checked)

    def of(self, id: str) -> str:
        """The pseudonym of an id."""
        digest = hmac.digest(self.key, id.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return f"{_PREFIX}{digest.hex()[:_SIGNS]}"

    def sql(self, text: str) -> str:
        """The same in DuckDB's SQL, for a text that is SQL: a million rows take a second; NULL stays NULL."""
        key = hashlib.sha256(self.key).digest() if len(self.key) > _BLOCK else self.key
        padded = key.ljust(_BLOCK, b"\0")
        inner, outer = (bytes(byte ^ pad for byte in padded).hex() for pad in (0x36, 0x5C))
        once = f"unhex(sha256(unhex('{inner}') || encode({text})))"
        return f"('{_PREFIX}' || left(sha256(unhex('{outer}') || {once}), {_SIGNS}))"


@cache
def of_this_process() -> Pseudonyms:
    """The pseudonyms that hold until this process ends; its key is random and kept nowhere else."""
    return Pseudonyms(key=secrets.token_bytes(32))
