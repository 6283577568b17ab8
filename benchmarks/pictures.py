"""What a picture costs, against Mermaid and a browser: ratios in one run on one machine, exit code 1 when a target is missed.

Needs journeykit[png] in this Python, Chromium, node and npm. Mermaid's command line is installed into a temporary folder
without a browser of its own, or taken from --mmdc (a folder with node_modules in it).
"""

from __future__ import annotations

import argparse
import http.server
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import attrs

import journeykit as jk
from journeykit import codec
from journeykit.model import Journey

# How often slower the other is at least, or how large the page at most.
TARGETS = {"cold": 8.0, "page of 10": 1.0, "page of 1,000": 1.0, "png": 3.0, "html": 120_000}
CHROMIUM = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
            "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip
PAGE = """<!doctype html><meta charset="utf-8"><div id="d"></div><script src="mermaid.min.js"></script><script>
(async () => {
  const found = {};
  mermaid.initialize({startOnLoad: false, maxTextSize: 1e7});
  for (const [name, text, runs] of await (await fetch("maps.json")).json()) {
    found[name] = [];
    for (let i = 0; i < runs; i++) {
      const start = performance.now();
      await mermaid.render("m" + i, text);
      found[name].push(performance.now() - start);
    }
  }
  await fetch("found", {method: "POST", body: JSON.stringify(found)});
})().catch(e => fetch("found", {method: "POST", body: JSON.stringify({error: String(e)})}));
</script>"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9, help="runs of each program (default 9)")
    parser.add_argument("--chromium", default=shutil.which("chromium") or "chromium", help="the browser")
    parser.add_argument("--mmdc", type=Path, help="a folder with @mermaid-js/mermaid-cli in its node_modules")
    args = parser.parse_args()
    # pip compiles what it installs; an editable checkout must be allowed to do the same.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(prefix="journeykit-pictures-") as name:
        folder = Path(name)
        mmdc = args.mmdc or installed(folder)
        journey, scorecard = demo(folder)
        found = [
            cold(folder, journey, mmdc, args.chromium, args.runs),
            *in_page(folder, journey, mmdc, args.chromium, args.runs),
            png(folder, journey, scorecard, args.chromium, args.runs),
            html(journey, scorecard),
        ]
    for row, _ in found:
        print(row)
    return int(not all(met for _, met in found))


def installed(folder: Path) -> Path:
    """Mermaid's command line from npm; the browser it would download stays away."""
    environment = os.environ | {"PUPPETEER_SKIP_DOWNLOAD": "1"}
    command = [
        "npm",
        "install",
        "--no-audit",
        "--no-fund",
        "--silent",
        "--prefix",
        str(folder),
        "@mermaid-js/mermaid-cli",
    ]
    subprocess.run(command, check=True, env=environment)
    return folder


def demo(folder: Path) -> tuple[Journey, object]:
    """The demo's map of 10 touchpoints and its scorecard."""
    command = [sys.executable, "-m", "journeykit", "demo", "-o", str(folder / "demo")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    journey = jk.load(folder / "demo" / "first-order.journey.yaml")
    assert len(journey.touchpoints()) == 10
    return journey, codec.loads_scorecard((folder / "demo" / "scorecard.json").read_text("utf-8"))


def many(journey: Journey, count: int) -> Journey:
    """The same touchpoints again and again, with ids of their own."""
    own = journey.touchpoints()
    found = [*own, *(attrs.evolve(own[i % len(own)], id=f"{own[i % len(own)].id}-{i}") for i in range(len(own), count))]
    shares = [
        found[i * count // len(journey.stages) : (i + 1) * count // len(journey.stages)]
        for i in range(len(journey.stages))
    ]
    stages = [attrs.evolve(stage, touchpoints=share) for stage, share in zip(journey.stages, shares, strict=True)]
    return attrs.evolve(journey, stages=stages)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(runs: int, *works: Callable[[], object]) -> list[float]:
    """The medians of several works, one after the other in turn, so that a machine that slows down slows all."""
    for work in works:
        work()  # the first run of each writes byte code and warms the disk cache
    times = [[seconds(work) for work in works] for _ in range(runs)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def run(*command: str) -> Callable[[], object]:
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def shown(name: str, ours: float, theirs: float, target: float) -> tuple[str, bool]:
    ratio = theirs / ours
    row = f"{name:<52} {1000 * ours:9.1f} ms {1000 * theirs:9.1f} ms {ratio:6.1f} x (target {target:g})"
    return row, ratio >= target


def cold(folder: Path, journey: Journey, mmdc: Path, chromium: str, runs: int) -> tuple[str, bool]:
    """A map file to an SVG file, each in a process of its own."""
    source, diagram, settings = folder / "map.journey.yaml", folder / "map.mmd", folder / "puppeteer.json"
    jk.save(journey, source)
    jk.render(journey, "mermaid").save(diagram)
    settings.write_text(json.dumps({"executablePath": chromium, "args": ["--no-sandbox", "--disable-gpu"]}))
    ours = run(sys.executable, "-m", "journeykit", "render", str(source), "-o", str(folder / "ours.svg"))
    tool = mmdc / "node_modules" / ".bin" / "mmdc"
    theirs = run(str(tool), "-q", "-i", str(diagram), "-o", str(folder / "theirs.svg"), "-p", str(settings))
    return shown("10 touchpoints to SVG, new process | mmdc", *in_turn(runs, ours, theirs), TARGETS["cold"])


def in_page(folder: Path, journey: Journey, mmdc: Path, chromium: str, runs: int) -> list[tuple[str, bool]]:
    """Map to SVG in a running process, against mermaid.render in a page that is open."""
    large = many(journey, 1000)
    works = (("10", journey, max(runs, 9)), ("1,000", large, 3))
    site = folder / "site"
    site.mkdir()
    (site / "index.html").write_text(PAGE)
    shutil.copy(mmdc / "node_modules" / "mermaid" / "dist" / "mermaid.min.js", site)
    texts = [(name, jk.render(drawn, "mermaid").text, count) for name, drawn, count in works]
    (site / "maps.json").write_text(json.dumps(texts))
    # The page before and after ours, so that a machine that slows down slows both.
    first = in_browser(folder, site, chromium)
    ours = {name: in_turn(count, partial(jk.render, drawn, "swimlane"))[0] for name, drawn, count in works}
    second = in_browser(folder, site, chromium)
    rows = []
    for name, _, _ in works:
        title = f"{name} touchpoints to SVG, in process | Mermaid in page"
        theirs = statistics.median(first[name] + second[name]) / 1000
        rows.append(shown(title, ours[name], theirs, TARGETS[f"page of {name}"]))
    return rows


def in_browser(folder: Path, site: Path, chromium: str) -> dict[str, list[float]]:
    """What the page found out, in milliseconds."""
    found: dict[str, list[float]] = {}
    told = threading.Event()

    class Site(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, directory=str(site), **kwargs)  # type: ignore[arg-type]

        def do_POST(self) -> None:
            found.update(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()
            told.set()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/index.html"
        command = [chromium, *CHROMIUM, f"--user-data-dir={folder / 'profile'}", "--remote-debugging-port=0", address]
        browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if not told.wait(600):
                raise TimeoutError("the browser did not answer in ten minutes")
        finally:
            browser.terminate()
            browser.wait(30)
            server.shutdown()
    if "error" in found:
        raise RuntimeError(f"Mermaid: {found['error']}")
    return found


def png(folder: Path, journey: Journey, scorecard: object, chromium: str, runs: int) -> tuple[str, bool]:
    """The SVG of the scored map to a PNG of as many pixels, against a screenshot of it."""
    picture = jk.render(journey, "swimlane", scores=scorecard)  # type: ignore[arg-type]
    source = picture.save(folder / "scored.svg")
    wide, high = (int.from_bytes(picture.converted("x.png", scale=1).body[at : at + 4]) for at in (16, 20))
    shot = run(chromium, *CHROMIUM, f"--user-data-dir={folder / 'shots'}", f"--window-size={wide},{high}",
               f"--screenshot={folder / 'shot.png'}", f"file://{source}")  # fmt: skip
    title = f"SVG to PNG of {wide} x {high}, in process | Chromium screenshot"
    return shown(title, *in_turn(runs, lambda: picture.converted("x.png", scale=1), shot), TARGETS["png"])


def html(journey: Journey, scorecard: object) -> tuple[str, bool]:
    """The size of the page of the scored map."""
    size = len(jk.render(journey, "html", scores=scorecard).body)  # type: ignore[arg-type]
    return (
        f"{'HTML page of 10 touchpoints, scored':<52} {size:,} bytes (target below {TARGETS['html']:,})",
        size < TARGETS["html"],
    )


if __name__ == "__main__":
    sys.exit(main())
