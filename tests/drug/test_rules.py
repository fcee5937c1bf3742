"""A rule says how bad, what to do, why, and fits itself."""

from __future__ import annotations

import pytest

from inotrope.drug import check_drug_folder, load_drug
from inotrope.drug.rules import EVIDENCE
from inotrope.findings import Effect, Overridden, Severity, Status


def test_a_rule_is_read_whole(folder) -> None:
    allergy, potassium, everything = load_drug(folder).rules
    assert (allergy.id, allergy.title, allergy.severity, allergy.effect, allergy.override, allergy.status) == (
        "allergy",
        "Allergy",
        Severity.STOP,
        Effect.WITHHOLD,
        True,
        Status.CONFIRMED,
    )
    assert (allergy.says, allergy.asks, allergy.advice) == (
        "An allergy is recorded.",
        "Is there an allergy?",
        "Do not give it.",
    )
    assert [source.id for source in allergy.sources] == ["label", "own-choice"]
    assert tuple(allergy.evidence) == EVIDENCE
    assert str(potassium.limits["low"].value) == "3.5 mmol/L"
    assert str(everything.limits["ratio"].value) == "2.2"
    assert everything.asks == ""  # it never asks


def test_a_rule_over_a_computed_dose_says_so(folder) -> None:
    assert [rule.needs_dose for rule in load_drug(folder).rules] == [False, False, True]


@pytest.mark.parametrize("item", EVIDENCE)
def test_each_of_the_ten_items_of_evidence_is_needed(folder, item: str) -> None:
    path = folder / "safety.toml"
    lines = path.read_text().splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(f"{item} = "))
    path.write_text("\n".join([*lines[:first], *lines[first + 1 :]]))
    head = lines.index("[rule.evidence]") + 1
    assert [(problem.where, problem.says) for problem in check_drug_folder(folder)] == [
        (
            f"dobutamine/safety.toml, line {head}: rule[0].evidence.{item}",
            f"Key '{item}' is missing. Write a text that is not blank.",
        )
    ]


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        (
            'severity = "stop"',
            'severity = "danger"',
            "rule[0].severity",
            "'danger' is not one of 'stop', 'warn', 'inform'",
        ),
        ('effect = "withhold"', 'effect = "hold"', "rule[0].effect", "'hold' is not one of 'withhold', 'no rate'"),
        ('effect = "withhold"', 'effect = "none"', "rule[0].effect", "only a stop rule, has the effect 'withhold'"),
        (
            'says = "Potassium is {value}, below {limit}."',
            'says = "Potassium is {valu}."',
            "rule[1].says",
            "'{valu}' in 'says' is filled by nothing that this rule compares",
        ),
        (
            'says = "An allergy is recorded."',
            'says = "An allergy to {value}."',
            "rule[0].says",
            "'{value}' in 'says' is filled by nothing",
        ),
        ('says = "An allergy is recorded."', 'says = "An allergy {."', "rule[0].says", "braces in 'says' do not match"),
        (
            'low = { value = "3.5 mmol/L"',
            'lower = { value = "3 mmol/L", source = "label:x", status = "derived" }\nlow = { value = "3.5 mmol/L"',
            "rule[1].limit.lower",
            "Limit 'lower' is used by nothing in 'when'",
        ),
        (
            'low = { value = "3.5 mmol/L"',
            'low = { value = "3.5"',
            "rule[1].when.below",
            "'@low' is 3.5, which measures ratio",
        ),
        ('low = { value = "3.5 mmol/L"', 'low = { value = "3.5 mmol"', "rule[1].limit.low.value", "unknown unit"),
        ('low = { value = "3.5 mmol/L"', 'low = { value = "3.5 mg/dL"', "rule[1].when.below", "mass concentration"),
        (
            'source = ["label:contraindications", "own-choice:mapping"]',
            "source = []",
            "rule[0].source",
            "is not a list of texts '<id>:<place>', at least one",
        ),
        (
            'source = ["label:contraindications", "own-choice:mapping"]',
            'source = "label:contraindications"',
            "rule[0].source",
            "is not a list of texts",
        ),
        (
            'source = ["label:contraindications", "own-choice:mapping"]',
            'source = ["label:contraindications", "choice:mapping"]',
            "rule[0].source[1]",
            "Source 'choice' does not stand in sources.toml",
        ),
        ('title = "Allergy"', 'title = "Allergy"\nadvise = "x"', "rule[0].advise", "the nearest known: 'advice'"),
    ],
)
def test_a_rule_that_does_not_fit(proves, old: str, new: str, key: str, says: str) -> None:
    at = {"rule[1].when.below": "when = { measurement"}.get(key) or {"rule[0].advise": "advise"}.get(key)
    proves("safety.toml", old, new, key=key, says=says, at=at)


def test_only_a_stop_can_be_overridden_and_a_note_does_nothing_else(folder) -> None:
    path = folder / "safety.toml"
    text = path.read_text()
    at = text.index('severity = "inform"')
    path.write_text(text[:at] + text[at:].replace('"none"', '"no load"', 1).replace("false", "true", 1))
    assert [problem.says for problem in check_drug_folder(folder)] == [
        "Only a stop rule can be overridden.",
        "A rule that only informs has the effect 'none'.",
    ]


def test_what_an_override_leaves_is_said_only_where_one_is_possible(plant) -> None:
    """The folder's stop may be set aside: left out, the load is kept away; `nothing` must be written."""
    folder = plant("safety.toml", "override = true", "override = true")
    assert load_drug(folder).rules[0].overridden is Overridden.NO_LOAD
    plant("safety.toml", "override = true", 'override = true\noverridden = "nothing"')
    assert load_drug(folder).rules[0].overridden is Overridden.NOTHING
    assert load_drug(folder).rules[1].overridden is None
    plant("safety.toml", 'override = true\noverridden = "nothing"', 'override = false\noverridden = "no load"')
    (problem,) = check_drug_folder(folder)
    assert "Only a rule that can be overridden says what it then withholds." in problem.says
    assert problem.where.endswith("rule[0].overridden")


def test_a_stop_of_the_computed_dose_withholds_nothing_of_it_once_overridden(plant) -> None:
    folder = plant(
        "safety.toml",
        'when = { allergy = "dobutamine" }',
        'when = { fact = "pump rate is below its minimum" }',
    )
    (problem,) = check_drug_folder(folder)
    assert "A rule that reads the computed dose cannot withhold a part of it" in problem.says
    plant("safety.toml", "override = true", 'override = true\noverridden = "nothing"')
    assert not check_drug_folder(folder)


def test_a_list_of_names_fills_the_value(plant) -> None:
    plant("safety.toml", 'when = { allergy = "dobutamine" }', 'when = { fact = "unchecked names" }')
    folder = plant("safety.toml", 'says = "An allergy is recorded."', 'says = "Not checked: {value}."')
    assert not check_drug_folder(folder)


@pytest.mark.parametrize(
    "when",
    [
        'when = { medicine = "digoxin" }',
        'when = { medicine_class = "loop diuretic" }',
        'when = { line = "furosemide" }',
        'when = { event = "bleeding" }',
        'when = { support = "CRRT" }',
        'when = { fact = "line partners not known" }',
    ],
)
def test_what_is_found_by_name_fills_the_value_and_nothing_fills_a_limit(plant, when: str) -> None:
    plant("safety.toml", 'when = { allergy = "dobutamine" }', when)
    folder = plant("safety.toml", 'says = "An allergy is recorded."', 'says = "Found: {value}."')
    assert not check_drug_folder(folder)
    plant("safety.toml", 'says = "Found: {value}."', 'says = "Found: {value}, {limit}."')
    assert "'{limit}' in 'says' is filled by nothing" in check_drug_folder(folder)[0].says


def test_the_window_of_an_event_is_a_limit_of_the_rule(plant) -> None:
    window = 'limit = { recent = { value = "48 h", source = "own-choice:x", status = "judgement" } }'
    when = 'when = { event = "bleeding", within = "@recent" }'
    folder = plant("safety.toml", 'when = { allergy = "dobutamine" }', f"{when}\n{window}")
    assert not check_drug_folder(folder)
