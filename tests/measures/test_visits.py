"""Sessions: what their timeout may be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from journeykit.errors import ArgumentError
from journeykit.measures import Sessions


@pytest.mark.parametrize(
    ("timeout", "said"),
    [
        (None, "timeout=None: give a length of time, such as"),
        (30, "timeout=30: give a length of time, such as"),
        (timedelta(minutes=-1), "cannot be negative"),
    ],
)
def test_a_timeout_is_a_length_of_time(timeout: Any, said: str) -> None:
    """None, a bare number and a negative length are refused with a sentence."""
    with pytest.raises(ArgumentError, match=said):
        Sessions(timeout=timeout)
