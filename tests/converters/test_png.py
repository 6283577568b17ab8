"""SVG to PNG: as large as asked, in the fonts a browser would take, the same bytes every time."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from journeykit.converters._faces import faces_in, folders
from journeykit.errors import ArgumentError, RenderingError
from journeykit.results import Rendering

Draw = Callable[..., Rendering]


def opened(rendering: Rendering) -> Image.Image:
    return Image.open(io.BytesIO(rendering.body))


def ink(rendering: Rendering) -> int:
    """How many pixels are not empty."""
    alpha = opened(rendering).convert("RGBA").getchannel("A")
    return sum(alpha.histogram()[1:])


def ink_width(rendering: Rendering) -> int:
    """From the first to the last column that is not empty."""
    box = opened(rendering).convert("RGBA").getchannel("A").getbbox()
    assert box is not None
    return box[2] - box[0]


@pytest.mark.parametrize(("scale", "size", "dpi"), [(1, (200, 100), 96), (2, (400, 200), 192), (0.5, (100, 50), 48)])
def test_the_scale_gives_the_size_and_the_resolution(draw: Draw, scale: float, size: tuple[int, int], dpi: int) -> None:
    """A scale of 2 has twice the pixels, and says so, so that documents show it as large as the SVG."""
    image = opened(draw("Hello").converted("x.png", scale=scale))

    assert size == image.size
    assert (dpi, dpi) == tuple(round(value) for value in image.info["dpi"])


def test_the_default_is_two_dots_a_pixel(draw: Draw) -> None:
    """Without a scale the picture is sharp on today's screens."""
    assert (400, 200) == opened(draw("Hello").converted("x.PNG")).size


@pytest.mark.parametrize("scale", [0, -1, 0.01, 21, float("nan"), float("inf"), "2", True, None])
def test_a_scale_without_meaning_is_refused(draw: Draw, scale: object) -> None:
    """Nothing, less than nothing, endless and words are errors that say what may be given."""
    with pytest.raises(ArgumentError, match=r"scale=.*: give a number from 0\.05 to 20"):
        draw("Hello").converted("x.png", scale=scale)


@pytest.mark.parametrize("size", [(20_000, 100), (9_000, 9_000), (1e9, 1e9)])
def test_absurd_sizes_are_refused_before_anything_is_drawn(draw: Draw, size: tuple[float, float]) -> None:
    """Too long a side or too many pixels are errors with both numbers and a scale that fits."""
    with pytest.raises(RenderingError, match=r"would have [\d,]+ by [\d,]+ pixels; at most 32,767 a side .* fits"):
        draw("Hello", size=size).converted("x.png")


def test_the_scale_that_is_named_fits(draw: Draw) -> None:
    """What the error offers works."""
    wide = draw("Hello", size=(20_000, 100))
    with pytest.raises(RenderingError, match=r"scale=1\.63 fits"):
        wide.converted("x.png")

    assert 32_600 == opened(wide.converted("x.png", scale=1.63)).width


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<svg", "no well-formed SVG"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="50%" height="9"/>', "width is '50%', no number of pixels"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="0" height="9"/>', "nothing to convert"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="nan" height="9"/>', "nothing to convert"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "width is '', no number"),
    ],
)
def test_a_body_that_is_no_picture_is_a_sentence(body: bytes, words: str) -> None:
    """A plugin's broken SVG is our error, not the library's."""
    broken = Rendering(media_type="image/svg+xml", body=body, title="b", renderer="oil")
    with pytest.raises(RenderingError, match=words):
        broken.converted("x.png")


def test_dark_readers_do_not_change_the_picture(draw: Draw) -> None:
    """The rules for dark screens are no part of a PNG."""
    rule = "<style>@media (prefers-color-scheme: dark){.f{fill:#000000}}</style>"
    ground = '<rect class="f" width="200" height="100" fill="#FF0000"/>'
    image = opened(draw(before=rule + ground).converted("x.png")).convert("RGB")

    assert (255, 0, 0) == image.getpixel((100, 50))


@pytest.mark.parametrize("words", ["Hello", "送料を見る", "يقارن الأسعار", "שלום", "Привет", "🙂"])
def test_every_script_is_drawn_where_a_font_has_it(draw: Draw, words: str) -> None:
    """Letters of any script leave ink when the machine has a font for them."""
    have = [
        face
        for face in faces_in(folders())
        if face.family in ("Noto Sans CJK JP", "Noto Sans Hebrew", "Noto Color Emoji")
    ]
    if not have:
        pytest.skip("this machine has no Noto fonts")

    assert ink(draw(words).converted("x.png")) > 100


def test_letters_that_no_font_has_are_told_of(draw: Draw) -> None:
    """The picture would lack them silently; the warning names them."""
    dejavu = next(str(place) for place in folders() if place.name == "DejaVuSans.ttf")
    with pytest.warns(UserWarning, match=r"no font on this machine has U\+9001 CJK UNIFIED IDEOGRAPH-9001"):
        draw("a送").converted("x.png", fonts=[dejavu])


def test_the_fonts_that_are_given_are_the_only_ones(draw: Draw) -> None:
    """With fonts of one's own the picture is the same on every machine."""
    bold = next(str(place) for place in folders() if place.name == "DejaVuSans-Bold.ttf")
    plain = next(str(place) for place in folders() if place.name == "DejaVuSans.ttf")

    assert ink(draw("HH").converted("x.png", fonts=[bold])) > 1.2 * ink(draw("HH").converted("x.png", fonts=[plain]))


@pytest.mark.parametrize(
    ("fonts", "words"),
    [("a.ttf", r"give a list of font files"), (["/no/such.ttf"], "there is no font file or folder /no/such")],
)
def test_fonts_that_are_not_there_are_a_sentence(draw: Draw, fonts: object, words: str) -> None:
    """A missing font is not replaced by another."""
    with pytest.raises(ArgumentError, match=words):
        draw("Hello").converted("x.png", fonts=fonts)


def test_a_file_that_is_no_font_is_passed_over(draw: Draw, tmp_path: Path) -> None:
    """Rubbish among the fonts does no harm."""
    plain = next(place for place in folders() if place.name == "DejaVuSans.ttf")
    for name, body in (("a.ttf", b""), ("b.ttf", b"rubbish" * 99), ("c.ttc", b"ttcf" + b"\xff" * 99)):
        (tmp_path / name).write_bytes(body)
    (tmp_path / "d.ttf").write_bytes(plain.read_bytes()[:20_000])
    (tmp_path / "e.ttf").write_bytes(plain.read_bytes())

    assert ink(draw("HH").converted("x.png", fonts=[tmp_path])) > 100


def test_the_same_bytes_in_every_process(draw: Draw, tmp_path: Path) -> None:
    """Neither the process nor its hash seed is in the file."""
    (tmp_path / "x.svg").write_bytes(draw("Hello", "送料", "الأسعار").body)
    code = (
        "import sys, hashlib; from journeykit.results import Rendering\n"
        "r = Rendering(media_type='image/svg+xml', body=open(sys.argv[1], 'rb').read(), title='t', renderer='r')\n"
        "print([hashlib.sha256(r.converted(name).body).hexdigest() for name in ('x.png', 'x.pdf')])"
    )
    made = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code, str(tmp_path / "x.svg")],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert 1 == len(made)
    assert {""} != made


def test_arabic_letters_behind_figures_are_all_drawn(draw: Draw) -> None:
    """A line that begins with a figure in another font draws the same letters as one without it: no boxes between them."""
    if not any(face.family == "Noto Sans Arabic" for face in faces_in(folders())):
        pytest.skip("this machine has no Noto Sans Arabic")
    word = "\u0625\u0644\u0649 \u0627\u0644\u0631\u062d\u0644\u0627\u062a"
    lines = (f"\u2067{word}\u2069", f"\u2067\u206612\u00a0%\u2069 {word}\u2069", "12\u00a0%")
    alone, behind, figure = (ink(draw(line).converted("x.png")) for line in lines)

    assert abs(behind - alone - figure) < 0.05 * alone


@pytest.mark.parametrize("text", ["ab الأحذية", "愛子 👩‍💻", "😀 الأحذية", "Schuhe 🎉 靴を買う الأحذية", "flag 🇩🇪 x"])
def test_letters_that_join_are_drawn_wherever_they_stand(draw: Draw, text: str) -> None:
    """Several letters of another font that become one glyph behind a line's first are a picture, which resvg alone cannot do."""
    assert ink(draw(text).converted("x.png")) > 0


def test_a_space_behind_a_picture_is_as_wide_as_others(draw: Draw) -> None:
    """The font of pictures does not lend its wide space."""
    close, apart = (ink_width(draw(text).converted("x.png", scale=1)) for text in ("😀b", "😀 b"))

    assert 2 < apart - close < 12


@pytest.mark.parametrize("suffix", ["png", "pdf"])
def test_a_fault_of_the_library_is_an_error_of_ours(draw: Draw, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What typst gives up on, or dies of, names the renderer; an interrupt goes through."""
    import typst

    class PanicException(BaseException):
        pass

    def raising(error: BaseException) -> Callable[..., bytes]:
        def compile(*_: object, **__: object) -> bytes:
            raise error

        return compile

    monkeypatch.setattr(typst, "compile", raising(PanicException("index")))
    with pytest.raises(RenderingError, match=r"typst cannot draw the picture of the renderer .*: index"):
        draw("Hello").converted(f"x.{suffix}")
    monkeypatch.setattr(typst, "compile", raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        draw("Hello").converted(f"x.{suffix}")
