"""Whoever was read is drawn as he was read: not as often as such patients are met."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import numpy as np
import pytest

from inotrope.circulation import Bedside
from inotrope.errors import RequestError
from inotrope.population.response import NAMES, Ensemble, draw, ensemble_of
from inotrope.population.response.as_read import AsRead
from inotrope.population.response.spreads import Form
from tests.estimation.response.bedsides import shipped

DRY = {
    "heart_rate_per_min": (92.0, 0.03),
    "central_venous_mmhg": (3.0, 1.5),
    "wedge_mmhg": (8.0, 2.0),
    "mean_pulmonary_mmhg": (16.0, 2.0),
    "left_ejection_fraction": (0.25, 0.05),
}
WEDGE, GRADIENT = NAMES.index("wedge_pressure"), NAMES.index("transpulmonary_gradient")


def kind() -> Ensemble:
    return ensemble_of(shipped(), surface_m2=2.0)


def test_two_numbers_by_hand() -> None:
    """Kind: means 1 and 2, SDs 2 and 3, correlation 0.5. Read: the first as 4 with an SD of 1.

    B = cov / variance = 3 / 4. So the second has the mean 2 + 0.75 x (4 - 1) = 4.25, and the variance
    9 - 0.75 x 3 + 0.75^2 x 1 = 7.3125; the covariance of both is 0.75 x 1.
    """
    centers, covariance = np.array([[1.0, 2.0]]), np.array([[4.0, 3.0], [3.0, 9.0]])
    read = AsRead((0,), np.array([4.0]), np.array([[1.0]]))
    assert read.centers(centers, covariance) == pytest.approx(np.array([[4.0, 4.25]]))
    assert read.spread(covariance) == pytest.approx(np.array([[1.0, 0.75], [0.75, 7.3125]]))


def test_errors_in_the_forms_by_hand() -> None:
    """A share of 3 % of the heart rate is that of its logarithm; 1.5 of 3 mmHg is a half: sqrt(ln(1.25)); of a fraction
    of 0.5 an error of 0.05 is 0.2 of p (1 - p): sqrt(ln(1.04))."""
    forms = (*[Form.LOG] * 6, Form.LOGIT)
    read = AsRead.of({0: (92.0, 0.03), 3: (3.0, 1.5), 6: (0.5, 0.05)}, forms)
    assert read.places == (0, 3, 6)
    assert read.values == pytest.approx([math.log(92), math.log(3), 0.0])
    assert np.sqrt(np.diagonal(read.covariance)) == pytest.approx(
        [0.03, math.sqrt(math.log(1.25)), math.sqrt(math.log(1.04))]
    )


def test_a_gradient_errs_against_the_wedge_pressure_by_hand() -> None:
    """Errors of 3 and 4 mmHg make one of 5 of their difference, which goes with the wedge pressure by -4 / 5."""
    read = AsRead.of({4: (10.0, 4.0), 5: (20.0, 3.0)}, (Form.LOG,) * 6)
    sds = math.sqrt(math.log(1.16)), math.sqrt(math.log(1 + 0.25**2))
    assert np.sqrt(np.diagonal(read.covariance)) == pytest.approx(sds)
    assert read.covariance[0, 1] == pytest.approx(-0.8 * sds[0] * sds[1])


def test_a_dry_patient_is_as_dry_as_he_was_read() -> None:
    found = draw(kind().as_read(DRY), patients=np.arange(4000), seed=3).patients.bedside
    assert np.median(found.central_venous_mmhg) == pytest.approx(3.0, abs=0.1)
    assert np.median(found.wedge_mmhg) == pytest.approx(8.0, abs=0.1)
    assert np.median(found.heart_rate_per_min) == pytest.approx(92.0, abs=0.2)
    assert np.median(found.left_ejection_fraction) == pytest.approx(0.25, abs=0.005)
    # The lungs: gradient and wedge pressure err against each other, so that their sum errs as it was read.
    assert np.median(found.mean_pulmonary_mmhg) == pytest.approx(16.0, abs=0.6)
    assert np.std(found.mean_pulmonary_mmhg) < np.std(found.wedge_mmhg) * 1.2
    assert np.std(np.log(found.central_venous_mmhg)) == pytest.approx(math.sqrt(math.log(1.25)), rel=0.05)


def test_what_was_not_read_goes_with_what_was() -> None:
    """The kind correlates CVP with the wedge pressure by 0.5, so a dry right side tells of a dry left one."""
    whole, dry = kind(), kind().as_read({"central_venous_mmhg": (3.0, 1.5)})
    away = math.log(3 / 12) * 0.5 * 0.25 / 0.4  # r x SD of the one / SD of the other, in logarithms
    assert dry.centers[:, WEDGE] == pytest.approx(whole.centers[:, WEDGE] + away)
    left = 0.25**2 * (1 - 0.5**2) + (0.5 * 0.25 / 0.4) ** 2 * math.log(1.25)
    assert dry.covariance[WEDGE, WEDGE] == pytest.approx(left)
    of_drug = slice(8, None)
    assert np.array_equal(dry.centers[:, of_drug], whole.centers[:, of_drug])
    assert dry.covariance[of_drug, of_drug] == pytest.approx(whole.covariance[of_drug, of_drug])


def test_exact_readings_give_the_patient_himself() -> None:
    exact = kind().as_read({name: (value, 1e-9) for name, (value, _) in DRY.items()})
    found = draw(exact, patients=np.arange(20), seed=1).patients.bedside
    for name, (value, _) in DRY.items():
        assert np.asarray(getattr(found, name)) == pytest.approx(np.full(20, value), rel=1e-6)


def test_nothing_read_is_the_kind() -> None:
    assert kind().as_read({}) == kind() and kind().as_read({}).read is None


def test_a_mean_pulmonary_pressure_needs_a_lower_wedge_pressure() -> None:
    alone = {"mean_pulmonary_mmhg": (20.0, 2.0)}
    for wrong in (alone, {**alone, "wedge_mmhg": (20.0, 2.0)}):
        with pytest.raises(RequestError, match="with a lower wedge pressure"):
            kind().as_read(wrong)
    assert kind().as_read({**alone, "wedge_mmhg": (19.0, 2.0)}).read.places == (WEDGE, GRADIENT)  # type: ignore[union-attr]


def test_who_has_no_heart() -> None:
    """With EF 90 % of 42 mL a beat leaves 5 mL, of which V0 may be half: less than the 5 mL that a slope needs."""
    small = {**DRY, "cardiac_output_l_per_min": (3.9, 1e-6), "left_ejection_fraction": (0.9, 1e-6)}
    nobody = kind().as_read(small)
    deviates, members = np.zeros((3, len(NAMES))), np.arange(3)
    assert not nobody.can_be(deviates, members).any()
    assert kind().as_read(DRY).can_be(deviates, members).all()
    beyond = np.full((3, len(NAMES)), 9.0) * (np.arange(len(NAMES)) >= len(fields(Bedside)))
    assert kind().can_be(beyond, members).all()  # what lies beyond a bound counts as the bound
    assert not kind().patients(beyond, members).sound.any()
    assert replace(kind()).read is None
