"""The ensemble: members and what spreads around them, by place, within bounds, and honest of what the label tells."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest

from inotrope import load_drug
from inotrope.circulation import Drive, act, calibrate, settle
from inotrope.errors import CirculationError, RequestError
from inotrope.population.response import (
    NAMES,
    SEEN,
    Drawn,
    Ensemble,
    ResponseFile,
    circulation_at,
    draw,
    ensemble_of,
    expect,
    load_response,
)
from inotrope.population.response.spreads import OBSERVED

AT = {name: place for place, name in enumerate(NAMES)}


@cache
def shipped() -> ResponseFile:
    return load_response(load_drug("milrinone"))


@cache
def ensemble(surface_m2: float | None = None) -> Ensemble:
    return ensemble_of(shipped(), surface_m2=surface_m2)


@cache
def drawn(count: int = 3000) -> Drawn:
    return draw(ensemble(), patients=np.arange(count), seed=11)


def test_no_deviate_is_the_patient_of_each_fit() -> None:
    """What part 1 calibrates by hand for a member, and settles at 217 ng/mL, the ensemble gives too."""
    found = ensemble().patients(np.zeros((3, len(NAMES))), [0, 1, 2])
    assert found.sound.all()
    state = circulation_at(found, 217.0)
    for place, name in enumerate(ensemble().ids):
        member, heart = shipped().member(name), shipped().heart
        own = calibrate(heart.bedside, heart.assumed(left_v0_ml=member.left_v0_ml))
        changed = own.changed(act(217.0, shipped().enzyme, shipped().response(name)).changes)
        alone, _ = settle(changed, heart.reflex(scale=float(member.reflex)), set_point_mmhg=82)
        for item in ("mean_arterial_mmhg", "central_venous_mmhg", "wedge_mmhg", "stroke_volume_ml"):
            assert getattr(state, item)[place] == pytest.approx(float(getattr(alone, item)), rel=1e-9), (name, item)


def test_a_patient_is_the_same_alone_and_among_many() -> None:
    alone = draw(ensemble(), patients=[2017, 3], seed=11)
    assert np.array_equal(alone.deviates, drawn().deviates[[2017, 3]])
    assert np.array_equal(alone.members, drawn().members[[2017, 3]])
    for item in fields(alone.patients.response):
        one, many = getattr(alone.patients.response, item.name), getattr(drawn().patients.response, item.name)
        assert np.array_equal(np.broadcast_to(one, 2), np.broadcast_to(many, 3000)[[2017, 3]])
    assert not np.array_equal(draw(ensemble(), patients=[3], seed=12).deviates, alone.deviates[1:])


def test_members_are_equally_probable_and_the_spread_is_as_stated() -> None:
    found = drawn()
    assert found.patients.sound.all()
    assert np.bincount(found.members) / 3000 == pytest.approx([1 / 3] * 3, abs=0.03)
    bedside, typical = found.patients.bedside, shipped().heart.bedside
    for name, sd in (("heart_rate_per_min", 0.16), ("mean_arterial_mmhg", 0.13), ("central_venous_mmhg", 0.4)):
        logs = np.log(getattr(bedside, name) / float(getattr(typical, name)))
        assert abs(logs.mean()) < 0.1 * sd and logs.std() == pytest.approx(sd, rel=0.06)
    both = np.corrcoef(np.log(bedside.central_venous_mmhg), np.log(bedside.wedge_mmhg))[0, 1]
    assert both == pytest.approx(0.5, abs=0.05)
    assert (bedside.mean_pulmonary_mmhg > bedside.wedge_mmhg).all()
    response = found.patients.response
    assert ((response.veins > 0) & (response.veins < 1)).all() and (
        (response.arteries > 0) & (response.arteries < 1)
    ).all()
    assert response.veins.min() < 0.4 and response.veins.max() > 0.9  # they do spread


def test_sensitivity_moves_every_level_of_half_effect() -> None:
    deviates = np.zeros((2, len(NAMES)))
    deviates[1, AT["sensitivity"]] = 1
    response = ensemble().patients(deviates, [1, 1]).response
    for name in ("arteries_half_ng_per_ml", "force_half_ng_per_ml", "veins_half_ng_per_ml"):
        one, other = getattr(response, name)
        assert other / one == pytest.approx(np.exp(-0.25), rel=1e-12)
    assert response.arteries_hill.tolist() == [2, 2] and np.ndim(response.rate_by_drive) == 0


def test_beyond_a_bound_and_where_numbers_contradict_nobody_is() -> None:
    deviates = np.zeros((3, len(NAMES)))
    deviates[0, AT["veins"]] = 3.01
    deviates[1, AT["left_ejection_fraction"]] = 12.0  # throws out nearly all: no end-systolic volume is left above V0
    found = ensemble().patients(deviates, [1, 1, 1])
    assert found.sound.tolist() == [False, False, True]
    assert found.response.veins[0] == pytest.approx(0.783, rel=1e-12)  # stands there as the typical patient
    with pytest.raises(CirculationError, match="contradict each other has no circulation"):
        expect(ensemble(), found, [[217.0]])


def test_the_size_of_the_body_leaves_pressures_and_changes_alone() -> None:
    """Facts, law 22: volumes and compliances times k, resistances and elastances over k."""
    small, large = (
        expect(e, e.patients(d, [0, 1, 2]), [[217.0]])
        for e in (ensemble(), ensemble(2.85))
        for d in [np.zeros((3, len(NAMES)))]
    )
    for name in SEEN:
        if name not in ("stroke_volume_ml", "systemic_resistance_dyn_s_per_cm5", "pulmonary_resistance_dyn_s_per_cm5"):
            assert small.now[name] == pytest.approx(large.now[name], rel=1e-9), name
    assert large.now["stroke_volume_ml"] == pytest.approx(1.5 * small.now["stroke_volume_ml"], rel=1e-9)
    for wrong in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(RequestError, match="no body surface"):
            ensemble_of(shipped(), surface_m2=wrong)


def test_a_prediction_carries_the_spread_and_what_is_not_known() -> None:
    found = expect(ensemble(), drawn().patients, [[0.0], [163.0], [217.0], [326.0]])
    assert set(found.now) == set(found.before) == set(SEEN)
    for name in SEEN:
        assert found.now[name][0] == pytest.approx(found.before[name], rel=1e-7), name
    label = {
        "cardiac_index_l_per_min_m2": (25, 38, 42),
        "wedge_mmhg": (-20, -23, -36),
        "systemic_resistance_dyn_s_per_cm5": (-17, -21, -37),
    }
    for name, printed in label.items():  # the label's means lie inside, and not at the edge
        low, high = 100 * found.change_quantiles(name, [0.2, 0.8])[:, 1:]
        assert (low < printed).all() and (high > printed).all(), name
    assert np.isfinite(found.quantiles("mean_arterial_mmhg", [0.05, 0.5, 0.95])).all()
    below = found.chance_below("mean_arterial_mmhg", 60)
    assert (np.diff(below) > 0).all() and below[0] < 0.03
    assert "does not tell how forceful" in found.says
    assert any("V0 of the left ventricle" in line for line in found.unknown)
    assert (found.unfilled == 0).all() and not found.extrapolates
    assert expect(ensemble(), drawn(20).patients, [[401.0]]).extrapolates


def test_inotropy_is_what_members_disagree_on() -> None:
    """The reason for the sentence: the same index at 217 ng/mL from forces that differ twofold."""
    found = ensemble().patients(np.zeros((3, len(NAMES))), [0, 1, 2])
    index = expect(ensemble(), found, [[217.0]]).change_quantiles("cardiac_index_l_per_min_m2", [0, 1])
    assert index[1] - index[0] < 0.04
    gain = act(217.0, shipped().enzyme, found.response).force_gain
    assert gain.max() / gain.min() > 1.6


def test_a_beta_blocker_changes_the_answer() -> None:
    plain, lasting = (
        expect(ensemble(), drawn(50).patients, [[217.0]], drive)
        for drive in (Drive.of(), Drive.of(now=0.7, calibrated=0.7))
    )
    name = "cardiac_index_l_per_min_m2"
    assert (lasting.now[name] < plain.now[name]).mean() > 0.8 and not np.array_equal(lasting.now[name], plain.now[name])


def test_whose_veins_collapse_has_no_answer_and_counts_as_low() -> None:
    deviates = np.zeros((2, len(NAMES)))
    deviates[0, AT["central_venous_pressure"]], deviates[0, AT["veins"]] = -6.0, 3.0
    found = expect(ensemble(), ensemble().patients(deviates, [1, 1]), [[3000.0]])
    assert found.answered.tolist() == [[False, True]] and found.solved.all()
    assert found.unfilled.tolist() == [0.5]
    assert found.chance_below("mean_arterial_mmhg", 1.0).tolist() == [0.5]
    nobody = expect(ensemble(), ensemble().patients(deviates[:1], [1]), [[3000.0]])
    assert np.isnan(nobody.quantiles("mean_arterial_mmhg", [0.5])).all()


def test_what_cannot_be_asked() -> None:
    for levels in ([217.0], np.empty((0, 1))):
        with pytest.raises(CirculationError, match="by time and patient"):
            expect(ensemble(), drawn(20).patients, levels)
    for deviates, members in (
        (np.zeros((2, 3)), [0, 0]),
        (np.zeros(len(NAMES)), [0]),
        (np.zeros((2, len(NAMES))), [0]),
    ):
        with pytest.raises(RequestError, match="one member"):
            ensemble().patients(deviates, members)
    with pytest.raises(RequestError, match="whole number"):
        draw(ensemble(), patients=[-1], seed=1)


def test_spreads_that_hold_nobody_are_said() -> None:
    heart = shipped().heart
    veins = replace(shipped().spreads.spreads[2], within=replace(shipped().spreads.spreads[2].sd))
    none = replace(veins, within=replace(veins.sd, value=veins.sd.value * 0))
    drug = replace(shipped().spreads, spreads=(*shipped().spreads.spreads[:2], none, *shipped().spreads.spreads[3:]))
    with pytest.raises(RequestError, match="could not be drawn in 50 turns"):
        draw(ensemble_of(replace(shipped(), heart=heart, spreads=drug)), patients=[0], seed=1)


def test_a_kind_of_patient_without_a_spread_has_no_ensemble() -> None:
    from inotrope.population.response import load_heart

    sound = replace(shipped(), heart=load_heart("healthy_adult"))
    assert sound.heart.spreads.spreads == ()
    with pytest.raises(RequestError, match="does not say how such patients differ"):
        ensemble_of(sound)
    assert len(shipped().heart.spreads.spreads) == len(OBSERVED) + 3
