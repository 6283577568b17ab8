"""The example service, asked over real connections on the loopback interface, also while it scores anew."""

from __future__ import annotations

import hashlib
import http.client
import importlib.util
import json
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

import journeykit as jk
from journeykit.codec import loads, loads_scorecard, schema, scorecard_schema
from journeykit.errors import EvidenceError
from journeykit.problems import Problem

pytest.importorskip("starlette")
uvicorn = pytest.importorskip("uvicorn")

FILE = Path(__file__).parents[2] / "examples" / "service" / "journey_service.py"
DOCUMENTS = {"/journey.json": "application/json", "/scorecard.json": "application/json", "/map.svg": "image/svg+xml"}
JOURNEY = """
journeykit: 1
id: shop
title: An order
outcome: {success: {event: order}, within: 1d}
stages:
  - id: buy
    title: Buy
    touchpoints:
      - {id: view, title: Looks <at> it, match: {event: view}}
      - {id: order, title: Orders, match: {event: order}}
"""


class Night:
    """What the service reads: each night has some more customers; a bad night has none."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "events.csv"
        self.customers = 40
        self.bad = False

    def load(self) -> tuple[jk.Journey, jk.Evidence]:
        if self.bad:
            raise EvidenceError([Problem(code="unreadable", message="customer-4711 is not readable")])
        lines = ["customer,time,event"]
        for customer in range(self.customers):
            lines += [f"c{customer},2026-03-01T10:{customer % 60:02}:00Z,view"]
            lines += [f"c{customer},2026-03-01T11:00:00Z,order"] * (customer % 2)
        self.file.write_text("\n".join(lines), encoding="utf-8")
        events = jk.read_events(self.file, observed_until=datetime(2026, 4, 1, tzinfo=UTC))
        return loads(JOURNEY), jk.Evidence(events=events)


class Answer:
    """Status, headers (lower case) and body of one request on a connection of its own."""

    def __init__(self, port: int, path: str, method: str = "GET", **headers: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            self.status = response.status
            self.headers = {name.lower(): value for name, value in response.getheaders()}
            self.body = response.read()
        finally:
            connection.close()

    @property
    def json(self) -> Any:
        assert self.headers["content-type"] == "application/json"
        return json.loads(self.body)


class Running:
    """The application on a free port, in a thread; stopped at the end whatever happens."""

    def __init__(self, app: Any) -> None:
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", ws="none", lifespan="off")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        limit = time.monotonic() + 20
        while not self.server.started:
            assert self.thread.is_alive(), "the server could not start"
            assert time.monotonic() < limit, "the server did not start within 20 s"
            time.sleep(0.01)
        self.port: int = self.server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(20)


@pytest.fixture(scope="module")
def service() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("journey_service", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "journey_service", module)
        spec.loader.exec_module(module)
        yield module


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return Night(tmp_path)


@pytest.fixture
def board(service: ModuleType, night: Night) -> Any:
    return service.Board(night.load)


@pytest.fixture
def port(service: ModuleType, board: Any) -> Iterator[int]:
    running = Running(service.create_app(board))
    yield running.port
    running.stop()


def test_before_the_first_night_it_says_so(port: int) -> None:
    """Without a snapshot every document is 503 in JSON with the time to come back, and so is the health."""
    health = Answer(port, "/health")
    documents = [Answer(port, path) for path in DOCUMENTS]

    assert (503, {"status": "starting", "last_failure": None}) == (health.status, health.json)
    assert 3 * [(503, "30", {"error": "no map has been scored yet", "status": 503})] == [
        (answer.status, answer.headers["retry-after"], answer.json) for answer in documents
    ]


def test_the_documents_are_what_the_library_makes(port: int, board: Any, night: Night) -> None:
    """Journey and scorecard fit their schemas and come back equal, the picture is SVG, each in its media type."""
    assert board.refresh()
    journey, scorecard, picture = (Answer(port, path) for path in DOCUMENTS)
    expected, evidence = night.load()
    cards = jk.score(expected, evidence)
    jsonschema.validate(journey.json, schema())
    jsonschema.validate(scorecard.json, scorecard_schema())

    assert expected == jk.load(journey.body)
    assert cards == loads_scorecard(scorecard.body.decode())
    assert jk.render(expected, "swimlane", scores=cards).body == picture.body
    assert "{http://www.w3.org/2000/svg}svg" == ET.fromstring(picture.body).tag
    assert list(DOCUMENTS.values()) == [answer.headers["content-type"] for answer in (journey, scorecard, picture)]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_an_unchanged_document_costs_no_body(path: str, port: int, board: Any) -> None:
    """The tag is kept while the bytes are the same: a reader who has them gets 304, also in a list and weakly; HEAD works."""
    board.refresh()
    first = Answer(port, path)
    board.refresh()
    tag = first.headers["etag"]
    again = [Answer(port, path, If_None_Match=held) for held in (tag, f'"other", W/{tag}', "*")]
    head = Answer(port, path, "HEAD")

    assert 3 * [(304, b"", tag)] == [(answer.status, answer.body, answer.headers["etag"]) for answer in again]
    assert (200, b"") == (head.status, head.body)
    assert str(len(first.body)) == head.headers["content-length"]
    assert 200 == Answer(port, path, If_None_Match='"other"').status


def test_a_new_night_has_a_new_tag(port: int, board: Any, night: Night) -> None:
    """More customers change the scorecard and the picture, and leave the map as it was."""
    board.refresh()
    before = [Answer(port, path).headers["etag"] for path in DOCUMENTS]
    night.customers = 60
    board.refresh()
    answers = [Answer(port, path, If_None_Match=tag) for path, tag in zip(DOCUMENTS, before, strict=True)]

    assert [304, 200, 200] == [answer.status for answer in answers]


def test_every_answer_is_kept_from_doing_anything(port: int, board: Any) -> None:
    """Documents, health and errors all forbid scripts, frames and sniffing, and say how long they may be kept."""
    board.refresh()
    answers = {path: Answer(port, path) for path in (*DOCUMENTS, "/health", "/nothing")}
    kept = {path: answer.headers["cache-control"] for path, answer in answers.items()}

    assert {"default-src 'none'"} == {a.headers["content-security-policy"].split(";")[0] for a in answers.values()}
    assert {"nosniff"} == {answer.headers["x-content-type-options"] for answer in answers.values()}
    assert {**dict.fromkeys(DOCUMENTS, "private, max-age=300"), "/health": "no-store", "/nothing": "no-store"} == kept


def test_what_is_not_there_or_not_allowed_is_json(port: int, board: Any) -> None:
    """A wrong path and a wrong method are JSON with the status; the method that would do is named."""
    board.refresh()
    missing, posted = Answer(port, "/map.png"), Answer(port, "/map.svg", "POST")

    assert (404, {"error": "Not Found", "status": 404}) == (missing.status, missing.json)
    assert (405, {"error": "Method Not Allowed", "status": 405}) == (posted.status, posted.json)
    assert {"GET", "HEAD"} == set(posted.headers["allow"].split(", "))


def test_an_error_of_the_service_itself_quotes_nothing(service: ModuleType, board: Any, monkeypatch: Any) -> None:
    """What nobody foresaw is 500 in JSON without the words of the exception."""
    monkeypatch.setattr(type(board), "health", lambda self: 1 / 0)
    running = Running(service.create_app(board))
    try:
        answer = Answer(running.port, "/health")
    finally:
        running.stop()

    assert (500, {"error": "internal error", "status": 500}) == (answer.status, answer.json)
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_bad_night_leaves_the_last_map(port: int, board: Any, night: Night) -> None:
    """If reading fails the old snapshot stays, health turns stale without quoting the data, and a good night heals it."""
    board.refresh()
    before = Answer(port, "/scorecard.json")
    night.bad = True
    failed = board.refresh()
    stale = Answer(port, "/health")
    after = Answer(port, "/scorecard.json")
    night.bad = False
    board.refresh()

    assert failed is False
    assert (200, "stale", "EvidenceError") == (stale.status, stale.json["status"], stale.json["last_failure"])
    assert b"4711" not in stale.body
    assert before.body == after.body
    assert ("ok", None) == tuple(Answer(port, "/health").json[name] for name in ("status", "last_failure"))


def test_an_old_snapshot_is_stale(service: ModuleType, night: Night) -> None:
    """After a day and a half without a refresh health says so, though nothing failed."""
    clock = [datetime(2026, 4, 1, 3, tzinfo=UTC)]
    board = service.Board(night.load, now=lambda: clock[0])
    board.refresh()
    fresh = board.health()[1]["status"]
    clock[0] += timedelta(hours=37)

    assert ("ok", "stale") == (fresh, board.health()[1]["status"])


def test_requests_during_a_refresh_see_one_night_or_the_other(port: int, board: Any, night: Night) -> None:
    """Many readers while nights change: every answer is whole, and of a snapshot that was really made."""
    made: dict[str, set[bytes]] = {path: set() for path in DOCUMENTS}

    def note() -> None:
        for path, document in board.snapshot.documents.items():
            made[path].add(document.body)

    board.refresh()
    note()
    done = threading.Event()

    def read(path: str) -> list[Answer]:
        answers = [Answer(port, path)]
        while not done.is_set() and len(answers) < 500:
            answers.append(Answer(port, path))
        return answers

    with ThreadPoolExecutor(6) as pool:
        reading = [(path, pool.submit(read, path)) for path in [*DOCUMENTS] * 2]
        try:
            for customers in (50, 60, 70):
                night.customers = customers
                assert board.refresh()
                note()
        finally:
            done.set()
        answers = [(path, answer) for path, future in reading for answer in future.result(timeout=30)]

    assert 4 == len(made["/scorecard.json"])
    assert {200} == {answer.status for _, answer in answers}
    assert all(answer.body in made[path] for path, answer in answers)
    assert all(answer.headers["etag"] == f'"{hashlib.sha256(answer.body).hexdigest()[:32]}"' for _, answer in answers)


def test_two_refreshes_at_once_take_turns(board: Any, night: Night) -> None:
    """A scheduler that fires twice does no harm: both end well, and what is served is a snapshot."""
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _: board.refresh(), range(2)))

    assert [True, True] == results
    assert night.customers == board.snapshot.journeys


@pytest.mark.parametrize(
    ("expected", "now"),
    [
        (3600, datetime(2026, 3, 1, 2, tzinfo=UTC)),
        (86400, datetime(2026, 3, 1, 3, tzinfo=UTC)),
        (82800, datetime(2026, 3, 1, 4, tzinfo=UTC)),
        (7200.5, datetime(2026, 12, 31, 0, 59, 59, 500_000, tzinfo=UTC)),
    ],
)
def test_the_next_night_is_awaited(expected: float, now: datetime, service: ModuleType) -> None:
    """The wait ends at the next three o'clock, over midnight and the end of a year too."""
    assert expected == service.wait_until(datetime(2026, 1, 1, 3, tzinfo=UTC).time(), now)


def test_a_stopped_scheduler_refreshes_no_more(service: ModuleType, board: Any) -> None:
    """The thread of the nights ends when it is told to, without a last refresh."""
    stop = threading.Event()
    thread = threading.Thread(target=service.nightly, args=(board, datetime(2026, 1, 1, 3).time(), stop))
    thread.start()
    stop.set()
    thread.join(10)

    assert (False, None) == (thread.is_alive(), board.snapshot)
