"""From a case to what its patient will show: every step in its order, as a plan takes them."""

from __future__ import annotations

import numpy as np

from inotrope.circulation import Drive
from inotrope.estimation.response import Target, bedside_of_case, judge_learned, judge_readings, learn
from inotrope.population.response import draw, ensemble_of, expect, judge_filling, judge_whom
from tests.estimation.response.bedsides import shipped
from tests.estimation.response.test_of_case import ON, case

READ = [
    ("heart rate", "96 1/min", "07:30"),
    ("MAP", "84 mmHg", "07:30"),
    ("CVP", "17 mmHg", "07:30"),
    ("CI", "1.7 L/min/m2", "07:30"),
    ("heart rate", "99 1/min", ON),
    ("MAP", "68 mmHg", ON),
    ("CVP", "9 mmHg", ON),
    ("CI", "2.6 L/min/m2", ON),
]


def test_from_a_case_to_what_is_expected() -> None:
    one, file = case(READ), shipped()
    held = judge_whom(file.refuses, one)
    assert held.answers and held.unknown  # nobody recorded valves and rhythm: said, and not assumed
    bedside = bedside_of_case(one, file.readings)
    assert bedside.refusals == () and bedside.hours == (None, -2.0)
    # Kinetics stand in here: draws of one steady level, as a fit to levels in blood would leave them.
    steady = 163 * np.exp(0.3 * np.random.default_rng(1).standard_normal(800))
    levels = np.stack([np.zeros(800), steady], axis=1)
    target = Target.of(ensemble_of(file, surface_m2=2.0), bedside.arrays(file.readings), levels, Drive.of())
    assert judge_readings(target) == ()
    learned = learn(target, draws=1000, seed=1)
    assert judge_learned(learned) is None
    ahead = learned.expected(target, np.stack([steady, steady * 4 / 3], axis=1))
    assert judge_filling(float(ahead.unfilled.max()), file.most_unfilled) is None
    pressure = ahead.quantiles("mean_arterial_mmhg", [0.05, 0.5, 0.95])
    assert (pressure[:, 1] < pressure[:, 0]).all()  # more of the drug, and a lower pressure
    unlearned = expect(
        target.ensemble, draw(target.ensemble, patients=np.arange(1000), seed=1).patients, [[163.0], [217.0]]
    )
    spread = unlearned.quantiles("mean_arterial_mmhg", [0.05, 0.95])
    assert pressure[2, 1] - pressure[0, 1] < 0.6 * (spread[1, 1] - spread[0, 1])  # and it is known far better
    below = ahead.chance_below("mean_arterial_mmhg", 65)
    assert 0 < below[0] < below[1] < 1
    assert "does not tell" in ahead.says
