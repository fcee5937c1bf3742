"""The label's hemodynamic table, every member, and studies that no member was fitted to.

What the table prints stands in library/milrinone/response.toml; the acceptance is that of facts/circulation.md, section
3.2: every number within 6 points, root mean square below 3.5, MAP at the top dose between -12 and -19 %.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inotrope.circulation import Bedside, act, calibrate, settle

from .patients import failing, healthy, milrinone
from .test_bedside import SOUND

NAMES = ("cardiac_index", "wedge_pressure", "systemic_resistance", "mean_arterial_pressure")

# facts/circulation.md, section 3.2: what each fit gave, in percent, with one figure after the point.
FITTED = {
    "P1": ((24.0, 32.2, 46.3), (-21.8, -26.5, -33.7), (-17.1, -24.7, -36.4), (-3.8, -7.3, -13.8)),
    "P2": ((25.5, 32.9, 45.4), (-20.6, -26.0, -35.1), (-16.5, -23.9, -36.0), (-2.4, -6.6, -15.1)),
    "P3": ((28.3, 35.2, 43.7), (-16.0, -24.2, -37.3), (-17.4, -24.6, -35.0), (0.0, -5.3, -15.0)),
}
RATE_AND_CVP = {
    "P1": ((3.4, 5.2, 8.1), (-42, -47, -54)),
    "P2": ((3.2, 5.2, 8.6), (-44, -52, -63)),
    "P3": ((3.6, 5.1, 7.3), (-35, -48, -64)),
}


def predicted(name: str, levels: object, bedside: Bedside | None = None, **vessels: float) -> dict[str, np.ndarray]:
    """Return changes in percent by one member, in the composite patient or another."""
    own, base = milrinone().member(name), bedside or failing().bedside
    assumed = replace(failing().assumed(left_v0_ml=own.left_v0_ml), **vessels)
    chain = act(levels, milrinone().enzyme, milrinone().response(name))
    found, _ = settle(
        calibrate(base, assumed).changed(chain.changes),
        failing().reflex(scale=float(own.reflex)),
        set_point_mmhg=base.mean_arterial_mmhg,
    )
    pairs = {
        "cardiac_index": (found.cardiac_output_l_per_min, base.cardiac_output_l_per_min),
        "wedge_pressure": (found.wedge_mmhg, base.wedge_mmhg),
        "systemic_resistance": (found.systemic_resistance_dyn_s_per_cm5, base.systemic_resistance_dyn_s_per_cm5),
        "mean_arterial_pressure": (found.mean_arterial_mmhg, base.mean_arterial_mmhg),
        "heart_rate": (found.heart_rate_per_min, base.heart_rate_per_min),
        "central_venous_pressure": (found.central_venous_mmhg, base.central_venous_mmhg),
        "stroke_volume": (found.stroke_volume_ml, base.stroke_volume_ml),
    }
    return {key: 100 * (after / before - 1) for key, (after, before) in pairs.items()}


def missed(name: str) -> np.ndarray:
    """Return how far each of the 12 numbers is from the label's, in points; inside a printed span it is 0."""
    observed = milrinone().observed
    found = predicted(name, [each.level_ng_per_ml for each in observed])
    spans = {key: np.array([each.changes[key] for each in observed]).T * 100 for key in NAMES}
    return np.concatenate([found[key] - np.clip(found[key], *spans[key]) for key in NAMES])


def test_the_default_member_gives_the_label() -> None:
    apart = missed(milrinone().default)
    assert apart.size == 12
    assert np.abs(apart).max() < 6
    assert np.sqrt((apart**2).mean()) < 3.5
    top = predicted(milrinone().default, milrinone().observed[-1].level_ng_per_ml)["mean_arterial_pressure"]
    assert -19 < top < -12


@pytest.mark.parametrize("name", FITTED)
def test_every_member_stays_near(name: str) -> None:
    """The facts: rms 2.9, 2.3, 2.3; worst 5.8, 5.1, 4.0."""
    apart = missed(name)
    assert np.abs(apart).max() < 6
    assert np.sqrt((apart**2).mean()) < 3.5


@pytest.mark.parametrize("name", FITTED)
def test_the_fits_come_out_as_the_facts_print_them(name: str) -> None:
    found = predicted(name, [each.level_ng_per_ml for each in milrinone().observed])
    for key, printed in zip(NAMES, FITTED[name], strict=True):
        np.testing.assert_allclose(found[key], printed, atol=0.16, err_msg=key)
    rate, venous = RATE_AND_CVP[name]
    np.testing.assert_allclose(found["heart_rate"], rate, atol=0.06)
    np.testing.assert_allclose(found["central_venous_pressure"], venous, atol=0.6)


def test_the_misses_that_no_member_of_this_class_avoids() -> None:
    """facts/circulation.md, section 3.3 (b): a saturating rise of Ees gives too little at 0.5 and too much at 0.75."""
    for name in FITTED:
        index = missed(name)[:3]
        assert index[1] < 0 < index[2]


def test_a_healthy_adult_needs_the_reflex() -> None:
    """facts/circulation.md, section 2.2: at 217 ng/mL P1 gives MAP -11 % and HR +15 %; without a reflex about -22 %."""
    base = healthy().bedside
    chain = act(217.0, milrinone().enzyme, milrinone().response("P1"))
    heart = calibrate(base, healthy().assumed()).changed(chain.changes)
    found, _ = settle(heart, healthy().reflex(), set_point_mmhg=90.0)
    assert found.mean_arterial_mmhg / 90 - 1 == pytest.approx(-0.11, abs=0.005)
    assert found.heart_rate_per_min / 68 - 1 == pytest.approx(0.15, abs=0.005)
    bare, _ = settle(heart, healthy().reflex(scale=0), set_point_mmhg=90.0)
    assert bare.mean_arterial_mmhg / 90 - 1 == pytest.approx(-0.22, abs=0.03)  # told of an earlier variant


def test_jaski_1985() -> None:
    """Eleven patients at 427 ng/mL: SV +50, MAP -13, LVEDP -31, RA -53, HR +7.6 %. MAP falls too much in every member.

    Baseline as printed: HR 92, MAP 82, RA 15, LVEDP 26, SVI 20. Output for 1.9 m2. Not printed, and chosen: mPAP 37 and
    ejection fractions of 18 and 25 %; with 20 and 28 % stroke volume rises by 38 to 42 % instead of 45 to 49 %.
    """
    base = Bedside.of(
        **SOUND
        | {
            "heart_rate_per_min": 92.0,
            "cardiac_output_l_per_min": 20 * 1.9 * 92 / 1000,
            "central_venous_mmhg": 15.0,
            "wedge_mmhg": 26.0,
            "mean_pulmonary_mmhg": 37.0,
            "left_ejection_fraction": 0.18,
            "right_ejection_fraction": 0.25,
        }
    )
    for name in FITTED:
        found = predicted(name, 427.0, base)
        assert found["stroke_volume"] == pytest.approx(50, abs=6)
        assert found["mean_arterial_pressure"] == pytest.approx(-13, abs=7)
        assert found["mean_arterial_pressure"] < -13
        assert found["wedge_pressure"] == pytest.approx(-31, abs=10)
        assert found["central_venous_pressure"] == pytest.approx(-53, abs=20)
        assert found["heart_rate"] == pytest.approx(7.6, abs=5)


def test_lowes_on_carvedilol() -> None:
    """CI +30, PCWP -25, MAP -4, HR +7 % from CI 2.0, MAP 78, PCWP 24, mPAP 36, HR 70; 200 ng/mL is assumed."""
    base = Bedside.of(
        **SOUND
        | {
            "heart_rate_per_min": 70.0,
            "mean_arterial_mmhg": 78.0,
            "wedge_mmhg": 24.0,
        }
    )
    for name in FITTED:
        found = predicted(name, 200.0, base)
        assert found["cardiac_index"] == pytest.approx(30, abs=8)
        assert found["wedge_pressure"] == pytest.approx(-25, abs=6)
        assert found["mean_arterial_pressure"] == pytest.approx(-4, abs=6)
        assert found["heart_rate"] == pytest.approx(7, abs=4)


def test_anderson_1991_spans() -> None:
    """189 patients, three regimens: CI +24 to +42, PCWP -24 to -33, SVR -15 to -31, HR +4 to +13, MAP -2 to -13 %.

    Levels are those of the label's rates 0.375 to 0.75. Within 6 points of the spans, as the label's numbers are; the
    wedge pressure at the lowest rate is further off for P3.
    """
    spans = {
        "cardiac_index": (24, 42),
        "wedge_pressure": (-33, -24),
        "systemic_resistance": (-31, -15),
        "heart_rate": (4, 13),
        "mean_arterial_pressure": (-13, -2),
    }
    found = predicted(milrinone().default, [163.0, 217.0, 326.0])
    for key, span in spans.items():
        assert (np.abs(found[key] - np.clip(found[key], *span)) < 6).all(), key
