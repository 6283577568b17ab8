"""How the tests of the contract suites ask which laws a plugin breaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def broken() -> Callable[..., dict[str, str]]:
    """``broken(check, *arguments)``: every law the check says is broken, with its sentence."""

    def run(check: Any, *arguments: Any, **named: Any) -> dict[str, str]:
        with pytest.raises(AssertionError) as caught:
            check(*arguments, **named)
        _, *lines = str(caught.value).split("\n- ")
        found = (line.partition(": ") for line in lines)
        return {law: sentence for laws, _, sentence in found for law in laws.split("; ")}

    return run
