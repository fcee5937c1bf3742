"""Concentrations at fixed times, prepared once: the same as those of the reference, for one patient and for several."""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.errors import KineticsError
from inotrope.kinetics import Expanded, Parameters, Plan, Records, Timeline, concentrations, constant, expand

ONE = Parameters.of(clearance_l_per_h=2.0, volume_l=4.0)
TWO = Parameters.of(clearance_l_per_h=np.linspace(2, 9, 5)[:, None], volume_l=14.0, q2_l_per_h=18.0, v2_l=22.0)
THREE = Parameters.of(
    clearance_l_per_h=7.5, volume_l=14.0, q2_l_per_h=18.0, v2_l=22.0, q3_l_per_h=[[0.0], [4.0]], v3_l=120.0
)
TIMES = [-1.0, 0.0, 1.0, 2.5, 40.0, 7.0]


def recorded(*, amount: float = 4000.0, late: float = 0.0) -> Expanded:
    """Steady states of each kind, a reset, infusions and boluses."""
    return expand(
        Records.of(
            time_h=[1.0, 2.0, 3.0, 9.0 + late, 9.0 + late, 14.0, 20.0, 21.0, 30.0, 41.0 + late],
            evid=[1, 0, 1, 4, 0, 1, 1, 0, 1, 0],
            amount_mcg=[4000, 0, 3500, amount, 0, 2000, 0, 0, 700, 0],
            rate_mcg_per_h=[0, 0, 700, 0, 0, 400, 300, 0, 90, 0],
            interval_h=[6, 0, 0, 0, 0, 4, 0, 0, 8, 0],
            additional=[3, 0, 0, 0, 0, 2, 0, 0, 0, 0],
            steady=[1, 0, 0, 0, 0, 2, 1, 0, 1, 0],
        ),
        rows=constant,
    )


def apart(found: np.ndarray, wanted: np.ndarray) -> float:
    return float(np.abs(found - wanted).max() / np.abs(wanted).max())


@pytest.mark.parametrize("parameters", [ONE, TWO, THREE])
def test_as_the_reference(parameters: Parameters) -> None:
    expanded = recorded()
    timeline = expanded.timeline
    for times, segment in ((TIMES, None), (expanded.observed_h, expanded.observed_segment), ([], None)):
        found = Plan.of(timeline, times, segment).concentrations(parameters)
        wanted = concentrations(timeline, parameters, times, segment)
        assert found.shape == wanted.shape
        assert not wanted.size or apart(found, wanted) < 1e-14


def test_the_complex_step_passes(parameters: Parameters = TWO) -> None:
    """Against the reference's own, and against a derivative by a small difference."""
    timeline, step = recorded().timeline, 1e-30j
    moved = Parameters.of(**{name: value + step for name, value in parameters.named().items()})
    found = Plan.of(timeline, TIMES).concentrations(moved).imag / 1e-30
    assert apart(found, concentrations(timeline, moved, TIMES).imag / 1e-30) < 1e-12
    near = [
        concentrations(
            timeline, Parameters.of(**{name: value + sign * 1e-5 for name, value in parameters.named().items()}), TIMES
        )
        for sign in (1, -1)
    ]
    assert apart(found, (near[0] - near[1]) / 2e-5) < 1e-8


def test_patients_of_one_pattern_are_one_plan() -> None:
    """Each patient has his own hours and doses, and gets what he gets alone."""
    each = [recorded(amount=500.0 * place, late=0.25 * place) for place in range(1, 6)]
    plans = [Plan.of(one.timeline, one.observed_h, one.observed_segment) for one in each]
    found = Plan.joined(plans).concentrations(TWO)
    for place, plan in enumerate(plans):
        own = Parameters(**{name: value[place] for name, value in TWO.named().items()})
        assert (found[place] == plan.concentrations(own)).all()


def test_only_plans_of_one_pattern_are_joined() -> None:
    timeline = recorded().timeline
    with pytest.raises(KineticsError, match="2 plans of different patterns"):
        Plan.joined([Plan.of(timeline, [2.0]), Plan.of(timeline, [-1.0])])
    with pytest.raises(KineticsError, match="0 plans"):
        Plan.joined([])


def test_what_a_plan_is_not_for() -> None:
    timeline = Timeline.of_rates([0.0, 1.0], [10.0, 0.0], row=[0, 1])
    with pytest.raises(KineticsError, match="parameters of 2 rows"):
        Plan.of(timeline, [2.0]).concentrations(Parameters.of(clearance_l_per_h=[2.0, 3.0], volume_l=4.0))
    with pytest.raises(KineticsError, match="nothing is eliminated"):
        Plan.of(recorded().timeline, [2.0]).concentrations(Parameters.of(clearance_l_per_h=0.0, volume_l=4.0))
