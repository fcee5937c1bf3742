"""The command as a whole: help, version, schemas, streams that close, and what is not imported."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from importlib.metadata import version

import pytest
from jsonschema import Draft202012Validator

from inotrope.cli.main import COMMANDS, main

from .conftest import CASES, ROOT, Run


def test_help_shows_every_command_and_the_exit_codes(run: Run) -> None:
    ended = run("--help")
    assert ended.code == 0
    assert all(name in ended.out for name in COMMANDS)
    assert "Exit codes" in ended.out
    for name in COMMANDS:
        assert run(name, "--help").code == 0


def test_the_version_is_the_installed_one(run: Run) -> None:
    assert run("--version").out == f"inotrope {version('inotrope')}\n"


@pytest.mark.parametrize("of", ["case", "plan", "screening"])
def test_a_schema_is_a_schema(run: Run, of: str) -> None:
    Draft202012Validator.check_schema(run("schema", of).json)


def test_the_shipped_cases_keep_to_the_schema_of_a_case(run: Run) -> None:
    validator = Draft202012Validator(run("schema", "case").json)
    for path in CASES.glob("*.json"):
        validator.validate(json.loads(path.read_text(encoding="utf-8")))


def test_ctrl_c_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(options: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("inotrope.cli.schema.run", interrupt)
    ended = run("schema", "case")
    assert ended.code == 130
    assert ended.is_one_line()


def test_python_m_inotrope_is_the_command(process: Run) -> None:
    ended = process("plan", "sound-adult")
    assert ended.code == 0
    assert ended.err == ""
    assert ended.out.startswith("MILRINONE: INFUSION PLAN")


@pytest.mark.parametrize(("name", "code"), [("sound-adult", 0), ("severe-aortic-stenosis", 3), ("dialysis", 4)])
def test_a_process_ends_with_the_code_of_the_plan(process: Run, name: str, code: int) -> None:
    assert process("plan", name, "--json").code == code


def test_an_old_encoding_gets_every_line(process: Run, sound: dict[str, object]) -> None:
    sound["medicines"] = ["zázrak ☃"]
    ended = process("plan", "-", given=json.dumps(sound).encode(), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ended.code == 0
    assert "z\\xe1zrak \\u2603" in ended.out


def test_a_reader_that_leaves_early_sees_no_traceback() -> None:
    words = [sys.executable, "-m", "inotrope", "drug", "show", "milrinone"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141


@pytest.mark.hazard("half-an-answer")
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")  # noqa: PTH110
def test_a_full_disk_is_one_line() -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "inotrope", "plan", "sound-adult"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr.decode().startswith("inotrope: The output cannot be")
    assert len(done.stderr.splitlines()) == 1


def loaded(*words: str) -> set[str]:
    """Return the modules that a call loads in a fresh process, and the packages that they are of."""
    program = (
        "import sys, io; from inotrope.cli.main import main; real, sys.stdout = sys.stdout, io.StringIO();"
        f" main({list(words)!r}); sys.stdout = real; print(' '.join(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    modules = set(done.stdout.split())
    return modules | {name.split(".")[0] for name in modules}


def test_a_plan_in_a_pipe_loads_neither_rich_nor_jinja() -> None:
    heavy = {"numba", "scipy", "pandas", "matplotlib", "polars", "pyarrow", "pint"}
    assert not {"rich", "jinja2", "jsonschema", *heavy} & loaded("plan", "sound-adult")


def test_a_plan_with_its_forecast_waits_for_nothing_that_it_does_not_use() -> None:
    found = loaded("plan", "sound-adult")
    assert {"numpy", "inotrope.forecast", "inotrope.plan.forecasting"} <= found
    ours = ("kinetics.many", "order", "simulation", "population.virtual.people", "population.virtual.drawing")
    ours += ("circulation", "population.response", "estimation", "forecast.circulation", "plan.circulation.over_time")
    others = {"numpy.ma", "numpy.random", "html", "pydantic", "importlib.metadata", "email", "socket", "tempfile"}
    others |= {"fastapi", "starlette", "uvicorn", "inotrope.web", "sqlalchemy", "alembic", "inotrope.course"}
    assert not {*others, *(f"inotrope.{name}" for name in ours)} & found


def test_a_plan_with_its_circulation_waits_for_no_machine_code_and_no_optimizer() -> None:
    found = loaded("plan", "right-heart-catheter")
    assert "inotrope.plan.circulation.over_time.telling" in found
    assert not {"numba", "scipy", "pandas", "matplotlib", "polars", "pyarrow", "pint"} & found
    assert not {"inotrope.circulation.beats", "inotrope.circulation.many", "inotrope.kinetics.many"} & found


def test_a_screening_loads_no_arrays() -> None:
    assert "numpy" not in loaded("screen", "sound-adult")


def test_help_loads_no_units() -> None:
    assert not {"pint", "pydantic", "rich", "jinja2"} & loaded("--help")


def test_main_reads_the_command_line_of_its_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["inotrope", "--version"])
    assert main() == 0
    assert capsys.readouterr().out.startswith("inotrope ")


def test_one_patient_in_a_process_of_its_own_searches_for_no_memory_to_free(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["inotrope", "plan", "sound-adult"])
    try:
        assert main() == 0
        assert not gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()
    assert capsys.readouterr().out
    assert main(["plan", "sound-adult"]) == 0
    assert gc.isenabled()  # of a caller's own process nothing is changed
