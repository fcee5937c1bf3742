"""A table over levels says what solving each level says, of everybody, at any level that it reaches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inotrope.circulation import Circulation
from inotrope.forecast.circulation import table as of_tables
from inotrope.forecast.circulation.table import Table
from inotrope.population.response import SEEN, circulation_at, expect

from .patients import learned

NEAR = dict.fromkeys(SEEN, 0.001) | {
    "systemic_resistance_dyn_s_per_cm5": 0.05,
    "pulmonary_resistance_dyn_s_per_cm5": 0.05,
}
"""At 1500 ng/mL; what is shown is rounded to a tenth of a mmHg and to 1 dyn s/cm5."""


@pytest.mark.parametrize(("highest", "times"), [(30.0, 1.0), (400.0, 0.1), (1500.0, 1.0)])
@pytest.mark.parametrize("before", [(), (0, 1, 2)])
def test_as_solving_every_level(highest: float, times: float, before: tuple[int, ...]) -> None:
    person = learned(before=before, draws=600)
    asked = np.random.default_rng(4).uniform(0, highest, (30, person.draws))
    asked[0], asked[1] = 0, highest
    found = Table.of(person, highest).expected(asked)
    solved = expect(person.ensemble, person.patients, asked, person.drive)
    assert np.array_equal(found.answered, solved.answered) and np.array_equal(found.solved, solved.solved)
    assert 0.5 < found.answered.mean() <= 1
    for name in SEEN:
        both = found.answered
        assert np.abs(found.now[name] - solved.now[name])[both].max() < times * NEAR[name], name
        assert np.isnan(found.now[name][~both]).all()
        assert np.array_equal(found.before[name], solved.before[name])
    assert (found.says, found.unknown) == (solved.says, solved.unknown)
    assert found.highest_ng_per_ml == solved.highest_ng_per_ml == highest


def test_without_the_drug_it_is_the_bedside() -> None:
    person = learned()
    found = Table.of(person, 500.0).expected(np.zeros((1, person.draws)))
    for name in SEEN:
        assert found.now[name][0] == pytest.approx(found.before[name], rel=1e-9), name


def test_pressures_flows_and_resistances_agree() -> None:
    person = learned()
    asked = np.random.default_rng(1).uniform(0, 400, (5, person.draws))
    now = Table.of(person, 400.0).expected(asked).now
    output = now["cardiac_index_l_per_min_m2"] * person.patients.surface_m2
    systemic = output * now["systemic_resistance_dyn_s_per_cm5"] / 80
    pulmonary = output * now["pulmonary_resistance_dyn_s_per_cm5"] / 80
    assert systemic == pytest.approx(now["mean_arterial_mmhg"] - now["central_venous_mmhg"], rel=1e-12)
    assert pulmonary == pytest.approx(now["mean_pulmonary_mmhg"] - now["wedge_mmhg"], rel=1e-12)
    assert output == pytest.approx(now["heart_rate_per_min"] * now["stroke_volume_ml"] / 1000, rel=1e-12)


def test_who_has_no_steady_state_at_a_point_is_solved_at_every_level(monkeypatch: pytest.MonkeyPatch) -> None:
    person, real = learned(draws=50), circulation_at
    asked = np.random.default_rng(1).uniform(0, 400, (6, person.draws))

    def failing(patients: Any, level: Any, drive: Any) -> Circulation:
        """Return no steady state for the third draw at half of the points, and at one level of those asked about."""
        found = real(patients, level, drive)
        solved = found.solved.copy()
        if patients.members.size == person.draws:
            solved[::2, 3] = False
            return replace(found, solved=solved, mean_arterial_mmhg=np.where(solved, found.mean_arterial_mmhg, np.nan))
        solved[4, 0] = False
        return replace(found, solved=solved)

    monkeypatch.setattr(of_tables, "circulation_at", failing)
    table = Table.of(person, 400.0)
    assert np.flatnonzero(~table.whole).tolist() == [3]
    found, solved = table.expected(asked), expect(person.ensemble, person.patients, asked, person.drive)
    kept = np.arange(6) != 4
    assert found.now["wedge_mmhg"][kept, 3] == pytest.approx(solved.now["wedge_mmhg"][kept, 3], rel=1e-12)
    assert not found.solved[4, 3] and np.isnan(found.now["mean_arterial_mmhg"][4, 3])
    others = np.arange(person.draws) != 3
    assert found.now["wedge_mmhg"][:, others] == pytest.approx(solved.now["wedge_mmhg"][:, others], abs=1e-4)
