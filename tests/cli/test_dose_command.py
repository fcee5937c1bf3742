"""`inotrope dose`: both directions and the table, against the label's tables as received."""

from __future__ import annotations

import csv
import re
from decimal import Decimal

import pytest

from inotrope.drug import load_drug
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
    assert ended.code == 3
    assert "[X] STOP" in ended.out
    assert "0.7533 mcg/kg/min" in ended.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--rate", "0.76 mcg/kg/min"), 3),
        (("--pump", "15.8 mL/h"), 3),  # 15.8 x 200 / 60 / 70 = 0.7524
        (("--pump", "15.7 mL/h"), 0),  # 0.7476
        (("--rate", "0.1 mcg/kg/min"), 0),  # below the minimum: told, and stops nothing
        (("--rate", "0.0001 mcg/kg/min"), 3),  # 0.0021 mL/h: the pump cannot be set to it
    ],
)
def test_only_what_is_too_much_or_cannot_be_set_ends_with_3(run: Run, words: tuple[str, ...], code: int) -> None:
    ended = run("dose", *words, *MAN, *BAG)
    assert ended.code == code
    assert run("dose", *words, *MAN, *BAG, "--json").code == code
    if words[1] == "0.1 mcg/kg/min":
        assert "[i] INFORM" in ended.out
        assert "below the label's minimum" in ended.out


@pytest.mark.parametrize(
    ("rate", "code", "mark"),
    [
        ("0.5 mcg/kg/min", 0, None),  # 4 kg at 200 mcg/mL: 0.6 mL/h exactly
        ("0.55 mcg/kg/min", 0, "[!] WARN"),  # 0.66 mL/h, set 0.7: +6.1 %
        ("0.375 mcg/kg/min", 3, "[X] STOP"),  # 0.45 mL/h, set 0.5: +11.1 %
    ],
)
def test_a_coarse_step_is_marked_as_in_a_plan(run: Run, rate: str, code: int, mark: str | None) -> None:
    words = ("dose", "--rate", rate, "--weight", "4 kg", *BAG, "--entry", "child-septic-shock")
    ended = run(*words)
    assert ended.code == code
    assert ("The pump's step makes it" in " ".join(ended.out.split())) is (mark is not None)
    assert mark is None or mark in ended.out
    assert bool(run(*words, "--json").json["off"]) is (mark is not None)
    table = ("dose", "--table", "--weights", "4 kg", "--rates", rate, "--entry", "child-septic-shock")
    assert run(*table).code == code
    assert mark is None or mark in run(*table).out


NUMBER = r"([\d,]+(?:\.\d+)?)"


@pytest.mark.parametrize(
    "rate",
    ["0.5 mcg/kg/min", "30 mcg/kg/h", "0.03 mg/kg/h", "0.72 mg/kg/day", "31 mcg/kg/h", "0.7 mg/kg/day", "1 mg/kg/day"],
)
def test_every_line_of_the_arithmetic_is_true_whatever_the_unit(run: Run, rate: str) -> None:
    found = run("dose", "--rate", rate, *MAN, *BAG, "--json").json
    per_min = {"mcg/kg/min": 1.0, "mcg/kg/h": 1 / 60, "mg/kg/h": 1000 / 60, "mg/kg/day": 1000 / 1440}
    number, unit = rate.split(" ")
    asked = float(number) * per_min[unit]
    assert found["rate"]["value"] == pytest.approx(asked, rel=1e-9)
    *converted, hourly, flow, delivered = found["arithmetic"]
    if unit == "mcg/kg/min":
        assert converted == []
    else:
        (line,) = converted
        match = re.fullmatch(rf"{re.escape(rate)} = {NUMBER} mcg/kg/min", line)
        assert match is not None, line
        assert float(match[1]) == pytest.approx(asked, abs=5e-7)
    match = re.fullmatch(rf"{NUMBER} mcg/kg/min x 70 kg x 60 min/h = {NUMBER} mcg/h", hourly)
    assert match is not None, hourly
    assert float(match[1]) * 70 * 60 == pytest.approx(float(match[2].replace(",", "")), abs=0.01)
    match = re.match(rf"{NUMBER} mcg/h / 200 mcg/mL = {NUMBER} mL/h, set {NUMBER} mL/h", flow)
    assert match is not None, flow
    assert float(match[1].replace(",", "")) / 200 == pytest.approx(float(match[2]), abs=1e-4)
    assert float(match[3]) == pytest.approx(float(match[2]), abs=0.05 + 1e-9)
    match = re.match(rf"{NUMBER} mL/h x 200 mcg/mL / 60 min/h / 70 kg = {NUMBER} mcg/kg/min", delivered)
    assert match is not None, delivered
    assert float(match[1]) * 200 / 60 / 70 == pytest.approx(float(match[2]), abs=5.1e-5)


@pytest.mark.parametrize("flow", ["10.5 mL/h", "0.175 mL/min", "0.0105 L/h"])
def test_a_pump_setting_in_another_unit_is_converted_on_a_line_of_its_own(run: Run, flow: str) -> None:
    found = run("dose", "--pump", flow, *MAN, "--concentration", "0.2 mg/mL", "--json").json
    first = [] if flow == "10.5 mL/h" else [f"{flow} = 10.5 mL/h"]
    # 10.5 x 200 / 60 = 35; / 70 = 0.5
    assert found["arithmetic"] == [
        *first,
        "10.5 mL/h x 200 mcg/mL / 60 min/h = 35 mcg/min",
        "35 mcg/min / 70 kg = 0.5 mcg/kg/min",
    ]


@pytest.mark.parametrize(
    ("concentration", "says"),
    [
        ("49.9 mcg/mL", "below 50 mcg/mL"),
        ("0.2 mcg/mL", "below 50 mcg/mL"),
        ("2 mg/L", "below 50 mg/L"),
        ("1.01 mg/mL", "above 1 mg/mL, the strongest product"),
        ("200 mg/mL", "above 1 mg/mL, the strongest product"),
        ("1.4 mg/mL", "milrinone lactate (the salt)"),
        ("1.42 mg/mL", "milrinone lactate (the salt)"),
        ("1,450 mcg/mL".replace(",", ""), "milrinone lactate (the salt)"),
    ],
)
@pytest.mark.parametrize(
    "which",
    [("--rate", "0.5 mcg/kg/min", *MAN), ("--pump", "10.5 mL/h", *MAN), ("--table",)],
    ids=["rate", "pump", "table"],
)
def test_a_concentration_that_no_product_has_shows_no_rate(
    run: Run, which: tuple[str, ...], concentration: str, says: str
) -> None:
    ended = run("dose", *which, "--concentration", concentration)
    assert ended.code == 3
    assert says in " ".join(ended.out.split())
    assert "mL/h" not in ended.out
    assert "mcg/kg/min" not in ended.out
    told = run("dose", *which, "--concentration", concentration, "--json")
    assert told.code == 3
    assert says in told.json["stopped"]
    assert set(told.json) == {"drug", "stopped", "notice"}


@pytest.mark.parametrize("concentration", ["50 mcg/mL", "0.05 mg/mL", "1 mg/mL", "200 mcg/mL"])
def test_a_concentration_at_the_ends_of_what_is_real_is_converted(run: Run, concentration: str) -> None:
    assert run("dose", "--rate", "0.5 mcg/kg/min", *MAN, "--concentration", concentration).code == 0


def test_a_table_without_a_concentration_takes_the_premix_and_says_so(run: Run) -> None:
    ended = run("dose", "--table")
    assert ended.code == 0
    assert "[~] ASSUMED No concentration was named: the label's premixed bag, milrinone 200 mcg/mL, is used" in (
        " ".join(ended.out.split())
    )
    named = run("dose", "--table", *BAG, "--json").json
    bare = run("dose", "--table", "--json").json
    assert bare["assumed"]
    assert named["assumed"].startswith("NOBODY SAID FOR WHOM")
    assert run("dose", "--table", *BAG, "--entry", "adult-cardiogenic-shock", "--json").json["assumed"] == ""
    assert bare["cells"] == named["cells"]


def test_a_table_with_a_rate_above_the_maximum_must_not_stand(run: Run) -> None:
    words = ("dose", "--table", "--weights", "70 kg", "--rates", "0.5 mcg/kg/min, 0.8 mcg/kg/min")
    ended = run(*words)
    assert ended.code == 3
    assert "0.75 mcg/kg/min: 0.8 mcg/kg/min. Do not use" in " ".join(ended.out.split())
    assert run(*words, "--json").json["above"] == [{"value": 0.8, "unit": "mcg/kg/min"}]


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
        (("--rate", "0.5 mcg/kg/min", "--weight", "401 kg", *BAG), "'401 kg' is impossible"),
        (("--pump", "3 mL/h", "--weight", "0.2 kg", *BAG), "'0.2 kg' is impossible"),
        (("--table", "--weights", "70 kg, 700 kg"), "is impossible"),
        (("--rate", "0.5 mcg/kg/min", *MAN, "--concentration", "200"), "'200'"),
        (("--rate", "0 mcg/kg/min", *MAN, *BAG), "above zero"),
        (("--rate", "0.5 mcg/kg/min", *MAN, *BAG, "--weights", "50 kg"), "--table"),
        (("--pump", "3 mL/h", *MAN, *BAG, "--step", "1 mL/h"), "--step"),
        (("--table", *MAN, *BAG), "--weights"),
        (("--table", *BAG, "--weights", "50, 60"), "'50'"),
        (("--table", *BAG, "--weights", ""), "Weight"),
        (("--table", "--weights", ",".join(["70 kg"] * 51)), "--weights names 51"),
        (("--table", "--rates", ",".join(["0.5 mcg/kg/min"] * 51)), "--rates names 51"),
        (("--table", "--step", "1000 mL/h"), "less than the pump can be set to"),
        (("--table", "--step", "10 mL/h"), "less than the pump can be set to"),
        (("--table", "--rates", "0.5 mcg/kg/min, 0.0001 mcg/kg/min"), "0.0001 mcg/kg/min at 30 kg"),
        (("--rate", "0.5 mcg/kg/min", *MAN, *BAG, "--drug", "milrinon"), "'milrinone'"),
    ],
)
def test_what_cannot_be_converted_is_one_line(run: Run, words: tuple[str, ...], named: str) -> None:
    ended = run("dose", *words)
    assert ended.code == 2
    assert ended.is_one_line(), ended.err
    assert named in ended.err


def test_fifty_weights_and_fifty_rates_are_a_table(run: Run) -> None:
    weights = ",".join(f"{weight} kg" for weight in range(40, 90))
    rates = ",".join(f"0.{number} mcg/kg/min" for number in range(20, 70))
    ended = run("dose", "--table", "--weights", weights, "--rates", rates, "--json")
    assert ended.code == 0
    assert [len(row) for row in ended.json["cells"]] == [50] * 50


HALF = ("dose", "--rate", "0.5 mcg/kg/min", *MAN, *BAG)


def test_nobody_said_for_whom_is_loud(run: Run) -> None:
    ended = run(*HALF)
    assert ended.out.splitlines()[2].startswith("[~] ASSUMED  NOBODY SAID FOR WHOM: the range of US label")
    assert run(*HALF, "--json").json["assumed"].startswith("NOBODY SAID FOR WHOM")
    named = run(*HALF, "--entry", "adult-acute-decompensated-heart-failure")
    assert "ASSUMED" not in named.out
    assert run(*HALF, "--for", "Septic  shock", "--json").json["entry"] == "child-septic-shock"
    # A use says nothing of an age: the only entry is a child's, and 70 kg are no child's.
    taken = " ".join(run(*HALF, "--for", "Septic  shock").out.split())
    assert "[~] ASSUMED NOBODY SAID HOW OLD: the only range for 'Septic shock' is that of children (practice" in taken
    assert "name it with --entry child-septic-shock." in taken
    assert run(*HALF, "--entry", "child-septic-shock", "--json").json["assumed"] == ""


def test_the_range_of_the_entry_that_is_named_is_compared(run: Run) -> None:
    # DOREMI ends at 0.5; the label at 0.75
    ended = run("dose", "--rate", "0.6 mcg/kg/min", *MAN, *BAG, "--entry", "adult-cardiogenic-shock")
    assert ended.code == 3
    assert "above the entry's maximum of 0.5 mcg/kg/min (DOREMI trial protocol)" in " ".join(ended.out.split())


def test_a_rate_of_a_newborn_s_load_is_no_rate_above_the_maximum(run: Run) -> None:
    # 0.75 x 0.9 x 60 / 54 = 0.75 mL/h; the infusion's own maximum is 0.2
    baby = ("--weight", "0.9 kg", "--concentration", "54 mcg/mL", "--step", "0.01 mL/h")
    kemh = ("--entry", "newborn-below-30-weeks-kemh")
    ended = run("dose", "--rate", "0.75 mcg/kg/min", *baby, *kemh)
    assert ended.code == 0
    assert "is a rate of the entry's load, for 3 h and no longer" in " ".join(ended.out.split())
    assert run("dose", "--rate", "0.8 mcg/kg/min", *baby, *kemh).code == 3
    assert run("dose", "--rate", "0.3 mcg/kg/min", *baby, *kemh).code == 3  # between the two


def test_a_newborn_s_bag_may_be_weaker(run: Run) -> None:
    baby = ("dose", "--rate", "0.25 mcg/kg/min", "--weight", "1 kg", "--concentration", "20 mcg/mL")
    assert run(*baby).code == 3  # below 0.05 mg/mL
    assert run(*baby, "--entry", "newborn-from-30-weeks-kemh").code == 0


def test_how_far_the_delivered_rate_is_off_is_said(run: Run) -> None:
    # 0.375 x 4 x 60 / 200 = 0.45, set 0.5: 0.4167
    ended = run("dose", "--rate", "0.375 mcg/kg/min", "--weight", "4 kg", *BAG, "--for", "septic shock")
    assert "0.4167 mcg/kg/min (+11.1 %)" in ended.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--entry", "nobody"), "'nobody' is no dosing entry of milrinone"),
        (("--for", "hypertension"), "'hypertension' has no dosing entry of milrinone"),
        (("--for", "low cardiac output"), "'low cardiac output' has several entries of milrinone"),
    ],
)
def test_an_entry_that_is_not_one_lists_those_that_are(run: Run, words: tuple[str, str], says: str) -> None:
    ended = run(*HALF, *words)
    assert ended.code == 2
    assert ended.is_one_line()
    assert says in ended.err
    assert "newborn-below-30-weeks-kemh" in ended.err


def test_every_entry_is_listed(run: Run) -> None:
    listed = run("dose", "--entries")
    assert listed.code == 0
    ids = {entry.id for entry in load_drug("milrinone").entries}
    assert {line.split(":")[0] for line in listed.out.splitlines()} == ids
    assert {row["entry"] for row in run("dose", "--entries", "--json").json} == ids
    assert run("dose", "--entries", "--entry", "x").code == 2


ADULTS = "adult-acute-decompensated-heart-failure"


@pytest.mark.parametrize("more", [("--rate", "0.5 mcg/kg/min", "--weight", "70 kg"), ("--table", "--weights", "70 kg")])
def test_a_strength_that_counts_the_salt_is_asked_about(run: Run, more: tuple[str, ...]) -> None:
    # 20 mg of base are 28.5 mg of lactate.
    named = run("dose", "--entry", ADULTS, *more, "--concentration", "0.285 mg/mL", "--json").json
    assert named["assumed"].startswith("ASK THE PHARMACY whether the salt was counted")
    assert run("dose", "--entry", ADULTS, *more, "--concentration", "0.2 mg/mL", "--json").json["assumed"] == ""
