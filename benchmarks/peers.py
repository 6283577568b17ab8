# ruff: noqa: PLC0415 - every contender imports its own library, in its own process
"""journeykit's one pass beside the physical work and beside its peers: one log, own processes, interleaved runs, medians.

The bound is what no tool can do without: DuckDB scans the file's three columns, sorts them by (customer, time, event), and hands
the sorted rows over as Arrow batches. `bound-coded` is the same with everything known beforehand that a sort could wish for:
customers and events are numbers in a file of their own, and one 64-bit number, customer and time side by side, is sorted (only
with --coded; it is a lower line, no tool's task). Every contender starts from the Parquet file, and its seconds count from
there: reading, counting and making the result, without starting Python and importing libraries. Peak memory is
`ru_maxrss` of its process; CPU seconds are of all its threads, and say more than seconds where the machine is busy.

`journeykit` is everything in one pass: transitions with counts, cases, median and 90 % gap; the 100 most frequent
variants; an ordered funnel of four steps with re-entry and a window of seven days; sessions of 30 minutes.
`journeykit-pairs` is transitions and variants alone, what pm4py has. The others do the part that they have: see each
function. Peers are never dependencies; a contender that is not installed is left out and named.
`--python NAME=PATH` runs one with another interpreter.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

FUNNEL = ["home", "product", "cart", "purchase"]
WINDOW, TIMEOUT = timedelta(days=7), timedelta(minutes=30)
RUNS, SIZES = 3, (1_000_000, 10_000_000)
LARGE = 50_000_000  # from here on only ours and the bound
Parts = dict[str, float]


class Clock:
    """Seconds by part."""

    def __init__(self) -> None:
        self.parts: Parts = {}
        self._since = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.parts[name] = now - self._since
        self._since = now


def bound(path: Path, clock: Clock) -> dict[str, Any]:
    """DuckDB: scan, sort by (customer, time, event), deliver the sorted rows as Arrow batches."""
    import duckdb
    import nanoarrow

    columns = "customer, epoch_us(time) AS time, event"
    relation = duckdb.connect().sql(f"SELECT {columns} FROM read_parquet('{path}') ORDER BY ALL")
    rows = sum(len(batch) for batch in nanoarrow.ArrayStream(relation))
    clock.lap("all")
    return {"rows": rows}


def bound_coded(path: Path, clock: Clock) -> dict[str, Any]:
    """The same of a file in which customers and events are numbers, by one packed 64-bit key."""
    import duckdb
    import nanoarrow

    coded = path.with_suffix(".coded.parquet")
    connection = duckdb.connect()
    if not coded.exists():
        connection.execute(f"""
            COPY (SELECT dense_rank() OVER (ORDER BY customer) - 1 AS customer, epoch_ms(time) - 1704067200000 AS time,
                dense_rank() OVER (ORDER BY event) - 1 AS event FROM read_parquet('{path}')) TO '{coded}'""")
        clock.lap("preparing")
    relation = connection.sql(f"SELECT customer << 38 | time AS key, event FROM read_parquet('{coded}') ORDER BY key")
    rows = sum(len(batch) for batch in nanoarrow.ArrayStream(relation))
    clock.lap("all")
    return {"rows": rows}


def journeykit(path: Path, clock: Clock) -> dict[str, Any]:
    """Everything in one pass: transitions with quantiles, variants, funnel with window, sessions; all rows checked."""
    import journeykit as jk
    from journeykit import measures as m

    events = jk.read_events(path)
    clock.lap("read_events")
    states = (m.Transitions(), m.Variants(top=100), m.Funnel(FUNNEL, within=WINDOW), m.Sessions(timeout=TIMEOUT))
    m.fold(events, states)
    clock.lap("fold")
    flows, variants, funnel, sessions = (state.result() for state in states)
    clock.lap("results")
    return {
        "pairs": sum(flow.count for flow in flows),
        "first": variants[0].count,
        "funnel": [step.entered for step in funnel],
        "sessions": sessions[0].sessions,
    }


def journeykit_pairs(path: Path, clock: Clock) -> dict[str, Any]:
    """What pm4py is asked for: directly-follows (with quantiles besides) and variants (the 100 most frequent)."""
    import journeykit as jk
    from journeykit import measures as m

    events = jk.read_events(path)
    clock.lap("read_events")
    states = (m.Transitions(), m.Variants(top=100))
    m.fold(events, states)
    clock.lap("fold")
    flows, variants = (state.result() for state in states)
    clock.lap("results")
    return {"pairs": sum(flow.count for flow in flows), "first": variants[0].count}


def pm4py(path: Path, clock: Clock) -> dict[str, Any]:
    """Directly-follows graph and variants."""
    import pandas as pd
    import pm4py as library

    frame = pd.read_parquet(path, columns=["customer", "time", "event"])
    frame = library.format_dataframe(frame, case_id="customer", activity_key="event", timestamp_key="time")
    clock.lap("reading")
    graph, _, _ = library.discover_dfg(frame)
    clock.lap("directly-follows")
    variants = library.get_variants(frame)
    clock.lap("variants")
    return {"pairs": int(sum(graph.values())), "first": int(max(map(_size, variants.values())))}


def _size(found: Any) -> int:
    return found if isinstance(found, int) else len(found)


def retentioneering(path: Path, clock: Clock) -> dict[str, Any]:
    """Transition counts, cases and median gaps, a funnel (it has no window over several steps), sessions."""
    import pandas as pd
    import retentioneering as library

    frame = pd.read_parquet(path, columns=["customer", "time", "event"])
    frame["time"] = frame["time"].dt.tz_localize(None)
    schema = {"path_cols": ["customer"], "event_col": "event", "timestamp_col": "time"}
    stream = library.Eventstream(frame, schema)
    clock.lap("reading")
    counts = stream.transition_graph_data(edge_weight="count")
    stream.transition_graph_data(edge_weight="unique_paths")
    stream.transition_graph_data(edge_weight="time_median")
    clock.lap("transitions")
    funnel = stream.funnel_data(FUNNEL)
    clock.lap("funnel")
    sessions = stream.split_sessions(timeout="30m")
    number = sessions.to_dataframe()["session_id"].nunique()
    clock.lap("sessions")
    names = [name for name in counts.index if name not in ("path_start", "path_end")]
    return {
        "pairs": int(counts.loc[names, names].to_numpy().sum()),
        "funnel": [step["unique_paths"] for step in funnel["steps"]],
        "sessions": int(number),
    }


def pandas(path: Path, clock: Clock) -> dict[str, Any]:
    """Plain pandas by hand: transitions with quantiles, variants, sessions; the funnel without window and re-entry."""
    import pandas as pd

    frame = pd.read_parquet(path, columns=["customer", "time", "event"]).sort_values(
        ["customer", "time"], kind="stable"
    )
    clock.lap("reading and sorting")
    same = frame["customer"].eq(frame["customer"].shift())
    gap = frame["time"].diff().where(same)
    moves = pd.DataFrame({"a": frame["event"].shift(), "b": frame["event"], "gap": gap, "c": frame["customer"]})[same]
    groups = moves.groupby(["a", "b"], sort=False)
    flows = groups["gap"].agg(["size", "median"]).join(groups["gap"].quantile(0.9)).join(groups["c"].nunique())
    clock.lap("transitions")
    variants = frame.groupby("customer", sort=False)["event"].agg(tuple).value_counts()
    clock.lap("variants")
    reached = _funnel_by_merges(frame)
    clock.lap("funnel")
    fresh = ~same | (gap > TIMEOUT)
    number = int(fresh.sum())
    clock.lap("sessions")
    return {"pairs": int(flows["size"].sum()), "first": int(variants.iloc[0]), "funnel": reached, "sessions": number}


def _funnel_by_merges(frame: Any) -> list[int]:
    """The first time of each step after the step before."""
    before = None
    reached = []
    for step in FUNNEL:
        rows = frame.loc[frame["event"] == step, ["customer", "time"]]
        if before is not None:
            rows = rows.merge(before.rename("before"), left_on="customer", right_index=True)
            rows = rows[rows["time"] > rows["before"]]
        before = rows.groupby("customer")["time"].min()
        reached.append(len(before))
    return reached


def polars(path: Path, clock: Clock) -> dict[str, Any]:
    """Plain polars by hand: the same as plain pandas."""
    import polars as pl

    frame = pl.read_parquet(path, columns=["customer", "time", "event"]).sort("customer", "time", maintain_order=True)
    clock.lap("reading and sorting")
    same = pl.col("customer") == pl.col("customer").shift()
    moves = frame.select(
        a=pl.col("event").shift(), b=pl.col("event"), gap=pl.col("time").diff(), c=pl.col("customer"), same=same
    ).filter("same")
    gap = pl.col("gap")
    flows = moves.group_by("a", "b").agg(
        pl.len(), pl.col("c").n_unique(), gap.median().alias("median"), gap.quantile(0.9, "linear").alias("p90")
    )
    clock.lap("transitions")
    paths = frame.group_by("customer").agg(pl.col("event"))
    variants = paths.group_by("event").len().sort("len", descending=True)
    clock.lap("variants")
    before = None
    reached = []
    for step in FUNNEL:
        rows = frame.filter(pl.col("event") == step).select("customer", "time")
        if before is not None:
            rows = rows.join(before, on="customer").filter(pl.col("time") > pl.col("before"))
        before = rows.group_by("customer").agg(before=pl.col("time").min())
        reached.append(len(before))
    clock.lap("funnel")
    late = pl.col("time").diff() > TIMEOUT
    number = frame.select(((~same) | late).fill_null(value=True).sum()).item()
    clock.lap("sessions")
    return {"pairs": int(flows["len"].sum()), "first": variants["len"][0], "funnel": reached, "sessions": int(number)}


CONTENDERS: dict[str, Callable[[Path, Clock], dict[str, Any]]] = {
    "bound": bound,
    "bound-coded": bound_coded,
    "journeykit": journeykit,
    "journeykit-pairs": journeykit_pairs,
    "pm4py": pm4py,
    "retentioneering": retentioneering,
    "pandas": pandas,
    "polars": polars,
}
OURS = ("bound", "bound-coded", "journeykit", "journeykit-pairs")


def child(name: str, path: Path) -> None:
    """One run in this process, its figures as one line of JSON."""
    import resource

    # Importing is not counted, for anyone: journeykit's root loads its rooms when they are asked for.
    for module in (
        ("journeykit.api", "journeykit.measures") if name.startswith("journeykit") else () if name in OURS else (name,)
    ):
        importlib.import_module(module)
    before = resource.getrusage(resource.RUSAGE_SELF)
    clock = Clock()
    found = CONTENDERS[name](path, clock)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    seconds = sum(value for part, value in clock.parts.items() if part != "preparing")
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak": peak, "parts": clock.parts, "found": found}))


def run(name: str, path: Path, python: str, limit: float) -> dict[str, Any]:
    # Retentioneering would send what is done to its makers.
    environment = os.environ | {"RETENTIONEERING_NO_TRACK": "1", "DO_NOT_TRACK": "1"}
    command = [python, str(Path(__file__).resolve()), "--child", name, "--log", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return {"error": f"not done after {limit:.0f} s"}
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode} (killed: out of memory?)"]
        return {"error": lines[-1][:200]}
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def compare(
    path: Path, rows: int, names: list[str], pythons: dict[str, str], runs: int, limit: float
) -> dict[str, Any]:
    # One after the other in turn, so that a machine that slows down slows all.
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for turn in range(runs):
        for name in names:
            if any("error" in result for result in results[name]):
                continue
            result = run(name, path, pythons.get(name, sys.executable), limit)
            results[name].append(result)
            told = result.get("error") or f"{result['seconds']:.2f} s, {result['peak'] / 1e9:.2f} GB"
            print(f"  {rows:>11,} rows, run {turn + 1}: {name:<16} {told}", flush=True)
    return {name: _middle(found) for name, found in results.items()}


def _middle(results: list[dict[str, Any]]) -> dict[str, Any]:
    for result in results:
        if "error" in result:
            return result
    parts = {part: statistics.median(r["parts"].get(part, 0.0) for r in results) for part in results[-1]["parts"]}
    return {
        "seconds": statistics.median(result["seconds"] for result in results),
        "least": min(result["seconds"] for result in results),
        "cpu": statistics.median(result["cpu"] for result in results),
        "peak": statistics.median(result["peak"] for result in results),
        "parts": parts,
        "found": results[-1]["found"],
    }


def table(rows: int, results: dict[str, Any]) -> None:
    """The medians, each with its ratio to the bound and to journeykit."""
    floor, ours = results.get("bound", {}).get("seconds"), results.get("journeykit", {})
    print(
        f"\n| {rows:,} events | seconds (least) | to the bound | to journeykit | CPU s | peak GB | to journeykit | parts |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---|")
    for name, found in results.items():
        if "error" in found:
            print(f"| {name} | {found['error']} | | | | | | |")
            continue
        to_bound = f"{found['seconds'] / floor:.2f}" if floor else ""
        to_ours = f"{found['seconds'] / ours['seconds']:.2f}" if ours.get("seconds") else ""
        memory = f"{found['peak'] / ours['peak']:.2f}" if ours.get("peak") else ""
        parts = ", ".join(f"{part} {seconds:.2f}" for part, seconds in found["parts"].items())
        line = f"{found['seconds']:.2f} ({found['least']:.2f}) | {to_bound} | {to_ours} | {found['cpu']:.1f} "
        line += f"| {found['peak'] / 1e9:.2f} | {memory}"
        print(f"| {name} | {line} | {parts} |")
    print(flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES), help="sizes of the log (default 1 M, 10 M)")
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, help="the contenders (default: all but bound-coded)")
    parser.add_argument("--coded", action="store_true", help="also bound-coded")
    parser.add_argument("--numbers", action="store_true", help="customers are numbers in the file, not texts")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"runs of each contender (default {RUNS})")
    parser.add_argument(
        "--limit", type=float, default=1800, help="seconds after which a run is given up (default 1800)"
    )
    parser.add_argument("--python", nargs="*", default=[], metavar="NAME=PATH", help="another interpreter for one")
    parser.add_argument("--folder", type=Path, help="where logs are kept (default: a temporary folder)")
    parser.add_argument("--json", type=Path, help="also write the medians to this file")
    parser.add_argument("--child", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("--log", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments.child, arguments.log)
        return 0
    names = arguments.only or [name for name in CONTENDERS if name != "bound-coded" or arguments.coded]
    pythons = dict(pair.split("=", 1) for pair in arguments.python)
    present = [n for n in names if n in pythons or n in OURS or importlib.util.find_spec(n)]
    if absent := [name for name in names if name not in present]:
        print(f"not installed and left out: {', '.join(absent)}")
    every: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="journeykit-peers-") as own:
        folder = arguments.folder or Path(own)
        for rows in arguments.rows:
            path = folder / f"{'numbers' if arguments.numbers else 'texts'}-{rows}.parquet"
            # In a process of its own, so that making the log leaves nothing behind in this one.
            maker = [sys.executable, str(Path(__file__).with_name("event_log.py")), str(path), str(rows)]
            subprocess.run([*maker, *(["--numbers"] if arguments.numbers else [])], check=True)
            chosen = [name for name in present if rows < LARGE or name in OURS]
            found = compare(path, rows, chosen, pythons, arguments.runs, arguments.limit)
            table(rows, found)
            every[str(rows)] = found
    if arguments.json:
        arguments.json.write_text(json.dumps(every, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
