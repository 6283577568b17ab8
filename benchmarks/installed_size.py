"""How much a plain `pip install journeykit` puts on the disk, and which package it is; exit code 1 above the limit."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

LIMIT_MB = 500
# Runs in the fresh environment: the files each installed distribution says are its own, and the byte code beside them.
LISTING = """
from importlib.metadata import distributions
for found in distributions():
    files = {f.locate().resolve() for f in found.files or ()}
    print(found.metadata["Name"], found.version, sum(f.stat().st_size for f in files if f.is_file()))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", default=".", help="what to install: a folder, a wheel or a name (default .)")
    parser.add_argument("--venv", help="where the fresh environment goes and stays (default: a folder that is removed)")
    args = parser.parse_args()
    if args.venv:
        return report(args.what, Path(args.venv))
    with tempfile.TemporaryDirectory(prefix="journeykit-size-") as folder:
        return report(args.what, Path(folder) / "venv")


def report(what: str, venv: Path) -> int:
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    python = venv / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    # pip itself is part of an environment, not of what journeykit brings: measured before and left out.
    before = sizes(python)
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", what], check=True)
    new = {name: size for name, size in sizes(python).items() if name not in before}
    for name, size in sorted(new.items(), key=lambda pair: -pair[1]):
        print(f"{name:<34} {size / 1e6:8.1f} MB")
    total = sum(new.values()) / 1e6
    print(f"{'together':<34} {total:8.1f} MB (limit {LIMIT_MB})")
    return int(total > LIMIT_MB)


def sizes(python: Path) -> dict[str, int]:
    done = subprocess.run([str(python), "-c", LISTING], check=True, capture_output=True, text=True)
    rows = (line.rsplit(" ", 2) for line in done.stdout.splitlines())
    return {f"{name} {version}": int(size) for name, version, size in rows}


if __name__ == "__main__":
    sys.exit(main())
