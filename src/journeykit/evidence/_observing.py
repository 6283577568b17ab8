"""Until when a log was watched."""

from __future__ import annotations

from datetime import UTC, datetime

from journeykit.errors import ArgumentError

__all__ = ["checked_observed"]


def checked_observed(last: datetime | None, given: datetime | None) -> datetime | None:
    """Until when a log with this last time was watched; `ArgumentError` for a time without a zone or before the last."""
    if given is None:
        return last
    moment: object = given
    if not isinstance(moment, datetime):
        raise ArgumentError(
            f"observed_until={given!r}: give a datetime with a zone, such as datetime(2024, 5, 1, tzinfo=UTC)"
        )
    if given.tzinfo is None:
        raise ArgumentError("observed_until= needs a time zone, for example datetime(2024, 5, 1, tzinfo=UTC)")
    if last is not None and given < last:
        raise ArgumentError(f"observed_until={given.isoformat()} lies before the last event, {last.isoformat()}")
    return given.astimezone(UTC)
