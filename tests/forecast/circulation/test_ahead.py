"""What is foreseen of a patient: laws of the drug, and shares below a limit, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.estimation.response import learn
from inotrope.forecast.circulation import Beside, Foreseen, Person, at, foresee
from inotrope.forecast.circulation.spreading import of_one, over_time
from inotrope.forecast.draws import spread_of
from inotrope.population.response import SEEN, Expected, expect
from tests.estimation.response.bedsides import ensemble, simulated

from .patients import READ, learned, levels, typical

MAP, SVR = "mean_arterial_mmhg", "systemic_resistance_dyn_s_per_cm5"


def width(found: Foreseen, name: str = MAP) -> float:
    last = at(found.of(name), -1)
    return float(last.highest - last.lowest)


def test_more_of_the_drug_and_a_lower_resistance() -> None:
    person = learned()
    (found,) = foresee(person, person.levels(levels(person, 0, 50, 100, 200, 300, 400, spread=0.3)))
    assert (np.diff(found.of(SVR).median) < 0).all()
    assert (np.diff(found.of("wedge_mmhg").median) < 0).all()
    assert (np.diff(found.below(60).so_far) >= 0).all()


def test_after_washout_the_calibrated_state_returns() -> None:
    person = learned(after=(2,))
    (found,) = foresee(person, person.levels(levels(person, 200, 20, 0, spread=0.3)))
    for name in SEEN:
        before, after = found.before(name), at(found.of(name), -1)
        assert float(after.median) == pytest.approx(float(before.median), rel=1e-9)
        assert float(after.highest) == pytest.approx(float(before.highest), rel=1e-9)


def test_wide_levels_give_wide_pressures() -> None:
    person = learned()
    narrow, wide = foresee(person, person.levels(levels(person, 250)), person.levels(levels(person, 250, spread=0.8)))
    assert width(wide) > 1.2 * width(narrow)


def test_readings_make_it_narrower() -> None:
    unread, before, on = learned(before=()), learned(), learned(after=READ)
    widths = [width(foresee(each, each.levels(levels(each, 217, spread=0.25)))[0]) for each in (unread, before, on)]
    assert widths[0] > 1.2 * widths[1] > 1.2 * widths[2]


def test_no_draw_hangs_on_who_stands_beside_it_or_on_the_other_regimens() -> None:
    person = learned(draws=60)
    own = person.levels(levels(person, 30, 200, 350, spread=0.3))
    together = foresee(person, own, 3 * own)[0].expected.now[MAP]
    alone = foresee(person, own)[0].expected.now[MAP]
    some = np.array([5, 2, 59])
    few = foresee(person.taken(some), own[:, some])[0].expected.now[MAP]
    assert alone == pytest.approx(together, abs=1e-3) and few == pytest.approx(alone[:, some], abs=1e-4)


def test_the_same_seed_gives_the_same_and_another_nearly() -> None:
    one, same, other = learned(draws=1000), learned(draws=1000), learned(draws=1000, seed=8)
    medians = [
        float(at(foresee(each, each.levels(levels(each, 217, spread=0.25)))[0].of(MAP), 0).median)
        for each in (one, same, other)
    ]
    assert medians[0] == medians[1] != medians[2]
    assert medians[2] == pytest.approx(medians[0], abs=1)


def test_one_kind_of_patient_without_spread_is_that_of_his_member() -> None:
    person = typical("P2", count=7)
    (found,) = foresee(person, person.levels([[0.0, 163.0, 326.0]]))
    direct = expect(ensemble(), person.patients, np.array([[0.0], [163.0], [326.0]]))
    for name in SEEN:
        spread = found.of(name)
        assert spread.median == pytest.approx(direct.now[name][:, 0], rel=1e-6)
        assert spread.highest == pytest.approx(spread.lowest, rel=1e-12)


def by_hand(pressures: list[list[float]], before: list[float]) -> Foreseen:
    """Return what is foreseen where a pressure of NaN stands for no answer, (times, draws)."""
    rows = np.array(pressures)
    answered = np.isfinite(rows)
    expected = Expected({MAP: np.array(before)}, {MAP: rows}, answered, answered, "", (), 400.0, 300.0)
    return Foreseen(np.full(rows.shape, 300.0), expected)


def test_shares_below_a_limit_counted_by_hand() -> None:
    none = float("nan")
    found = by_hand([[80, 70, 64, 90], [60, 70, 66, none], [75, 65, 70, 80]], [80, 64.9, 65, 90])
    below = found.below(65)
    assert below.before == 0.25
    assert below.at.tolist() == [0.25, 0.5, 0.0]  # at the second time one is below, and one has no answer
    assert below.so_far.tolist() == [0.25, 0.75, 0.75] and below.ever == 0.75
    assert found.unfilled.tolist() == [0, 0.25, 0]
    assert np.array_equal(found.lowest, [60, 65, 64, none], equal_nan=True)
    assert float(found.lowest_spread.median) == 64  # of the three that have an answer at every time
    assert found.extrapolated.tolist() == [0, 0, 0]
    assert replace(found, levels=found.levels + np.array([101, 0, 0, 100.0])).extrapolated.tolist() == [0.25] * 3


def test_two_ways_in_the_same_draws() -> None:
    one, other = by_hand([[70, 60, 64]], [80, 80, 80]), by_hand([[72, 64, 63]], [80, 80, 80])
    beside = Beside(one, other)
    assert float(beside.lower_by.median) == 2 and float(beside.lower_by.lowest) == -1
    assert beside.only_in_one(62) == pytest.approx(1 / 3)
    assert Beside(other, one).only_in_one(62) == 0
    with pytest.raises(RequestError, match="same draws"):
        Beside(one, by_hand([[70, 60]], [80, 80]))


def test_percentiles_are_those_of_every_forecast_and_pass_over_who_has_no_number() -> None:
    values = np.random.default_rng(2).standard_normal((4, 33))
    ends = ("lowest", "lower", "median", "upper", "highest")
    every, some = over_time(values), values.copy()
    some[1, ::3], some[2] = np.nan, np.nan
    found = over_time(some)
    for name in ends:
        assert getattr(every, name) == pytest.approx(getattr(spread_of(values.T), name), rel=1e-12)
        assert float(getattr(found, name)[1]) == pytest.approx(
            float(getattr(spread_of(some[1][~np.isnan(some[1])]), name))
        )
        assert np.isnan(getattr(found, name)[2])
    assert float(of_one(np.array([7.0])).lowest) == 7


def test_nobody_is_foreseen_who_was_not_learned() -> None:
    target = simulated(3, before=READ, after=()).target
    refused = replace(learn(target, draws=5, seed=1), refused="the readings contradict each other")
    with pytest.raises(RequestError, match="contradict each other"):
        Person.learned(refused, target)


def test_levels_of_others_are_refused() -> None:
    person = learned(draws=10)
    told = learned(after=READ, draws=10)
    with pytest.raises(RequestError, match="same kinetic draws"):
        person.levels(np.ones((3, 2)))
    with pytest.raises(RequestError, match="same kinetic draws"):
        person.levels(np.ones(500))
    with pytest.raises(RequestError, match="finite number"):
        person.levels(np.full((500, 1), -1.0))
    with pytest.raises(RequestError, match="a patient of their own"):
        told.levels(np.ones((500, 2)), of_another_model=True)
    with pytest.raises(RequestError, match="one for each draw"):
        foresee(person, np.ones((2, 9)))
    assert person.levels(np.arange(3.0)[:, None], of_another_model=True)[0].tolist() == [0, 1, 2, 0, 1, 2, 0, 1, 2, 0]
    assert foresee(person) == ()
