"""What the data has wrong: a `Problem` with an `Address`, returned beside the value, never raised by itself."""

from __future__ import annotations

import attrs

__all__ = ["Address", "Problem"]


@attrs.frozen(kw_only=True)
class Address:
    """Where something is wrong; only what is known is set.

    ``file`` is a path or the name of a table; ``line`` and ``column`` are 1-based positions in a text file;
    ``record`` is the 1-based data record (the header is not counted); ``field`` is a column name;
    ``path`` is a place in a journey, such as ``stages[2].touchpoints[5].emotions[0].valence``.
    """

    file: str | None = None
    line: int | None = None
    column: int | None = None
    record: int | None = None
    field: str | None = None
    path: str | None = None

    def __str__(self) -> str:
        place = self.file or ""
        for number in (self.line, self.column):
            if number is not None:
                place += f":{number}" if place else str(number)
        parts = [place] if place else []
        if self.record is not None and self.line is None:
            parts.append(f"record {self.record}")
        if self.field is not None:
            parts.append(f'column "{self.field}"')
        if self.path:
            parts.append(self.path)
        return " ".join(parts)


@attrs.frozen(kw_only=True)
class Problem:
    """One fault in data or in a map: a stable kebab-case ``code``, a sentence, an address and the next step."""

    code: str
    message: str
    address: Address = attrs.field(factory=Address)
    hint: str | None = None

    def __str__(self) -> str:
        where = str(self.address)
        text = f"{where}: {self.message}" if where else self.message
        return f"{text} ({self.hint})" if self.hint else text
