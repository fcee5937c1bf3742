"""The closed list of questions, and what a rule may not ask."""

from __future__ import annotations

import pytest

from inotrope.drug import (
    FACTS,
    All,
    AllergicTo,
    Any_,
    Comparison,
    DilutedIn,
    FactCompares,
    FactIs,
    HadEvent,
    HasCondition,
    MeasurementCompares,
    Not,
    OnSupport,
    SexIs,
    SharesLine,
    TakesClass,
    TakesMedicine,
    load_drug,
    walk,
)
from inotrope.units import registry

WHEN = 'when = { allergy = "dobutamine" }'
KEY = "rule[0].when"


def test_every_question_is_read(folder) -> None:
    rules = {rule.id: rule.when for rule in load_drug(folder).rules}
    assert rules["allergy"] == AllergicTo("dobutamine")
    assert rules["potassium"] == MeasurementCompares(
        "serum potassium", "@vocabulary:serum potassium.fresh_for", Comparison.BELOW, "@low"
    )
    assert rules["everything"] == Any_(
        (
            All((HasCondition("edema"), Not(OnSupport("CRRT")), SexIs("female"))),
            TakesMedicine("digoxin"),
            SharesLine("furosemide"),
            HadEvent("bleeding"),
            DilutedIn("sodium bicarbonate"),
            TakesClass("loop diuretic", ("torsemide",)),
            FactIs("creatinine is changing"),
            FactCompares("delivered rate", Comparison.ABOVE, "@dosing:maintenance.maximum"),
            FactCompares("weight ratio", Comparison.AT_OR_ABOVE, "@ratio"),
            FactCompares("preparation concentration", Comparison.AT_OR_BELOW, "@drug:strengths.lowest"),
            FactCompares("difference between estimates", Comparison.ABOVE, "@vocabulary:kidney.estimates_differ"),
        )
    )


def test_walking_yields_every_part_from_the_outside_in() -> None:
    inner = Not(SexIs("male"))
    tree = All((HasCondition("edema"), Any_((inner,))))
    assert list(walk(tree)) == [tree, HasCondition("edema"), Any_((inner,)), inner, SexIs("male")]


def test_every_fact_has_a_dimension_of_the_closed_list() -> None:
    known = {unit.dimension for unit in registry().units.values()} | {None, "ratio"}
    assert {form.dimension for form in FACTS.values()} <= known


def deep(levels: int) -> str:
    text = '{ sex = "male" }'
    for _ in range(levels):
        text = f"{{ not = {text} }}"
    return f"when = {text}"


@pytest.mark.parametrize(
    ("new", "key", "says"),
    [
        ("when = {}", KEY, "A condition asks exactly one of: 'all', 'any', 'not'"),
        ('when = { allergy = "dobutamine", sex = "male" }', KEY, "This one has 2"),
        ('when = { alergy = "dobutamine" }', KEY, "This one has 0"),
        ('when = "dobutamine"', KEY, "'dobutamine' is not a table"),
        (deep(9), f"{KEY}.not" + ".not" * 8, "nested more than 8 levels deep"),
        ("when = { all = [] }", f"{KEY}.all", "is not a list of tables, at least 1"),
        ('when = { any = ["x"] }', f"{KEY}.any", "is not a list of tables"),
        ("when = { not = 3 }", f"{KEY}.not", "'3' is not a table"),
        ('when = { sex = "women" }', f"{KEY}.sex", "'women' is no sex; known: 'female', 'male'"),
        (
            'when = { condition = "edem" }',
            f"{KEY}.condition",
            "Condition 'edem' is not in the vocabulary; the nearest known: 'edema'",
        ),
        ('when = { condition = "oedema" }', f"{KEY}.condition", "is not in the vocabulary"),  # a synonym
        ('when = { medicine = "digoxine" }', f"{KEY}.medicine", "Medicine 'digoxine' is not in the vocabulary"),
        ('when = { allergy = "dobutamin" }', f"{KEY}.allergy", "Medicine 'dobutamin' is not in the vocabulary"),
        ('when = { line = "furosemid" }', f"{KEY}.line", "Medicine 'furosemid' is not in the vocabulary"),
        ('when = { diluent = "bicarb 9" }', f"{KEY}.diluent", "Medicine 'bicarb 9' is not in the vocabulary"),
        ('when = { event = "bleedin" }', f"{KEY}.event", "Event 'bleedin' is not in the vocabulary"),
        ('when = { support = "CRT" }', f"{KEY}.support", "Support 'CRT' is not in the vocabulary"),
        (
            'when = { medicine_class = "loop diuretics" }',
            f"{KEY}.medicine_class",
            "is no class of medicines; the nearest known: 'loop diuretic'",
        ),
        (
            'when = { medicine_class = "loop diuretic", except = ["torasemid"] }',
            f"{KEY}.except[0]",
            "Medicine 'torasemid' is not in the vocabulary",
        ),
        ('when = { fact = "runing rate" }', f"{KEY}.fact", "the nearest known: 'running rate'"),
        ('when = { fact = "runing rate", above = "@x" }', f"{KEY}.fact", "is no fact that the program computes"),
        (
            'when = { fact = "creatinine is changing", above = "@x" }',
            f"{KEY}.above",
            "is true, false or unknown and has no limit",
        ),
        ('when = { fact = "weight" }', KEY, "A comparison has exactly one of: above, at_or_above, below"),
        (
            'when = { fact = "weight", above = "@dosing:weight.table_maximum", '
            'below = "@dosing:weight.table_maximum" }',
            KEY,
            "This one has 2",
        ),
        ('when = { fact = "weight", above = "120 kg" }', f"{KEY}.above", "'120 kg' is no limit. Write '@'"),
        ('when = { fact = "weight", above = "" }', f"{KEY}.above", "'' is not a text that is not blank"),
        ('when = { fact = "weight", above = "@heavy" }', f"{KEY}.above", "'@heavy' does not stand in [rule.limit]"),
        (
            'when = { fact = "weight", above = "@dosing:weight.table_maximun" }',
            f"{KEY}.above",
            "does not stand in dosing; the nearest known: 'weight.table_maximum'",
        ),
        (
            'when = { fact = "preparation concentration", above = "@drug:strengths.high" }',
            f"{KEY}.above",
            "does not stand in drug; the nearest known: 'strengths.highest'",
        ),
        (
            'when = { fact = "weight", above = "@vocabulary:body weight.plausible_maximun" }',
            f"{KEY}.above",
            "does not stand in vocabulary; the nearest known: 'body weight.plausible_maximum'",
        ),
        (
            'when = { fact = "weight", above = "@vocabulary:weight.plausible_maximum" }',
            f"{KEY}.above",
            "does not stand in vocabulary",  # "weight" is a synonym of body weight
        ),
        ('when = { fact = "weight", above = "@dose:load" }', f"{KEY}.above", "'@dose:' names no file that has limits"),
        (
            'when = { fact = "weight", above = "@dosing:load.dose" }',
            f"{KEY}.above",
            "'@dosing:load.dose' is 50 mcg/kg, which measures dose per body weight; fact 'weight' measures body weight",
        ),
        (
            'when = { fact = "weight ratio", above = "@dosing:weight.table_maximum" }',
            f"{KEY}.above",
            "fact 'weight ratio' measures ratio",
        ),
        (
            'when = { fact = "difference between estimates", above = "@vocabulary:kdigo.stage_1_ratio" }',
            f"{KEY}.above",
            "'@vocabulary:kdigo.stage_1_ratio' is 1.5, which measures ratio",
        ),
        (
            'when = { measurement = "serum potasium", below = "@dosing:load.dose" }',
            f"{KEY}.measurement",
            "Measurement 'serum potasium' is not in the vocabulary; the nearest known: 'serum potassium'",
        ),
        (
            'when = { measurement = "serum potassium", below = "@dosing:load.dose" }',
            f"{KEY}.below",
            "'serum potassium' measures molar concentration",
        ),
        (
            'when = { measurement = "body weight", within = "@dosing:weight.table_maximum", '
            'below = "@dosing:weight.table_minimum" }',
            f"{KEY}.within",
            "which measures body weight; the age of a measurement measures time",
        ),
        ('when = { measurement = "body weight" }', KEY, "A comparison has exactly one of"),
        (
            'when = { event = "bleeding", within = "@dosing:weight.table_maximum" }',
            f"{KEY}.within",
            "which measures body weight; the time since an event measures time",
        ),
        (
            'when = { measurement = "concentration", above = "@drug:strengths.highest" }',
            f"{KEY}.of",
            "'concentration' must say of which drug it is, with 'of'",
        ),
        (
            'when = { measurement = "concentration", of = "dobutamin", above = "@drug:strengths.highest" }',
            f"{KEY}.of",
            "Medicine 'dobutamin' is not in the vocabulary",
        ),
        (
            'when = { measurement = "body weight", of = "dobutamine", above = "@dosing:weight.table_maximum" }',
            f"{KEY}.of",
            "'body weight' cannot say of which drug it is",
        ),
        ('when = { sex = "male", within = "@x" }', f"{KEY}.within", "Key 'within' is not known here; known: 'sex'"),
    ],
)
def test_a_condition_that_cannot_be_judged(proves, new: str, key: str, says: str) -> None:
    proves("safety.toml", WHEN, new, key=key, says=says)


def test_an_event_and_a_level_are_read_with_their_bounds(plant) -> None:
    folder = plant(
        "safety.toml",
        WHEN,
        'when = { any = [{ event = "bleeding", within = "@vocabulary:serum potassium.fresh_for" }, '
        '{ measurement = "concentration", of = "dobutamine", above = "@drug:strengths.highest" }] }',
    )
    drug = load_drug(folder)
    assert drug.rule("allergy").when == Any_(
        (
            HadEvent("bleeding", "@vocabulary:serum potassium.fresh_for"),
            MeasurementCompares("concentration", None, Comparison.ABOVE, "@drug:strengths.highest", "dobutamine"),
        )
    )
    assert drug.judged_levels == {("concentration", "dobutamine")}
    assert "concentration" not in drug.judged_measurements
    assert "creatinine is changing" in drug.judged_facts
