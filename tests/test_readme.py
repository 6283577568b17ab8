"""The README's first cell on files of strangers: typed word for word, mended with what the error says, it shows a map."""

from __future__ import annotations

import ast
import re
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from journeykit.errors import JourneykitError
from journeykit.model import Journey

ROOT = Path(__file__).parents[1]
DATA = ROOT / "../shared/data"
READ = 'jk.read_events("events.csv")'


def first_cell() -> str:
    """The first block of Python in the README that discovers a map."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), flags=re.DOTALL)
    return next(block for block in blocks if "jk.discover(" in block)


def shown(cell: str) -> Any:
    """What a notebook shows of a cell: the value of its last line, as HTML."""
    tree = ast.parse(cell)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    names: dict[str, Any] = {}
    exec(compile(tree, "<cell>", "exec"), names)  # the README's own code
    journey = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
    assert isinstance(journey, Journey)
    return journey, journey._repr_mimebundle_()["text/html"]


def mended(cell: str, error: str) -> str:
    """The cell with the arguments that the error says, as a newcomer copies them; nothing else is added."""
    found = re.findall(r"""(columns=\{.*?\}|(?:time_format|tz|format)="[^"]*")""", error)
    assert found, f"the error says nothing that can be copied: {error}"
    kept = re.findall(r"""(columns=\{.*?\}|(?:time_format|tz|format)="[^"]*")""", cell)
    said = {argument.partition("=")[0]: argument for argument in [*kept, *found]}
    return re.sub(
        r'jk\.read_events\("events\.csv".*\)', f'jk.read_events("events.csv", {", ".join(said.values())})', cell
    )


def walk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Journey, str, int]:
    """Type the cell; while an error says what to add, add that. The map, what is shown of it, and how often it took."""
    monkeypatch.chdir(folder)
    cell = first_cell()
    assert READ in cell
    for corrections in range(4):
        try:
            journey, page = shown(cell)
        except JourneykitError as err:
            cell = mended(cell, str(err))
        else:
            return journey, page, corrections
    pytest.fail(f"still an error after three corrections: {cell}")


GERMAN = "Kundennummer;Zeitpunkt;Aktion;Betrag\r\n" + "".join(
    f"K-{1000 + i};{1 + i % 28:02}.03.2026 {8 + k:02}:{i % 60:02};{step};{'49,90' if k == 3 else ''}\r\n"
    for i in range(90)
    for k, step in enumerate(["Startseite", "Produkt angesehen", "In den Warenkorb", "Bestellung"][: 2 + i % 3])
)
ENGLISH = "user_id,event_name,created_at\n" + "".join(
    f"{i},{step},2026-03-{1 + i % 28:02} {8 + k:02}:{i % 60:02}:00\n"
    for i in range(90)
    for k, step in enumerate(["home", "product", "cart", "order"][: 2 + i % 3])
)
AMERICAN = "Client ID\tDate\tPage\n" + "".join(
    f"{i}\t3/{13 + i % 15}/2026 {1 + k}:{i % 60:02} PM\t/{step}\n"
    for i in range(90)
    for k, step in enumerate(["", "shop", "cart"])
)
CANONICAL = "customer,time,event\n" + "".join(
    f"{i},2026-03-01T{8 + k:02}:{i % 60:02}:00Z,{step}\n" for i in range(90) for k, step in enumerate(["a", "b", "c"])
)


@pytest.mark.parametrize(
    ("text", "corrections", "titles"),
    [
        (CANONICAL, 0, {"A", "B", "C"}),
        (GERMAN, 1, {"Startseite", "Produkt angesehen", "In den Warenkorb", "Bestellung"}),
        (ENGLISH, 1, {"Home", "Product", "Cart", "Order"}),
        (AMERICAN, 1, {"/", "/shop", "/cart"}),
    ],
    ids=["canonical", "German", "English", "American"],
)
def test_the_first_cell_on_a_file_of_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, corrections: int, titles: set[str]
) -> None:
    """Semicolons, other names, dates as people write them: one correction, copied from the error, and the map is there."""
    (tmp_path / "events.csv").write_bytes(text.encode())
    start = time.monotonic()
    journey, page, needed = walk(tmp_path, monkeypatch)

    assert corrections == needed
    assert titles == {touchpoint.title for touchpoint in journey.touchpoints()}
    assert page.startswith("<img ")
    assert time.monotonic() - start < 20


@pytest.mark.parametrize(
    "name",
    [
        "xes_pm4py/roadtraffic100traces.csv",
        "eventdata_r/patients.csv",
        "xes_pm4py/interval_event_log.csv",
        "ga4_stat5243/ga4_data.csv",
    ],
)
def test_the_first_cell_on_files_nobody_here_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The same on public logs of other trades: a map with two corrections at most."""
    if not (DATA / name).is_file():
        pytest.skip(f"{name} is not in ../shared/data beside the project")
    shutil.copy(DATA / name, tmp_path / "events.csv")
    journey, page, needed = walk(tmp_path, monkeypatch)

    assert needed <= 2
    assert len(journey.touchpoints()) > 1
    assert page.startswith("<img ")
