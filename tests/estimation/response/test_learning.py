"""What is learned: the prior without a reading, the truth where readings are exact, and Bayes' rule in between."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from inotrope.circulation import Drive
from inotrope.errors import RequestError
from inotrope.estimation.response import Target, judge_learned, learn
from inotrope.estimation.response.learning import Learned
from inotrope.estimation.response.modes import find_modes
from inotrope.population.response import Ensemble, draw, expect
from tests.estimation.response.bedsides import (
    CVP,
    HEART_RATE,
    LEFT,
    MAP,
    OUTPUT,
    PULMONARY,
    WEDGE,
    ensemble,
    readings,
    shipped,
    simulated,
)

BRUTE = 60_000


def brute_force(target: Target, seed: int = 77) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Return deviates, kinetics and weights of draws from the prior, and the log marginal: Bayes' rule and no more."""
    found = draw(target.ensemble, patients=np.arange(BRUTE), seed=seed)
    kinetics = np.arange(BRUTE) % len(target.levels)
    logs = target.log_likelihood(found.deviates, found.members, kinetics)
    weights = np.exp(logs - logs.max())
    return found.deviates, kinetics, weights / weights.sum(), float(logs.max() + np.log(weights.mean()))


@pytest.mark.parametrize("draws", [1, 700])
def test_without_a_reading_the_prior_is_the_answer(draws: int) -> None:
    target = Target.of(ensemble(), readings([], [True]), [[200.0], [300.0]])
    found, prior = learn(target, draws=draws, seed=5), draw(ensemble(), patients=np.arange(draws), seed=5)
    assert (found.method, found.refused, found.log_marginal) == ("prior", "", 0.0)
    assert np.array_equal(found.deviates, prior.deviates) and np.array_equal(found.members, prior.members)
    assert np.array_equal(found.kinetics, np.arange(draws) % 2)
    assert found.patients(target).sound.all()


@pytest.mark.parametrize(
    ("patient", "before", "after", "method"),
    [
        (3, (HEART_RATE, MAP), (), "importance"),
        (5, (HEART_RATE, MAP, CVP), (HEART_RATE, MAP), "importance"),
        (8, (), (HEART_RATE, OUTPUT, MAP), "any"),
    ],
)
def test_the_answer_is_that_of_brute_force(
    patient: int, before: tuple[int, ...], after: tuple[int, ...], method: str
) -> None:
    target = simulated(patient, before=before, after=after).target
    deviates, kinetics, weights, log_marginal = brute_force(target)
    assert 1 / (weights * weights).sum() > 300  # so that brute force itself is known to 0.06 SDs
    found = learn(target, draws=4000, seed=1)
    assert found.refused == "" and method in ("any", found.method)
    mean = weights @ deviates
    sd = np.sqrt(weights @ (deviates - mean) ** 2)
    assert np.abs((found.deviates.mean(axis=0) - mean) / sd).max() < 0.2
    assert np.abs(found.deviates.std(axis=0) / sd - 1).max() < 0.15
    levels = np.log(target.levels[:, 1:])
    if levels.size:
        assert levels[found.kinetics].mean() == pytest.approx(weights @ levels[kinetics, 0], abs=0.04)
    assert found.log_marginal == pytest.approx(log_marginal, abs=0.15)


def test_what_is_missing_is_drawn_as_what_is_measured_says() -> None:
    """Two normals of correlation r: the one at x SDs, the other's mean is r x and its SD sqrt(1 - r^2), by hand."""
    typical = 12.0 * math.exp(0.4)  # one SD above the median of the central venous pressure
    target = Target.of(ensemble(), readings([(0, CVP, typical)], [False], scale=1e-3), [[0.0]])
    found = learn(target, draws=4000, seed=2).patients(target)
    assert found.bedside.central_venous_mmhg == pytest.approx(typical, rel=1e-3)
    wedge = np.log(found.bedside.wedge_mmhg / 25) / 0.25
    assert wedge.mean() == pytest.approx(0.5, abs=0.05) and wedge.std() == pytest.approx(math.sqrt(0.75), abs=0.04)


def test_exact_readings_pin_what_they_read_and_nothing_else() -> None:
    values = {HEART_RATE: 95.0, OUTPUT: 3.2, MAP: 74.0, CVP: 15.0, WEDGE: 28.0, PULMONARY: 40.0}
    rows = [(0, kind, value) for kind, value in values.items()]
    target = Target.of(ensemble(), readings(rows, [False], scale=1e-3), [[0.0]])
    found = learn(target, draws=2000, seed=3)
    bedside = found.patients(target).bedside
    assert bedside.heart_rate_per_min == pytest.approx(95, rel=1e-3)
    assert bedside.cardiac_output_l_per_min == pytest.approx(3.2, rel=2e-3)
    assert bedside.mean_pulmonary_mmhg == pytest.approx(40, rel=1e-3)  # the sum of two unknowns
    assert bedside.wedge_mmhg == pytest.approx(28, rel=1e-3)
    for place in range(8, found.deviates.shape[1]):
        assert found.deviates[:, place].std() == pytest.approx(1, abs=0.08)  # the drug is as unknown as before


def test_the_order_of_readings_does_not_matter() -> None:
    rows = [(0, HEART_RATE, 88.0), (0, MAP, 75.0), (1, CVP, 6.0), (1, MAP, 70.0), (1, MAP, 66.0)]
    one, other = (
        learn(Target.of(ensemble(), readings(given, [False, True]), [[0.0, 200.0], [0.0, 240.0]]), draws=500)
        for given in (rows, [rows[place] for place in (4, 0, 3, 1, 2)])
    )
    assert np.array_equal(one.deviates, other.deviates) and np.array_equal(one.kinetics, other.kinetics)


def test_readings_on_the_drug_tell_of_the_time_without_it() -> None:
    """The baseline is latent: a pressure on the drug moves it, and without drug at that moment would be read as it."""
    rows = [(0, MAP, 55.0)]
    low, plain = (Target.of(ensemble(), readings(rows, [drug]), [[260.0]]) for drug in (True, False))
    on_drug, without = (learn(item, draws=2000).patients(item).bedside.mean_arterial_mmhg for item in (low, plain))
    assert without.mean() < 60 < on_drug.mean() < 78


def test_hemodynamics_tell_of_the_level_too() -> None:
    """One joint answer: who answered far too strongly had more drug than the kinetics thought, or answers more."""
    rng = np.random.default_rng(4)
    levels = np.column_stack([np.zeros(800), 217 * np.exp(0.4 * rng.standard_normal(800))])
    rows = [(0, OUTPUT, 3.0), (0, MAP, 80.0), (1, OUTPUT, 6.0), (1, MAP, 62.0)]
    target = Target.of(ensemble(), readings(rows, [False, True]), levels)
    found = learn(target, draws=2000)
    assert found.refused == "" and levels[found.kinetics, 1].mean() > 1.15 * levels[:, 1].mean()
    ahead, prior = (
        expect(ensemble(), item, [[217.0]]).change_quantiles("cardiac_index_l_per_min_m2", [0.5])[0, 0]
        for item in (found.patients(target), draw(ensemble(), patients=np.arange(1000), seed=1).patients)
    )
    assert ahead > 1.3 * prior


def test_what_is_expected_goes_with_each_draws_own_levels() -> None:
    one = simulated(3, before=(HEART_RATE, MAP), after=())
    found = learn(one.target, draws=200)
    ahead = np.linspace(100, 300, 500)[:, None] * [1.0, 0.0]
    expected = found.expected(one.target, ahead)
    assert expected.now["mean_arterial_mmhg"].shape == (2, 200)
    assert expected.now["mean_arterial_mmhg"][1] == pytest.approx(expected.before["mean_arterial_mmhg"], rel=1e-9)
    by_hand = expect(ensemble(), found.patients(one.target), [ahead[found.kinetics, 0]])
    assert np.array_equal(by_hand.now["wedge_mmhg"][0], expected.now["wedge_mmhg"][0])
    blocked = found.expected(one.target, ahead, Drive.of(now=0.7, calibrated=0.7))
    assert blocked.now["cardiac_index_l_per_min_m2"][0].mean() < expected.now["cardiac_index_l_per_min_m2"][0].mean()
    with pytest.raises(RequestError, match="the same kinetic draws"):
        found.expected(one.target, ahead[:10])


def test_a_beta_blocker_is_part_of_what_is_learned() -> None:
    rows = [(0, OUTPUT, 3.5), (1, OUTPUT, 4.6)]
    plain, blocked = (
        Target.of(ensemble(), readings(rows, [False, True]), [[0.0, 217.0]], drive)
        for drive in (Drive.of(), Drive.of(now=0.7))
    )
    one, other = learn(plain, draws=4000), learn(blocked, draws=4000)
    assert other.log_marginal < one.log_marginal - 0.2  # under a new beta-blocker the same rise is a surprise
    assert other.deviates[:, 12].mean() > one.deviates[:, 12].mean() + 0.1  # the arteries must have done more


def test_readings_that_nobody_shows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inotrope.estimation.response.learning.LEAST_DRAWS", 300)
    rows = [(0, MAP, 80.0), (0, MAP, 120.0)]
    target = Target.of(ensemble(), readings(rows, [False], scale=1e-9), [[0.0]])
    found = learn(target, draws=100)
    assert found.method == "tempered" and "no patient of this kind shows them" in found.refused
    assert found.deviates.shape == (0, 17) and math.isnan(found.log_marginal)
    said = judge_learned(found)
    assert said is not None and said.id == "response-uncertain" and found.refused in said.says


def test_draws_that_do_not_settle_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inotrope.estimation.response.learning.LEAST_FRACTION", 1.1)
    monkeypatch.setattr("inotrope.estimation.response.learning.LEAST_DRAWS", 400)
    target = Target.of(ensemble(), readings([(0, MAP, 60.0)], [False]), [[0.0]])
    assert "a mean is still uncertain by" in learn(target, draws=100).refused  # 400 draws never know it well enough


@pytest.mark.parametrize(("method", "least"), [("moved", 0.1), ("tempered", 1.1)])
def test_moving_tempering_and_weighting_agree(monkeypatch: pytest.MonkeyPatch, method: str, least: float) -> None:
    target = simulated(5, before=(HEART_RATE, MAP), after=(MAP, LEFT)).target
    weighted = learn(target, draws=2000)
    monkeypatch.setattr("inotrope.estimation.response.learning.LEAST_FRACTION", 1.1)
    monkeypatch.setattr("inotrope.estimation.response.learning.LEAST_MOVED", least)
    tempered = learn(target, draws=2000)
    assert (weighted.method, tempered.method) == ("importance", method)
    assert tempered.log_marginal == pytest.approx(weighted.log_marginal, abs=0.12)
    assert np.abs(tempered.deviates.mean(axis=0) - weighted.deviates.mean(axis=0)).max() < 0.12
    assert np.bincount(tempered.members) / 2000 == pytest.approx(np.bincount(weighted.members) / 2000, abs=0.06)
    levels = np.log(target.levels[:, 1])
    assert levels[tempered.kinetics].mean() == pytest.approx(levels[weighted.kinetics].mean(), abs=0.03)


def test_a_member_without_draws_keeps_its_hessian_and_one_member_is_enough() -> None:
    file = shipped()
    alone = Ensemble(replace(file, members={"P3": file.members["P3"]}, default="P3"), 1.9)
    target = Target.of(alone, readings([(0, MAP, 70.0), (1, MAP, 60.0)], [False, True]), [[0.0, 217.0]])
    found = learn(target, draws=300)
    assert found.refused == "" and (found.members == 0).all()


def test_the_search_comes_back_from_a_step_that_was_too_long() -> None:
    """A central venous pressure of 34 mmHg: the first whole step would lead to 90, and must be shortened often."""
    target = Target.of(ensemble(), readings([(0, CVP, 34.0), (1, MAP, 88.0)], [False, True]), [[0.0, 217.0]])
    found = find_modes(target)
    places = np.eye(17)[None] * 1e-3
    for sign in (1, -1):  # no place nearby is more probable
        near = found.centers[:, None, :17] + sign * places
        members = np.repeat(np.arange(3), 17)
        logs = target.log_likelihood(near.reshape(-1, 17), members, np.zeros(51, int)) - target.readings.constant
        heights = logs.reshape(3, 17) - (near**2).sum(axis=-1) / 2
        assert (heights <= found.heights[:, None] + 1e-5).all()
    assert learn(target, draws=100).method == "importance"


def test_the_same_seed_is_the_same_answer_and_a_part_is_fair() -> None:
    target = simulated(9, before=(HEART_RATE, MAP), after=(MAP,)).target
    one, other = learn(target, draws=300, seed=4), learn(target, draws=300, seed=4)
    assert np.array_equal(one.deviates, other.deviates)
    many = learn(target, draws=4000, seed=4)
    assert np.abs(many.deviates[:1000].mean(axis=0) - many.deviates.mean(axis=0)).max() < 0.12
    assert isinstance(many, Learned) and judge_learned(many) is None


def test_a_search_that_ends_early_costs_draws_and_no_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    target = simulated(3, before=(HEART_RATE, MAP), after=()).target
    whole = learn(target, draws=4000)
    monkeypatch.setattr("inotrope.estimation.response.modes.STEPS", 1)
    early = learn(target, draws=4000)
    assert early.log_marginal == pytest.approx(whole.log_marginal, abs=0.1)


def test_what_cannot_be_asked() -> None:
    target = simulated(9, before=(MAP,), after=()).target
    with pytest.raises(RequestError, match="Ask for 1 or more"):
        learn(target, draws=0)
    for levels in ([[1.0]], np.empty((0, 2)), [1.0, 2.0]):
        with pytest.raises(RequestError, match="by kinetic draw and moment"):
            Target.of(ensemble(), readings([], [False, True]), levels)
    for level in (-1.0, float("nan")):
        with pytest.raises(RequestError, match="finite number of 0 or above"):
            Target.of(ensemble(), readings([], [True]), [[level]])
