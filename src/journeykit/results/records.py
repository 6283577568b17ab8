"""A frozen collection of typed records: what every measure, scorecard and check returns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any, Generic, TypeVar, overload

import attrs

from journeykit.errors import MissingLibraryError, UnknownNameError
from journeykit.results.showing import table_html

__all__ = ["Records"]

R = TypeVar("R")
_SHOWN = 20


class Records(Sequence[R], Generic[R]):
    """An immutable sequence of attrs records that can also be indexed by name.

    ``kind`` is the record class (so that an empty collection still has columns); ``key`` names the fields that identify a
    record: ``flows["cart", "purchase"]``, ``shares["home"]``. With several matches the first is returned, with none
    `UnknownNameError` raised.
    """

    __slots__ = ("_items", "key", "kind")

    def __init__(self, items: Iterable[R], *, kind: type[R], key: tuple[str, ...] = ()) -> None:
        self._items: tuple[R, ...] = tuple(items)
        self.kind: type[R] = kind
        self.key: tuple[str, ...] = key

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> Records[R]: ...
    @overload
    def __getitem__(self, index: str | tuple[Any, ...]) -> R: ...
    def __getitem__(self, index: int | slice | str | tuple[Any, ...]) -> R | Records[R]:
        if isinstance(index, int):
            return self._items[index]
        if isinstance(index, slice):
            return Records(self._items[index], kind=self.kind, key=self.key)
        wanted = index if isinstance(index, tuple) and len(self.key) != 1 else (index,)
        for item in self._items:
            if self.key and tuple(getattr(item, name) for name in self.key) == wanted:
                return item
        raise UnknownNameError(self._absent(wanted))

    def _absent(self, wanted: tuple[Any, ...]) -> str:
        if not self.key:
            return f"these records have no names: give a number from 0 to {len(self) - 1}, not {wanted[0]!r}"
        of = ", ".join(self.key)
        there = [tuple(getattr(item, name) for name in self.key) for item in self._items[:_SHOWN]]
        known = ", ".join(repr(names[0] if len(names) == 1 else names) for names in there)
        more = f" and {len(self) - _SHOWN} more" if len(self) > _SHOWN else ""
        asked = repr(wanted[0] if len(wanted) == 1 else wanted)
        return f"no record is called {asked} ({of}); there {'is ' + known + more if known else 'are none'}"

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[R]:
        return iter(self._items)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Records):
            return NotImplemented
        return self.kind is other.kind and self._items == other._items

    def __hash__(self) -> int:
        return hash((self.kind, self._items))

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the records' fields, in order."""
        return tuple(a.name for a in attrs.fields(self.kind))  # type: ignore[arg-type]

    def to_dict(self) -> dict[str, list[Any]]:
        """One list a column; nested records become dictionaries."""
        return {name: [_plain(getattr(item, name)) for item in self._items] for name in self.columns}

    def to_arrow(self) -> Any:
        """A ``pyarrow.Table``, one row a record; `MissingLibraryError` without pyarrow."""
        return _library("pyarrow", "to_arrow()").table(self.to_dict())

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``, one row a record; `MissingLibraryError` without polars."""
        return _library("polars", "to_polars()").DataFrame(self.to_dict(), strict=False)

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``, one row a record; `MissingLibraryError` without pandas."""
        return _library("pandas", "to_pandas()").DataFrame(self.to_dict())

    def __repr__(self) -> str:
        head = f"{len(self)} x {self.kind.__name__}"
        lines = [f"  {item!r}" for item in self._items[:_SHOWN]]
        if len(self) > _SHOWN:
            lines.append(f"  ... and {len(self) - _SHOWN} more")
        return "\n".join([head, *lines])

    def _repr_html_(self) -> str:
        # A record of many fields may say which of them a reader looks for first.
        names: tuple[str, ...] = getattr(self.kind, "_shown_first", self.columns)
        shown = self._items[:_SHOWN]
        # A column in which no record says anything only pushes the others out of the window.
        names = tuple(name for name in names if not shown or any(getattr(item, name) is not None for item in shown))
        rows = [[getattr(item, name) for name in names] for item in shown]
        more = f"<p>... and {len(self) - _SHOWN:,} more</p>" if len(self) > _SHOWN else ""
        return table_html(names, rows, caption=f"{len(self):,} x {self.kind.__name__}") + more


def _library(name: str, purpose: str) -> Any:
    try:
        return import_module(name)
    except ImportError as err:
        raise MissingLibraryError(name, purpose) from err


def _plain(value: Any) -> Any:
    if attrs.has(type(value)):
        return attrs.asdict(value)
    if isinstance(value, tuple):
        return [_plain(member) for member in value]
    return value
