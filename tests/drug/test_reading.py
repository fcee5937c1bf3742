"""Every mistake of form is named with file, line and key."""

from __future__ import annotations

import pytest

from inotrope.drug import check_drug_folder
from inotrope.drug.reading import Problem

MINIMUM = 'minimum = { value = "0.25 mcg/kg/min", source = "label:dose", status = "confirmed" }'
WHERE = "entry[0].maintenance.minimum"


def minimum(value: str = '"0.25 mcg/kg/min"', source: str = "label:dose", status: str = "confirmed") -> str:
    return f'minimum = {{ value = {value}, source = "{source}", status = "{status}" }}'


def test_a_problem_is_one_line() -> None:
    assert str(Problem("a.toml, line 3: key", "It is wrong.")) == "a.toml, line 3: key: It is wrong."


@pytest.mark.parametrize(
    ("new", "key", "says"),
    [
        (minimum('"0.25"'), f"{WHERE}.value", "'0.25' has no unit"),
        (minimum("0.25"), f"{WHERE}.value", "'0.25' has no unit"),
        (minimum('"0.25 mcg/kg"'), f"{WHERE}.value", "has no time: a rate needs one"),
        (minimum('"0.25 mL/h"'), f"{WHERE}.value", "which measures flow"),
        (minimum('"-0.25 mcg/kg/min"'), f"{WHERE}.value", "must be above zero"),
        (minimum('"0.25 mcg/kg/sec"'), f"{WHERE}.value", "unknown unit"),
        (minimum('"nan mcg/kg/min"'), f"{WHERE}.value", "is not a number with a unit"),
        (minimum(source="dose"), f"{WHERE}.source", "'dose' names no source. Write '<id>:<place>'"),
        (minimum(source="label:"), f"{WHERE}.source", "names no source"),
        (
            minimum(source="labels:dose"),
            f"{WHERE}.source",
            "Source 'labels' does not stand in sources.toml; the nearest known: 'label'",
        ),
        (minimum(status="sure"), f"{WHERE}.status", "'sure' is not one of 'confirmed', 'derived', 'judgement'"),
        ('minimum = "0.25 mcg/kg/min"', WHERE, "is not a number with its source"),
        (
            'minimum = { source = "label:dose", status = "confirmed" }',
            f"{WHERE}.value",
            "Key 'value' is missing. Write a text with its unit",
        ),
        (
            'minimum = { value = "0.25 mcg/kg/min", status = "confirmed" }',
            f"{WHERE}.source",
            "Key 'source' is missing",
        ),
        (
            'minimum = { value = "0.25 mcg/kg/min", source = "label:dose" }',
            f"{WHERE}.status",
            "Key 'status' is missing",
        ),
        (
            'minimum = { value = "0.25 mcg/kg/min", source = "label:dose", status = "confirmed", nota = "x" }',
            f"{WHERE}.nota",
            "Key 'nota' is not known here; the nearest known: 'note'",
        ),
    ],
)
def test_a_number_needs_value_unit_source_and_status(proves, new: str, key: str, says: str) -> None:
    proves("dosing.toml", MINIMUM, new, key=key, says=says)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("0.00357 mcg/kg/min", "70 times too small: per patient read as per kg"),
        ("17.5 mg/kg/min", "no unit of the list"),
        ("0.00025 mcg/kg/min", "1,000 times too small"),
        ("250 mcg/kg/min", "1,000 times too large: mg read as mcg"),
        ("35 mcg/kg/min", "70 times the standard rate"),
    ],
)
def test_a_rate_far_off_is_caught(proves, value: str, why: str) -> None:
    says = "unknown unit" if "list" in why else "can be true of no drug that this program doses: 0.01 to 20 mcg/kg/min"
    proves("dosing.toml", MINIMUM, minimum(f'"{value}"'), key=f"{WHERE}.value", says=says)


@pytest.mark.parametrize("value", ["3500 mcg/kg", "0.714 mcg/kg", "50 mg/kg", "0.05 mcg/kg"])
def test_a_load_seventy_or_a_thousand_times_off_is_caught(proves, value: str) -> None:
    new = f'dose = {{ value = "{value}"'
    proves(
        "dosing.toml",
        'dose = { value = "50 mcg/kg"',
        new,
        key="entry[0].load.dose.value",
        says="1 to 2,000 mcg/kg is accepted",
    )


@pytest.mark.parametrize("value", ["70 mg/mL", "0.0142 mg/mL", "1 mcg/mL", "1000 mg/mL"])
def test_a_strength_seventy_or_a_thousand_times_off_is_caught(proves, value: str) -> None:
    old = 'strength = { value = "1 mg/mL", source = "label:products"'
    proves(
        "drug.toml",
        old,
        old.replace("1 mg/mL", value),
        key="product[1].strength.value",
        says="0.015 to 13 mg/mL is accepted",
        alone=False,
    )


@pytest.mark.parametrize(
    ("old", "new", "key", "says", "at"),
    [
        (
            'authority = "the label"',
            'authority = " "',
            "entry[0].authority",
            "'' is not a text that is not blank",
            None,
        ),
        ('authority = "the label"', "authority = 3", "entry[0].authority", "'3' is not a text", None),
        ('authority = "the label"', "", "entry[0].authority", "Key 'authority' is missing", "[[entry]]"),
        ("on_label = true", 'on_label = "yes"', "entry[0].on_label", "'yes' is not true or false", None),
        ("on_label = true", "", "entry[0].on_label", "Key 'on_label' is missing", "[[entry]]"),
        (
            "on_label = true",
            "on_label = true\non_labels = true",
            "entry[0].on_labels",
            "Key 'on_labels' is not known here; the nearest known: 'on_label'",
            "on_labels",
        ),
        (
            'indication_synonyms = ["HF"]',
            'indication_synonyms = "HF"',
            "entry[0].indication_synonyms",
            "is not a list of texts",
            None,
        ),
        (
            'indication_synonyms = ["HF"]',
            'indication_synonyms = ["HF", ""]',
            "entry[0].indication_synonyms",
            "is not a list of texts",
            None,
        ),
        ("[entry.rounding]", "[entry.roundings]", "entry[0].rounding", "Key 'rounding' is missing", "[[entry]]"),
        ("[[monitoring]]", "[monitoring]", "monitoring", "is not a list of tables", None),
        (
            'clearance = "80 mL/min/1.73 m2"',
            "",
            "entry[0].named_kidney[0].clearance",
            "Key 'clearance' is missing. Write a text with its unit",
            "[[entry.named_kidney]]",
        ),
        (
            'source = "label:watch"',
            "source = 5",
            "monitoring[0].source",
            "'5' is not a text '<id>:<place>'",
            None,
        ),
    ],
)
def test_words_and_tables(proves, old: str, new: str, *, key: str, says: str, at: str | None) -> None:
    proves("dosing.toml", old, new, key=key, says=says, at=at, alone="roundings" not in new)


@pytest.mark.parametrize("value", ['"four"', '"0"', '"-4"', '"nan"', "4", '"4 h"', '"inf"'])
def test_a_count_is_a_number_above_zero_without_a_unit(proves, value: str) -> None:
    new = f"level_half_lives = {{ value = {value}"
    key = "entry[0].titration.level_half_lives.value"
    proves("dosing.toml", 'level_half_lives = { value = "4"', new, key=key, says="is not a number above zero")


def test_a_count_needs_its_source_too(proves) -> None:
    old = 'level_half_lives = { value = "4", source = "own-choice:levels", status = "judgement" }'
    key = "entry[0].titration.level_half_lives"
    proves("dosing.toml", old, 'level_half_lives = "4"', key=key, says="is not a number with its source")


@pytest.mark.parametrize(
    ("old", "new", "key", "says", "at"),
    [
        ('grade = "A"', 'grade = "D"', "source.label.grade", "'D' is not one of 'A', 'B', 'C', 'judgement'", None),
        ('grade = "A"', "", "source.label.grade", "Key 'grade' is missing", "[source.label]"),
        ('where = "a shelf"', "", "source.label.where", "Key 'where' is missing", "[source.label]"),
        ("year = 2020", 'year = "2020"', "source.label.year", "'2020' is not a whole number", None),
        ("year = 2020", "year = true", "source.label.year", "'True' is not a whole number", None),
        ('note = "no real text"', 'nota = "x"', "source.label.nota", "the nearest known: 'note'", None),
        ('title = "The label"', 'title = ""', "source.label.title", "'' is not a text that is not blank", None),
    ],
)
def test_the_source_table(proves, old: str, new: str, *, key: str, says: str, at: str | None) -> None:
    proves("sources.toml", old, new, key=key, says=says, at=at)


def test_the_id_of_a_source_is_lower_case_with_hyphens(proves) -> None:
    new = '[source.Other_Text]\ntitle = "x"\nwhere = "y"\ngrade = "C"\n\n[source.own-choice]'
    key = "source.Other_Text"
    proves("sources.toml", "[source.own-choice]", new, key=key, says="'Other_Text' is no id of a source")


def test_all_problems_are_collected_not_only_the_first(folder, plant) -> None:
    plant("dosing.toml", 'value = "10 min"', 'value = "10"')
    plant("dosing.toml", 'value = "2 %"', 'value = "2 kg"')
    plant("drug.toml", 'source = "label:lines"', 'source = "lable:lines"')
    plant("safety.toml", 'medicine = "digoxin"', 'medicine = "digoxine"')
    keys = {problem.where.split(": ")[1] for problem in check_drug_folder(folder)}
    assert keys == {
        "entry[0].load.duration.value",
        "entry[0].load.overshoot.value",
        "line[0].source",
        "rule[2].when.any[1].medicine",
    }
