"""``check``: findings with their place, and an exit code that CI can use."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from journeykit import api, codec
from journeykit.cli import main
from journeykit.conformance import CHECKS
from journeykit.problems import Address
from journeykit.results import Finding, Records

# What SARIF 2.1.0 (OASIS, 27 March 2020) asks of the parts we write, section by section.
_MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
SARIF: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "maxItems": 1, "items": {"$ref": "#/$defs/run"}},
    },
    "$defs": {
        "run": {
            "type": "object",
            "required": ["tool", "results"],
            "additionalProperties": False,
            "properties": {
                "tool": {
                    "type": "object",
                    "required": ["driver"],
                    "properties": {"driver": {"$ref": "#/$defs/driver"}},
                },
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
            },
        },
        "driver": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"const": "journeykit"},
                "semanticVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
                "rules": {
                    "type": "array",
                    "uniqueItems": True,
                    "items": {
                        "type": "object",
                        "required": ["id", "shortDescription", "fullDescription", "help", "defaultConfiguration"],
                        "properties": {
                            "id": {"type": "string"},
                            "shortDescription": _MESSAGE,
                            "fullDescription": _MESSAGE,
                            "help": _MESSAGE,
                            "defaultConfiguration": {"type": "object", "properties": {"level": _LEVEL}},
                        },
                    },
                },
            },
        },
        "result": {
            "type": "object",
            "required": ["ruleId", "message", "locations"],
            "additionalProperties": False,
            "properties": {
                "ruleId": {"type": "string"},
                "ruleIndex": {"type": "integer", "minimum": 0},
                "kind": {"enum": ["informational", "fail"]},
                "level": _LEVEL,
                "message": _MESSAGE,
                "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
                "locations": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "required": ["physicalLocation"],
                        "properties": {"physicalLocation": {"$ref": "#/$defs/physicalLocation"}},
                    },
                },
            },
            # 3.27.10: if kind is anything but "fail", level SHALL be "none".
            "if": {"properties": {"kind": {"const": "informational"}}},
            "then": {"properties": {"level": {"const": "none"}}},
            "else": {"properties": {"level": {"enum": ["note", "warning", "error"]}}},
        },
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation", "region"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "properties": {"uri": {"type": "string", "pattern": r"^[A-Za-z0-9._~:/%-]+$"}},
                },
                "region": {
                    "type": "object",
                    "required": ["startLine", "startColumn"],
                    "properties": {
                        "startLine": {"type": "integer", "minimum": 1},
                        "startColumn": {"type": "integer", "minimum": 1},
                    },
                },
            },
        },
    },
}
HOSTILE = (
    "]]><x/>",
    "<script>alert(1)</script>",
    "[here](http://evil.example)",
    "{0} {x}",
    "a\x1b[31mb",
    "q\"'&amp;",
    "\ufffe\uffff",
    "a\u202eb",
    "日本",
)


@pytest.mark.parametrize(
    ("severity", "level", "code"),
    [
        ("error", "error", 1), ("warning", "error", 0), ("warning", "warning", 1), ("info", "warning", 0),
        ("info", "info", 1), ("error", "info", 1), ("error", "never", 0), (None, "info", 0),
    ],
)  # fmt: skip
def test_exit_code_follows_the_level(
    shop: Path, monkeypatch: pytest.MonkeyPatch, severity: str | None, level: str, code: int
) -> None:
    """The exit code is 1 exactly when a finding is at or above ``--fail-on``."""
    found = [Finding(code="x", severity=severity, message="m", address=Address(), next_step="n")] if severity else []  # type: ignore[arg-type]
    monkeypatch.setattr(api, "check", lambda *_, **__: Records(found, kind=Finding, key=("code",)))

    assert code == main(["check", str(shop / "map.yaml"), "--fail-on", level])


def test_every_finding_has_line_and_column(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each finding is one line 'file:line:column path: severity: message [code]; next step', then a count."""
    path = shop / "map.yaml"
    assert main(["check", str(path), "--fail-on", "never"]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    pattern = re.compile(rf"{re.escape(str(path))}:\d+:\d+ .*: (info|warning|error): .+ \[[a-z-]+\]; .+")

    assert lines
    assert [line for line in lines if not pattern.fullmatch(line)] == []
    assert re.fullmatch(rf"{re.escape(str(path))}: .*\d+ (info|warnings?|errors?).*", last)


def test_places_are_those_of_the_text() -> None:
    """A path is placed where its value begins; what the text leaves out where the part around it begins."""
    text = "journeykit: 1\nid: a\ntitle: A\nstages:\n- id: s\n  title: S\n"

    assert {"title": (3, 8), "stages[0].title": (6, 10), "stages[0].goal": (5, 3), "": (1, 1)} == codec.positions(
        text, ["title", "stages[0].title", "stages[0].goal", ""]
    )


def test_json_maps_have_places_too(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A map in JSON is checked in the same way."""
    path = shop / "map.json"
    codec.save(codec.load(shop / "map.yaml"), path)
    assert main(["check", str(path), "--fail-on", "never"]) == 0

    assert f"{path}:" in capsys.readouterr().out


def test_every_fault_of_a_broken_map_is_listed(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A map that is not valid ends with 2 and all faults, each with its place."""
    (shop / "map.yaml").write_text("journeykit: 1\nid: A b\ntitel: x\nstages: 3\n", "utf-8")
    code = main(["check", str(shop / "map.yaml")])
    said = capsys.readouterr().err.splitlines()

    assert code == 2
    assert {"2", "3", "4"} <= {line.split(":")[1] for line in said if line.startswith(str(shop))}
    assert said[-1].startswith("journeykit check: ")


@pytest.fixture
def checked(shop: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run check on the small shop and its events, and return the exit code and what is printed."""

    def run(*arguments: str) -> tuple[int, str]:
        code = main(["check", str(shop / "map.yaml"), "--events", str(shop / "events.csv"), *arguments])
        return code, capsys.readouterr().out

    return run


@pytest.fixture
def hostile(shop: Path) -> Path:
    """The shop, with names of events, in the data and in the map, that mean something to XML, SARIF or a terminal."""
    path = shop / "map.yaml"
    success = r'event: "<b>\uFFFE\u202E[x](y)"'
    path.write_text(path.read_text("utf-8").replace("event: order", success), "utf-8")
    names = [name.replace('"', '""') for name in HOSTILE]
    # Ten customers each: what fewer have is not named at all.
    quoted = [f'u{i}-{k},2026-01-01T10:00:00Z,"{name}"' for i, name in enumerate(names) for k in range(10)]
    text = "\n".join(["customer,time,event", *quoted, "v,2026-01-01T10:00:00Z,home"])
    (shop / "events.csv").write_text(text + "\n", "utf-8")
    return shop


def test_the_map_is_held_against_the_data(checked: Callable[..., tuple[int, str]], shop: Path) -> None:
    """With --events the findings about the log follow, each with its line in the map, and the summary is last."""
    code, out = checked()

    assert code == 0
    assert f"{shop / 'map.yaml'}:9:1 stages: info: 301 of 302 events (99.7 %) are on the map [coverage]" in out
    assert re.search(
        r"map.yaml:\d+:\d+ stages: info: 1 rare event name is claimed by no touchpoint, 1 of 302 events", out
    )
    assert "checked-as-of" not in out
    assert re.fullmatch(r".*map\.yaml: \d+ warnings, \d+ info", out.splitlines()[-1])


def test_the_day_can_be_given(checked: Callable[..., tuple[int, str]], shop: Path) -> None:
    """--today is compared with the map's dates and recorded; without it the last day of the events is."""
    path = shop / "map.yaml"
    path.write_text(
        path.read_text("utf-8").replace("outcome:", "reviewed: 2026-01-01\nreview_every: 60d\noutcome:"), "utf-8"
    )

    assert "were compared with 2026-02-20 (the day up to which" in checked()[1]
    assert "review-overdue" not in checked()[1]
    said = checked("--today", "2026-03-03")[1]
    assert "were compared with 2026-03-03 (as asked for)" in said
    assert f"{path}:4:11 reviewed: warning: the map was last reviewed on 2026-01-01" in said
    assert checked("--today", "3.3.2026")[0] == 2


def test_figures_never_fail_unless_a_share_is_asked_for(
    checked: Callable[..., tuple[int, str]], shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fit is reported at --fail-on info without failing; below --least-fit it is a warning and fails."""
    full = api.check

    def figures(*given: Any, **named: Any) -> Records[Finding]:
        return Records([f for f in full(*given, **named) if CHECKS[f.code].figure], kind=Finding)

    monkeypatch.setattr(api, "check", figures)

    assert (0, True) == (checked("--fail-on", "info")[0], "[fit]" in checked()[1])
    assert checked("--fail-on", "warning", "--least-fit", "1")[0] == 0
    assert checked("--fail-on", "warning", "--least-coverage", "1")[0] == 1
    assert checked("--least-fit", "1.5")[0] == 2


def test_data_must_be_readable(checked: Callable[..., tuple[int, str]], shop: Path) -> None:
    """A file that is not there ends with 2, one of which every row is rejected with 3."""
    (shop / "events.csv").write_text("customer,time,event\nu1,never,home\n", "utf-8")
    assert checked()[0] == 3
    (shop / "events.csv").unlink()
    assert checked()[0] == 2


def test_options_of_a_table_that_is_not_read_are_refused(shop: Path) -> None:
    """--events-columns without --events was meant to do something."""
    assert main(["check", str(shop / "map.yaml"), "--events-columns", "customer=user"]) == 2


def test_sarif_has_the_structure_of_the_standard(checked: Callable[..., tuple[int, str]], shop: Path) -> None:
    """The log validates; every result names a rule that is there, and the line and column of the text output."""
    code, out = checked("--format", "sarif", "--fail-on", "warning")
    log = json.loads(out)
    jsonschema.validate(log, SARIF)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    places = [r["locations"][0]["physicalLocation"]["region"] for r in run["results"]]
    lines = checked()[1].splitlines()[:-1]

    assert code == 1
    assert [rule["id"] for rule in rules] == list(CHECKS)
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert [f":{p['startLine']}:{p['startColumn']}" for p in places] == [
        re.findall(r"map\.yaml(:\d+:\d+)", line)[0] for line in lines
    ]
    assert [re.findall(r"\[([a-z-]+)\];", line)[0] for line in lines] == [r["ruleId"] for r in run["results"]]
    kinds = {r["ruleId"]: (r["kind"], r["level"]) for r in run["results"]}
    assert kinds["fit"] == ("informational", "none")
    assert kinds["no-personas"] == ("fail", "warning")
    assert kinds["no-owner"] == ("fail", "note")


def test_sarif_names_the_map_as_the_repository_does(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A map below the working folder is named relative to it, with what a URI may not hold escaped; another one absolutely."""
    (shop / "maps").mkdir()
    (shop / "maps" / "our map#1.yaml").write_bytes((shop / "map.yaml").read_bytes())
    monkeypatch.chdir(shop / "maps")
    assert main(["check", "our map#1.yaml", "--format", "sarif", "-o", "inside.sarif"]) == 0
    assert main(["check", "../map.yaml", "--format", "sarif", "-o", "outside.sarif"]) == 0

    def uri(name: str) -> str:
        result = json.loads(Path(name).read_bytes())["runs"][0]["results"][0]
        return str(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])

    assert uri("inside.sarif") == "our%20map%231.yaml"
    assert uri("outside.sarif").startswith("file:///")


def test_fingerprints_outlive_changing_figures(checked: Callable[..., tuple[int, str]], shop: Path) -> None:
    """Another night's counts leave every fingerprint as it was, and no two findings share one."""

    def prints() -> list[str]:
        results = json.loads(checked("--format", "sarif")[1])["runs"][0]["results"]
        return [r["partialFingerprints"]["journeykit/v1"] for r in results]

    before = prints()
    with (shop / "events.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"w{i},2026-01-02T10:00:00Z,home\nw{i},2026-01-02T10:01:00Z,cart\n" for i in range(20))

    assert before == prints()
    assert len(before) == len(set(before))


def test_junit_has_one_test_a_code(checked: Callable[..., tuple[int, str]], shop: Path) -> None:
    """Each code is a test case: failed at or above the level, skipped without its data, else passed with what was found."""
    code, out = checked("--format", "junit", "--fail-on", "warning")
    root = ET.fromstring(out)
    (suite,) = root
    cases = {case.attrib["name"]: case for case in suite}

    assert code == 1
    assert list(CHECKS) == [case.attrib["name"] for case in suite]
    assert suite.attrib["name"] == str(shop / "map.yaml")
    counts = {tag: len(suite.findall(f"testcase/{tag}")) for tag in ("failure", "skipped")}
    assert counts == {"failure": int(suite.attrib["failures"]), "skipped": int(suite.attrib["skipped"])}
    assert len(CHECKS) == int(suite.attrib["tests"]) == int(root.attrib["tests"])
    failure = cases["stage-without-objective"].find("failure")
    assert failure is not None
    assert (failure.text or "").startswith(f"{shop / 'map.yaml'}:9:3 stages[0].objectives: warning: ")
    assert [part.tag for part in cases["fit"]] == ["system-out"]
    assert [part.tag for part in cases["metric-missing"]] == ["skipped"]
    assert [part.tag for part in cases["no-stages"]] == []
    assert len(ET.fromstring(checked("--format", "junit", "--fail-on", "never")[1]).findall(".//failure")) == 0


def test_junit_skips_what_a_broken_rule_kept_from_being_checked(
    checked: Callable[..., tuple[int, str]], shop: Path
) -> None:
    """Where the map could not be laid over the log, the checks of the log are skipped and not passed."""
    path = shop / "map.yaml"
    path.write_text(path.read_text("utf-8").replace("event: cart", "where: {pgae: x}"), "utf-8")
    code, out = checked("--format", "junit")
    cases = {case.attrib["name"]: [part.tag for part in case] for case in ET.fromstring(out)[0]}

    assert code == 1
    assert ["failure"] == cases["rule-column-missing"]
    assert ["skipped"] == cases["unclaimed-event"] == cases["fit"]
    assert [] == cases["case-column-missing"]
    assert ["system-out"] == cases["not-compared"]


@pytest.mark.parametrize("format", ["text", "sarif", "junit", "json"])
def test_hostile_names_stay_names(hostile: Path, capfdbinary: pytest.CaptureFixture[bytes], format: str) -> None:
    """Names from the data cannot close a tag, make a link, fill a placeholder or steer a terminal, in no format."""
    main(["check", str(hostile / "map.yaml"), "--events", str(hostile / "events.csv"), "--format", format])
    out = capfdbinary.readouterr().out

    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", out)
    text = out.decode("utf-8")
    if format == "junit":
        root = ET.fromstring(text)
        assert {element.tag for element in root.iter()} <= {
            "testsuites", "testsuite", "testcase", "failure", "skipped", "system-out"
        }  # fmt: skip
        assert "]]><x/>" in "".join(root.itertext())
        assert "(event = <b>" in "".join(root.itertext())
        assert "日本" in "".join(root.itertext())
    elif format == "sarif":
        log = json.loads(text)
        jsonschema.validate(log, SARIF)
        messages = [r["message"]["text"] for r in log["runs"][0]["results"]]
        assert any(r"\[here\](http://evil.example)" in message for message in messages)
        assert any("{{0}} {{x}}" in message for message in messages)
        assert not any(re.search(r"(?<!\{)\{\d+\}(?!\})|(?<!\\)\]\(", message) for message in messages)
        assert "\u202e" not in "".join(messages)
    elif format == "json":
        assert any("'[here](http://evil.example)'" in found["message"] for found in json.loads(text))
    else:
        assert "\u202e" not in text


def test_json_is_the_list_of_findings(checked: Callable[..., tuple[int, str]], shop: Path) -> None:
    """The list holds what the text says, field by field."""
    found = json.loads(checked("--format", "json")[1])
    *lines, _ = checked()[1].splitlines()

    assert lines == [
        f"{f['file']}:{f['line']}:{f['column']} {f['path'] or ''}".rstrip()
        + f": {f['severity']}: {f['message']} [{f['code']}]; {f['next_step']}"
        for f in found
    ]
    assert list(found[0]) == ["code", "severity", "message", "next_step", "file", "line", "column", "path"]


@pytest.mark.parametrize("format", ["text", "sarif", "junit", "json"])
def test_findings_can_be_written_to_a_file(checked: Callable[..., tuple[int, str]], shop: Path, format: str) -> None:
    """-o writes what stdout would show, and leaves the summary on stdout."""
    _, printed = checked("--format", format)
    code, out = checked("--format", format, "-o", str(shop / "found"))
    summary = f"{shop / 'map.yaml'}: "
    document = printed if format != "text" else printed[: printed.rindex(summary)]

    assert document == (shop / "found").read_text("utf-8")
    assert (0, 1) == (code, len(out.splitlines()))
    assert out.startswith(summary)
    assert checked("-o", str(shop / "map.yaml" / "x"))[0] == 2


def test_the_output_does_not_depend_on_chance(shop: Path) -> None:
    """Two runs with different hash seeds print the same bytes."""
    command = [sys.executable, "-m", "journeykit", "check", "map.yaml", "--events", "events.csv", "--format", "sarif"]
    outputs = {
        subprocess.run(
            command, cwd=shop, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }

    assert len(outputs) == 1


def test_a_file_name_cannot_leave_its_attribute(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A map whose file is called with quotes and brackets is one attribute in JUnit, word for word."""
    path = shop / 'a" x="<y>&.yaml'
    path.write_bytes((shop / "map.yaml").read_bytes())
    main(["check", str(path), "--format", "junit"])
    (suite,) = ET.fromstring(capsys.readouterr().out)

    assert {str(path)} == {suite.attrib["name"], *(case.attrib["file"] for case in suite)}
