from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from journeykit.errors import ArgumentError, EvidenceError
from journeykit.measures import Accumulator, Batch, Funnel, Occurrences, Sessions, Steps, Tracing, Transitions, Variants
from journeykit.model import Journey, Match, Outcome, Stage, Touchpoint

LABELS = {"a": "a", "b": "b", "win": "win"}
JOURNEY = Journey(
    id="map",
    title="Map",
    outcome=Outcome(success=Match(event="win"), abandon=Match(event="quit")),
    stages=[
        Stage(id="all", title="All", touchpoints=[Touchpoint(id=i, title=i, match=Match(event=i)) for i in LABELS])
    ],
)
STATES: dict[str, Callable[..., Accumulator[Any]]] = {
    "transitions": lambda **kw: Transitions(by=True, **kw),
    "variants": lambda **kw: Variants(top=2, by=True, **kw),
    "occurrences": lambda **kw: Occurrences(order=("win",), by=True, **kw),
    "steps": lambda **kw: Steps(depth=3, by=True, **kw),
    "sessions": Sessions,
    "funnel": lambda **kw: Funnel(["a", "b"], by=True, **kw),
    "trace": lambda **kw: Tracing(JOURNEY, **kw),
}
every_state = pytest.mark.parametrize("state", STATES.values(), ids=STATES)
CASES = [
    (0, "x", [(0, "a"), (1, "b"), (9, "win")]),
    (1, None, [(0, "b"), (2, "a"), (2, "quit")]),
    (2, "y", [(3, "a"), (5, "b")]),
]


@pytest.fixture
def batched(make_batch: Callable[..., Batch]) -> Callable[..., Batch]:
    return lambda rows, **more: make_batch(rows, labels=LABELS, success="win", abandon="quit", **more)


def counted(state: Accumulator[Any], *batches: Batch) -> Accumulator[Any]:
    for batch in batches:
        state.update(batch)
    return state


def plain(state: Accumulator[Any]) -> object:
    found = state.result()
    return (
        (found.coverage, found.paths.codes.tolist(), found.paths.times.tolist())
        if isinstance(state, Tracing)
        else found
    )


@every_state
@pytest.mark.parametrize("continuing", [False, True])
def test_round_trip(state: Any, batched: Any, tmp_path: Path, continuing: bool) -> None:
    """A state that was saved and loaded gives the same figures, goes on counting, and still knows its own cases."""
    whole = counted(state(continuing=continuing), batched(CASES))
    half = counted(state(continuing=continuing), batched(CASES[:2]))
    back = state(continuing=continuing).load(half.save(tmp_path / "state"))

    assert plain(half) == plain(back)
    with pytest.raises(ArgumentError, match="cases are in both states"):
        back.merge(half)
    back.merge(counted(state(continuing=continuing), batched(CASES[2:])))
    assert plain(whole) == plain(back)
    with pytest.raises(ArgumentError, match="has counted already"):
        back.load(tmp_path / "state")


@every_state
def test_then_goes_on(state: Any, batched: Any, tmp_path: Path) -> None:
    """A day is joined to a year that was saved, without reading the year's events again."""
    year = [(number, segment, [row for row in rows if row[0] < 2]) for number, segment, rows in CASES[:2]]
    day = [(number, segment, [row for row in rows if row[0] >= 2]) for number, segment, rows in CASES]
    counted(state(continuing=True), batched(year)).save(tmp_path / "year")
    known = state(continuing=True).load(tmp_path / "year")
    known.then(state(continuing=True).load(counted(state(continuing=True), batched(day)).save(tmp_path / "day")))

    assert plain(counted(state(), batched(CASES))) == plain(known)


def test_another_span_is_refused(batched: Any) -> None:
    """Two spans of one log, or two ways of cutting it, are never merged as if they were different cases."""
    january, february = (counted(Transitions(continuing=True), batched(CASES)) for _ in range(2))
    with pytest.raises(ArgumentError, match="in both states"):
        january.merge(february)
    east = counted(Transitions(), batched(CASES, part="east"))
    with pytest.raises(ArgumentError, match="without a part name"):
        east.merge(counted(Transitions(), batched(CASES)))


def test_equal_states_are_equal_files(batched: Any, tmp_path: Path) -> None:
    """The same counting gives the same bytes."""
    one, two = (counted(Transitions(), batched(CASES)).save(tmp_path / name) for name in "ab")

    assert one.read_bytes() == two.read_bytes()


def test_settings_have_one_fingerprint(batched: Any, tmp_path: Path) -> None:
    """A state is loaded by another process, whatever its hash seed, and refused with other settings or another measure."""
    counted(Tracing(JOURNEY), batched(CASES)).save(tmp_path / "state")
    code = """
import sys; sys.path.insert(0, sys.argv[2])
import importlib.util
spec = importlib.util.spec_from_file_location("saving", sys.argv[3]); saving = importlib.util.module_from_spec(spec)
spec.loader.exec_module(saving)
print(saving.Tracing(saving.JOURNEY).load(sys.argv[1]).result().coverage.cases)
"""
    for seed in ("1", "2"):
        command = [sys.executable, "-c", code, str(tmp_path / "state"), str(tmp_path), __file__]
        done = subprocess.run(command, capture_output=True, text=True, env={"PYTHONHASHSEED": seed}, check=True)
        assert "3" == done.stdout.strip()
    for other, said in (
        (Tracing(JOURNEY, continuing=True), "other settings"),
        (Transitions(), "'Tracing', not of Transitions"),
    ):
        with pytest.raises(EvidenceError, match=said):
            other.load(tmp_path / "state")


def test_foreign_files(tmp_path: Path) -> None:
    """What is no state of this version says so."""
    files = {name: tmp_path / name for name in ("none", "text", "zip", "old", "packed", "list")}
    files["text"].write_text("hello")
    for name, member, content in (
        ("zip", "x", "y"),
        ("old", "state.json", '{"journeykit-state": 0}'),
        ("packed", "state.json", '{"journeykit-state": 1}'),
        ("list", "state.json", "[1]"),
    ):
        kind = zipfile.ZIP_DEFLATED if name == "packed" else zipfile.ZIP_STORED
        with zipfile.ZipFile(files[name], "w", kind) as archive:
            archive.writestr(member, content)
    said = {
        "none": "no such file",
        "text": "no state of journeykit",
        "zip": "no state of journeykit",
        "old": "version 0.*reads 1",
        "packed": "compressed",
        "list": "no state of journeykit",
    }
    for name, pattern in said.items():
        with pytest.raises(EvidenceError, match=pattern):
            Transitions().load(files[name])


@every_state
@pytest.mark.parametrize("continuing", [False, True])
def test_damage(state: Any, batched: Any, tmp_path: Path, continuing: bool) -> None:
    """However a file is broken, loading it either works or is an `EvidenceError`, and the state stays fresh."""
    whole = counted(state(continuing=continuing), batched(CASES)).save(tmp_path / "state").read_bytes()
    chance = random.Random(1)
    for _ in range(40):
        broken = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        if chance.random() < 0.3:
            broken = broken[: chance.randrange(len(broken))]
        (tmp_path / "broken").write_bytes(broken)
        fresh = state(continuing=continuing)
        try:
            fresh.load(tmp_path / "broken")
        except EvidenceError:
            assert plain(state(continuing=continuing)) == plain(fresh)


def test_a_lie_in_the_header(batched: Any, tmp_path: Path) -> None:
    """A header that is whole JSON but no state of this measure is refused, not believed."""
    counted(Transitions(), batched(CASES)).save(tmp_path / "state")
    with zipfile.ZipFile(tmp_path / "state") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    header = json.loads(members["state.json"])
    lies: list[Callable[[Any], object]] = [
        lambda h: h["state"].pop("_gaps"),
        lambda h: h["state"].update(_gaps={"list": [{"is": "Path", "has": {}}]}),
        lambda h: h["state"].update(_starts={"counter": [["a", "many"]]}),
        lambda h: h["state"].update(_gaps={"array": 10**9}),
        lambda h: h["state"].update(_gaps="text"),
        lambda h: h.update(texts=[1]),
        lambda h: h["state"].update(partitions={"dict": [["", {"list": []}]]}),
    ]
    for lie in lies:
        told = json.loads(json.dumps(header))
        lie(told)
        with zipfile.ZipFile(tmp_path / "lie", "w") as archive:
            for name, content in members.items():
                archive.writestr(name, json.dumps(told) if name == "state.json" else content)
        with pytest.raises(EvidenceError):
            Transitions().load(tmp_path / "lie")


def test_a_small_file_stays_small(batched: Any, tmp_path: Path) -> None:
    """A header cannot make much of little: not by naming an array twice, nor by columns that promise more than there is."""
    lies: list[tuple[Callable[..., Accumulator[Any]], str, Callable[[Any], object]]] = [
        (Transitions, "two places", lambda s: s["_gaps"]["list"].append(s["_gaps"]["list"][0])),
        (Transitions, "do not fit", lambda s: _swap(s["_gaps"]["list"][0]["has"], "counts", "pairs")),
        (lambda: Tracing(JOURNEY), "do not fit", lambda s: _swap(s["_cases"]["list"][0]["has"], "offsets", "first")),
        (lambda: Tracing(JOURNEY), "do not fit", lambda s: _swap(s["_cases"]["list"][0]["has"], "cut", "ended")),
    ]
    for state, said, lie in lies:
        counted(state(), batched(CASES)).save(tmp_path / "state")
        with zipfile.ZipFile(tmp_path / "state") as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        header = json.loads(members["state.json"])
        lie(header["state"])
        members["state.json"] = json.dumps(header).encode()
        with zipfile.ZipFile(tmp_path / "lie", "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        with pytest.raises(EvidenceError, match=said):
            state().load(tmp_path / "lie")


def _swap(has: dict[str, Any], one: str, two: str) -> None:
    has[one], has[two] = has[two], has[one]


def test_many_sessions_take_no_room(batched: Any, tmp_path: Path) -> None:
    """Four thousand million sessions are a number: what a state counts is never written out row by row."""
    state = counted(Sessions(), batched(CASES))
    for counts in state._groups.values():  # type: ignore[attr-defined]
        counts.events[2] += 4_000_000_000
    summary = Sessions().load(state.save(tmp_path / "state")).result()[None]

    assert (4_000_000_001, 2) == (summary.sessions, summary.median_events)


def test_two_writers_to_one_path(batched: Any, tmp_path: Path) -> None:
    """Threads that save to one path at once leave one whole state and nothing beside it."""
    states = [counted(Sessions(), batched(CASES[:n])) for n in (1, 2, 3)] * 8
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda state: state.save(tmp_path / "state"), states))

    assert [tmp_path / "state"] == list(tmp_path.iterdir())
    assert Sessions().load(tmp_path / "state").result() in [state.result() for state in states[:3]]


def test_a_link_that_waits_is_not_followed(batched: Any, tmp_path: Path) -> None:
    """Whoever puts a link where a part file used to be gains nothing: the file it points to stays as it is."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / f".state.{os.getpid()}.part").symlink_to(victim)
    counted(Sessions(), batched(CASES)).save(tmp_path / "state")

    assert "mine" == victim.read_text()
    assert counted(Sessions(), batched(CASES)).result() == Sessions().load(tmp_path / "state").result()


def test_a_state_is_its_owner_s(batched: Any, tmp_path: Path) -> None:
    """A new file can be read by its owner alone, for it may hold ids; one that is there keeps its rights."""
    path = counted(Sessions(), batched(CASES)).save(tmp_path / "state")
    new = path.stat().st_mode & 0o777
    path.chmod(0o640)
    counted(Sessions(), batched(CASES)).save(path)

    assert (0o600, 0o640) == (new, path.stat().st_mode & 0o777)


def test_where_nothing_can_be_written_or_read(batched: Any, tmp_path: Path) -> None:
    """A missing folder, and a folder in place of a file, are named with what to do."""
    state = counted(Sessions(), batched(CASES))
    with pytest.raises(ArgumentError, match=r"there is no folder .*gone; make it first, or name another"):
        state.save(tmp_path / "gone" / "state")
    with pytest.raises(ArgumentError, match="it is a folder; name a file in it"):
        state.save(tmp_path)
    with pytest.raises(EvidenceError, match="it is a folder; name the file in it"):
        Sessions().load(tmp_path)

    assert [] == list(tmp_path.iterdir())
