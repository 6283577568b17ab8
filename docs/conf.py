"""Sphinx settings. Build with `nox -s docs`; a warning is an error."""

from __future__ import annotations

import sys
from pathlib import Path

import journeykit

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "journeykit"
author = "The journeykit developers"
copyright = author
version = release = journeykit.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "house", "gallery"]
# No formulas as TeX: what shows them comes from another server, and `house` lets no page ask one.
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "changelog.d/*", "gallery/_made/*", "gallery/made-wall.md"]
html_theme = "furo"
html_title = f"journeykit {release}"
html_static_path = ["_static"]
html_extra_path = ["gallery/_made/open"]
html_css_files = ["house.css"]

# Docstrings write `Name` for whatever it names in journeykit; house.py finds it, and shows it as code where there is none.
default_role = "py:obj"
nitpicky = True
# No inventories are fetched, so that the manual builds without a network: only names of journeykit itself are checked.
# Type variables and private modules stand in signatures and have no page.
nitpick_ignore_regex = [
    ("py:.*", r"(?!journeykit\b).*"),
    ("py:.*", r"journeykit\..*\.[A-Z]"),
    ("py:.*", r"journeykit\..*\._[a-z].*"),
]

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "imported-members": True}
python_use_unqualified_type_names = True
