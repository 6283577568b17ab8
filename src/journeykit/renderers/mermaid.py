"""The map as a Mermaid user journey: text that Markdown pages, wikis and pull requests draw by themselves."""

from __future__ import annotations

from attrs import field, frozen

from journeykit import codec
from journeykit.errors import ArgumentError
from journeykit.model import Journey
from journeykit.results import Rendering, Scorecard

__all__ = ["MermaidRenderer"]


@frozen(kw_only=True)
class MermaidRenderer:
    """Writes stages as sections and touchpoints as tasks, with their mean valence as Mermaid's score from 1 to 5 (valence + 3).

    Mermaid shows nothing else of a map. What the diagram does not show stands at its head, in words; the map itself travels in
    comments (``%% journeykit: {...}``), from which `journeykit.load` makes an equal journey. Actors are the touchpoint's own,
    else the personas whose feelings are on it. A scorecard has no place in the text, and the head says so.
    """

    name: str = field(default="mermaid", init=False)
    media_type: str = field(default="text/vnd.mermaid", init=False)

    def render(self, journey: Journey, scores: Scorecard | None = None) -> Rendering:
        """The text (UTF-8); the same bytes for the same input.

        Raises `ArgumentError` when the scorecard belongs to another journey.
        """
        if scores is not None and scores.journey != journey.id:
            raise ArgumentError(f"the scorecard is of journey {scores.journey!r}, not of {journey.id!r}")
        count = len(scores) if scores is not None else 0
        notes = [f"The scorecard ({count} scores) is not in this text; the renderer json writes it."] if count else []
        body = codec.dumps_mermaid(journey, notes=notes).encode("utf-8")
        title = f"{journey.title} as a Mermaid user journey"
        return Rendering(media_type=self.media_type, body=body, title=title, renderer=self.name)
