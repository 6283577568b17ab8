"""The marks of a scene as the shapes of a slide (ECMA-376, part 1): text boxes, autoshapes, connectors, freeforms, groups.

Written as XML text and parsed once: a map has a thousand shapes, and python-pptx looks through all of them for each new one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import east_asian_width
from xml.sax.saxutils import escape, quoteattr

import attrs
from attrs import frozen

from journeykit.drawing.canvas import clean
from journeykit.drawing.icons import ICONS
from journeykit.drawing.scene import Box, Circle, Clip, Group, Icon, Mark, Path, Rect, Rule, Scene, Text, texts
from journeykit.drawing.text import collapse, joined, reads_right_to_left
from journeykit.drawing.theme import Palette
from journeykit.renderers._pptx_paths import Commands, clipped, clipped_line, extent, outline

__all__ = ["EMU", "SLOTS", "Slide", "sized"]

EMU = 9525
"""English metric units a pixel (1/96 inch)."""

# PowerPoint refuses slides and shapes longer than 56 inches.
_LONGEST = 56 * 96.0

SLOTS = {
    "dk1": "ink", "lt1": "bg", "dk2": "stage1", "lt2": "band", "accent1": "pos", "accent2": "neg", "accent3": "moment",
    "accent4": "bar", "accent5": "stage5", "accent6": "accent", "hlink": "voice3", "folHlink": "voice2",
}  # fmt: skip
"""The twelve colours of a presentation's theme, by the roles of the palette they take: who changes the theme changes the map."""

# In shapes the first four go by what they are used for.
_NAMES = {"dk1": "tx1", "lt1": "bg1", "dk2": "tx2", "lt2": "bg2"}
_STEPS = {"M": "moveTo", "L": "lnTo", "C": "cubicBezTo", "Q": "quadBezTo", "Z": "close"}
_ALIGN = {"left": "l", "middle": "ctr", "right": "r"}
_UNIT = re.compile(r"(?<=\d) (?=[%‰]|[^\W\d_]{1,2}(?:\W|$))")
_LOOSE = 1.0  # pixels by which a text's box is wider than its lines on each side, against another program's rounding
_TIGHT = 1.0  # pixels of room in a box under which another program's rounding would break a line anew
_GAPS = 1.06  # how much longer a line may get where a program parts CJK from other letters
_DECORATIVE = (
    '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
)


@frozen(kw_only=True)
class _Shape:
    """A shape's XML and the box it takes on the slide, in pixels of the scene."""

    xml: str
    box: Box


def sized(scenes: Iterable[Scene]) -> tuple[float, float, float]:
    """Width and height of a slide that holds each scene, in pixels of the slide, and the scale of the scenes on it."""
    found = tuple(scenes)
    width, height = max(s.width for s in found), max(s.height for s in found)
    scale = min(1.0, _LONGEST / width, _LONGEST / height)
    return width * scale, height * scale, scale


class Slide:
    """One scene on one slide; ``xml`` gives every shape on it, with the largest text as the slide's own title."""

    def __init__(self, scene: Scene, palette: Palette, scale: float) -> None:
        self.scene, self.palette, self.scale = scene, palette, scale
        self.clips: dict[str, Clip] = {clip.name: clip for clip in scene.clips}
        self.slots = {
            getattr(palette, role).upper(): _NAMES.get(slot, slot) for slot, role in reversed(tuple(SLOTS.items()))
        }
        self.count = 1  # the slide's tree is number 1

    def xml(self) -> str:
        """The shapes from the bottom to the top, which is also the order in which they are read out."""
        title = max(texts(self.scene.marks), key=lambda text: text.size, default=None)
        ground, *rest = (_without(mark, title, 0.0) for mark in self.scene.marks)
        first = self.shape(ground, 0.0)
        found = [first.xml if first else ""]
        if title is not None:
            found.append(self.text(title, 0.0, title=True).xml)
        found += [shape.xml for mark in rest if (shape := self.shape(mark, 0.0))]
        return "".join(found)

    def shape(self, mark: Mark, dx: float) -> _Shape | None:
        """The shape of one mark; None for what shows nothing."""
        match mark:
            case Group():
                return self.group(mark, dx)
            case Text():
                return self.text(mark, dx) if mark.lines else None
            case Rect():
                return self.rect(mark, dx)
            case Circle():
                box = Box(x=mark.x - mark.r + dx, y=mark.y - mark.r, width=2 * mark.r, height=2 * mark.r)
                look = self.fill(mark.fill) + self.line(mark.stroke, mark.width, mark.dash)
                return self.sp("Circle", box, _preset("ellipse"), look)
            case Rule():
                return self.rule(mark, dx)
            case Path():
                return self.path(mark, dx)
            case Icon():
                zoom = mark.size / 24
                commands = _moved(outline(ICONS[mark.name]), mark.x + dx, mark.y, zoom)
                look = self.fill(None) + self.line(mark.stroke, mark.width * zoom, rounded=True)
                return self.freeform(f"Icon {mark.name}", commands, look)

    # -- shapes ----------------------------------------------------------------------------------------------------------

    def head(self, name: str, described: str | None = None, *, decorative: bool = False) -> str:
        """The number, name and alternative text of a shape."""
        self.count += 1
        alt = f" descr={_quoted(described)}" if described else ""
        attributes = f'id="{self.count}" name={_quoted(name)}{alt}'
        return f"<p:cNvPr {attributes}>{_DECORATIVE}</p:cNvPr>" if decorative else f"<p:cNvPr {attributes}/>"

    def sp(self, name: str, box: Box, geometry: str, look: str, words: str = "") -> _Shape:
        """A shape with a geometry of its own."""
        place = f"<a:xfrm>{self.place(box)}</a:xfrm>"
        head = f"<p:nvSpPr>{self.head(name)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr>"
        return _Shape(xml=f"<p:sp>{head}<p:spPr>{place}{geometry}{look}</p:spPr>{words}</p:sp>", box=box)

    def group(self, group: Group, dx: float) -> _Shape | None:
        """A group and what it holds; its name is the touchpoint's, lane's or part's."""
        # Numbered before what it holds, so that the numbers follow the reading order.
        head = self.head(group.name or group.kind or group.css or "Group", group.title, decorative=group.decorative)
        inside = [shape for mark in group.marks if (shape := self.shape(mark, dx + group.dx))]
        if not inside:
            return None
        box = _around([shape.box for shape in inside])
        place = f"<a:xfrm>{self.place(box)}{self.place(box, 'chOff', 'chExt')}</a:xfrm>"
        head = f"<p:nvGrpSpPr>{head}<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr>{place}</p:grpSpPr>"
        return _Shape(xml=f"<p:grpSp>{head}{''.join(shape.xml for shape in inside)}</p:grpSp>", box=box)

    def rect(self, mark: Rect, dx: float) -> _Shape:
        """A rectangle, with round corners where it has a radius."""
        least = min(mark.box.width, mark.box.height)
        round_by = round(100_000 * min(mark.radius / least, 0.5)) if least > 0 else 0
        geometry = _preset("roundRect", adj=round_by) if round_by else _preset("rect")
        look = self.fill(mark.fill, mark.opacity) + self.line(mark.stroke, mark.width, mark.dash)
        return self.sp("Box", mark.box.moved(dx), geometry, look)

    def rule(self, mark: Rule, dx: float) -> _Shape:
        """A straight line, as a connector."""
        x, y = min(mark.x1, mark.x2) + dx, min(mark.y1, mark.y2)
        box = Box(x=x, y=y, width=abs(mark.x2 - mark.x1), height=abs(mark.y2 - mark.y1))
        flip = ' flipV="1"' if (mark.x2 - mark.x1) * (mark.y2 - mark.y1) < 0 else ""
        head = f"<p:nvCxnSpPr>{self.head('Line')}<p:cNvCxnSpPr/><p:nvPr/></p:nvCxnSpPr>"
        look = (
            f"<a:xfrm{flip}>{self.place(box)}</a:xfrm>{_preset('line')}{self.line(mark.stroke, mark.width, mark.dash)}"
        )
        return _Shape(xml=f"<p:cxnSp>{head}<p:spPr>{look}</p:spPr></p:cxnSp>", box=box)

    def path(self, mark: Path, dx: float) -> _Shape | None:
        """A freeform; an area that is clipped is cut to its clip."""
        commands = mark.commands
        if mark.clip:
            commands = (clipped if mark.fill else clipped_line)(commands, self.clips[mark.clip].box)
        if not commands:
            return None
        look = self.fill(mark.fill, mark.opacity) + self.line(mark.stroke, mark.width, mark.dash, rounded=True)
        return self.freeform("Shape", _moved(commands, dx), look)

    def freeform(self, name: str, commands: Commands, look: str) -> _Shape:
        """A shape of moves, lines and curves."""
        box = extent(commands)
        parts = []
        for letter, numbers in commands:
            points = "".join(
                f'<a:pt x="{self.emu(x - box.x)}" y="{self.emu(y - box.y)}"/>'
                for x, y in zip(numbers[0::2], numbers[1::2], strict=True)
            )
            parts.append(f"<a:{_STEPS[letter]}>{points}</a:{_STEPS[letter]}>" if points else "<a:close/>")
        size = f'w="{self.emu(box.width)}" h="{self.emu(box.height)}"'
        lists = '<a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/>'
        geometry = f"<a:custGeom>{lists}<a:pathLst><a:path {size}>{''.join(parts)}</a:path></a:pathLst></a:custGeom>"
        return self.sp(name, box, geometry, look)

    def text(self, mark: Text, dx: float, *, title: bool = False) -> _Shape:
        """A text box that wraps as the picture does, so that it can be edited as one text.

        A text of one line does not wrap: in a font a little wider it would fall onto what stands below. Nor does one whose box is
        no wider than its words, nor one that mixes CJK with other letters: some programs put a gap between the two, and the text
        would take a line more.
        """
        widest = max(line.width for line in mark.lines)
        many = len(mark.lines) > 1 and not _mixed(joined(mark.lines)) and mark.box.width - widest > _TIGHT
        # With lines of exact height PowerPoint puts the baseline at 0.8 of it, LibreOffice a descent above its end.
        baseline = (0.8 * mark.leading + mark.leading - 0.21 * mark.size) / 2
        box = Box(
            x=mark.box.x + dx - {"left": 0.0, "middle": _LOOSE, "right": 2 * _LOOSE}[mark.align],
            y=mark.y - baseline,
            width=mark.box.width + 2 * _LOOSE,
            height=mark.leading * len(mark.lines),
        )
        kind = '<p:nvPr><p:ph type="title"/></p:nvPr>' if title else "<p:nvPr/>"
        name, properties = ("Title", "<p:cNvSpPr/>") if title else ("Text", '<p:cNvSpPr txBox="1"/>')
        head = f"{self.head(name)}{properties}{kind}"
        wrap = "square" if many else "none"
        body = f'<a:bodyPr wrap="{wrap}" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t" rtlCol="0"><a:noAutofit/></a:bodyPr>'
        place = f"<a:xfrm>{self.place(box)}</a:xfrm>{_preset('rect')}<a:noFill/>"
        shape = f"<p:nvSpPr>{head}</p:nvSpPr><p:spPr>{place}</p:spPr>"
        xml = f"<p:sp>{shape}<p:txBody>{body}<a:lstStyle/>{self.paragraph(mark, many)}</p:txBody></p:sp>"
        return _Shape(xml=xml, box=box)

    def paragraph(self, mark: Text, flows: bool) -> str:
        """The words as one paragraph: one run where they flow, else a run for every line."""
        leading = max(1, round(mark.leading * self.scale * 75))
        backwards = ' rtl="1"' if reads_right_to_left(joined(mark.lines)) else ' rtl="0"'
        space = f'<a:lnSpc><a:spcPts val="{leading}"/></a:lnSpc><a:spcBef><a:spcPts val="0"/></a:spcBef>'
        how = f'<a:pPr marL="0" indent="0" algn="{_ALIGN[mark.align]}"{backwards}>{space}<a:buNone/></a:pPr>'
        size = max(100, round(mark.size * self.scale * 75 * _squeezed(mark)))
        weight, slant = ' b="1"' if mark.weight >= 600 else ' b="0"', ' i="1"' if mark.italic else ""
        language = f" lang={_quoted(self.scene.language)}"
        look = f'{language} sz="{size}"{weight}{slant} dirty="0">{self.fill(mark.colour)}'
        rows = [joined(mark.lines)] if flows else [line.shown for line in mark.lines]
        runs = f"<a:br><a:rPr{look}</a:rPr></a:br>".join(
            f"<a:r><a:rPr{look}</a:rPr><a:t>{escape(_kept_together(clean(row)))}</a:t></a:r>" for row in rows
        )
        return f"<a:p>{how}{runs}</a:p>"

    # -- looks -----------------------------------------------------------------------------------------------------------

    def colour(self, role: str, opacity: float | None = None) -> str:
        """A role of the palette: the theme's colour where it is one, else its own."""
        value = getattr(self.palette, role)[1:].upper()
        slot = self.slots.get(f"#{value}")
        kind, name = ("schemeClr", slot) if slot else ("srgbClr", value)
        alpha = f'<a:alpha val="{round(100_000 * opacity)}"/>' if opacity is not None else ""
        return f'<a:{kind} val="{name}">{alpha}</a:{kind}>'

    def fill(self, role: str | None, opacity: float | None = None) -> str:
        """The fill of a shape or text."""
        return f"<a:solidFill>{self.colour(role, opacity)}</a:solidFill>" if role else "<a:noFill/>"

    def line(self, role: str | None, width: float, dash: str | None = None, *, rounded: bool = False) -> str:
        """The outline of a shape."""
        if not role:
            return "<a:ln><a:noFill/></a:ln>"
        dashes = ""
        if dash:
            on, off = (round(float(part) / width * 100_000) for part in dash.split())
            dashes = f'<a:custDash><a:ds d="{on}" sp="{off}"/></a:custDash>'
        end, corner = (' cap="rnd"', "<a:round/>") if rounded else ("", "")
        return f'<a:ln w="{self.emu(width)}"{end}>{self.fill(role)}{dashes}{corner}</a:ln>'

    # -- places ----------------------------------------------------------------------------------------------------------

    def emu(self, pixels: float) -> int:
        """A length on the slide.

        Sums of floats end differently in different versions of Python (3.12 compensates them), so the noise goes first.
        """
        return round(round(pixels, 6) * self.scale * EMU)

    def place(self, box: Box, off: str = "off", ext: str = "ext") -> str:
        """Where a shape stands and how large it is."""
        corner = f'<a:{off} x="{self.emu(box.x)}" y="{self.emu(box.y)}"/>'
        return f'{corner}<a:{ext} cx="{max(0, self.emu(box.width))}" cy="{max(0, self.emu(box.height))}"/>'


def _without(mark: Mark, title: Text | None, dx: float) -> Mark:
    """The mark without the text that becomes the slide's title."""
    if not isinstance(mark, Group) or title is None:
        return mark
    inner = dx + mark.dx
    kept = tuple(
        _without(child, title, inner)
        for child in mark.marks
        if not (isinstance(child, Text) and attrs.evolve(child, x=child.x + inner, box=child.box.moved(inner)) == title)
    )
    return attrs.evolve(mark, marks=kept)


def _around(boxes: list[Box]) -> Box:
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    return Box(x=x, y=y, width=max(box.right for box in boxes) - x, height=max(box.bottom for box in boxes) - y)


def _moved(commands: Commands, dx: float, dy: float = 0.0, zoom: float = 1.0) -> Commands:
    return tuple(
        (letter, tuple(n * zoom + (dy if i % 2 else dx) for i, n in enumerate(numbers))) for letter, numbers in commands
    )


def _mixed(words: str) -> bool:
    """Whether CJK stands beside letters or digits of other scripts."""
    wide = [east_asian_width(sign) in "WF" for sign in words]
    return any(wide) and any(sign.isalnum() and not own for sign, own in zip(words, wide, strict=True))


def _squeezed(mark: Text) -> float:
    """How much smaller a text that mixes CJK with other letters is written, so that with gaps between the two it still fits."""
    if not _mixed(joined(mark.lines)):
        return 1.0
    widest = max(line.width for line in mark.lines) or 1.0
    return min(1.0, max(0.9, mark.box.width / (_GAPS * widest)))


def _kept_together(words: str) -> str:
    """The words with a no-break space before a unit ("6 %", "9 h"), where the picture does not break either."""
    return _UNIT.sub("\N{NO-BREAK SPACE}", words)


def _preset(name: str, **values: int) -> str:
    guides = "".join(f'<a:gd name="{key}" fmla="val {value}"/>' for key, value in values.items())
    return f'<a:prstGeom prst="{name}"><a:avLst>{guides}</a:avLst></a:prstGeom>'


def _quoted(text: str | None) -> str:
    return quoteattr(collapse(clean(text or "")))
