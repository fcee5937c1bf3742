"""What was read without the drug is taken as it was read; what was read on it is learned from."""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.estimation.response import Target, judge_hearts, learn
from inotrope.population.response import expect
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
    simulated,
)

LEVEL = 217.0
BED = [(0, HEART_RATE, 92.0), (0, OUTPUT, 3.7), (0, MAP, 78.0)]


def target(rows: list[tuple[int, int, float]]) -> Target:
    levels = np.array([[0.0, LEVEL]])
    return Target.of(ensemble(), readings(rows, [False, True]), levels)


def median_before(found: Target, name: str) -> float:
    learned = learn(found.as_read(), draws=1000, seed=5)
    return float(np.median(getattr(learned.patients(found.as_read()).bedside, name)))


def test_only_the_readings_on_the_drug_are_left() -> None:
    whole = target([*BED, (0, PULMONARY, 37.0), (0, WEDGE, 26.0), (1, MAP, 70.0), (1, HEART_RATE, 97.0)])
    left = whole.as_read().readings
    assert left.kinds.tolist() == [HEART_RATE, MAP] and left.moments.tolist() == [1, 1]
    assert left.values == pytest.approx([np.log(97), 70.0])
    assert left.root @ left.root.T == pytest.approx((whole.readings.root @ whole.readings.root.T)[-2:, -2:])
    read = whole.as_read().ensemble.read
    assert read is not None and len(read.places) == 5
    assert whole.ensemble.read is None  # the kind is still there to hold readings against


def test_a_second_reading_and_one_that_cannot_be_split_stay() -> None:
    twice = target([*BED, (0, MAP, 80.0), (0, PULMONARY, 30.0)]).as_read()
    assert twice.readings.kinds.tolist() == [MAP, PULMONARY]
    across = target([*BED, (0, WEDGE, 26.0), (0, PULMONARY, 25.0)]).as_read()  # read at two times
    assert across.readings.kinds.tolist() == [PULMONARY]


@pytest.mark.hazard("taken-for-authority")
def test_a_dry_patient_is_not_filled_by_his_kind() -> None:
    """The kind has a CVP of 12 and a wedge pressure of 25 mmHg: its draws filled this patient to 4.5 and 10.5."""
    dry = target([*BED, (0, CVP, 3.0), (0, WEDGE, 8.0)])
    assert median_before(dry, "central_venous_mmhg") == pytest.approx(3.0, abs=0.15)
    assert median_before(dry, "wedge_mmhg") == pytest.approx(8.0, abs=0.15)
    of_kind = learn(dry, draws=1000, seed=5).patients(dry)
    as_read = learn(dry.as_read(), draws=1000, seed=5).patients(dry.as_read())
    below = [
        expect(ensemble(), found, [[LEVEL]]).chance_below("mean_arterial_mmhg", 65)[0] for found in (of_kind, as_read)
    ]
    assert below[1] > below[0]  # the dry lose more pressure: law 20 of the facts


def test_a_low_pressure_is_not_raised_by_the_kind() -> None:
    low = target([(0, HEART_RATE, 92.0), (0, OUTPUT, 3.7), (0, MAP, 60.0)])
    assert median_before(low, "mean_arterial_mmhg") == pytest.approx(60.0, abs=0.3)


def test_without_readings_before_nothing_changes() -> None:
    on = target([(1, MAP, 70.0), (1, HEART_RATE, 97.0), (1, OUTPUT, 4.5)])
    one, other = learn(on, draws=200, seed=2), learn(on.as_read(), draws=200, seed=2)
    assert np.array_equal(one.deviates, other.deviates) and np.array_equal(one.members, other.members)


def test_a_ventricle_that_empties_itself_is_refused() -> None:
    assert judge_hearts(target([*BED, (0, LEFT, 0.22)]).as_read()) is None
    refused = judge_hearts(target([*BED, (0, LEFT, 0.8)]).as_read())
    assert refused is not None and refused.id == "no-heart-from-these-numbers" and "allowed: 5 %" in refused.says


def test_intervals_of_what_was_read_hold_the_truth() -> None:
    """By the binomial distribution 46 to 60 of 60 lie within 1 in 1,000, for a true share of 90 %."""
    inside = []
    for patient in range(60):
        one = simulated(patient, before=(HEART_RATE, OUTPUT, MAP, CVP), after=())
        found = one.target.as_read()
        drawn = learn(found, draws=500, seed=patient).patients(found).bedside.central_venous_mmhg
        low, high = np.quantile(drawn, [0.05, 0.95])
        inside.append(low < float(one.truth.patients.bedside.central_venous_mmhg[0]) < high)
    assert 46 <= sum(inside) <= 60
