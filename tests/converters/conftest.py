"""SVG pictures to convert, and the machine's fonts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from journeykit.results import Rendering

Draw = Callable[..., Rendering]


@pytest.fixture
def draw() -> Draw:
    """A small SVG: its texts, its size, its language, anything before the texts."""

    def drawn(*texts: str, size: tuple[float, float] = (200, 100), language: str = "en", before: str = "") -> Rendering:
        lines = "".join(
            f'<text x="10" y="{30 * (i + 1)}" font-size="20"><tspan>{words}</tspan></text>'
            for i, words in enumerate(texts)
        )
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" xml:lang="{language}" '
            f"font-family=\"Inter, 'Noto Sans', Arial, 'Noto Sans Arabic', 'Noto Sans CJK JP', 'Noto Color Emoji', sans-serif\">"
            f"<title>T</title><desc>What there is to see</desc>{before}{lines}</svg>"
        )
        return Rendering(media_type="image/svg+xml", body=svg.encode(), title="A map", renderer="swimlane")

    return drawn
