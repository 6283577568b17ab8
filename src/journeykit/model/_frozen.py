"""What makes a whole journey a value: a mapping that can be hashed, and one equality for all classes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

import attrs

V = TypeVar("V")


class FrozenMap(Mapping[str, V]):
    """An immutable, hashable mapping with text keys; keeps the order it was given, equality ignores it."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, V]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: str) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)


class Value:
    """``==``, ``hash`` and ``repr`` of a frozen attrs class, by its fields, written once.

    Those that attrs would write do the same; compiling them for each class is two thirds of what making the class costs.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        cls: Any = type(self)
        values = _values(cls)
        return bool(values(self) == values(other))

    def __hash__(self) -> int:
        cls: Any = type(self)
        return hash((cls, _values(cls)(self)))

    def __repr__(self) -> str:
        cls: Any = type(self)
        members = ", ".join(f"{name}={getattr(self, name)!r}" for name in _shown(cls))
        return f"{cls.__qualname__.rsplit('>.', 1)[-1]}({members})"


@cache
def _shown(cls: Any) -> list[str]:
    return [attribute.name for attribute in attrs.fields(cls) if attribute.repr]


@cache
def _values(cls: Any) -> Callable[[object], Any]:
    """A tuple of the members that make two equal (of a class with one field that member alone)."""
    return attrgetter(*(attribute.name for attribute in attrs.fields(cls) if attribute.eq))
