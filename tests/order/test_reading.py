"""What a text is read as: each kind of quantity by the words around it, and what refuses it with its place."""

from __future__ import annotations

import pytest

from inotrope.order import Kind, TextReading, read_text


def kinds(text: str) -> dict[Kind, str]:
    reading = read_text(text)
    assert not reading.problems, [item.says for item in reading.problems]
    return {item.kind: item.shown for item in reading.statements}


def problems(text: str) -> str:
    return " | ".join(item.says for item in read_text(text).problems)


def piece(reading: TextReading, text: str) -> str:
    return next(item.means for item in reading.pieces if item.text == text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("titrate by 0.125 mcg/kg/min every 30 min", {Kind.STEP: "0.125 mcg/kg/min", Kind.STEP_TIME: "30 min"}),
        (
            "0.25 mcg/kg/min, titrate 0.125 mcg/kg/min q2h",
            {
                Kind.RATE: "0.25 mcg/kg/min",
                Kind.STEP: "0.125 mcg/kg/min",
                Kind.STEP_TIME: "2 h",
            },
        ),
        ("max 0.75 mcg/kg/min", {Kind.RATE: "0.75 mcg/kg/min"}),
        ("max 9 mL/h", {Kind.PUMP_RATE: "9 mL/h"}),
        ("0.5 mcg/kg/min, wean to 0.25 mcg/kg/min", {Kind.RATE: "0.5 mcg/kg/min", Kind.LOWEST: "0.25 mcg/kg/min"}),
        (
            "0.5 mcg/kg/min, previously 0.25 mcg/kg/min",
            {Kind.RATE: "0.5 mcg/kg/min", Kind.EARLIER_RATE: "0.25 mcg/kg/min"},
        ),
        ("35 mcg/min, was 30 mcg/min", {Kind.MASS_RATE: "35 mcg/min"}),
        ("10.5 mL/h, was 9 mL/h", {Kind.PUMP_RATE: "10.5 mL/h", Kind.EARLIER_FLOW: "9 mL/h"}),
        ("increase from 0.25 to 0.5 mcg/kg/min", {Kind.RATE: "0.5 mcg/kg/min"}),
        ("wean from 0.5 to 0.25 mcg/kg/min", {Kind.RATE: "0.25 mcg/kg/min"}),
        ("0.375 -> 0.5 mcg/kg/min", {Kind.RATE: "0.5 mcg/kg/min"}),
        ("load 0.75 mcg/kg/min over 3 h", {Kind.LOAD_RATE: "0.75 mcg/kg/min", Kind.LOAD_TIME: "3 h"}),
        (
            "load over 10 min, then 0.5 mcg/kg/min. 50 mcg/kg",
            {Kind.LOAD_TIME: "10 min", Kind.RATE: "0.5 mcg/kg/min", Kind.LOAD_DOSE: "50 mcg/kg"},
        ),
        (
            "load 3.5 mg in 20 mL over 10 min",
            {Kind.LOAD_AMOUNT: "3.5 mg", Kind.LOAD_DILUTED: "20 mL", Kind.LOAD_TIME: "10 min"},
        ),
        ("load: 20 mg/100 mL", {Kind.AMOUNT: "20 mg", Kind.VOLUME: "100 mL"}),
        ("load 50 mcg/kg. 3.5 mg", {Kind.LOAD_DOSE: "50 mcg/kg", Kind.LOAD_AMOUNT: "3.5 mg"}),
        ("load: 20 mg in 100 mL", {Kind.AMOUNT: "20 mg", Kind.VOLUME: "100 mL"}),
        ("load: 20 mg in 100 mL over 10 h", {Kind.AMOUNT: "20 mg", Kind.VOLUME: "100 mL", Kind.LOAD_TIME: "10 h"}),
        ("load 50 mcg/kg, 21 mL/h", {Kind.LOAD_DOSE: "50 mcg/kg", Kind.LOAD_PUMP_RATE: "21 mL/h"}),
        ("load 50 mcg/kg of 1 mg/mL vial", {Kind.LOAD_DOSE: "50 mcg/kg", Kind.LOAD_STRENGTH: "1 mg/mL"}),
        ("100 mL of 0.2 mg/mL", {Kind.VOLUME: "100 mL", Kind.CONCENTRATION: "0.2 mg/mL"}),
        (
            "10 mL of 1 mg/mL + 40 mL NS",
            {
                Kind.DRUG_VOLUME: "10 mL",
                Kind.VIAL_STRENGTH: "1 mg/mL",
                Kind.DILUENT_VOLUME: "40 mL",
                Kind.VOLUME: "50 mL",
            },
        ),
        ("1 mg/mL vial, 0.5 mcg/kg/min", {Kind.CONCENTRATION: "1 mg/mL", Kind.RATE: "0.5 mcg/kg/min"}),
        ("20 mg, 10 mL vials", {Kind.AMOUNT: "20 mg"}),
        ("VTBI 92 mL", {Kind.VOLUME: "92 mL"}),
        ("20 mg/100 mL, VTBI 92 mL", {Kind.AMOUNT: "20 mg", Kind.VOLUME: "100 mL"}),
        ("flush with 10 mL, carrier at 5 mL/h", {Kind.LINE_FLOW: "5 mL/h"}),
        ("kvo/carrier at 79 mL/h", {Kind.LINE_FLOW: "79 mL/h"}),
        ("maintenance fluid at 100 mL/h, MIVF 50 mL", {Kind.OTHER_FLOW: "100 mL/h"}),
        ("3 mg/kg in 50 mL", {Kind.AMOUNT_PER_WEIGHT: "3 mg/kg", Kind.VOLUME: "50 mL"}),
        ("0.15 mL/kg/h", {Kind.PUMP_RATE_PER_WEIGHT: "0.15 mL/kg/h"}),
        ("1 mL/h = 1 mcg/kg/min", {Kind.PUMP_RATE: "1 mL/h", Kind.RATE: "1 mcg/kg/min"}),
        ("1 mL/h = 1 mcg/kg/min, 0.5 mL/h", {Kind.RATE_PER_ML_PER_H: "1 mcg/kg/min", Kind.PUMP_RATE: "0.5 mL/h"}),
        ("70 kg (IBW 60 kg)", {Kind.WEIGHT: "70 kg", Kind.IDEAL_WEIGHT: "60 kg"}),
        ("dosing weight 70 kg, actual weight 92 kg", {Kind.WEIGHT: "70 kg", Kind.OTHER_WEIGHT: "92 kg"}),
        ("70 kg (last weight 92 kg)", {Kind.WEIGHT: "70 kg", Kind.EARLIER_WEIGHT: "92 kg"}),
        ("infuse over 9 h 30 min", {Kind.BAG_TIME: "570 min"}),
        ("for 24 h", {Kind.COURSE: "24 h"}),
        ("for 24 h, then for 12 h", {Kind.LONG_COURSE: "12 h"}),
        ("58 y old, 70 kg", {Kind.AGE: "58 year", Kind.WEIGHT: "70 kg"}),
        ("DOL 2, GA 27 weeks, PMA 29 weeks", {Kind.GESTATION: "27 week", Kind.POSTMENSTRUAL: "29 week"}),
        ("every 1 min increase by 0.375 mcg/kg/min", {Kind.STEP_TIME: "1 min", Kind.STEP: "0.375 mcg/kg/min"}),
        ("0.5 mcg/kg/min (titrate: every hour)", {Kind.RATE: "0.5 mcg/kg/min", Kind.STEP_TIME: "1 h"}),
        ("0.5 mcg/kg/min, BP q5 min during titration", {Kind.RATE: "0.5 mcg/kg/min"}),
        ("0.5 mcg/kg/min, titrate to effect; check BP every 5 min", {Kind.RATE: "0.5 mcg/kg/min"}),
        ("discard after 24 h, 24 h after mixing", {Kind.BAG_LIFE: "24 h"}),
        ("for 3 weeks", {Kind.COURSE: "3 week"}),
        ("24 weeks", {}),
        ("Weight (kg): 70; dose [mcg/kg/min] = 0.5", {Kind.WEIGHT: "70 kg", Kind.RATE: "0.5 mcg/kg/min"}),
        (
            "0.375-0.75 mcg/kg/min, start 0.5 mcg/kg/min",
            {
                Kind.HIGHEST: "0.375 mcg/kg/min to 0.75 mcg/kg/min",
                Kind.RATE: "0.5 mcg/kg/min",
            },
        ),
        ("max dose 1.13 mg/kg in 24 h", {}),
        ("10 min load 50 mcg/kg", {Kind.LOAD_TIME: "10 min", Kind.LOAD_DOSE: "50 mcg/kg"}),
        ("5 mg load", {Kind.LOAD_AMOUNT: "5 mg"}),
        ("urine output > 0.5 mL/kg/h, UOP 30 mL/h, urine 40", {}),
        ("goal > 4 mmol/L, MAP 65-75, keep SBP above 90", {}),
        ("2 h after 0630, at 0900, due 1400", {}),
        ("CVP 12 mmHg, BP now 95 mmHg, ht 178 cm", {}),
        ("65 mmHg", {}),
        ("1,130 mcg in 5 mL", {Kind.AMOUNT: "1,130 mcg", Kind.VOLUME: "5 mL"}),
    ],
)
def test_a_quantity_is_taken_for_what_the_words_around_it_say(text: str, expected: dict[Kind, str]) -> None:
    assert kinds(f"milrinone {text}") == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("milrinone 0.5", "'0.5' (text, characters 11 to 13) is not understood: a number without a unit"),
        ("milrinone 0,5 mcg/kg/min", "a comma could be a decimal point"),
        ("milrinone 0,375 mcg/kg/min", "a comma could be a decimal point"),
        ("milrinone 1,5 mg", "a comma could be a decimal point"),
        ("milrinone 154 lb", "weights are read in kg only"),
        ("milrinone weight (lb): 154", "a number without a unit"),
        ("milrinone weight (kg): 0", "number without a unit"),
        ("milrinone 5 gtt/min", "a drop has no fixed volume"),
        ("milrinone 5 gtts/min", "is no unit of an infusion order"),
        ("milrinone 0 mcg/kg/min", "an order of zero is no order"),
        ("milrinone 00.375 mcg/kg/min", "begins with a zero and a digit"),
        ("milrinone 070 kg", "begins with a zero and a digit"),
        ("milrinone 05-10 mg", "begins with a zero and a digit"),
        ("milrinone GA 99 weeks 0.9 kg", "no pregnancy lasts so long"),
        ("milrinone \u2164 mg in 5 mL", "its digits are not 0 to 9"),
        ("milrinone infinity kg", "it stands where a number is expected"),
        ("milrinone 1e400 mcg/kg/min", "no number with a unit that is known"),
        ("milrinone 1 000 mcg in 5 mL", "a number without a unit"),
        ("milrinone 1'000 mcg in 5 mL", "a number without a unit"),
        ("milrinone 1\u202f000 mcg in 5 mL", "a number without a unit"),
        ("milrinone 0\u00b7375 mcg/kg/min", "a number without a unit"),
        ("milrinone O.5 mcg/kg/min", "letters and digits are mixed"),
        ("milrinone 5x mcg", "no number with a unit that is known"),
        ("milrinone 60-70 kg", "a weight is no range"),
        ("milrinone 0.75-0.5 mcg/kg/min", "it is no range: its ends do not go together"),
        ("milrinone 0.75 to 0.5 mcg/kg/min", "its ends run backwards"),
        ("milrinone 0.5 mcg/kg infusion", "it has no time"),
        ("milrinone 2 L/h", "no infusion runs in liters"),
        ("milrinone 1.1 mg/dL", "part of a unit and is none"),
        ("milrinone 212 ng/mL", "a unit of the laboratory"),
        ("milrinone 15 %", "fraction has no place in an infusion order"),
        ("milrinone 0.5 mcg/kg/min wibble", "an unknown word beside a number"),
        ("milrinone wibble 0.5 mcg/kg/min", "an unknown word beside a number"),
        ("milrinone \u00a7 0.5 mcg/kg/min", "the sign is not known"),
        ("milrinone -0.5 mcg/kg/min", "it could be a minus sign"),
        ("milrinone > 0.5 mcg/kg/min", "neither above nor below"),
        ("milrinone with norepinephrine 5 mcg/min", "the number behind it belongs to norepinephrine"),
        ("milrinone 70 kg, 82 kg", "Two values for the weight: '70 kg'"),
        ("milrinone 0.5 mcg/kg/min at CI 0.5", "a number without a unit"),
        ("milrinone goal 0.5", "a number without a unit"),
        ("milrinone CI 0.5 mcg/kg/min or K 10 mL/h and BP 10.5 mL/h", None),
    ],
)
def test_what_cannot_be_read_in_one_way_is_named_with_its_place(text: str, says: str | None) -> None:
    assert says is None or says in problems(text)
    assert says is None or "characters" in problems(text)


def test_a_pump_rate_behind_a_label_of_two_letters_is_not_swallowed() -> None:
    """CI is the cardiac index and a continuous infusion."""
    assert kinds("milrinone IV CI 0.5 mcg/kg/min") == {Kind.RATE: "0.5 mcg/kg/min"}
    assert kinds("milrinone CI 10.5 mL/min, CrCl 45 mL/min") == {Kind.PUMP_RATE: "10.5 mL/min"}


def test_unknown_words_away_from_numbers_are_named_and_change_nothing() -> None:
    reading = read_text("milrinone 0.5 mcg/kg/min. Quux norepinephrine\nfurosemide, bed 4")
    assert not reading.problems
    assert piece(reading, "Quux") == "not known; no number beside it"
    assert piece(reading, "norepinephrine") == "medicine: norepinephrine; present, not checked"
    assert reading.others == ("norepinephrine", "furosemide")
    assert piece(reading, "bed 4") == "a number that counts or names something; not compared"
    assert read_text("milrinone Quux norepinephrine").problems == ()


def test_drug_route_and_diluent_are_taken_from_the_text() -> None:
    reading = read_text("Primacor 20 mg in 0.9 % NaCl 100 mL, PO")
    assert reading.drugs == ("milrinone",)
    assert reading.diluent == "sodium chloride 0.9 %"
    assert reading.route == "PO"
    assert read_text("milrinone via central line, IV").route == "via central line"


def test_a_list_of_steps_gives_a_row_for_each() -> None:
    reading = read_text(
        "milrinone 80 kg: 0.25 mcg/kg/min = 6 mL/h; 0.375 mcg/kg/min = 9 mL/h; 12 mL/h = 0.5 mcg/kg/min"
    )
    assert not reading.problems
    assert [[item.shown for item in row] for row in reading.rows] == [
        ["0.375 mcg/kg/min", "9 mL/h"],
        ["12 mL/h", "0.5 mcg/kg/min"],
    ]
