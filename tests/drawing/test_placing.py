"""Where labels stand: beside their point, on nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from journeykit.drawing.placing import Surroundings, place
from journeykit.drawing.scene import Box

ROOM = Box(x=0, y=0, width=160, height=300)
SIZE = (90.0, 16.0)


def test_a_free_label_stands_where_a_reader_expects_it() -> None:
    """With nothing around, the label is centred right above its point, or below when that is the side asked for."""
    above, _ = place(SIZE, (80, 150), Surroundings(room=ROOM), reach=15, up=True)
    below, _ = place(SIZE, (80, 150), Surroundings(room=ROOM), reach=15, up=False)

    assert (Box(x=35, y=119, width=90, height=16), Box(x=35, y=165, width=90, height=16)) == (above, below)


def test_a_label_steps_aside_for_a_falling_line() -> None:
    """A line that falls through the point leaves the label room at its upper right; it hides no point of the line."""
    line = [(x, 150 + 0.9 * (x - 80)) for x in range(0, 161, 3)]
    box, cost = place(SIZE, (80, 150), Surroundings(room=ROOM, lines=line), reach=15, up=True)

    assert [] == [(x, y) for x, y in line if box.x < x < box.right and box.y < y < box.bottom]
    assert box.x > 35
    assert cost < 60


def test_a_label_that_finds_no_free_place_says_so() -> None:
    """Lines everywhere: the cost tells that one is hidden."""
    lines = [(x, y) for x in range(0, 161, 3) for y in range(0, 301, 3)]
    _, cost = place(SIZE, (80, 150), Surroundings(room=ROOM, lines=lines), reach=15, up=True)

    assert cost >= 60


@given(st.lists(st.floats(15, 285), min_size=1, max_size=4), st.booleans())
def test_labels_never_stand_on_labels_or_leave_their_room(levels: list[float], up: bool) -> None:
    """Up to four points of any height in one column: no two labels overlap, and all stay in the column."""
    done: list[Box] = []
    markers = [Box(x=70, y=y - 10, width=20, height=20) for y in levels]
    for y in sorted(levels):
        box, _ = place(SIZE, (80, y), Surroundings(room=ROOM, labels=done, markers=markers), reach=12, up=up)
        done.append(box)

    assert [] == [(a, b) for i, a in enumerate(done) for b in done[i + 1 :] if a.overlaps(b)]
    assert all(ROOM.contains(box) for box in done)
