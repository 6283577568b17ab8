"""The renderers of single views keep the contract of renderers, and refuse settings that mean nothing."""

from __future__ import annotations

import re
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import journeykit as jk
from journeykit.errors import ArgumentError
from journeykit.renderers.flow import FlowRenderer
from journeykit.renderers.funnel import FunnelRenderer
from journeykit.renderers.matrix import MatrixRenderer
from journeykit.renderers.mermaid import MermaidRenderer
from journeykit.renderers.storyboard import StoryboardRenderer
from journeykit.testing import RendererContract

SVG = "{http://www.w3.org/2000/svg}"
PICTURES = [
    FlowRenderer(), FlowRenderer(direction="down", share=1.0), FunnelRenderer(by="stage"), MatrixRenderer(),
    MatrixRenderer(of="opportunities"), StoryboardRenderer(),
]  # fmt: skip


def _examples() -> ModuleType:
    spec = util.spec_from_file_location("swimlane_journeys", Path(__file__).parent / "_journeys.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


J = _examples()


class TestFlow(RendererContract):
    plugin = FlowRenderer
    inventions = 12


class TestFunnel(RendererContract):
    plugin = FunnelRenderer
    inventions = 12


class TestMatrix(RendererContract):
    plugin = MatrixRenderer
    inventions = 12


class TestMermaid(RendererContract):
    plugin = MermaidRenderer
    inventions = 12


class TestStoryboard(RendererContract):
    plugin = StoryboardRenderer
    inventions = 12


@pytest.mark.parametrize("renderer", PICTURES)
@pytest.mark.parametrize("language", list(J.WORDS))
def test_every_id_is_unique_and_the_picture_is_told(renderer: Any, language: str) -> None:
    """No id occurs twice, title and description are there, and the language is named."""
    journey = J.shoes(language)
    tree = ET.fromstring(renderer.render(journey, J.card(journey)).body)
    ids = [element.attrib["id"] for element in tree.iter() if "id" in element.attrib]
    told = {child.attrib.get("id"): child.text for child in tree if child.tag in (f"{SVG}title", f"{SVG}desc")}

    assert len(set(ids)) == len(ids)
    assert tree.attrib["lang"] == language
    assert all(told[id] for id in tree.attrib["aria-labelledby"].split())


@pytest.mark.parametrize("renderer", PICTURES)
def test_both_palettes_are_in_one_file(renderer: Any) -> None:
    """Light colours are attributes, dark ones stand in the style sheet; no other colour is used."""
    journey = J.shoes()
    svg = renderer.render(journey, J.card(journey)).text
    colours = set(re.findall(r'(?:fill|stroke)="(#[0-9A-Fa-f]{6})"', svg))

    assert "prefers-color-scheme: dark" in svg
    assert colours <= {getattr(renderer.theme.light, role) for role in renderer.theme.light.__slots__ if role[0] != "_"}


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: FlowRenderer(share=0), "share=0: the share of all moves to draw lies above 0"),
        (lambda: FlowRenderer(share=1.2), "share=1.2"),
        (lambda: FlowRenderer(top=0), "top=0: the number of moves to draw is a whole number from 1 on"),
        (lambda: FlowRenderer(direction="up"), "direction='up': a flow runs 'across' or 'down'"),
        (lambda: FunnelRenderer(by="channel"), "by='channel': a funnel counts by 'touchpoint' or by 'stage'"),
        (lambda: FunnelRenderer(steps="ad"), "steps='ad': the ids of touchpoints"),
        (lambda: FunnelRenderer(steps=("ad", "ad")), "each once"),
        (lambda: MatrixRenderer(of="stages"), "of='stages': a matrix shows"),
        (lambda: MatrixRenderer(x=""), "x='': an axis is the name of a scorer"),
    ],
)
def test_settings_that_mean_nothing_are_refused(make: Any, told: str) -> None:
    """The sentence says what is allowed."""
    with pytest.raises(ArgumentError, match=re.escape(told)):
        make()


@pytest.mark.parametrize("name", ["flow", "funnel", "matrix", "mermaid", "storyboard"])
def test_a_card_of_another_journey_is_refused(name: str) -> None:
    """Figures never stand on a map they do not belong to."""
    with pytest.raises(ArgumentError, match="not of 'library-card'"):
        jk.render(J.plain(), name, scores=J.card(J.shoes()))


def test_mermaid_says_that_the_scores_are_not_in_it() -> None:
    """The loss is reported where a reader of the text sees it."""
    made = jk.render(J.shoes(), "mermaid", scores=J.card(J.shoes()))

    assert "%% The scorecard (20 scores) is not in this text; the renderer json writes it." in made.text
    assert "text/vnd.mermaid" == made.media_type
