"""Changelog fragments: `docs/changelog.d/<issue>.<kind>.md`, one change each, written for users.

``python docs/_ext/changelog.py`` prints what is not released yet; ``python docs/_ext/changelog.py 0.2.0 2026-01-31`` moves it
into CHANGELOG.md under that heading and removes the fragments.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "changelog.d"
KINDS = ("added", "changed", "fixed", "removed")
MARK = "<!-- releases, newest first -->\n"


def fragments(heading: int = 3) -> str:
    """Every fragment as Markdown, grouped by kind, in the order of the issues; a file with another name is an error."""
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for path in sorted(FOLDER.glob("*.md"), key=lambda p: (_issue(p), p.name)):
        kind = path.stem.rpartition(".")[2]
        if kind not in found:
            raise SystemExit(f"{path}: a fragment is called <issue>.<kind>.md, and kind is one of {', '.join(KINDS)}")
        found[kind].append(" ".join(path.read_text(encoding="utf-8").split()))
    parts = [
        f"{'#' * heading} {kind.capitalize()}\n\n" + "\n".join(f"- {text}" for text in texts)
        for kind, texts in found.items()
        if texts
    ]
    return "\n\n".join(parts) + "\n" if parts else "Nothing.\n"


def release(version: str, day: str) -> None:
    """Move the fragments into CHANGELOG.md."""
    path = ROOT / "CHANGELOG.md"
    text = path.read_text(encoding="utf-8")
    head, mark, tail = text.partition(MARK)
    if not mark:
        raise SystemExit(f"{path} lacks the line {MARK.strip()}")
    path.write_text(f"{head}{mark}\n## {version} ({day})\n\n{fragments()}{tail}", encoding="utf-8")
    for fragment in FOLDER.glob("*.md"):
        fragment.unlink()


def _issue(path: Path) -> int:
    number = path.name.partition(".")[0].partition("-")[0]
    if not number.isdigit():
        raise SystemExit(f"{path}: a fragment's name starts with the number of its issue")
    return int(number)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        release(*sys.argv[1:])
    elif len(sys.argv) == 1:
        sys.stdout.write(fragments())
    else:
        raise SystemExit(__doc__)
