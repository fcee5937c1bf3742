"""Calibration in closed form: the parameters of the facts' table, and who is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inotrope.circulation import Assumed, Bedside, calibrate, can_calibrate, solve
from inotrope.errors import CirculationError

from .patients import drawn, failing, healthy
from .test_bedside import SOUND


def test_the_failing_heart_of_the_facts() -> None:
    """facts/circulation.md, section 2.4: 0.93 at V0 80, 1.18 at V0 100, 0.412; 0.0260, 0.0395; 90.4, 77.1; 2,077 mL."""
    heart = calibrate(failing().bedside, failing().assumed(left_v0_ml=[15.0, 60.0, 80.0]))
    np.testing.assert_allclose(heart.left.elastance_mmhg_per_ml, [0.55, 0.76, 0.93], atol=0.006)
    assert heart.right.elastance_mmhg_per_ml == pytest.approx(0.412, abs=5e-4)
    assert heart.left.filling_per_ml == pytest.approx(0.0260, abs=5e-5)
    assert heart.right.filling_per_ml == pytest.approx(0.0395, abs=5e-5)
    assert heart.left.vd_ml == pytest.approx(90.4, abs=0.06)
    assert heart.right.vd_ml == pytest.approx(77.1, abs=0.06)
    assert heart.vessels.systemic_mmhg_s_per_ml == pytest.approx(1.105, abs=5e-4)
    assert heart.vessels.pulmonary_mmhg_s_per_ml == pytest.approx(0.174, abs=5e-4)
    assert heart.stressed_volume_ml == pytest.approx(2077, abs=1)
    assert (heart.left.start_ml, heart.right.start_ml) == pytest.approx((216, 154), abs=0.5)


def test_the_healthy_heart_of_the_facts() -> None:
    """The same table: 2.16, 0.280; 0.0353, 0.0282; 65.8, 72.2; 0.956, 0.0667; 1,095 mL; 128 and 144 mL."""
    heart = calibrate(healthy().bedside, healthy().assumed())
    assert heart.left.elastance_mmhg_per_ml == pytest.approx(2.16, abs=0.005)
    assert heart.right.elastance_mmhg_per_ml == pytest.approx(0.280, abs=5e-4)
    assert (heart.left.filling_per_ml, heart.right.filling_per_ml) == pytest.approx((0.0353, 0.0282), abs=6e-5)
    assert (heart.left.vd_ml, heart.right.vd_ml) == pytest.approx((65.8, 72.2), abs=0.06)
    assert heart.vessels.systemic_mmhg_s_per_ml == pytest.approx(0.956, abs=5e-4)
    assert heart.vessels.pulmonary_mmhg_s_per_ml == pytest.approx(0.0667, abs=5e-5)
    assert heart.stressed_volume_ml == pytest.approx(1095, abs=0.5)
    assert (heart.left.start_ml, heart.right.start_ml) == pytest.approx((128, 144), abs=0.5)


def test_v0_stays_a_share_of_the_blood_left_behind() -> None:
    """A small heart: SV 43.2 mL at EF 0.45 leaves 52.8 mL, of which 50 % is 26.4."""
    bedside = Bedside.of(**SOUND | {"left_ejection_fraction": 0.45})
    assert calibrate(bedside, failing().assumed()).left.v0_ml == pytest.approx(26.4, abs=0.05)


def test_a_negative_v0_is_a_line_like_another() -> None:
    heart = calibrate(failing().bedside, failing().assumed(left_v0_ml=-10.0))
    assert heart.left.v0_ml == -10
    assert solve(heart).cardiac_output_l_per_min == pytest.approx(3.8, rel=1e-12)


@pytest.mark.parametrize(
    ("planted", "pair", "says"),
    [
        ({"left_ejection_fraction": 0.95}, "left ejection fraction and stroke volume", "end-systolic volume above V0"),
        ({"right_ejection_fraction": 0.95}, "right ejection fraction and stroke volume", "of 1.14 mL"),
        (
            {"cardiac_output_l_per_min": [3.8, 0.08], "left_ejection_fraction": 0.08, "right_ejection_fraction": 0.1},
            "right ejection fraction and stroke volume",
            r"at \[1\]",
        ),
    ],
)
def test_what_leaves_no_slope_is_refused_by_its_pair(planted: dict[str, object], pair: str, says: str) -> None:
    bedside = Bedside.of(**SOUND | planted)
    with pytest.raises(CirculationError, match=says) as caught:
        calibrate(bedside, failing().assumed())
    assert str(caught.value.where).startswith(pair)
    assert not can_calibrate(bedside, failing().assumed()).all()


FAINT = {"left_ejection_fraction": 0.1, "right_ejection_fraction": 0.16}


def test_a_filling_too_narrow_is_refused() -> None:
    """V0 0 leaves room for the end of systole; Vd is half of 7.2 mL."""
    bedside = Bedside.of(**SOUND | {"cardiac_output_l_per_min": 0.1} | FAINT)
    assumed = replace(failing().assumed(left_v0_ml=0.0), right_v0_ml=np.asarray(0.0), left_vd_scale=np.asarray(1e-6))
    with pytest.raises(CirculationError, match=r"a filling above the unloaded volume of 3\.55 mL"):
        calibrate(bedside, assumed)
    assert not can_calibrate(bedside, assumed)


def test_every_assumption_must_be_given() -> None:
    given = {name: getattr(failing().assumed(), name) for name in Assumed.__dataclass_fields__}
    assert Assumed.of(**given) == Assumed.of(**given)
    with pytest.raises(TypeError, match="Not assumed: left_elastance"):
        Assumed.of(**given, left_elastance=2.0)
    with pytest.raises(KeyError, match="v0_most"):
        Assumed.of(**{name: value for name, value in given.items() if name != "v0_most"})
    with pytest.raises(CirculationError, match="is not above zero"):
        Assumed.of(**given | {"venous_mmhg_s_per_ml": 0.0})


def test_drawn_numbers_that_contradict_each_other_are_not_calibrated() -> None:
    drawn_so = Bedside.unchecked(**{k: np.asarray(v) for k, v in (SOUND | {"mean_arterial_mmhg": 9.0}).items()})
    with pytest.raises(CirculationError, match="Mean arterial pressure '9 mmHg' and central venous pressure '12 mmHg'"):
        calibrate(drawn_so, failing().assumed())


def test_drawn_patients_calibrate() -> None:
    bedside, assumed = drawn(500, 7)
    assert can_calibrate(bedside, assumed).all()
    assert solve(calibrate(bedside, assumed)).solved.all()


def test_who_cannot_is_told_without_a_warning() -> None:
    """An ejection fraction of exactly 0 or 1 divides by zero on the way to False."""
    fractions = np.array([0.0, 1.0, 0.2])
    bedside = Bedside.unchecked(**{k: np.asarray(v) for k, v in SOUND.items()} | {"left_ejection_fraction": fractions})
    assert can_calibrate(bedside, failing().assumed()).tolist() == [False, False, True]
