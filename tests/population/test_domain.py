"""Where a patient stands: inside, not known, outside, too far outside; machines; and which model comes first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inotrope.drug import load_drug
from inotrope.population import Answer, Model, Standing, default_of, judge_domain, load_model, load_models, standings

from .conftest import Write

INSIDE: dict[str, Any] = {
    "weight": 50.0,
    "creatinine clearance": 100.0,
    "injury": "absent",
    "age": 70.0,
    "albumin": 4000.0,
    "ward": "intensive care",
    "kidney replacement": "absent",
}


def test_who_was_studied_is_inside(model: Model) -> None:
    found = judge_domain(model, INSIDE, until_h=24)
    assert found.standing is Standing.INSIDE
    assert found.remarks == ()
    assert found.answers


@pytest.mark.parametrize(
    ("change", "standing", "of", "says"),
    [
        ({"age": 20.0}, Standing.INSIDE, None, ""),
        ({"age": 80.0}, Standing.INSIDE, None, ""),
        ({"age": 19.9}, Standing.EXTRAPOLATION, "age", "age is 19.9 year. Adults of 20 to 80 years."),
        ({"age": np.array([70.0, 81.0])}, Standing.EXTRAPOLATION, "age", "age is 81 year."),
        ({"age": 18.0}, Standing.EXTRAPOLATION, "age", "age is 18 year."),
        ({"age": 17.9}, Standing.REFUSAL, "age", "age is 17.9 year."),
        ({"age": 101.0}, Standing.REFUSAL, "age", "age is 101 year."),
        ({"age": None}, Standing.REFUSAL, "age", "It needs age, which is not known."),
        ({"age": np.nan}, Standing.UNKNOWN, "age", "age is not known."),
        ({"injury": "unknown"}, Standing.REFUSAL, "injury", "It needs injury"),
        ({"ward": "home"}, Standing.REFUSAL, "ward", "ward is 'home'. The patients were in intensive care."),
        ({"ward": "unknown"}, Standing.UNKNOWN, "ward", "ward is not known."),
        ({"ward": None}, Standing.UNKNOWN, "ward", "ward is not known."),
        (
            {"kidney replacement": "present"},
            Standing.REFUSAL,
            "kidney replacement",
            "Enter what it clears of the drug, a clearance such as '1.2 L/h'",
        ),
        ({"kidney replacement": "unknown"}, Standing.UNKNOWN, "kidney replacement", "is not recorded"),
        ({"kidney replacement": None}, Standing.UNKNOWN, "kidney replacement", "is not recorded"),
    ],
)
def test_each_limit_in_words(
    model: Model, change: dict[str, Any], standing: Standing, of: str | None, says: str
) -> None:
    known = {name: value for name, value in {**INSIDE, **change}.items() if value is not None}
    found = judge_domain(model, known)
    assert found.standing is standing
    assert [remark.of for remark in found.remarks] == ([] if of is None else [of])
    assert all(says in remark.says for remark in found.remarks)
    assert found.answers == (standing is not Standing.REFUSAL)


@pytest.mark.parametrize("how", ["clearance_entered", "level_measured"])
def test_a_machine_is_answered_with_its_clearance_or_a_level(model: Model, how: str) -> None:
    present = {**INSIDE, "kidney replacement": "present"}
    assert judge_domain(model, present, **{how: True}).standing is Standing.INSIDE


def test_a_curve_beyond_what_was_followed_is_an_extrapolation(model: Model) -> None:
    found = judge_domain(model, INSIDE, until_h=24.5)
    assert found.standing is Standing.EXTRAPOLATION
    assert found.remarks[0].says == "Patients were followed for 24 h; the curve goes on to 24.5 h."


def test_the_worst_comes_first_and_what_is_lacking_is_said(write: Write) -> None:
    lack = '[[lacks]]\nwhat = "the second volume"\nwithholds = ["time course"]\n\n[data]'
    model = load_model(write(("[data]", lack)))
    found = judge_domain(model, {**INSIDE, "age": 19.0})
    assert found.remarks[0].says == "It lacks the second volume."
    assert found.standing is Standing.REFUSAL
    assert judge_domain(model, INSIDE, answer=Answer.STEADY_LEVEL).standing is Standing.INSIDE


def test_many_patients_at_once(model: Model) -> None:
    ages = np.array([[70.0, 70.0], [70.0, 81.0], [17.0, 70.0]])
    assert standings(model, {**INSIDE, "age": ages}).tolist() == [0, 2, 3]
    assert standings(model, {"age": np.array([70.0, 19.0])}).tolist() == [1, 2]  # the ward is not known
    assert standings(model, {**INSIDE, "ward": np.array(["home", "intensive care", "unknown"])}).tolist() == [3, 0, 1]
    assert standings(model, INSIDE).tolist() == 0


def test_which_model_comes_first(write: Write) -> None:
    unconfirmed = load_model(write())
    sure = ('value = "-0.5", source = "paper:table 1", status = "unconfirmed"',
            'value = "-0.5", source = "paper:table 1", status = "confirmed"')  # fmt: skip
    confirmed = load_model(write(sure, name="sure_1.toml"))
    inside, outside = judge_domain(confirmed, INSIDE), judge_domain(confirmed, {**INSIDE, "age": 19.0})
    unknown = judge_domain(confirmed, {**INSIDE, "ward": "unknown"})
    refused = judge_domain(confirmed, {**INSIDE, "age": 1.0})
    assert default_of([(unconfirmed, inside), (confirmed, inside)]) is confirmed
    assert default_of([(unconfirmed, inside), (confirmed, unknown)]) is confirmed
    assert default_of([(unconfirmed, inside), (confirmed, outside)]) is unconfirmed  # the other one does not fit
    assert default_of([(unconfirmed, outside), (confirmed, outside)]) is confirmed
    assert default_of([(unconfirmed, outside), (confirmed, refused)]) is unconfirmed
    assert default_of([(confirmed, unknown), (unconfirmed, unknown), (confirmed, inside)]) is confirmed
    assert default_of([(unconfirmed, refused)]) is None
    assert default_of([]) is None


@pytest.mark.parametrize("name", ["bailey_2004", "bailey_1999", "ramamoorthy_1998"])
def test_a_preterm_infant_is_beyond_the_children_after_surgery(name: str) -> None:
    """37 weeks are term: below it loud, below 34 refused. An age of 17 weeks is past term after any pregnancy."""
    model = load_model(f"milrinone/{name}")
    unit = model.covariates["age"].unit
    weeks = 52.1775 if unit == "year" else 52.1775 / 12
    known = {
        "weight": 3.0,
        "indication": "low cardiac output after cardiac surgery",
        "kidney replacement": "absent",
        "renal impairment": "absent",
    }

    def standing(age_weeks: float, since_conception: float | None) -> Standing:
        own = {} if since_conception is None else {"postmenstrual age": since_conception}
        values = {**known, "age": age_weeks / weeks, **own}
        domain = judge_domain(model, values, answer=Answer.STEADY_LEVEL)
        (code,) = standings(model, {key: np.array([value]) for key, value in values.items()})
        assert list(Standing)[code] == domain.standing
        return domain.standing

    assert standing(1, 40) is Standing.INSIDE
    assert standing(1, 37) is Standing.INSIDE
    assert standing(1, 36.9) is Standing.EXTRAPOLATION
    assert standing(1, 33.9) is Standing.REFUSAL
    assert standing(16, None) is Standing.UNKNOWN
    assert standing(18, None) is Standing.INSIDE
    assert standing(16, 36) is Standing.EXTRAPOLATION


BLIND = ("bailey_2004", "bailey_1999", "ramamoorthy_1998", "lindsay_1998")
"""Of children, and no parameter follows the kidneys."""


@pytest.mark.parametrize("name", BLIND)
@pytest.mark.parametrize(
    ("clearance", "impaired", "expected"),
    [
        (80.0, "absent", Standing.INSIDE),
        (80.0, "unknown", Standing.INSIDE),  # the clearance tells it
        (80.0, None, Standing.INSIDE),
        (None, "absent", Standing.INSIDE),  # below one year no equation gives a clearance
        (np.nan, "absent", Standing.INSIDE),
        (None, "unknown", Standing.UNKNOWN),
        (None, None, Standing.UNKNOWN),
        (50.0, "absent", Standing.INSIDE),
        (49.9, "absent", Standing.EXTRAPOLATION),
        (29.9, "absent", Standing.REFUSAL),
        (8.9, None, Standing.REFUSAL),
        (80.0, "present", Standing.REFUSAL),
        (None, "present", Standing.REFUSAL),
    ],
)
def test_children_of_failing_kidneys_are_none_of_a_model_that_does_not_know_them(
    name: str, clearance: float | None, impaired: str | None, expected: Standing
) -> None:
    model = load_model(f"milrinone/{name}")
    indication = "septic shock" if name == "lindsay_1998" else "low cardiac output after cardiac surgery"
    years = {"month": 12.0}.get(model.covariates["age"].unit, 1.0)
    values = {"weight": 9.0, "age": 0.9 * years, "indication": indication, "kidney replacement": "absent"}
    values |= {} if clearance is None else {"creatinine clearance": clearance}
    values |= {} if impaired is None else {"renal impairment": impaired}
    assert judge_domain(model, values, answer=Answer.STEADY_LEVEL).standing is expected
    many = {key: np.array([value, value]) for key, value in values.items()}
    assert standings(model, many).tolist() == [list(Standing).index(expected)] * 2


@pytest.mark.parametrize(("name", "weeks"), [("mcnamara_2013", 39.0), ("paradisis_2007", 27.0)])
def test_a_newborn_s_impaired_kidneys_are_refused_by_the_word(name: str, weeks: float) -> None:
    model = load_model(f"milrinone/{name}")
    values = {"weight": 3.0, "gestational age": weeks, "postnatal age": 0.5, "kidney replacement": "absent"}
    for word, expected in (("absent", "inside"), ("unknown", "unknown"), ("present", "refusal")):
        assert judge_domain(model, {**values, "renal impairment": word}).standing.value == expected


PRETERM = {
    "age": 7 / 52.1775,
    "postnatal age": 49.0,
    "weight": 1.0,
    "gestational age": 24.0,
    "postmenstrual age": 31.0,
    "creatinine clearance": 20.0,
    "kidney replacement": "absent",
    "indication": "septic shock",
}
"""Born at 24 weeks, 7 weeks old: by the age alone an infant like others."""


@pytest.mark.parametrize("name", ["lindsay_1998", "gist_2018", "zuppa_2006"])
def test_seven_weeks_after_24_of_pregnancy_is_no_infant_of_seven_weeks(name: str) -> None:
    model = load_model(f"milrinone/{name}")
    remarks = {remark.of: remark for remark in judge_domain(model, PRETERM, answer=Answer.STEADY_LEVEL).remarks}
    assert remarks["postmenstrual age"].standing is Standing.REFUSAL
    later = {**PRETERM, "postmenstrual age": 36.0}
    remarks = {remark.of: remark for remark in judge_domain(model, later, answer=Answer.STEADY_LEVEL).remarks}
    assert remarks["postmenstrual age"].standing is Standing.EXTRAPOLATION
    term = {**PRETERM, "postmenstrual age": 46.0}
    told = judge_domain(model, term, answer=Answer.STEADY_LEVEL).remarks
    assert "postmenstrual age" not in {remark.of for remark in told}


def test_below_37_weeks_the_line_with_maturation_is_loud() -> None:
    """It knows the weeks since conception, so that it answers; nobody read that preterm infants were studied."""
    model = load_model("milrinone/hornik_2019")
    assert judge_domain(model, PRETERM).standing is Standing.EXTRAPOLATION
    assert judge_domain(model, {**PRETERM, "postmenstrual age": 37.0}).standing is Standing.INSIDE


def test_only_a_study_of_preterm_infants_holds_one_inside() -> None:
    """Of all models that answer none is silent about an infant of 28 weeks but the one study of such infants."""
    inside = []
    for age_days in (0.5, 20.0, 49.0):
        for indication in (
            "low cardiac output after cardiac surgery",
            "septic shock",
            "acute decompensated heart failure",
        ):
            for model in load_models(load_drug("milrinone")):
                months = "age" in model.covariates and model.covariates["age"].unit == "month"
                values = {
                    **PRETERM,
                    "age": age_days / (365.25 / 12 if months else 365.25),
                    "postnatal age": age_days,
                    "gestational age": 28.0 - age_days / 7,
                    "postmenstrual age": 28.0,
                    "indication": indication,
                    "own creatinine clearance": 20.0,
                }
                for answer in Answer:
                    if judge_domain(model, values, answer=answer).standing in (Standing.INSIDE, Standing.UNKNOWN):
                        inside.append(model.name)
    assert set(inside) == {"milrinone/paradisis_2007"}


def test_where_too_much_was_not_studied_either_no_weeks_are_filled_in() -> None:
    """An older child is past every lowest limit, and perhaps past a highest one: it stays unknown."""
    model = load_model("milrinone/lindsay_1998")
    values = {**PRETERM, "weight": 18.0, "age": 5.0, "postmenstrual age": None, "creatinine clearance": 80.0}
    before = judge_domain(model, values, answer=Answer.STEADY_LEVEL)
    assert before.standing is Standing.INSIDE
    limits = tuple(
        replace(limit, highest=limit.lowest) if limit.of == "postmenstrual age" else limit
        for limit in model.studied.limits
    )
    narrow = replace(model, studied=replace(model.studied, limits=limits))
    assert judge_domain(narrow, values, answer=Answer.STEADY_LEVEL).standing is Standing.UNKNOWN
