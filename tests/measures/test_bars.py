from __future__ import annotations

import io
import sys

import pytest

from journeykit.measures import bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a terminal the bar shows what is counted of how much, on standard error, and goes away after an error too."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with pytest.raises(KeyboardInterrupt), bar("Counting events") as progress:  # noqa: PT012
        progress(500, 1000)
        progress(1000, 1000)
        raise KeyboardInterrupt

    shown = screen.getvalue()
    assert "Counting events" in shown
    assert "1000/1000" in shown
    # The cursor is visible again, and the last line is cleared.
    assert "\x1b[?25h" in shown
    assert "\x1b[2K" in shown


def test_elsewhere_it_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal nothing is written."""
    with bar() as progress:
        progress(1, 2)

    assert ("", "") == capsys.readouterr()
