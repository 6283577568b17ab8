"""Journey and scorecard as one JSON document, without loss: what a service stores and a web page reads."""

from __future__ import annotations

import json
import re
from typing import Any

from attrs import frozen

from journeykit import codec
from journeykit.model import Journey
from journeykit.results import Rendering, Scorecard

__all__ = ["JsonRenderer"]

# Half a surrogate pair is no text, and UTF-8 cannot hold it; a file's name in a scorecard may.
_HALVES = re.compile("[\ud800-\udfff]")


@frozen(kw_only=True)
class JsonRenderer:
    """Writes journey and scorecard as one JSON document, each exactly as in its own file.

    ``{"journey": {...}, "scorecard": {...}}``; without scores the second key is absent. The schema is `schema()`;
    `journeykit.codec` reads either part back to an equal object.
    """

    @property
    def name(self) -> str:
        """``json``."""
        return "json"

    @property
    def media_type(self) -> str:
        """``application/json``."""
        return "application/json"

    def render(self, journey: Journey, scores: Scorecard | None = None) -> Rendering:
        """The document: UTF-8, two spaces a level, a newline at its end; the same bytes for the same input."""
        document: dict[str, Any] = {"journey": codec.journey_to_tree(journey)}
        if scores is not None:
            document["scorecard"] = codec.scorecard_to_tree(scores)
        text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
        text = _HALVES.sub("\N{REPLACEMENT CHARACTER}", text)
        return Rendering(
            media_type=self.media_type, body=f"{text}\n".encode(), title=f"{journey.title} as JSON", renderer=self.name
        )

    def schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of the document: the schemas of journey and scorecard, each embedded whole."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "A journey and its scorecard",
            "type": "object",
            "required": ["journey"],
            "additionalProperties": False,
            "properties": {
                "journey": _embedded(codec.schema(), "urn:journeykit:journey"),
                "scorecard": _embedded(codec.scorecard_schema(), "urn:journeykit:scorecard"),
            },
        }


def _embedded(schema: dict[str, Any], id: str) -> dict[str, Any]:
    # An $id makes the part a resource of its own, so that its "#/$defs/..." still point into it.
    return {"$id": id, **{key: value for key, value in schema.items() if key != "$schema"}}
