"""Which levels no patient of a model would have, and which slip explains each; the shipped label model's own levels."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inotrope.drug import load_drug
from inotrope.errors import RequestError
from inotrope.estimation import ErrorModel, Levels, Problem, judge_levels, level_scores, problem_of
from inotrope.kinetics import Timeline
from inotrope.population import ResidualForm, Stream, load_model, standard_normals, typical_values
from inotrope.population.forms import Array

LABEL = load_model("milrinone/label_adult")
TYPICAL = typical_values(
    LABEL, {"weight": np.array([70.0]), "creatinine clearance": np.array([80.0]), "age": np.array([60.0])}
)
MILRINONE_G_PER_MOL = 211.22  # inotrope/library/milrinone/drug.toml, confirmed


def of_levels(levels: Levels) -> Problem:
    """70 kg, sound kidneys, 0.375 mcg/kg/min from 0 h: steady at 0.375 x 60 / 0.14 = 161 ng/mL."""
    return problem_of(LABEL, timeline=Timeline.of_rates([0.0], [0.375 * 60 * 70]), typical=TYPICAL, levels=levels)


def scale(error: ErrorModel, level: float) -> float:
    """The integral of dy / SD(y) from 0, by the midpoint rule: the scale on which each level has an error of 1."""
    middles = (np.arange(400_000) + 0.5) * level / 400_000
    return float((level / 400_000 / error.sd(middles)).sum())


def straight(error: ErrorModel, level: float) -> Problem:
    """One eta with omega 0.5 and a curve for which the even scale is exactly linear in it, 5 SDs of it per unit."""
    a, b = error.a_ng_per_ml, error.b

    def predict(etas: Array) -> Array:
        even = 40 + 5 * etas
        if b == 0:
            return np.asarray(a * even)
        if a == 0:
            return np.asarray(np.exp(b * even))
        wide = np.expm1(b * even) if error.form is ResidualForm.SUM else np.sinh(b * even)
        return np.asarray(a / b * wide)

    return Problem(("clearance",), np.array([[0.25]]), Levels.of(1.0, level), error, predict)


@pytest.mark.parametrize("form", list(ResidualForm))
@pytest.mark.parametrize(("a", "b"), [(3.0, 0.1), (3.0, 0.0)])
def test_the_score_by_hand(form: ResidualForm, a: float, b: float) -> None:
    """On the even scale the middle is 40 and the variance (5 x 0.5)^2 + 1 = 7.25."""
    error = ErrorModel(form, a, b)
    found = level_scores(straight(error, 250.0))
    assert found == pytest.approx([(scale(error, 250.0) - 40) / math.sqrt(7.25)], rel=1e-7)


def test_the_score_where_the_error_is_in_proportion_alone() -> None:
    error = ErrorModel(ResidualForm.SUM, 0.0, 0.1)
    assert level_scores(straight(error, 250.0)) == pytest.approx([(math.log(250) / 0.1 - 40) / math.sqrt(7.25)])
    assert level_scores(straight(error, 0.0)) == -np.inf


def test_levels_of_the_models_own_patients_are_hardly_ever_implausible() -> None:
    """3,000 simulated levels: about normal scores, and none refused at 4 SDs in this sample; 0.06 % would be two."""
    blank = of_levels(Levels.of(12.0, np.ones((3_000, 1))))
    deviates = standard_normals(5, np.arange(3_000), 2, Stream.SUBJECT)
    truth = blank.predict(deviates * np.sqrt(np.diag(blank.omega)))
    errors = standard_normals(5, np.arange(3_000), 1, Stream.RESIDUAL)
    measured = np.maximum(truth + blank.error.sd(truth) * errors, 0)
    scores = level_scores(of_levels(Levels.of(12.0, measured)))
    assert abs(scores.mean()) < 0.1
    assert scores.std() == pytest.approx(1, abs=0.1)
    assert (np.abs(scores) > 4).mean() <= 0.0006


def test_a_level_that_fits_is_not_refused() -> None:
    assert judge_levels(of_levels(Levels.of([12.0, 24.0], [161.0, 90.0]))) == ()


@pytest.mark.parametrize(
    ("entered", "says"),
    [
        (0.161, "the number is in mg/L (the same as mcg/mL)"),
        (161_000, "the number is in ng/L (the same as pg/mL)"),
        (16.1, "one place too far left, or the number is in mcg/dL"),
        (1_610, "one place too far right"),
        (16_100, "the number is in ng/dL"),
        (0.0161, "the number is in mg/dL"),
        (1_000 * 161 / MILRINONE_G_PER_MOL, "the number is in nmol/L"),
    ],
)
def test_each_slip_is_named_first(entered: float, says: str) -> None:
    """The typical level, entered wrongly; where a slip of another kind explains it too, that comes after it."""
    error = ErrorModel(ResidualForm.ROOT_OF_SQUARES, 0.005, 0.15)  # an assay of which 0.02 ng/mL is a level
    given = of_levels(Levels.of(24.0, entered))
    narrow = Problem(given.names, given.omega / 4, given.levels, error, given.predict)
    (refusal,) = judge_levels(narrow, molar_mass_g_per_mol=MILRINONE_G_PER_MOL)
    assert refusal.id == "level-implausible"
    assert refusal.needs == ("concentration",)
    explained = refusal.says.partition("It would fit if ")[2]
    assert says in explained.partition(", or if ")[0]


def test_a_wrong_unit_in_the_shipped_label_model() -> None:
    """0.161 mg/L entered as 0.161 ng/mL; 161 ng/mL entered as 161,000."""
    for entered, shown, says in ((0.161, "0.161", "mg/L"), (161_000, "161,000", "ng/L")):
        (refusal,) = judge_levels(of_levels(Levels.of(24.0, entered)))
        assert says in refusal.says
        assert f"level of {shown} ng/mL at 24 h is implausible" in refusal.says
        assert ("above" if entered > 161 else "below") in refusal.says


def test_a_clock_time_is_said_where_it_is_given() -> None:
    problem = of_levels(Levels.of([12.0, 24.0], [161.0, 161_000]))
    (refusal,) = judge_levels(problem, moments=("2026-11-22 06:00", "2026-11-22 18:00"))
    assert "161,000 ng/mL at 2026-11-22 18:00 is implausible" in refusal.says and " h is" not in refusal.says


def test_what_95_percent_would_have() -> None:
    """Two SDs each way on the even scale: 40 -/+ 2 sqrt(7.25)."""
    for error in (
        ErrorModel(ResidualForm.SUM, 3.0, 0.1),
        ErrorModel(ResidualForm.SUM, 3.0, 0.0),
        ErrorModel(ResidualForm.SUM, 0.0, 0.1),
        ErrorModel(ResidualForm.ROOT_OF_SQUARES, 3.0, 0.1),
    ):
        problem = straight(error, 1e7)
        ends = (40 + np.array([-2, 2]) * math.sqrt(7.25) - 40) / 5
        low, high = problem.predict(ends[:, None])[:, 0]
        (refusal,) = judge_levels(problem)
        low, high = (f"{float(f'{end:.3g}'):.9g}" for end in (low, high))
        assert f"95 % would have {low} to {high} ng/mL" in refusal.says.replace(",", "")


def test_no_slip_explains_it() -> None:
    """3.5 times too high is no slip of a unit, and without the molar mass nothing explains it."""
    given = of_levels(Levels.of(24.0, 3.5 * 161))
    narrow = Problem(given.names, given.omega / 25, given.levels, given.error, given.predict)
    (refusal,) = judge_levels(narrow)
    assert "It would fit" not in refusal.says
    assert "infusing line" in refusal.says


def test_a_level_of_nothing_where_the_error_is_in_proportion_alone() -> None:
    (refusal,) = judge_levels(straight(ErrorModel(ResidualForm.SUM, 0.0, 0.1), 0.0))
    assert "infinitely many SDs below" in refusal.says


def test_a_level_before_any_dose_asks_for_the_dose_history() -> None:
    (refusal,) = judge_levels(of_levels(Levels.of([-2.0, 24.0], [140.0, 161.0])))
    assert refusal.id == "dose-history-incomplete"
    assert "nothing had been given before" in refusal.says
    assert refusal.needs == ("administrations", "concentration")


def test_below_quantification_only_far_more_is_implausible() -> None:
    assert judge_levels(of_levels(Levels.of(24.0, 4_000.0, below=True))) == ()
    (refusal,) = judge_levels(of_levels(Levels.of(24.0, 2.0, below=True)))
    assert "<2 ng/mL" in refusal.says


def test_a_level_that_is_left_out_is_not_judged() -> None:
    assert judge_levels(of_levels(Levels.of(24.0, 0.161, weight=0))) == ()


def test_one_patient_at_a_time() -> None:
    with pytest.raises(RequestError, match="one patient"):
        judge_levels(of_levels(Levels.of(24.0, [[161.0], [90.0]])))


def test_the_molar_mass_is_the_librarys() -> None:
    assert float(load_drug("milrinone").identity.molar_mass.value.in_unit("g/mol")) == MILRINONE_G_PER_MOL


def test_draws_that_know_more_than_the_etas_stand_for_all_patients() -> None:
    """A level of 900 where the etas give 90 to 110 is no patient's; where draws go from 50 to 2,000 it is one's."""
    error = ErrorModel(ResidualForm.ROOT_OF_SQUARES, 5.0, 0.15)
    known = Problem(("clearance",), np.array([[0.01]]), Levels.of(1.0, 900.0), error, lambda etas: 100 * np.exp(-etas))
    assert [item.id for item in judge_levels(known)] == ["level-implausible"]
    assert judge_levels(known, predicted=np.geomspace(50, 2000, 400)[:, None]) == ()


def test_a_level_is_judged_beside_those_that_are_plausible_by_themselves() -> None:
    """On the even scale (an error of 1) each level is 40 + 5 eta, with an eta of 0.5: variance 7.25, covariance 6.25.

    12 above the middle is 4.5 SDs of sqrt(7.25). Beside one that lies 8 above it the middle is 6.25 / 7.25 x 8 = 6.90
    higher and the variance 7.25 - 6.25^2 / 7.25 = 1.86: 12 is 3.7 SDs away, 14 is 5.2. Two at 12 vouch for nothing.
    """
    error = ErrorModel(ResidualForm.SUM, 3.0, 0.0)

    def refused(*above: float, below: bool = False, weight: float = 1.0) -> list[float]:
        levels = Levels.of(
            np.arange(1.0, len(above) + 1),
            [3 * (40 + each) for each in above],
            below=[below, *[False] * (len(above) - 1)],
            weight=[weight, *[1.0] * (len(above) - 1)],
        )
        given = Problem(
            ("clearance",), np.array([[0.25]]), levels, error, lambda etas: 3 * (40 + 5 * etas) * np.ones(len(above))
        )
        return [float(item.says.split(" at ")[1].split(" h")[0]) for item in judge_levels(given)]

    assert refused(12) == [1] and refused(8) == []
    assert refused(8, 12) == [] and refused(8, 14) == [2]
    assert refused(12, 12) == [1, 2]
    assert refused(-8, 12) == [2]
    assert refused(8, 12, below=True) == [2] and refused(8, 12, weight=0.0) == [2]
