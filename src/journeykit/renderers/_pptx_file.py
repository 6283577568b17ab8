"""The presentation around the slides: theme, notes, properties, and the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from journeykit.drawing.canvas import clean
from journeykit.drawing.scene import Scene
from journeykit.drawing.text import collapse
from journeykit.drawing.theme import Theme
from journeykit.errors import MissingLibraryError
from journeykit.renderers._pptx_shapes import EMU, SLOTS, Slide, sized

if TYPE_CHECKING:
    from pptx.presentation import Presentation

__all__ = ["presentation"]

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SPACES = f'xmlns:a="{_DRAWING}" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_THUMBNAIL = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail"
_TITLE_ONLY = 5  # the place of that layout in python-pptx's own template
# Neither the clock nor the machine is in the file; zip knows no time before 1980.
_MADE, _ZIPPED = datetime(2000, 1, 1), (1980, 1, 1, 0, 0, 0)
_LONGEST_PROPERTY = 255
# A slide names one font and has no list to fall back on: these come with every Office.
_LATIN = "Arial"
_EAST_ASIAN = {"zh": "Microsoft YaHei", "ko": "Malgun Gothic"}
_JAPANESE = "Yu Gothic"


def presentation(scenes: Sequence[Scene], theme: Theme, *, title: str) -> bytes:
    """The scenes as slides of one size, each with its description as notes.

    Raises `MissingLibraryError` without python-pptx.
    """
    try:
        import pptx  # noqa: PLC0415
        from pptx.oxml import parse_xml  # noqa: PLC0415
    except ImportError as err:
        raise MissingLibraryError("python-pptx", "making a presentation", extra="pptx") from err
    palette = theme.dark if theme.mode == "dark" else theme.light
    file = pptx.Presentation()
    width, height, scale = sized(scenes)
    # A slide is at least one inch and a whole number of units large.
    _resize(file, round(max(width, 96) * EMU), round(max(height, 96) * EMU))
    _set_theme(file, theme, scenes[0].language)
    for scene in scenes:
        slide = file.slides.add_slide(file.slide_layouts[_TITLE_ONLY])
        tree = slide.shapes._spTree  # noqa: SLF001  # python-pptx offers no way to add XML as it is
        for placeholder in list(slide.placeholders):
            tree.remove(placeholder._element)  # noqa: SLF001
        for shape in parse_xml(f"<p:spTree {_SPACES}>{Slide(scene, palette, scale).xml()}</p:spTree>"):
            tree.append(shape)
        slide.notes_slide.notes_text_frame.text = clean(scene.description)
    _set_properties(file, title, scenes[0].language)
    body = io.BytesIO()
    file.save(body)
    return _timeless(body.getvalue())


def _resize(file: Presentation, width: int, height: int) -> None:
    """Give every slide this size, and the template's layouts their share of it, for the slides a user adds."""
    from pptx.util import Emu  # noqa: PLC0415

    across, down = width / (file.slide_width or width), height / (file.slide_height or height)
    for page in (file.slide_master, *file.slide_layouts):
        for shape in page.placeholders:
            if shape._element.spPr.xfrm is not None:  # noqa: SLF001  # else it inherits its place from the master
                shape.left, shape.width = Emu(round(shape.left * across)), Emu(round(shape.width * across))
                shape.top, shape.height = Emu(round(shape.top * down)), Emu(round(shape.height * down))
    file.slide_width, file.slide_height = Emu(width), Emu(height)


def _set_theme(file: Presentation, theme: Theme, language: str) -> None:
    """Colours and fonts of the whole presentation: who changes them in Office changes the map."""
    from lxml import etree  # noqa: PLC0415

    palette: Any = theme.dark if theme.mode == "dark" else theme.light
    part: Any = file.slide_master.part.part_related_by(f"{_OFFICE}/theme")
    root = etree.fromstring(part.blob)
    root.set("name", "journeykit")
    colours = root.find(f".//{{{_DRAWING}}}clrScheme")
    for slot, role in SLOTS.items():
        element = colours.find(f"{{{_DRAWING}}}{slot}")
        element.clear()
        etree.SubElement(element, f"{{{_DRAWING}}}srgbClr", val=getattr(palette, role)[1:].upper())
    latin = _LATIN if theme.fonts == Theme().fonts else theme.fonts[0]
    east = _EAST_ASIAN.get(language.split("-", maxsplit=1)[0].lower(), _JAPANESE)
    for kind in ("majorFont", "minorFont"):
        for script, name in (("latin", latin), ("ea", east), ("cs", latin)):
            root.find(f".//{{{_DRAWING}}}{kind}/{{{_DRAWING}}}{script}").set("typeface", name)
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001


def _set_properties(file: Presentation, title: str, language: str) -> None:
    about = file.core_properties
    about.title = collapse(clean(title))[:_LONGEST_PROPERTY]
    about.language = clean(language)[:_LONGEST_PROPERTY]
    about.author = about.last_modified_by = "journeykit"
    about.created = about.modified = _MADE
    about.revision = 1
    package: Any = file.part.package
    for name, relation in list(package._rels.items()):  # noqa: SLF001
        if relation.reltype == _THUMBNAIL:
            # The template's own: a picture of an empty slide.
            package.drop_rel(name)


def _timeless(body: bytes) -> bytes:
    """The same archive with a fixed time on every file."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIPPED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # else the operating system's number is in the file
            target.writestr(entry, source.read(name), compresslevel=6)
    return made.getvalue()
