"""The command as a whole: help, exit codes, errors as sentences, Ctrl-C, closed pipes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from journeykit import __version__
from journeykit.cli import main
from journeykit.cli._exits import MEANINGS, Exit
from journeykit.evidence.reading import texts

Run = Any


def test_every_exit_code_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    """``--help`` names every exit code with its meaning."""
    code = main(["--help"])
    shown = capsys.readouterr().out

    assert code == 0
    assert set(MEANINGS) == set(Exit)
    assert [m for m in Exit if f"{m.value:3}  {MEANINGS[m]}" not in shown] == []


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """``--version`` prints the one version."""
    code = main(["--version"])

    assert (0, f"journeykit {__version__}\n") == (code, capsys.readouterr().out)


def test_help_loads_no_third_party_module() -> None:
    """Help and usage errors cost the standard library only."""
    code = (
        "import sys; from journeykit.cli import main; main(['build', '--help']); "
        "print(sorted({m.split('.')[0] for m in sys.modules} & "
        "{'attr', 'attrs', 'duckdb', 'numpy', 'yaml', 'matplotlib', 'rich', 'scipy', 'narwhals'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "journeykit: say what to do; start with: journeykit demo -o demo"),
        (["fly"], "there is no 'fly'; there are demo, discover, build"),
        (["bild", "--events", "e.csv"], "there is no 'bild' (did you mean 'build'?)"),
        (["--verison"], "there is no option --verison (did you mean '--version'?)"),
        (["build"], "journeykit build: the following arguments are required: MAP, -o/--output, --events"),
        (["build", "m.yaml", "--evnts", "e.csv", "-o", "o"], "there is no option --evnts (did you mean '--events'?)"),
        (["build", "m.yaml", "--event=e.csv", "-o", "o"], "there is no option --event (did you mean '--events'?)"),
        (["build", "m.yaml", "--events", "e", "-o", "o", "more"], "journeykit build: unrecognized arguments: more"),
        (["check", "m.yaml", "--format", "sarf"], "--format: there is no 'sarf' (did you mean 'sarif'?)"),
        (["check", "m.yaml", "--today", "1.3.2026"], "--today: '1.3.2026' is not a day such as 2026-03-01"),
    ],
)
def test_usage_errors(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A command line that makes no sense ends with 2 and one line: what is wrong, what was meant, where help is."""
    code = main(arguments)
    said = capsys.readouterr().err

    assert code == 2
    assert words in said
    assert said.count("\n") == 1
    assert "--help' shows everything)" in said


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--events-columns", "customer"], "'customer' is not NAME=COLUMN"),
        (["--events-columns", "time=a,time=b"], "'time' is given twice"),
        (["--feedback-scale", "5:1"], "the low end of a scale lies below its high end"),
        (["--feedback-scale", "five"], "is not LOW:HIGH, such as 1:5"),
        (["--observed-until", "2026-01-01"], "has no zone"),
        (["--observed-until", "soon"], "is not a time such as"),
    ],
)
def test_option_values_are_checked(options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An option whose value has no meaning is refused with what would be accepted."""
    code = main(["build", "m.yaml", "--events", "e.csv", "-o", "out", *options])

    assert code == 2
    assert sentence in " ".join(capsys.readouterr().err.split())


def test_columns_may_hold_commas_and_equal_signs() -> None:
    """A comma splits only where a new NAME= follows, so that any column name can be given."""
    from journeykit.cli._reading import columns_option

    assert {"customer": "id, anonymous", "time": "a=b"} == columns_option("customer=id, anonymous,time=a=b")


def test_ctrl_c_leaves_nothing_and_shows_no_traceback(shop: Path, run: Run) -> None:
    """Ctrl-C in the middle of a build: exit code 130, one line, no file."""
    code = (
        "import os, signal, sys, time; from journeykit import api; from journeykit.cli import main\n"
        "def score(*a, **k):\n    os.kill(os.getpid(), signal.SIGINT); time.sleep(30)\n"
        "api.score = score\nsys.exit(main(sys.argv[1:]))"
    )
    before = sorted(path.name for path in shop.iterdir())
    done = run("build", shop / "map.yaml", "--events", shop / "events.csv", "-o", shop / "out", code=code)

    assert (130, "", "journeykit: stopped\n") == (done.returncode, done.stdout, done.stderr)
    assert before == sorted(path.name for path in shop.iterdir())


@pytest.mark.parametrize("error", ["RuntimeError('Query interrupted')", "duckdb.InterruptException('INTERRUPT Error')"])
def test_ctrl_c_inside_a_query_is_ctrl_c(shop: Path, run: Run, error: str) -> None:
    """What DuckDB makes of Ctrl-C, and what a reader makes of that, still ends with 130 and one line."""
    code = (
        "import sys, duckdb; from journeykit import api, errors; from journeykit.cli import main\n"
        "def check(*a, **k):\n"
        f"    try: raise {error}\n"
        "    except Exception as err: raise errors.EvidenceError([]) from err\n"
        "api.check = check\nsys.exit(main(sys.argv[1:]))"
    )
    done = run("check", shop / "map.yaml", code=code)

    assert (130, "", "journeykit: stopped\n") == (done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("module", ["argparse", "journeykit.cli.check", "attrs"])
@pytest.mark.parametrize(
    "start",
    [
        "import runpy; runpy.run_module('journeykit', run_name='__main__')",
        "from journeykit.cli import main; sys.exit(main())",
    ],
)
def test_ctrl_c_while_starting_is_as_quiet(shop: Path, run: Run, module: str, start: str) -> None:
    """Ctrl-C while the command still loads its parts is no traceback either."""
    code = (
        "import os, signal, sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, *rest):\n"
        f"        if name == {module!r}: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n" + start
    )
    done = run("check", shop / "map.yaml", code=code)

    assert (130, "", "journeykit: stopped\n") == (done.returncode, done.stdout, done.stderr)


def test_unexpected_errors_show_where_they_come_from(shop: Path, run: Run) -> None:
    """A fault of ours is a traceback and exit code 70, never the 1 that stands for findings."""
    code = (
        "import sys; from journeykit import api; from journeykit.cli import main\n"
        "def check(*_, **__): raise ZeroDivisionError('by us\\x1b[31m')\n"
        "api.check = check\nsys.exit(main(sys.argv[1:]))"
    )
    done = run("check", shop / "map.yaml", code=code)

    assert done.returncode == 70
    assert "Traceback" in done.stderr
    assert "ZeroDivisionError: by us\\x1b[31m" in done.stderr


def test_a_closed_pipe_is_no_traceback() -> None:
    """``journeykit schema | head -1``: the reader goes away, the command ends quietly."""
    with subprocess.Popen(
        [sys.executable, "-m", "journeykit", "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()

    assert said == ""
    assert process.returncode in (0, 141)


def test_formats_lists_every_plugin(capsys: pytest.CaptureFixture[str]) -> None:
    """``formats`` names every installed plugin with what it reads or makes, and what it is for."""
    from journeykit import plugins

    code = main(["formats"])
    captured = capsys.readouterr()
    lines = {line.split()[0]: line for line in captured.out.splitlines() if line.startswith("  ")}
    names = [n for r in (plugins.importers(), plugins.scorers(), plugins.renderers()) for n in r.names()]

    assert (0, "") == (code, captured.err)
    assert [name for name in names if name not in lines] == []
    assert "events, feedback, metrics, customers" in lines["csv"]
    assert "  .svg, .png, .pdf  " in lines["swimlane"]
    assert all(len(line.split()) > 3 for line in lines.values())


@pytest.mark.parametrize("what", ["journey", "scorecard", "document"])
def test_schemas_are_json_schemas(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What ``schema`` prints is a valid JSON Schema."""
    import json

    from jsonschema import Draft202012Validator

    assert main(["schema", what]) == 0

    Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize(
    ("hint", "shown"),
    [
        (
            'say which: columns={"customer": "user id", "time": "ts"}, ok',
            'say which: --events-columns "customer=user id,time=ts", ok',
        ),
        ('zone: tz="Europe/Berlin", or tz="UTC"', "zone: --tz Europe/Berlin, or --tz UTC"),
        ('say on_duplicate="keep" or "drop"', "say --on-duplicate keep or drop"),
        ('say format="csv", "json" or "parquet"', "say --events-format csv, json or parquet"),
        ("tz='Mars' is no time zone", "--tz Mars is no time zone"),
        ("observed_until=2020-01-01 lies", "--observed-until 2020-01-01 lies"),
        ("columns= maps names", "--events-columns maps names"),
        (texts.UTF_16, "say its encoding: --events-encoding utf-16-le, or convert it to UTF-8, if it is text"),
        (texts.HINT, "say its encoding: --events-encoding cp1252, or convert it to UTF-8"),
        (
            'say which: columns={"customer": "the \\"$client\\"", "event": "a"}, ok',
            """say which: --events-columns 'customer=the "$client",event=a', ok""",
        ),
        ('leave it out: columns={"value": None}', 'leave it out: --events-columns "value="'),
        ("save it again; in Python, pandas.read_excel() reads it", "save it again"),
        ("say time_format= for others", "say --time-format for others"),
        ('say format="ga4"', "say --events-format ga4"),
        ("say scale=(1, 5)", "say --feedback-scale 1:5"),
        ('pass a glob such as "x/*.csv"', 'pass a glob such as "x/*.csv"'),
    ],
)
def test_advice_is_given_in_options(hint: str, shown: str) -> None:
    """What an error advises for Python is said in the command's own options."""
    from journeykit.cli._reading import as_options

    assert shown == as_options(hint, "events")
