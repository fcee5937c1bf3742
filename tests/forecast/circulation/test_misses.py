"""By how much a patient misses the model on the drug: against the normal equations, and where nobody misses."""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.estimation.response import Learned, learn
from inotrope.estimation.response.readings import coordinates
from inotrope.forecast.circulation import Person, at, foresee
from inotrope.population.response import circulation_at
from tests.estimation.response.bedsides import CVP, HEART_RATE, MAP, OUTPUT, Simulated, shipped, simulated

READ = (HEART_RATE, OUTPUT, MAP)
DRAWS = 400
FITTED_FROM = 163.0


def found(one: Simulated) -> tuple[Learned, Person]:
    learned = learn(one.target, draws=DRAWS, seed=2)
    return learned, Person.learned(learned, one.target, misses_seed=2)


def test_readings_on_the_drug_tell_of_the_miss_as_the_normal_equations_have_it() -> None:
    one = simulated(5, before=READ, after=(MAP, OUTPUT), levels=(217.0, 326.0))
    learned, person = found(one)
    assert person.misses is not None
    rules, readings = shipped().readings, one.target.readings
    levels = one.target.levels[learned.kinetics]
    for kind in (MAP, OUTPUT):
        own = [place for place in range(readings.count) if readings.kinds[place] == kind and readings.moments[place]]
        assert len(own) == 2
        shown = np.stack(
            [coordinates(circulation_at(person.patients, levels[:, readings.moments[place]]))[kind] for place in own]
        )
        away = readings.values[own][:, None] - shown.reshape(2, -1)
        error, misfit = rules.errors[kind], rules.misfits[kind]
        covariance = error**2 * np.eye(2) + misfit**2 * np.ones((2, 2))
        gain = misfit**2 * np.ones(2) @ np.linalg.inv(covariance)
        left = np.sqrt(misfit**2 - gain @ (misfit**2 * np.ones(2)))
        standard = (person.misses.sizes[kind] - gain @ away) / left
        # 400 draws: a mean is known to 0.05, an SD to 0.035.
        assert abs(standard.mean()) < 0.2 and standard.std() == pytest.approx(1, abs=0.14)


def test_what_was_not_read_on_the_drug_is_as_wide_as_the_file_says() -> None:
    _, person = found(simulated(5, before=READ, after=(MAP,)))
    assert person.misses is not None
    misfits = shipped().readings.misfits
    assert person.misses.sizes[CVP].std() == pytest.approx(misfits[CVP], rel=0.14)
    assert person.misses.sizes[MAP].std() < 0.9 * misfits[MAP]
    assert person.misses.full_ng_per_ml == pytest.approx(np.minimum(FITTED_FROM, person.misses.full_ng_per_ml))
    _, bare = found(simulated(5, before=READ, after=()))
    assert bare.misses is not None and (bare.misses.full_ng_per_ml == FITTED_FROM).all()


def test_without_drug_nobody_misses_and_above_what_was_fitted_all_of_it_is_there() -> None:
    one = simulated(5, before=READ, after=())
    learned, person = found(one)
    plain = Person.learned(learned, one.target)
    assert plain.misses is None and person.misses is not None
    levels = np.array([0.0, FITTED_FROM / 2, FITTED_FROM, 300.0])[:, None] * np.ones(DRAWS)
    (missing,), (without,) = foresee(person, levels), foresee(plain, levels)
    apart = missing.expected.now["mean_arterial_mmhg"] - without.expected.now["mean_arterial_mmhg"]
    assert (apart[0] == 0).all()
    size = person.misses.sizes[MAP]
    assert apart[1] == pytest.approx(size / 2) and apart[2] == pytest.approx(size) == apart[3]
    wider = [at(item.of("mean_arterial_mmhg"), -1) for item in (missing, without)]
    assert wider[0].highest - wider[0].lowest > wider[1].highest - wider[1].lowest


def test_flows_pressures_and_resistances_still_agree() -> None:
    _, person = found(simulated(5, before=READ, after=(MAP,)))
    levels = np.array([50.0, 250.0, 900.0])[:, None] * np.ones(DRAWS)
    now = foresee(person, levels)[0].expected.now
    flow = now["cardiac_index_l_per_min_m2"] * person.patients.surface_m2
    for high, low, resistance in (
        ("mean_arterial_mmhg", "central_venous_mmhg", "systemic_resistance_dyn_s_per_cm5"),
        ("mean_pulmonary_mmhg", "wedge_mmhg", "pulmonary_resistance_dyn_s_per_cm5"),
    ):
        assert (now[low] >= 0).all() and (now[high] >= now[low]).all()
        assert now[high] - now[low] == pytest.approx(flow * now[resistance] / 80)
    assert now["heart_rate_per_min"] * now["stroke_volume_ml"] == pytest.approx(1000 * flow)
    assert ((now["left_ejection_fraction"] >= 0) & (now["left_ejection_fraction"] <= 1)).all()


def test_some_of_the_draws_keep_their_misses() -> None:
    _, person = found(simulated(5, before=READ, after=(MAP,)))
    some = person.taken(np.array([3, 1]))
    assert some.misses is not None and person.misses is not None
    assert (some.misses.sizes == person.misses.sizes[:, [3, 1]]).all()
    assert (some.misses.full_ng_per_ml == person.misses.full_ng_per_ml[[3, 1]]).all()


@pytest.mark.slow
@pytest.mark.parametrize("after", [(), READ])
def test_intervals_hold_patients_who_miss_the_model(after: tuple[int, ...]) -> None:
    patients, inside = 150, 0
    for patient in range(patients):
        one = simulated(patient, before=(*READ, CVP), after=after)
        person = Person.learned(learn(one.target, draws=DRAWS, seed=patient), one.target, misses_seed=patient)
        (course,) = foresee(person, person.levels(2 * one.target.levels[:, 1:]))
        there = circulation_at(one.truth.patients, 2 * one.levels[1:, None]).mean_arterial_mmhg[0, 0]
        spread = at(course.of("mean_arterial_mmhg"), 0)
        inside += float(spread.lowest) <= float(there) + one.missed[MAP] <= float(spread.highest)
    assert inside / patients == pytest.approx(0.9, abs=0.075)  # three errors of a share of 90 %
