"""Text on the terminal: harmless and aligned."""

from __future__ import annotations

import io
import sys

import pytest

from journeykit.cli._terminal import Steps, aligned, safe, watching


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("two\nlines", "two\\nlines"),
        ("\x9b2J", "\\x9b2J"),
        ("a\u202eb", "a\\u202eb"),
        ("\u2028", "\\u2028"),
        ("\ud800", "\\ud800"),
        ("Grüße 靴 👩‍👩‍👧 می‌خواهم", "Grüße 靴 👩‍👩‍👧 می‌خواهم"),
    ],
)
def test_controls_are_written_out(text: str, shown: str) -> None:
    """Whatever could steer a terminal is shown as its code; letters of every script stay."""

    assert shown == safe(text)


def test_columns_line_up_with_wide_letters() -> None:
    """Wide letters count as two, combining ones as none."""

    assert ["  靴  1", "  ab  2"] == aligned([["靴", "1"], ["ab", "2"]])
    assert ["  e\u0301   1", "  ab  2"] == aligned([["e\u0301", "1"], ["ab", "2"]])


def test_numbers_stand_flush_right() -> None:
    """A column named in ``right`` is padded on its left."""

    assert ["  a    1", "  b  100"] == aligned([["a", "1"], ["b", "100"]], right=frozenset({1}))


def test_progress_only_where_someone_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal on stderr nothing is shown and no callback is offered; with one, a bar is."""
    with Steps().step("Counting") as silent:
        pass

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    with watching().step("Counting [1]") as callback:
        assert callback is not None
        callback(1, 2)

    assert silent is None
    assert type(watching()) is not Steps
