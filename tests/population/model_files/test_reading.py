"""A sound model file is read as written; each planted mistake is named with file, line and key."""

from __future__ import annotations

import math

import pytest

from inotrope.population import Answer, Model, ModelKind, OverTime, ResidualForm, Structure, check_model, load_model

from ..conftest import STEADY, Proves, Write

AGE_GROUP = """of = "age"
up_to = { value = "60 year", source = "paper:table 2", status = "confirmed" }
value = { value = "10 L","""
RENAL = 'form = "renal_fraction"\nof = "creatinine clearance"\nnonrenal = { value = "0.2"'
Q2 = 'typical = { value = "5 L/h"'
CORRELATION = 'of = ["clearance", "volume"]'


def test_a_sound_file_is_read_as_written(model: Model) -> None:
    assert (model.name, model.drug, model.kind) == ("paper_2000", "vancomycin", ModelKind.TIME_COURSE)
    assert model.structure is Structure.TWO
    assert model.covariates["age"].over_time is OverTime.LINEAR
    assert model.covariates["injury"].note == "by KDIGO"
    assert model.needs == ("weight", "creatinine clearance", "injury", "age", "albumin")
    assert model.residual is not None and model.residual.form is ResidualForm.ROOT_OF_SQUARES
    assert list(model.known) == ["half_life"]
    assert model.data is not None and model.data.amount == "mg"
    assert model.unknown == ("How levels follow dialysis.",)
    assert model.conflicts[0].sources[0].place == "discussion"
    assert model.unconfirmed == ("parameters.q2.power.exponent",)
    assert model.judged == ("parameters.clearance.renal_fraction.held_at",)
    assert len(model.digest) == 64
    assert model.lacking(Answer.TIME_COURSE) == model.lacking(Answer.STEADY_LEVEL) == ()


def test_what_is_absent_is_absent(write: Write) -> None:
    bare = load_model(
        write(
            text="""drug = "vancomycin"
[model]
kind = "time_course"
structure = "one compartment"
title = "Bare"
source = ["paper:1"]
status = "confirmed"
[source.paper]
title = "A paper"
where = "a shelf"
grade = "A"
[studied]
who = "somebody"
source = ["paper:1"]
status = "confirmed"
[parameters]
clearance.typical = { value = "4 L/h", source = "paper:1", status = "confirmed" }
volume.typical = { value = "50 L", source = "paper:1", status = "confirmed" }
"""
        )
    )
    assert (bare.covariates, bare.residual, bare.data, bare.level, bare.known) == ({}, None, None, None, {})
    assert bare.variability.between_subjects == {}


def test_a_cv_an_sd_and_an_omega_become_omegas(model: Model) -> None:
    spreads = model.variability.between_subjects
    assert spreads["clearance"].omega == pytest.approx(math.sqrt(math.log(1.09)))  # 1 + 0.3^2
    assert spreads["v2"].omega == pytest.approx(math.sqrt(math.log(1.04)))  # 6 of 30 L is 20 %
    assert spreads["volume"].omega == 0.25


def test_an_sd_per_kg_stands_beside_a_value_per_kg(write: Write) -> None:
    path = write(('clearance = { cv = { value = "30 %"', 'clearance = { sd = { value = "0.5 mL/kg/min"'))
    spread = load_model(path).variability.between_subjects["clearance"]
    assert spread.omega == pytest.approx(math.sqrt(math.log(1.09)))  # 0.5 mL/kg/min is 0.03 L/kg/h, 30 % of 0.1


def test_levels_of_groups_are_read(write: Write) -> None:
    steady = load_model(write(text=STEADY))
    assert steady.level is not None and len(steady.level.effect.groups) == 2
    assert [place for place, _ in steady.numbers][:3] == [
        "level.at_rate",
        "level.group[0].below",
        "level.group[0].value",
    ]
    assert steady.lacking(Answer.TIME_COURSE) == ("a course over time: the publication gives steady states only",)


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ('kind = "time_course"', 'kind = "curve"', "model.kind", "'curve' is not one of"),
        ('structure = "two', 'structure = "no', "model.structure", "has one, two or three compartments"),
        ('structure = "two compartments"', 'structure = "not seen"', "model.structure", "has one, two or three"),
        ('structure = "two', 'structure = "three', "parameters", "needs q3, v3"),
        ('structure = "two compartments"', 'structure = "one compartment"', "parameters.q2", "has no q2, v2"),
        ('note = "Round numbers."', 'remark = "x"', "model.remark", "not known here"),
        ('source = ["paper:table 1"]', 'source = ["book:table 1"]', "model.source[0]", "'book' does not stand in"),
        ('"0.1 L/kg/h"', '"0.1 L/kg"', "parameters.clearance.typical.value", "measures volume per body weight"),
        ('"0.1 L/kg/h"', '"0.1 L/h"', "parameters.clearance.typical.value", "measures flow"),
        ('"0.1 L/kg/h"', '"0.1"', "parameters.clearance.typical.value", "has no unit"),
        ('"0.1 L/kg/h"', '"-0.1 L/kg/h"', "parameters.clearance.typical.value", "must be above zero"),
        ('"0.1 L/kg/h"', '"100 L/kg/h"', "parameters.clearance.typical.value", "can be true of no drug"),
        ('form = "renal_fraction"', 'form = "renal"', "parameters.clearance.by[1].form", "not a form that this"),
        (RENAL, RENAL.replace("0.2", "-0.2"), "parameters.clearance.by[1].nonrenal.value", "above zero"),
        (RENAL, RENAL.replace("creatinine clearance", "kidneys"), "parameters.clearance.by[1].of", "does not stand in"),
        (RENAL, RENAL.replace("creatinine clearance", "injury"), "parameters.clearance.by[1].of", "is a word"),
        ('form = "per_kg"\nof = "weight"', 'form = "per_kg"\nof = "age"', "parameters.clearance.by[0].of",
         "body weight"),
        ('reference = { value = "100 mL/min/1.73 m2"', 'reference = { value = "100 mL/min"',
         "parameters.clearance.by[1].reference.value", "measures flow"),
        ('exponent = { value = "-0.5"', 'exponent = { value = "half"', "parameters.q2.by[0].exponent.value", "number"),
        ("[parameters.v2]", "[parameters.v4]", "parameters.v4", "is no parameter"),
        (Q2, 'kept = { value = "5 L/h"', "parameters.q2", "has a typical value, or its first form"),
        (AGE_GROUP, AGE_GROUP.replace("up_to", "is"), "parameters.volume.by[0].group[1].is", "is not a text"),
        (AGE_GROUP, AGE_GROUP.replace('of = "age"\n', ""), "parameters.volume.by[0].group[1]", "A group has 'of'"),
        (AGE_GROUP, AGE_GROUP.replace('"age"', '"injury"'), "parameters.volume.by[0].group[1]", "a word: write is"),
        ('is = "present"', 'is = "perhaps"', "parameters.volume.by[0].group[0].is", "is not what 'injury' can be"),
        ('of = "injury"', 'of = "harm"', "parameters.volume.by[0].group[0].of", "does not stand in [covariates]"),
        ('value = { value = "12 L"', 'factor = { value = "2"', "parameters.volume.by[0].group", "Write all in one way"),
        ('weight = { unit = "kg"', 'weight = { unit = "cm"', "covariates.weight.unit", "'cm' measures length"),
        ('weight = { unit = "kg"', 'weight = { unit = "stone"', "covariates.weight.unit", "not a unit of the closed"),
        ('weight = { unit = "kg"', "weight = { what = 1", "covariates.weight.unit", "is missing"),
        ('"absent"], over_time = "next_carried_backward"', '"absent"], over_time = "linear"',
         "covariates.injury.over_time", "cannot run on a straight line"),
        ("[covariates]", '[covariates]\nheight = { unit = "cm", over_time = "linear" }', "covariates.height",
         "Nothing reads the covariate"),
        ('of = "ward"', 'of = "wards"', "studied.within[1].of", "does not stand in [covariates]"),
        ('is = ["intensive care"]', "", "studied.within[1].is", "Write the words that were studied"),
        ('otherwise = "refusal"', 'otherwise = "inside"', "studied.within[1].is", "otherwise = 'extrapolation'"),
        ('of = "ward"\nis = ["intensive care"]', 'of = "injury"\nis = ["maybe"]', "studied.within[1].is", "can be"),
        ('lowest = { value = "20 year"', 'lowest = { value = "90 year"', "studied.within[0]", "must ascend"),
        ('of = "ward"\nis = ["intensive care"]\notherwise = "refusal"', 'of = "age"\nis = ["old"]', "studied.within[1]",
         "A number has limits"),
        ('cv = { value = "30 %"', 'iqr = { value = "30 %"', "variability.between_subjects.clearance", "Write one of"),
        ('v2 = { sd', 'v9 = { sd', "variability.between_subjects.v9", "is none of the parameters"),
        ('volume = { omega = { value = "0.25"', 'volume = { sd = { value = "2 L"',
         "variability.between_subjects.volume.sd", "nothing to stand beside"),
        ('sd = { value = "6 L"', 'sd = { value = "6 L/kg"', "variability.between_subjects.v2.sd.value", "volume per"),
        (CORRELATION, 'of = ["clearance", "q2"]', "variability.correlation[0].of", "two parameters that spread"),
        ('value = { value = "0.5"', 'value = { value = "1.5"', "variability.correlation[0].value", "is no correlation"),
        ('form = "log-normal"', 'form = "normal"', "variability.form", "'log-normal'"),
        ('form = "sqrt(a^2 + (b f)^2)"', 'form = "a * f"', "residual.form", "is not one of"),
        ('a = { value = "3 ng/mL"', 'a = { value = "3 %"', "residual.a.value", "measures fraction"),
        ('time = "h"', 'time = "fortnight"', "data.time", "is no unit of time"),
        ('time = "h"', "zone = 1", "data.time", "is missing"),
        ('says = "Another paper disagrees."', 'why = "x"', "conflict[0].says", "is missing"),
        ('half_life = { value = "6 h"', 'half_life = { value = "6 parsec"', "known.half_life.value", "unknown unit"),
        ("[studied]", "[examined]", "studied.who", "is missing"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(proves: Proves, old: str, new: str, key: str, says: str) -> None:
    proves(old, new, key=key, says=says)


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        (
            'weight = { unit = "kg", over_time = "last_carried_forward" }',
            "",
            "level.at_rate",
            "needs the covariate 'weight'",
        ),
        ('form = "category"', 'form = "per_kg"', "level.form", "not a form that this program"),
    ],
)
def test_a_mistake_in_levels_is_named(proves: Proves, old: str, new: str, key: str, says: str) -> None:
    proves(old, new, key=key, says=says, text=STEADY)


def test_levels_are_quantities_and_no_factors(write: Write, proves: Proves) -> None:
    factors = STEADY.replace('value = { value = "300 ng/mL"', 'factor = { value = "3"')
    proves(
        'value = { value = "200 ng/mL"', 'factor = { value = "2"', key="level.group", says="no factors", text=factors
    )


def test_a_model_of_steady_states_has_something_to_say(proves: Proves) -> None:
    start = STEADY.index("[level]")
    kept = STEADY[:start].replace("[covariates]", "").replace(STEADY[STEADY.index("weight = {") : start], "")
    proves('title = "Levels for tests"', 'title = "Empty"', key="", says="has [parameters] or [level]", text=kept)


def test_per_kg_stands_once(proves: Proves) -> None:
    twice = 'form = "per_kg"\nof = "weight"\n'
    proves(
        twice,
        f"{twice}[[parameters.clearance.by]]\n{twice}",
        key="parameters.clearance.by",
        says="stands twice",
    )


def test_a_typical_value_beside_groups_is_a_mistake(proves: Proves) -> None:
    proves(
        '[[parameters.volume.by]]\nform = "category"',
        '[parameters.volume]\ntypical = { value = "9 L", source = "paper:1", status = "confirmed" }\n'
        '[[parameters.volume.by]]\nform = "category"',
        key="parameters.volume",
        says="Keep one of them",
    )


def test_correlations_that_cannot_be_true_together(write: Write, proves: Proves) -> None:
    more = """[[variability.correlation]]
of = ["clearance", "v2"]
value = { value = "0.99", source = "paper:table 3", status = "confirmed" }
[[variability.correlation]]
of = ["volume", "v2"]
value = { value = "-0.99", source = "paper:table 3", status = "confirmed" }

[residual]"""
    proves("[residual]", more, key="variability.correlation", says="cannot all be true together")


def test_a_lack_withholds_answers_and_excuses_a_missing_parameter(write: Write, proves: Proves) -> None:
    lack = '[[lacks]]\nwhat = "the second volume"\nwithholds = ["time course"]\n\n[data]'
    missing = ("[parameters.v2]", "[parameters.renal_clearance]")
    spread = ('v2 = { sd = { value = "6 L"', 'q2 = { sd = { value = "1 L/h"')
    flow = ('typical = { value = "30 L"', 'typical = { value = "3 L/h"')
    found = load_model(write(("[data]", lack), missing, spread, flow))
    assert found.lacking(Answer.TIME_COURSE) == ("the second volume",)
    assert found.lacking(Answer.STEADY_LEVEL) == ()
    proves("[data]", lack.replace("time course", "everything"), key="lacks[0].withholds", says="withholds =")


def test_units_are_read_in_every_spelling_of_the_list(write: Write) -> None:
    planted = write(('age = { unit = "year"', 'age = { unit = "years"'), ('amount = "mg"', 'amount = "milligram"'))
    model = load_model(planted)
    assert model.covariates["age"].unit == "year"
    assert model.data is not None and model.data.amount == "mg"


def test_a_value_per_kg_without_the_weight_says_what_to_add(proves: Proves) -> None:
    says = "add [[parameters.v2.by]] with form = 'per_kg'"
    proves('value = "30 L"', 'value = "0.5 L/kg"', key="parameters.v2.typical", says=says)


def test_a_wrong_unit_of_a_known_covariate_is_told_once(write: Write) -> None:
    (problem,) = check_model(write(('age = { unit = "year"', 'age = { unit = "yrs"')))
    assert problem.where.endswith("covariates.age.unit")
    assert problem.says.startswith("'yrs' is not a unit of the closed list")
