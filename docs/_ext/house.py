"""What journeykit's manual needs beyond Sphinx: references to re-exported names, tables of keys, unreleased changes."""

from __future__ import annotations

import contextlib
import io
import os
import re
from pathlib import Path
from typing import Any
from unittest import mock

import attrs
from changelog import fragments
from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from journeykit import model
from journeykit.cli import main
from journeykit.conformance import CHECKS
from journeykit.model._checks import slug

ROOT = Path(__file__).parents[2]
_LOADED = re.compile(r"""<(?:script|img|iframe|source|embed|video|audio)\b[^>]*?\ssrc=["']?((?:https?:)?//[^"'\s>]+)""")
_LINKED = re.compile(r"""<link\b(?![^>]*canonical)[^>]*?\shref=["']?((?:https?:)?//[^"'\s>]+)""")
_STYLED = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s]+)""")


def find_where_it_lives(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.TextElement
) -> nodes.Node | None:
    """Resolve a name by its last parts: classes are documented in their room, while annotations name the defining file."""
    if node.get("refdomain") != "py":
        return None
    target = node["reftarget"].removesuffix("()").lstrip(".~")
    objects = env.domains.python_domain.objects
    parts = target.split(".")
    if parts[0] == "journeykit" and len(parts) > 2 and not parts[-1][:1].isupper() and parts[-2][:1].isupper():
        parts = parts[-2:]
    elif parts[0] == "journeykit":
        parts = parts[-1:]
    suffix = "." + ".".join(parts)
    found = sorted({name for name in objects if f".{name}".endswith(suffix)}, key=lambda name: (name.count("."), name))
    if found:
        entry = objects[found[0]]
        return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, [content], found[0])
    # A docstring's `any words` are code, not a broken reference; `journeykit.x` stays one.
    return content if node["reftype"] == "obj" and not target.startswith("journeykit.") else None


class KeyTable(SphinxDirective):
    """``{key-table} Touchpoint``: every key of a model class in a map file, from the class and the published schema."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        cls = getattr(model, self.arguments[0])
        rows = [("key", "value", "default")]
        rows += [(f.name.rstrip("_"), _shown_type(f), _shown_default(f)) for f in attrs.fields(cls)]
        return [_table(rows)]


def _shown_type(field: attrs.Attribute[Any]) -> str:
    text = field.type if isinstance(field.type, str) else getattr(field.type, "__name__", str(field.type))
    if _is_id(field.validator):
        return "list of ids" if text.startswith("tuple[") else "id"
    words = {
        " | None": "",
        "timedelta": "duration",
        "tuple[str, ...]": "list of text",
        "Mapping[str, str]": "text by text",
        "Mapping[str, Condition]": "test by column",
        "Condition": "test",
        "MomentKind": "decision, delight, friction, first or last",
        "MomentLabel": "ZMOT, FMOT, SMOT or UMOT",
        "Basis": "observed, inferred or assumed",
        "Level": "low, medium or high",
        "str | FunnelSource": "text or FunnelSource",
    }
    for old, new in words.items():
        text = text.replace(old, new)
    if text.startswith("tuple["):
        text = f"list of {text.removeprefix('tuple[').removesuffix(', ...]')}"
    if text.startswith("Literal["):
        text = text.removeprefix("Literal[").removesuffix("]").replace('"', "").replace("'", "")
    return {"str": "text", "float": "number", "int": "whole number", "date": "day"}.get(text, text)


def _is_id(validator: object) -> bool:
    """Whether the rule of a slug stands behind the field's own (``optional``, ``each``)."""
    cells = getattr(validator, "__closure__", None) or ()
    return validator is slug or any(_is_id(cell.cell_contents) for cell in cells)


def _shown_default(field: attrs.Attribute[Any]) -> str:
    if field.default is attrs.NOTHING:
        return "required"
    if field.default is None or field.default == () or not isinstance(field.default, str | int | float):
        return ""
    return str(field.default)


def _table(rows: list[tuple[str, ...]]) -> nodes.table:
    table = nodes.table()
    group = nodes.tgroup(cols=len(rows[0]))
    table += group
    group += [nodes.colspec(colwidth=1) for _ in rows[0]]
    head, body = nodes.thead(), nodes.tbody()
    group += [head, body]
    for number, row in enumerate(rows):
        line = nodes.row()
        for place, cell in enumerate(row):
            text: nodes.Node = nodes.literal(text=cell) if number and place == 0 else nodes.Text(cell)
            line += nodes.entry("", nodes.paragraph("", "", text))
        (body if number else head).append(line)
    return table


class CheckTable(SphinxDirective):
    """``{check-table}``: every code that a check can report, from the list that the checks themselves use."""

    def run(self) -> list[nodes.Node]:
        rows = [("code", "severity", "looked for in", "meaning")]
        rows += [
            (check.code, "figure" if check.figure else check.severity, check.needs, f"{check.title}. {check.why}")
            for check in CHECKS.values()
        ]
        return [_table(rows)]


class Unreleased(SphinxDirective):
    """``{unreleased}``: the changelog fragments that no release has taken up yet, by kind."""

    def run(self) -> list[nodes.Node]:
        for path in (ROOT / "docs" / "changelog.d").glob("*.md"):
            self.env.note_dependency(str(path))
        return self.parse_text_to_nodes(fragments(heading=3), allow_section_headings=True)


class CommandHelp(SphinxDirective):
    """``{command-help} build``: what ``journeykit build --help`` prints; without an argument, ``journeykit --help``."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        printed = io.StringIO()
        wide = {"COLUMNS": "110", "NO_COLOR": "1"}
        with mock.patch.dict(os.environ, wide), contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
            main([*self.arguments, "--help"])
        return [nodes.literal_block(printed.getvalue(), printed.getvalue(), language="text")]


def must_ask_nobody(app: Sphinx, exception: Exception | None) -> None:
    """Refuse a manual that loads anything from another server: it is read offline, and its readers are nobody's business."""
    if exception is not None or app.builder.format != "html":
        return
    found = [
        f"{page.relative_to(app.outdir)} asks {', '.join(asked)}"
        for page in sorted(Path(app.outdir).rglob("*"))
        if page.suffix in (".html", ".css") and (asked := outside(page.read_text("utf-8")))
    ]
    if found:
        raise ExtensionError("\n".join(found))


def outside(page: str) -> list[str]:
    """The addresses on other servers that a page or style sheet loads by itself; links that people follow are none."""
    return sorted({address for pattern in (_LOADED, _LINKED, _STYLED) for address in pattern.findall(page)})


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("missing-reference", find_where_it_lives)
    app.add_directive("check-table", CheckTable)
    app.connect("build-finished", must_ask_nobody)
    app.add_directive("key-table", KeyTable)
    app.add_directive("unreleased", Unreleased)
    app.add_directive("command-help", CommandHelp)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
