"""`inotrope dose`: both directions and the table, against the label's tables as received."""

from __future__ import annotations

import csv
import re
from decimal import Decimal

import pytest

from inotrope.plan import NOTICE

from .conftest import ROOT, Run

LABEL = ROOT / "tests" / "authorities" / "label" / "pump_rate_table.csv"
BAG = ("--concentration", "200 mcg/mL")
MAN = ("--weight", "70 kg")


def test_a_rate_becomes_a_pump_setting(run: Run) -> None:
    # 0.5 x 70 x 60 / 200 = 10.5 mL/h
    ended = run("dose", "--rate", "0.5 mcg/kg/min", *MAN, *BAG)
    assert ended.code == 0
    assert re.search(r"10\.5 mL/h of milrinone 200 mcg/mL", ended.out)
    assert "2,100 mcg/h" in ended.out
    assert " ".join(NOTICE.split()) in " ".join(ended.out.split())


def test_a_pump_setting_becomes_a_rate(run: Run) -> None:
    found = run("dose", "--pump", "10.5 mL/h", *MAN, *BAG, "--json").json
    assert found["rate"] == {"value": 0.5, "unit": "mcg/kg/min"}
    assert found["arithmetic"]


def test_the_step_of_the_pump_decides_the_rounding(run: Run) -> None:
    # 0.375 x 82 x 60 / 200 = 9.225 mL/h
    asked = ("dose", "--rate", "0.375 mcg/kg/min", "--weight", "82 kg", *BAG, "--json")
    assert run(*asked).json["pump_rate"]["value"] == 9.2
    assert run(*asked, "--step", "0.01 mL/h").json["pump_rate"]["value"] == 9.23
    assert run(*asked, "--step", "1 mL/h").json["pump_rate"]["value"] == 9


def test_above_the_maximum_is_said(run: Run) -> None:
    # 11.25 mL/h rounds half up to 11.3, which is 0.7533 mcg/kg/min: above 0.75
    ended = run("dose", "--rate", "0.75 mcg/kg/min", "--weight", "50 kg", *BAG)
    assert "[!] WARN" in ended.out
    assert "0.7533 mcg/kg/min" in ended.out


def test_the_table_is_the_label_s_table(run: Run) -> None:
    rows = list(csv.reader(LABEL.read_text(encoding="utf-8").splitlines()))
    weights = [Decimal(text) for text in rows[0][1:]]
    found = run("dose", "--table", *BAG, "--json").json
    assert [Decimal(str(item["value"])) for item in found["weights"]] == weights
    assert [Decimal(str(item["value"])) for item in found["rates"]] == [Decimal(row[0]) for row in rows[1:]]
    cells = [[Decimal(str(cell["value"])) for cell in row] for row in found["cells"]]
    assert cells == [[Decimal(text) for text in row[1:]] for row in rows[1:]]


def test_a_table_of_one_s_own(run: Run) -> None:
    words = (
        "dose",
        "--table",
        *BAG,
        "--weights",
        "55 kg, 66 kg",
        "--rates",
        "0.25 mcg/kg/min,0.5 mcg/kg/min",
        "--json",
    )
    found = run(*words).json
    # 0.25 x 55 x 60 / 200 = 4.125; x 66: 4.95; 0.5: 8.25 and 9.9
    assert [[cell["value"] for cell in row] for row in found["cells"]] == [[4.1, 5.0], [8.3, 9.9]]
    assert "55 kg" in run(*words[:-1]).out


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--rate", "0.5 mcg/kg/min", "--pump", "3 mL/h", *MAN, *BAG), "--pump"),
        (("--rate", "0.5 mcg/kg/min", *BAG), "--weight"),
        (("--rate", "0.5", *MAN, *BAG), "'0.5'"),
        (("--rate", "0.5 mcg/kg", *MAN, *BAG), "a rate needs one"),
        (("--rate", "0.5 mcg/kg/min", "--weight", "154 lb", *BAG), "154 lb"),
        (("--rate", "0.5 mcg/kg/min", *MAN, "--concentration", "200"), "'200'"),
        (("--rate", "0 mcg/kg/min", *MAN, *BAG), "above zero"),
        (("--rate", "0.5 mcg/kg/min", *MAN, *BAG, "--weights", "50 kg"), "--table"),
        (("--pump", "3 mL/h", *MAN, *BAG, "--step", "1 mL/h"), "--step"),
        (("--table", *MAN, *BAG), "--weights"),
        (("--table", *BAG, "--weights", "50, 60"), "'50'"),
        (("--table", *BAG, "--weights", ""), "Weight"),
        (("--rate", "0.5 mcg/kg/min", *MAN, *BAG, "--drug", "milrinon"), "'milrinone'"),
    ],
)
def test_what_cannot_be_converted_is_one_line(run: Run, words: tuple[str, ...], named: str) -> None:
    ended = run("dose", *words)
    assert ended.code == 2
    assert ended.is_one_line(), ended.err
    assert named in ended.err
