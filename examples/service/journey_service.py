"""A service that scores a map every night and serves what follows: a starting point to copy, not a part of journeykit.

    python journey_service.py MAP EVENTS [--at 03:00] [--port 8000]

A `Board` holds one `Snapshot`: the journey, its scorecard and its picture as bytes, made from the same data. `Board.refresh()`
makes a new one beside the old and puts it in place in one step, so that a request sees either all of the old night or all of
the new one, never half of each; if scoring fails the old one stays and ``/health`` says so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import MappingProxyType

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import journeykit as jk
from journeykit.codec import dumps, dumps_scorecard

log = logging.getLogger("journey_service")

# Nothing may be fetched, run or framed; the picture carries its own style.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
_ALWAYS = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


@dataclass(frozen=True)
class Document:
    """What one path serves; the tag changes exactly when the bytes do."""

    body: bytes
    media_type: str
    etag: str

    @classmethod
    def of(cls, body: bytes, media_type: str) -> Document:
        return cls(body, media_type, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


@dataclass(frozen=True)
class Snapshot:
    """One night's result; nothing in it changes once it is made."""

    journey: str
    journeys: int
    scored_at: datetime
    observed_until: datetime | None
    documents: Mapping[str, Document]


def take_snapshot(journey: jk.Journey, evidence: jk.Evidence, scored_at: datetime) -> Snapshot:
    """Score the map and write everything that is served; no request waits for any of this."""
    cards = jk.score(journey, evidence)
    picture = jk.render(journey, "swimlane", scores=cards)
    documents = {
        "/journey.json": Document.of(dumps(journey, format="json").encode(), "application/json"),
        "/scorecard.json": Document.of(dumps_scorecard(cards).encode(), "application/json"),
        "/map.svg": Document.of(picture.body, picture.media_type),
    }
    seen = cards.coverage
    return Snapshot(journey.id, seen.journeys, scored_at, seen.observed_until, MappingProxyType(documents))


def utc_now() -> datetime:
    """The clock of the service; tests have another."""
    return datetime.now(UTC)


class Board:
    """The current snapshot, and how the last attempt at a new one went. Safe to use from several threads."""

    def __init__(
        self,
        load: Callable[[], tuple[jk.Journey, jk.Evidence]],
        *,
        now: Callable[[], datetime] = utc_now,
        stale_after: timedelta = timedelta(hours=36),
    ) -> None:
        self._load = load
        self._now = now
        self._stale_after = stale_after
        self._one_at_a_time = threading.Lock()
        # One attribute, replaced whole: a reader takes it once and has a consistent pair without a lock.
        self._state: tuple[Snapshot | None, str | None] = (None, None)

    @property
    def snapshot(self) -> Snapshot | None:
        """The last one that could be made; None before the first."""
        return self._state[0]

    def refresh(self) -> bool:
        """What a scheduler calls: read, score, draw, then swap. Whether there is a new snapshot; never raises for bad data."""
        with self._one_at_a_time:
            try:
                snapshot = take_snapshot(*self._load(), self._now())
            except Exception as err:
                log.exception("the refresh failed; the last snapshot stays")
                # The kind only: a message may quote the data, and /health is read by machines everywhere.
                self._state = (self._state[0], type(err).__name__)
                return False
            self._state = (snapshot, None)
            return True

    def health(self) -> tuple[int, dict[str, str | int | None]]:
        """Status code and facts: ``starting`` (503) without a snapshot, ``stale`` when it is old or the last attempt failed."""
        snapshot, failure = self._state
        if snapshot is None:
            return 503, {"status": "starting", "last_failure": failure}
        old = self._now() - snapshot.scored_at > self._stale_after
        until = snapshot.observed_until
        return 200, {
            "status": "stale" if old or failure else "ok",
            "journey": snapshot.journey,
            "journeys": snapshot.journeys,
            "scored_at": snapshot.scored_at.isoformat(),
            "observed_until": until.isoformat() if until else None,
            "last_failure": failure,
        }


def create_app(board: Board, *, max_age: int = 300) -> Starlette:
    """The four paths over a board; ``max_age`` is for how many seconds a reader may keep an answer without asking again."""

    def document(request: Request) -> Response:
        snapshot = board.snapshot
        if snapshot is None:
            raise HTTPException(503, "no map has been scored yet", {"Retry-After": "30"})
        found = snapshot.documents[request.url.path]
        headers = {
            **_ALWAYS,
            "ETag": found.etag,
            "Cache-Control": f"private, max-age={max_age}",
            "Last-Modified": format_datetime(snapshot.scored_at.astimezone(UTC), usegmt=True),
        }
        if _holds(request.headers.get("if-none-match", ""), found.etag):
            return Response(status_code=304, headers=headers)
        return Response(found.body, media_type=found.media_type, headers=headers)

    def health(_: Request) -> Response:
        status, facts = board.health()
        return _json(status, facts, {"Cache-Control": "no-store"})

    paths = ("/journey.json", "/scorecard.json", "/map.svg")
    return Starlette(
        routes=[Route("/health", health), *(Route(path, document) for path in paths)],
        exception_handlers={HTTPException: _refused, Exception: _broken},
    )


def _json(status: int, content: Mapping[str, object], headers: Mapping[str, str]) -> Response:
    body = json.dumps(content, allow_nan=False).encode()
    return Response(body, status, {**_ALWAYS, **headers}, "application/json")


def _refused(_: Request, err: Exception) -> Response:
    status, detail, headers = (
        (err.status_code, err.detail, err.headers) if isinstance(err, HTTPException) else (500, "", None)
    )
    return _json(status, {"error": detail, "status": status}, {"Cache-Control": "no-store", **(headers or {})})


def _broken(_: Request, err: Exception) -> Response:
    log.error("a request failed", exc_info=err)
    return _json(500, {"error": "internal error", "status": 500}, {"Cache-Control": "no-store"})


def _holds(if_none_match: str, etag: str) -> bool:
    """Whether the reader has these bytes already (RFC 9110, 13.1.2: compared weakly)."""
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in tags or "*" in tags


def wait_until(at: time, now: datetime) -> float:
    """Seconds from ``now`` to the next time the clock (of the zone of ``now``) shows ``at``; a whole day when it is now."""
    due = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return ((due if due > now else due + timedelta(days=1)) - now).total_seconds()


def nightly(board: Board, at: time, stop: threading.Event) -> None:
    """Refresh once a day at ``at`` (UTC) until stopped; for a thread of its own. Any scheduler can call refresh() instead."""
    while not stop.wait(wait_until(at, datetime.now(UTC))):
        board.refresh()


def main() -> None:
    parser = argparse.ArgumentParser(description="Score a map every night and serve it.")
    parser.add_argument("map", type=Path)
    parser.add_argument("events", type=Path)
    parser.add_argument("--at", type=time.fromisoformat, default=time(3), help="when to score, UTC (03:00)")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    given = parser.parse_args()

    logging.basicConfig(level=logging.INFO)
    # The map is read again each night too: it lives in git and changes like code.
    board = Board(lambda: (jk.load(given.map), jk.Evidence(events=jk.read_events(given.events))))
    stop = threading.Event()
    # The first scoring too runs beside the server, so that /health answers from the start.
    threading.Thread(target=lambda: (board.refresh(), nightly(board, given.at, stop)), daemon=True).start()
    try:
        uvicorn.run(create_app(board), host=given.host, port=given.port)
    finally:
        stop.set()


if __name__ == "__main__":
    main()
