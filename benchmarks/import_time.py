"""What `import journeykit` costs beside starting Python: interleaved runs, medians, exit code 1 above the target."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time

TARGET = 1.3
# pip compiles what it installs; an editable checkout must be allowed to do the same.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
PROGRAMS = {"python -c pass": "pass", "import journeykit": "import journeykit"}


def seconds(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, env=ENVIRONMENT)
    return time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=60, help="runs of each program (default 60)")
    runs = parser.parse_args().runs
    for code in PROGRAMS.values():
        seconds(code)  # the first start of each writes byte code and warms the disk cache
    # One after the other in turn, so that a machine that slows down slows both.
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(runs):
        for name, code in PROGRAMS.items():
            times[name].append(seconds(code))
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, median in medians.items():
        print(f"{name:<20} {1000 * median:7.2f} ms (median of {runs}, least {1000 * min(times[name]):.2f})")
    bare, ours = medians.values()
    print(f"ratio {ours / bare:.2f}, target at most {TARGET}")
    return int(ours / bare > TARGET)


if __name__ == "__main__":
    sys.exit(main())
