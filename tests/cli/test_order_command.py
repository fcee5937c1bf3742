"""`inotrope order`: where the order comes from, how it ends, and what JSON it writes."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.cli.conftest import Run

SOUND = "milrinone 20 mg/100 mL D5W at 0.5 mcg/kg/min, 70 kg, 10.5 ml/hr over 9.5 h"


@pytest.mark.parametrize(
    ("text", "code", "status"),
    [
        (SOUND, 0, "consistent"),
        ("milrinone 0.5 mcg/kg/min, 70 kg, 200 mcg/mL, 11.2 mL/h", 0, "warned"),  # 11.2 / 10.5 = 1.067
        ("milrinone 0.5 mcg/kg/min, 70 kg, 200 mcg/mL, 105 mL/h", 3, "stopped"),
        ("milrinone 0.5, 70 kg", 4, "refused"),
    ],
)
def test_a_text_ends_with_the_code_of_its_status(run: Run, text: str, code: int, status: str) -> None:
    ended = run("order", "--text", text, "--json")
    assert ended.code == code
    assert ended.json["status"] == status
    assert run("order", "--text", text).code == code


def test_a_file_and_standard_input_are_read(run: Run, tmp_path: Path) -> None:
    order = {"drug": "milrinone", "text": SOUND, "rate": "0.5 mcg/kg/min"}
    file = tmp_path / "order.json"
    file.write_text(json.dumps(order), encoding="utf-8")
    assert run("order", str(file)).code == 0
    assert run("order", "-", given=json.dumps(order).encode()).code == 0


def test_text_and_field_that_differ_are_stopped(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    file.write_text(json.dumps({"drug": "milrinone", "text": SOUND, "rate": "5 mcg/kg/min"}), encoding="utf-8")
    ended = run("order", str(file), "--json")
    assert ended.code == 3
    assert "stated-twice" in {pair["relation"] for pair in ended.json["pairs"]}
    assert {slip["id"] for slip in ended.json["slips"]} == {"ten-fold"}


def test_what_is_written_has_the_form_of_the_schema(run: Run) -> None:
    schema = run("schema", "order-check").json
    for text in (SOUND, "milrinone 0.5, 70 kg", "milrinone 5 mcg/kg/min"):
        jsonschema.validate(run("order", "--text", text, "--json").json, schema)
    form = run("schema", "order").json
    jsonschema.validate({"drug": "milrinone", "rate": "0.5 mcg/kg/min", "load": {"dose": "50 mcg/kg"}}, form)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"drug": "milrinone", "speed": "10 mL/h"}, form)


def test_a_case_is_compared(run: Run) -> None:
    ended = run("order", "--text", "milrinone 0.375 mcg/kg/min, 41 kg", "--case", "sound-adult", "--json")
    assert ended.code == 3  # the case weighs 82 kg
    assert ended.json["patient"]["weight"] == {"value": 82.0, "unit": "kg"}


@pytest.mark.parametrize(
    "words",
    [
        ("order",),
        ("order", "a.json", "--text", "milrinone"),
        ("order", "-", "--case", "-"),
        ("order", "no-such-file.json"),
    ],
)
def test_bad_input_is_one_line(run: Run, words: tuple[str, ...]) -> None:
    ended = run(*words)
    assert ended.code == 2
    assert ended.is_one_line()


@pytest.mark.parametrize(
    ("order", "where"),
    [
        ({"drug": "milrinone", "rate": "0.5"}, "rate"),
        ({"drug": "milrinone", "rate": 0.5}, "rate"),
        ({"drug": "milrinone", "speed": "10 mL/h"}, "speed"),
        ({"drug": "milrinone", "load": {"dose": "50 mcg"}, "weight": "70 lb"}, "weight"),
        ({"drug": "milrinone"}, None),
    ],
)
def test_a_field_that_cannot_be_read_is_an_error_with_its_place(
    run: Run, tmp_path: Path, order: dict[str, object], where: str | None
) -> None:
    file = tmp_path / "order.json"
    file.write_text(json.dumps(order), encoding="utf-8")
    ended = run("order", str(file), "--json")
    assert ended.code == 2
    assert where is None or ended.json["error"]["where"] == f"order.json: {where}"


def test_nothing_heavy_is_loaded_for_an_order(process: Run) -> None:
    program = (
        "import sys; from inotrope.cli.main import main; main(['order', '--text', 'milrinone 0.5 mcg/kg/min']);"
        "print([name for name in ('pydantic', 'pint', 'rich', 'jinja2') if name in sys.modules])"
    )
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.splitlines()[-1] == "[]"
