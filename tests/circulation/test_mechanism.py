"""The chain from a level to factors: each step by hand, the collapse to a hyperbola, and what the drive does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inotrope.circulation import UNCHANGED, Drive, Enzyme, Response, act
from inotrope.circulation.mechanism import camp_gain, cardiac_gain, hill, unbound_umol_per_l
from inotrope.errors import CirculationError

from .patients import member, milrinone

LEVELS = np.array([0.0, 1e-6, 1.0, 50.0, 100.0, 163.0, 217.0, 326.0, 1e4, 1e9])
ENZYME = {
    "unbound_share": 0.3,
    "molar_mass_g_per_mol": 211.2,
    "half_inhibition_umol_per_l": 0.4,
    "share_of_hydrolysis": 0.6,
}
RESPONSE = {
    "force": 0.335,
    "force_half_ng_per_ml": 100.0,
    "right_share": 0.7,
    "relaxation": 0.04,
    "arteries": 0.666,
    "rate": 0.11,
    "arteries_half_ng_per_ml": 278.0,
    "arteries_hill": 2.0,
    "veins": 0.783,
    "veins_half_ng_per_ml": 300.0,
    "veins_hill": 1.0,
    "rate_by_drive": 0.15,
}
SOUND, OWN = Enzyme.of(**ENZYME), Response.of(**RESPONSE)


def test_each_step_by_hand() -> None:
    """At 211.2 ng/mL: 1 umol/L, of which 0.3 is unbound; 0.3 / 0.7 of PDE3; cAMP 1 / (1 - 0.6 x 3/7) = 35/26."""
    chain = act(211.2, SOUND, OWN)
    assert chain.unbound_umol_per_l == pytest.approx(0.3, rel=1e-15)
    assert chain.occupied == pytest.approx(3 / 7, rel=1e-15)
    assert chain.camp == pytest.approx(35 / 26, rel=1e-15)
    assert chain.camp_calibrated == 1
    assert chain.force_gain == pytest.approx(0.335 * 211.2 / 311.2, rel=1e-13)
    assert chain.veins == pytest.approx(211.2 / 511.2, rel=1e-14)
    assert chain.arteries == pytest.approx(211.2**2 / (211.2**2 + 278**2), rel=1e-14)
    changes = chain.changes
    assert changes.left_elastance == pytest.approx(1 + 0.335 * 211.2 / 311.2, rel=1e-14)
    assert changes.right_elastance == pytest.approx(1 + 0.7 * 0.335 * 211.2 / 311.2, rel=1e-14)
    assert changes.left_filling == pytest.approx(1 - 0.04 * 211.2 / 311.2, rel=1e-14)
    assert changes.systemic_resistance == changes.pulmonary_resistance == 1 - 0.666 * chain.arteries
    assert changes.stressed_volume == 1 - 0.783 * chain.veins
    assert changes.rate == 1 + 0.11 * chain.arteries


def test_the_heart_collapses_to_the_fitted_hyperbola() -> None:
    for half in (50.0, 100.0, 167.0, 317.0):
        response = Response.of(**RESPONSE | {"force_half_ng_per_ml": half})
        found = act(LEVELS, SOUND, response)
        np.testing.assert_allclose(found.force_gain, 0.335 * LEVELS / (LEVELS + half), rtol=1e-8, atol=1e-16)
        np.testing.assert_allclose(found.force_gain[3:], 0.335 * LEVELS[3:] / (LEVELS[3:] + half), rtol=1e-13)


def test_k_is_that_of_the_facts() -> None:
    """facts/circulation.md, section 3.1: 100 ng/mL <-> K 0.25, 300 ng/mL <-> K 1.1; and its two equations."""
    for half, expected in ((100.0, 0.25), (300.0, 1.1)):
        full, k = cardiac_gain(SOUND, Response.of(**RESPONSE | {"force_half_ng_per_ml": half}))
        assert k == pytest.approx(expected, rel=0.02)
        assert 0.4 * k / (0.6 + 0.4 * k) == pytest.approx(0.3 * half / 211.2, rel=1e-14)
        assert full * 0.6 / (0.6 + 0.4 * k) == pytest.approx(0.335, rel=1e-14)


def test_another_ic50_changes_the_meaning_and_not_the_curve() -> None:
    other = Enzyme.of(**ENZYME | {"half_inhibition_umol_per_l": 0.3, "share_of_hydrolysis": 0.65})
    for level in (100.0, 217.0, 326.0):
        one, two = act(level, SOUND, OWN), act(level, other, OWN)
        assert two.changes.left_elastance == pytest.approx(one.changes.left_elastance, rel=1e-14)
        assert two.occupied > one.occupied


def test_no_drug_changes_no_bit() -> None:
    for name in milrinone().members:
        changes = act([0.0, 217.0], milrinone().enzyme, milrinone().response(name)).changes
        for factor in type(changes).__dataclass_fields__:
            assert np.broadcast_to(getattr(changes, factor), 2)[0] == 1, factor
    assert UNCHANGED.now == UNCHANGED.calibrated == 1


def test_bounds_and_order() -> None:
    """Occupancies in [0, 1], rising; cAMP in [1, 1 / (1 - f3)]; every factor above zero."""
    chain = act(LEVELS, SOUND, OWN)
    assert (np.diff(chain.occupied) > 0).all() and chain.occupied[0] == 0 and chain.occupied[-1] < 1
    assert (np.diff(chain.camp) >= 0).all() and chain.camp[0] == 1 and chain.camp[-1] <= 2.5
    for share in (chain.arteries, chain.veins):
        assert (np.diff(share) > 0).all() and share[0] == 0 and share[-1] <= 1
    for factor in type(chain.changes).__dataclass_fields__:
        assert (getattr(chain.changes, factor) > 0).all()


def test_a_beta_blocker_and_dobutamine_change_the_answer() -> None:
    """A new one moves the heart by itself; beside a lasting one milrinone adds less."""
    blocked, driven = (float(milrinone().medicines[name].value) for name in ("beta-blocker", "dobutamine"))
    _, enzyme, response = member()
    alone = act(217.0, enzyme, response).changes.left_elastance
    assert act(0.0, enzyme, response, Drive.of(now=blocked)).changes.left_elastance < 1
    assert act(0.0, enzyme, response, Drive.of(now=driven)).changes.left_elastance > 1
    assert act(0.0, enzyme, response, Drive.of(now=blocked)).changes.rate == pytest.approx(0.7**0.15, rel=1e-14)
    assert act(217.0, enzyme, response, Drive.of(now=driven)).changes.left_elastance > alone
    for lasting in (blocked, driven):
        drive = Drive.of(now=lasting, calibrated=lasting)
        assert act(0.0, enzyme, response, drive).changes.left_elastance == 1
        assert 1 < act(217.0, enzyme, response, drive).changes.left_elastance < alone
        assert act(0.0, enzyme, response, drive).changes.rate == 1
        assert act(0.0, enzyme, response, drive).changes.right_elastance == 1


def test_the_drive_by_hand() -> None:
    """0.7: G = -Emax 0.3 / (K + 0.3), with Emax and K from the two equations of the facts."""
    full, k = cardiac_gain(SOUND, OWN)
    chain = act(0.0, SOUND, OWN, Drive.of(now=0.7))
    assert chain.changes.left_elastance == pytest.approx(1 - full * 0.3 / (k + 0.3), rel=1e-14)
    assert chain.changes.right_elastance == pytest.approx(1 - 0.7 * full * 0.3 / (k + 0.3), rel=1e-14)
    back = act(211.2, SOUND, OWN, Drive.of(now=26 / 35))
    assert back.camp == pytest.approx(1, rel=1e-15)
    assert back.changes.left_elastance == pytest.approx(1, rel=1e-14)
    for name in ("systemic_resistance", "pulmonary_resistance", "stressed_volume"):
        assert getattr(back.changes, name) == getattr(act(211.2, SOUND, OWN).changes, name)


def test_the_gain_is_smooth_rising_and_bounded() -> None:
    camp = np.linspace(0.0, 5.0, 5001)
    found = camp_gain(camp, np.asarray(0.4), np.asarray(0.25))
    assert (np.diff(found) > 0).all()
    slopes = np.diff(found) / np.diff(camp)
    assert abs(slopes[999] / slopes[1000] - 1) < 1e-6  # on both sides of 1
    assert np.abs(found).max() < 0.4


def test_a_drive_that_leaves_no_force() -> None:
    strong = replace(OWN, force=np.asarray(2.0))
    with pytest.raises(CirculationError, match="is not above zero") as caught:
        act(0.0, SOUND, strong, Drive.of(now=0.05))
    assert caught.value.where == "left_elastance"


def test_members_and_patients_broadcast() -> None:
    chain = act(np.array([[100.0], [217.0]]), milrinone().enzyme, milrinone().response("P1", "P2", "P3"))
    assert chain.changes.left_elastance.shape == (2, 3)
    assert chain.occupied.shape == (2, 1)


@pytest.mark.parametrize(
    ("planted", "where", "says"),
    [
        ({"unbound_share": 1.1}, "unbound_share", "'1.1' is too large"),
        ({"share_of_hydrolysis": [0.5, 1.0]}, "share_of_hydrolysis", r"'1' is too large at \[1\]"),
        ({"half_inhibition_umol_per_l": 0}, "half_inhibition_umol_per_l", "is not above zero"),
    ],
)
def test_what_is_no_enzyme(planted: dict[str, object], where: str, says: str) -> None:
    assert Enzyme.of(**ENZYME | {"unbound_share": 1.0}).unbound_share == 1
    with pytest.raises(CirculationError, match=says) as caught:
        Enzyme.of(**ENZYME | planted)
    assert caught.value.where == where


@pytest.mark.parametrize(
    ("planted", "where", "says"),
    [
        ({"force": -0.1}, "force", "is below zero"),
        ({"arteries": 1.0}, "arteries", "is too large"),
        ({"veins": 1.2}, "veins", "is too large"),
        ({"relaxation": 1.0}, "relaxation", "is too large"),
        ({"veins_hill": 0.0}, "veins_hill", "is not above zero"),
        ({"arteries_half_ng_per_ml": -5.0}, "arteries_half_ng_per_ml", "is not above zero"),
    ],
)
def test_what_is_no_response(planted: dict[str, float], where: str, says: str) -> None:
    with pytest.raises(CirculationError, match=says) as caught:
        Response.of(**RESPONSE | planted)
    assert caught.value.where == where


def test_every_part_of_a_response_must_be_given() -> None:
    with pytest.raises(TypeError, match="No part of a response: lusitropy"):
        Response.of(**RESPONSE, lusitropy=0.1)
    with pytest.raises(KeyError, match="veins"):
        Response.of(**{name: value for name, value in RESPONSE.items() if name != "veins"})


def test_levels_and_drives_that_are_none() -> None:
    with pytest.raises(CirculationError, match=r"'-1' ng/mL at \[1\] is below zero"):
        act([217.0, -1.0], SOUND, OWN)
    with pytest.raises(CirculationError, match="is not finite"):
        act(np.nan, SOUND, OWN)
    for name in ("now", "calibrated"):
        with pytest.raises(CirculationError, match="is not above zero"):
            Drive.of(**{name: 0.0})


def test_a_half_effect_that_pde3_cannot_explain() -> None:
    """IC50 / (1 - f3) is 1 umol/L unbound: 704 ng/mL in all."""
    assert unbound_umol_per_l(np.asarray(704.0), SOUND) == pytest.approx(1.0, rel=1e-14)
    with pytest.raises(CirculationError, match="more drug for half its rise than PDE3 can explain"):
        act(217.0, SOUND, Response.of(**RESPONSE | {"force_half_ng_per_ml": 704.01}))


def test_hill() -> None:
    np.testing.assert_allclose(hill(np.array([0.0, 1.0, 3.0]), np.asarray(2.0)), [0.0, 0.5, 0.9], rtol=1e-15)
