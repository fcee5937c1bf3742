"""The doors of a fit: models by name, an assumed kidney, a hospital's own file, and the covariance that is told."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inotrope.drug import load_drug, read_site
from inotrope.errors import RequestError, UnitError
from inotrope.estimation.posterior import Posterior
from inotrope.plan import fit_case
from inotrope.plan.fitting import of_model
from inotrope.plan.fitting.record import Fit, FitStatus, FittedEtas
from inotrope.population import Model, load_model, load_models
from inotrope.units import Quantity, read_quantity
from tests.estimation.models import write_model
from tests.plan.fitting.bedside_levels import KG, bedside, level
from tests.plan.fitting.test_one_level import grid, typical_clearance

LABEL = "milrinone/label_adult"
RISING = ("1.0 mg/dL", "1.4 mg/dL", "2.2 mg/dL")


def label() -> Model:
    return load_model(LABEL)


def kidney(text: str) -> Quantity:
    return read_quantity(text, what="kidney", dimensions=("flow per body surface area",))


def etas_of(fit: Fit) -> FittedEtas:
    found = fit.models[0].etas
    assert found is not None
    return found


def test_the_covariance_is_that_of_brute_force() -> None:
    """Mean and covariance of both etas on a grid of 1,201 x 1,201 points, against those of the draws."""
    found = etas_of(fit_case(bedside(level("260 ng/mL")), models=[label()]))
    exact = grid()
    weight = exact.weight / exact.marginal
    own = [np.log(exact.clearance / typical_clearance()), np.log(exact.volume / (0.45 * KG))]
    mean = [float((weight * eta).sum()) for eta in own]
    covariance = np.array(
        [
            [float((weight * (a - m) * (b - n)).sum()) for b, n in zip(own, mean, strict=True)]
            for a, m in zip(own, mean, strict=True)
        ]
    )
    assert found.of == ("clearance", "volume")
    assert found.omega == pytest.approx([math.sqrt(math.log1p(share**2)) for share in (0.45, 0.34)], rel=1e-5)
    sds = np.sqrt(np.diagonal(covariance))
    assert np.array(found.draws_mean) == pytest.approx(mean, abs=0.08 * sds.min())
    assert np.array(found.draws_covariance) / np.outer(sds, sds) == pytest.approx(
        covariance / np.outer(sds, sds), abs=0.1
    )
    correlation = np.array(found.draws_correlation)
    assert correlation[0, 1] == pytest.approx(covariance[0, 1] / sds.prod(), abs=0.08)


def test_the_curvature_at_the_top_is_that_of_the_grid() -> None:
    """Second differences of -2 log posterior by hand at the highest point, over steps of a hundredth."""
    found = etas_of(fit_case(bedside(level("260 ng/mL")), models=[label()]))
    from tests.plan.fitting.bedside_levels import by_hand

    def objective(one: float, two: float) -> float:
        seen = float(by_hand(typical_clearance() * math.exp(one), 0.45 * KG * math.exp(two), -1.0))
        variance = (0.15 * seen) ** 2 + 25
        prior = sum((eta / omega) ** 2 for eta, omega in zip((one, two), found.omega, strict=True))
        return (260 - seen) ** 2 / variance + math.log(variance) + prior

    at, step = found.most_probable, 0.01
    hessian = np.empty((2, 2))
    for row in range(2):
        for column in range(2):
            total = 0.0
            for first in (step, -step):
                for second in (step, -step):
                    moved = list(at)
                    moved[row] += first
                    moved[column] += second
                    total += math.copysign(1, first * second) * objective(*moved)
            hessian[row, column] = total / (4 * step * step)
    expected = np.linalg.inv(hessian / 2)
    assert np.array(found.covariance) == pytest.approx(expected, rel=0.01)
    assert found.correlation[0][1] == pytest.approx(
        expected[0, 1] / math.sqrt(expected[0, 0] * expected[1, 1]), rel=0.01
    )
    assert [found.correlation[place][place] for place in range(2)] == [1, 1]


def test_without_a_level_no_covariance_is_told() -> None:
    assert fit_case(bedside(), models=[label()], draws=200).models[0].etas is None


def test_only_the_models_that_are_named_are_fitted() -> None:
    """The same model under two names counts half each."""
    found = fit_case(bedside(level("260 ng/mL")), models=[label(), replace(label(), name="own")], draws=500)
    assert {item.model for item in found.models} == {LABEL, "own"} and not found.not_fitted
    first, second = found.models
    assert first.values == second.values and first.share == second.share
    assert first.share is not None and first.share.value == 50


def test_a_model_of_another_drug_is_an_error(tmp_path: Path) -> None:
    other = load_model(write_model(tmp_path))
    with pytest.raises(RequestError, match="is of testamine, and the case of milrinone"):
        fit_case(bedside(level("260 ng/mL")), models=[other])


def test_where_none_of_the_named_models_can_be_fitted_it_is_refused() -> None:
    level_only = load_model("milrinone/cox_2013")
    found = fit_case(bedside(level("260 ng/mL")), models=[level_only])
    assert found.status is FitStatus.REFUSED and found.exit_code == 4
    assert [item.id for item in found.refusals] == ["no-model"] and found.not_fitted == ("milrinone/cox_2013",)
    assert fit_case(bedside(), models=[level_only]).status is FitStatus.NOTHING_TO_FIT


def test_an_assumed_kidney_is_held_and_said() -> None:
    """The label's clearance by hand: 0.14 L/kg/h x (0.17 + 0.83 x 30 / 80), also while the creatinine rises."""
    assumed = kidney("30 mL/min/1.73 m2")
    for creatinine in (("1.2 mg/dL",) * 3, RISING):
        found = fit_case(bedside(level("260 ng/mL"), creatinine=creatinine), models=[label()], assume_kidney=assumed)
        (said,) = found.assumptions
        assert "ASSUMED to be 30 mL/min/1.73 m2" in said and "which is not used" in said
        assert not found.kidney.moving and "ASSUMED" in found.kidney.because[0]
        clearance = found.models[0].values[0]
        assert clearance.typical is not None
        assert float(clearance.typical.value) == pytest.approx(0.14 * KG * (0.17 + 0.83 * 30 / 80), abs=0.005)
    without = fit_case(bedside(level("260 ng/mL"), creatinine=()), models=[label()], assume_kidney=assumed)
    assert "The record gives no usable one." in without.assumptions[0] and without.status is FitStatus.FITTED
    assert fit_case(bedside(level("260 ng/mL")), models=[label()], draws=200).assumptions == ()
    with pytest.raises(UnitError, match="not accepted"):
        fit_case(bedside(), models=[label()], assume_kidney=kidney("9000 mL/min/1.73 m2"))


def test_a_hospital_s_band_comes_first_and_its_file_is_among_the_versions(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text('[band]\nlow = "150 ng/mL"\n', encoding="utf-8")
    site = read_site(path)
    found = fit_case(bedside(level("260 ng/mL")), models=[label()], site=site, draws=500)
    assert [str(end) for end in (found.bands[0].low, found.bands[0].high)] == ["150 ng/mL", "300 ng/mL"]
    assert found.versions.site == site.digest
    assert any("this site's own file (site.toml)" in says for says in found.says)
    assert {item.band for item in found.models[0].leaves} == {band.id for band in found.bands}
    plain = fit_case(bedside(level("260 ng/mL")), models=[label()], draws=500)
    assert plain.versions.site is None and plain.models[0].values == found.models[0].values
    path.write_text('[pump]\nstep = "0.1 mL/h"\n', encoding="utf-8")
    without = fit_case(bedside(level("260 ng/mL")), models=[label()], site=read_site(path), draws=500)
    assert without.bands == plain.bands and without.says == plain.says


def test_a_model_with_one_deviation_has_a_covariance_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: the draws 1 to 5 have mean 3 and variance 2.5."""
    plain = of_model.sample_posterior

    def five(problem: object, *given: object, **more: object) -> Posterior:
        found = plain(problem, *given, **more)  # type: ignore[arg-type]
        etas = np.arange(1.0, 6.0)[:, None] * np.ones((1, found.etas.shape[1]))
        return Posterior(etas, "importance", 0.1, 1.0, 5.0, found.log_marginal, found.log_marginal_sd, "")

    monkeypatch.setattr(of_model, "sample_posterior", five)
    models = [model for model in load_models(load_drug("milrinone")) if model.name == LABEL]
    found = etas_of(fit_case(bedside(level("260 ng/mL")), models=models))
    assert found.draws_mean[0] == 3 and found.draws_covariance[0][0] == 2.5
