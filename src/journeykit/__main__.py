"""``python -m journeykit``: the same as the command ``journeykit``."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    try:
        from journeykit.cli import main

        sys.exit(main())
    except KeyboardInterrupt:
        # Ctrl-C before `main` could hear it.
        sys.exit(130)
