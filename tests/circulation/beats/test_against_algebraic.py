"""The same parameters in both forms: steady states and what changes do to them.

facts/circulation.md, section 5, law 19: SV, CO and MAP within 8 %, filling pressures within 2.5 mmHg, changes by the
drug within 5 points.

The typical patients keep all of it. Over the whole spread of generated ones the two forms part for one reason: the
algebraic heart takes end-systolic over mean pressure for one number, 1.05 and 1.1, where a beat has 1.0 to 1.5 as its
pulse is small or large. Given the share that the beat has, the two agree in everybody.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inotrope.circulation import Circulation, Heart, act, calibrate, solve
from inotrope.circulation.beats import Beat, Chambers, settled_beat
from inotrope.circulation.beats.cycle import LV, RV_

from ..patients import drawn, failing, milrinone
from .conftest import beat_of, of_file

LEVELS = np.array([163.0, 217.0, 326.0])
PAIRS = {
    "cardiac_output_l_per_min": "cardiac_output_l_per_min",
    "wedge_mmhg": "left_atrial_mmhg",
    "mean_arterial_mmhg": "mean_arterial_mmhg",
}


STEPS = 1000
"""Some right ventricles of generated patients are steep."""
FLOWS = ("stroke_volume_ml", "cardiac_output_l_per_min", "mean_arterial_mmhg")
FILLINGS = {"central_venous_mmhg": "central_venous_mmhg", "wedge_mmhg": "left_atrial_mmhg"}


def given_its_share(heart: Heart, beat: Beat) -> Heart:
    """Return the heart with end-systolic over mean pressure as its beat has it, on both sides."""
    shares = []
    for side, part, mean in (
        (heart.left, LV, beat.mean_arterial_mmhg),
        (heart.right, RV_, beat.mean_pulmonary_mmhg),
    ):
        end_systolic_ml = beat.volumes_ml[..., part, :].max(axis=-1) - beat.stroke_volume_ml
        shares.append(side.elastance_mmhg_per_ml * (end_systolic_ml - side.v0_ml) / mean)
    left, right = shares
    return replace(
        heart,
        left=replace(heart.left, end_systolic_share=left),
        right=replace(heart.right, end_systolic_share=right),
    )


def steady_apart(steady: Circulation, beat: Beat) -> dict[str, np.ndarray]:
    """Return how far a beat is from the steady state: flows and MAP as a share, filling pressures in mmHg."""
    found = {name: np.abs(getattr(beat, name) / getattr(steady, name) - 1) for name in FLOWS}
    return found | {name: np.abs(getattr(beat, other) - getattr(steady, name)) for name, other in FILLINGS.items()}


def changes_apart(steadies: tuple[Circulation, Circulation], beats: tuple[Beat, Beat]) -> dict[str, np.ndarray]:
    """Return how far apart the two changes are, in points."""
    found = {}
    for algebraic, cyclic in PAIRS.items():
        before, after = (getattr(each, algebraic) for each in steadies)
        begun, ended = (getattr(each, cyclic) for each in beats)
        found[algebraic] = np.abs(100 * (after / before - ended / begun))
    return found


def both_forms(count: int, seed: int) -> tuple[tuple[Heart, Heart], tuple[Beat, Beat]]:
    """Return hearts of generated patients with the whole spread before and at 217 ng/mL, and their beats."""
    bedside, assumed = drawn(count, seed)
    heart = calibrate(bedside, assumed)
    chambers = Chambers.of(heart, **failing().chambers)
    hearts = heart, heart.changed(act(217.0, milrinone().enzyme, milrinone().response()).changes)
    beats = tuple(settled_beat(each, chambers, steps=STEPS) for each in hearts)
    return hearts, beats


def holds_given_the_share(count: int, seed: int) -> None:
    """Hold the facts' tolerances in nearly all, and in everybody flows and MAP within 10 %, fillings within 3 mmHg.

    What is left of it is the atria's: they fill a ventricle to a pressure above their own mean.
    """
    hearts, beats = both_forms(count, seed)
    steadies = tuple(solve(given_its_share(heart, beat)) for heart, beat in zip(hearts, beats, strict=True))
    for steady, beat in zip(steadies, beats, strict=True):
        apart = steady_apart(steady, beat)
        for name in FILLINGS:
            assert (apart[name] < 2.5).mean() > 0.99 and apart[name].max() < 3
        assert max(apart[name].max() for name in FLOWS) < 0.10
        assert (apart["stroke_volume_ml"] < 0.08).mean() > 0.9 and (apart["mean_arterial_mmhg"] < 0.08).mean() > 0.97
    for apart in changes_apart(steadies, beats).values():
        assert (apart < 5).mean() > 0.96 and apart.max() < 8


@pytest.mark.usefixtures("uncounted")
def test_the_whole_spread_given_the_share_of_the_beat() -> None:
    holds_given_the_share(60, 700)


@pytest.mark.slow
@pytest.mark.usefixtures("uncounted")
@pytest.mark.parametrize("part", range(10))
def test_2000_of_the_whole_spread_given_the_share_of_the_beat(part: int) -> None:
    holds_given_the_share(200, 710 + part)


@pytest.mark.slow
@pytest.mark.usefixtures("uncounted")
def test_the_whole_spread_with_one_share_for_all() -> None:
    """2,000: how often the facts' tolerances are missed, said in docs/mechanism.md; no answer is wild.

    Worst are patients whose strokes are large for their arteries: the beat's end-systolic pressure is far above 1.05
    times its mean.
    """
    hearts, beats = both_forms(2000, 700)
    steadies = tuple(solve(heart) for heart in hearts)
    apart = steady_apart(steadies[0], beats[0])
    kept = {name: (apart[name] < (8e-2 if name in FLOWS else 2.5)).mean() for name in apart}
    assert 0.75 < kept["stroke_volume_ml"] < 0.85 and 0.8 < kept["mean_arterial_mmhg"] < 0.9
    assert kept["central_venous_mmhg"] > 0.99 and 0.6 < kept["wedge_mmhg"] < 0.75
    assert apart["stroke_volume_ml"].max() < 0.3 and apart["mean_arterial_mmhg"].max() < 0.25
    changes = {name: (each < 5).mean() for name, each in changes_apart(steadies, beats).items()}
    assert changes["mean_arterial_mmhg"] > 0.98
    assert 0.85 < changes["cardiac_output_l_per_min"] < 0.95 and 0.75 < changes["wedge_mmhg"] < 0.88


def test_a_steady_state(name: str) -> None:
    steady, beat = solve(of_file(name)[0]), beat_of(name)
    for each in ("stroke_volume_ml", "cardiac_output_l_per_min", "mean_arterial_mmhg"):
        assert getattr(beat, each) == pytest.approx(getattr(steady, each), rel=0.08)
    assert beat.central_venous_mmhg == pytest.approx(steady.central_venous_mmhg, abs=2.5)
    assert beat.left_atrial_mmhg == pytest.approx(steady.wedge_mmhg, abs=2.5)


@pytest.mark.parametrize("member", ["P1", "P2", "P3"])
def test_what_the_drug_changes(member: str) -> None:
    own = milrinone().member(member)
    heart, chambers = of_file("failing", own.left_v0_ml)
    moved = heart.changed(act(LEVELS, milrinone().enzyme, milrinone().response(member)).changes)
    steady, steadily = solve(heart), solve(moved)
    beat, beating = beat_of("failing", own.left_v0_ml), settled_beat(moved, chambers)
    for algebraic, cyclic in PAIRS.items():
        one = 100 * (getattr(steadily, algebraic) / getattr(steady, algebraic) - 1)
        other = 100 * (getattr(beating, cyclic) / getattr(beat, cyclic) - 1)
        np.testing.assert_allclose(one, other, atol=5)
    # Peak dP/dt rises at every level; facts, section 3.5: +10 to +17 % by P1 and P2 at 427 ng/mL, +21 to +31 % by P3.
    assert (beating.steepest_rise_mmhg_per_s > 1.08 * beat.steepest_rise_mmhg_per_s).all()


@pytest.mark.slow
@pytest.mark.usefixtures("uncounted")
@pytest.mark.parametrize("part", range(10))
def test_laws_of_generated_patients(part: int) -> None:
    """2,000 in all: blood is kept, MAP - CVP = CO x SVR, and the loop's area is the integral of P dV, in every one."""
    bedside, assumed = drawn(200, 100 + part)
    heart = calibrate(bedside, assumed)
    chambers = Chambers.of(heart, **failing().chambers)
    heart = heart.changed(act(217.0, milrinone().enzyme, milrinone().response()).changes)
    beat = settled_beat(heart, chambers, steps=600)  # some right ventricles are steep
    whole = heart.stressed_volume_ml + chambers.held_by_atria_ml + 2 * chambers.atrial_v0_ml
    whole = whole + heart.left.vd_ml + heart.right.vd_ml
    assert np.abs(beat.volumes_ml.sum(axis=-2) - whole[:, None]).max() < 1e-8
    flow = beat.stroke_volume_ml / 60 * beat.heart_rate_per_min
    gradient = beat.mean_arterial_mmhg - beat.central_venous_mmhg
    np.testing.assert_allclose(gradient, flow * heart.vessels.systemic_mmhg_s_per_ml, rtol=2e-3)
    volume, pressure = (np.append(x[:, LV], x[:, LV, :1], axis=1) for x in (beat.volumes_ml, beat.pressures_mmhg))
    np.testing.assert_allclose(beat.left_stroke_work_mmhg_ml, -np.trapezoid(pressure, volume, axis=1), rtol=1e-10)
    for valves in (beat.left_valves, beat.right_valves):
        assert (valves.outlet_opens < valves.outlet_closes).all() and (valves.outlet_closes < valves.inlet_opens).all()


@pytest.mark.slow
@pytest.mark.usefixtures("uncounted")
@pytest.mark.parametrize("part", range(10))
def test_agreement_in_generated_patients(part: int) -> None:
    """2,000 in all, each CV half of that of the other laws: the facts' tolerances hold in 9 of 10, for changes in 97 %.

    With the whole spread, which has ejection fractions of 5 % beside normal stroke volumes, the test above counts.
    """
    bedside, assumed = drawn(200, 300 + part, spread=0.5)
    heart = calibrate(bedside, assumed)
    chambers = Chambers.of(heart, **failing().chambers)
    moved = heart.changed(act(217.0, milrinone().enzyme, milrinone().response()).changes)
    steady, steadily = solve(heart), solve(moved)
    beat, beating = settled_beat(heart, chambers), settled_beat(moved, chambers)
    for each in ("stroke_volume_ml", "cardiac_output_l_per_min", "mean_arterial_mmhg"):
        apart = np.abs(getattr(beat, each) / getattr(steady, each) - 1)
        assert (apart < 0.08).mean() > 0.9 and apart.max() < 0.15
    assert np.abs(beat.central_venous_mmhg - steady.central_venous_mmhg).max() < 2.5
    apart = np.abs(beat.left_atrial_mmhg - steady.wedge_mmhg)
    assert (apart < 2.5).mean() > 0.9 and apart.max() < 6
    for algebraic, cyclic in PAIRS.items():
        one = 100 * (getattr(steadily, algebraic) / getattr(steady, algebraic) - 1)
        other = 100 * (getattr(beating, cyclic) / getattr(beat, cyclic) - 1)
        assert (np.abs(one - other) < 5).mean() > 0.97
