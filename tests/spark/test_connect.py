"""Over Spark Connect, where the driver is a server, the figures are those of DuckDB too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def test_over_connect(spark) -> None:
    """Measures, progress, sessions, scores, findings, drafts and copies are the same, and the session keeps its settings."""
    for library in ("grpc_status", "zstandard"):
        pytest.importorskip(library, reason=f"{library} is not installed: pip install 'pyspark[connect]'")
    script = Path(__file__).with_name("over_connect.py")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=600)
    said = [line for line in done.stdout.splitlines() if line.endswith(("the same", "DIFFERS", "DIFFER"))]

    assert 0 == done.returncode, done.stderr[-2000:]
    assert 9 == len(said)
    assert [] == [line for line in said if not line.endswith("the same")]
