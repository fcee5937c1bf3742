"""Fits that are refused, kidneys that move, machines, and a case without a level."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from inotrope.drug import load_drug
from inotrope.errors import RequestError
from inotrope.estimation import kidney_of_case
from inotrope.estimation.posterior import Posterior
from inotrope.findings import Refusal
from inotrope.patient import read_case
from inotrope.plan import fit_case, to_plain
from inotrope.plan.fitting import of_model
from inotrope.plan.fitting.making import fit_models
from inotrope.plan.fitting.record import Fit, FitStatus
from inotrope.plan.fitting.telling import BLIND, MOVING, curve_times
from inotrope.plan.schemas import fit_schema
from inotrope.population import load_model, load_models
from tests.estimation.models import write_model
from tests.forecast.persons import given
from tests.plan.fitting.bedside_levels import at, bedside, level, shipped

LABEL = ("milrinone/label_adult",)
RISING = ("1.0 mg/dL", "1.4 mg/dL", "2.2 mg/dL")


def fit(*levels: dict[str, str], models: tuple[str, ...] = LABEL, draws: int = 1000, **changes: Any) -> Fit:
    every = {model.name: model for model in load_models(load_drug("milrinone"))}
    return fit_case(bedside(*levels, **changes), models=[every[name] for name in models], draws=draws)


def ids(found: Fit) -> list[str]:
    return [item.id for item in found.refusals]


@pytest.mark.parametrize(
    ("written", "slip"),
    [("0.26 ng/mL", "mg/L"), ("26000 ng/mL", "ng/dL"), ("2100 ng/mL", "nmol/L"), ("2400 ng/mL", "too far right")],
)
def test_a_wrong_unit_is_caught_and_named(written: str, slip: str) -> None:
    """260 ng/mL is 0.26 mg/L and 26,000 ng/dL; 2,100 nmol/L are 444 ng/mL at 211.22 g/mol."""
    found = fit(level(written))
    assert found.status is FitStatus.REFUSED and found.exit_code == 4
    assert ids(found) == ["level-implausible"]
    assert slip in found.refusals[0].says
    (model,) = found.models
    assert not model.values and model.curve is None and not model.levels
    assert found.average.refused is not None and found.average.refused.id == "models-not-averaged"


def test_without_a_level_there_is_nothing_to_fit() -> None:
    found = fit(models=(*LABEL, "milrinone/prielipp_1996"))
    assert found.status is FitStatus.NOTHING_TO_FIT and found.exit_code == 0
    assert "nothing to fit" in found.says[0]
    assert found.average.refused is not None and found.average.refused.id == "models-not-averaged"
    assert not found.average.values
    for model in found.models:
        assert model.method == "prior" and model.share is None and not model.at_errors
        assert all(item.most_probable is None and item.left is None for item in model.values)
        clearance = model.values[0]
        assert clearance.typical is not None
        # Half of all patients lie on either side of the typical one.
        assert float(clearance.median.value) == pytest.approx(float(clearance.typical.value), rel=0.06)


def test_two_levels_that_agree_are_surer_than_one() -> None:
    def width(found: Fit) -> float:
        clearance = found.models[0].values[0]
        return float(clearance.ninety_to.value - clearance.ninety_from.value)

    assert width(fit(level("260 ng/mL"), level("262 ng/mL", -1.5), draws=4000)) < width(
        fit(level("260 ng/mL"), draws=4000)
    )


def test_a_level_below_quantification_counts_as_such() -> None:
    found = fit(level("<150 ng/mL"))
    (seen,) = found.models[0].levels
    assert seen.below and seen.residual_sds is None
    assert seen.most_probable < seen.typical


def test_where_the_creatinine_moves_the_kidneys_do() -> None:
    case = {"creatinine": RISING}
    found = fit(level("350 ng/mL"), models=(*LABEL, "milrinone/prielipp_1996"), draws=2000, **case)
    assert found.kidney.moving and found.kidney.now is not None
    label = next(item for item in found.models if item.model == LABEL[0])
    assert label.kidneys == "in motion" and label.method == "joint draws" and MOVING in label.says
    assert label.draws_worth is not None and 100 <= label.draws_worth <= 2000
    assert [way.kidneys for way in label.ahead] == ["unchanged", "recovering", "worsening"]
    medians = {way.kidneys: way.level.median.value for way in label.ahead}
    assert medians["recovering"] < medians["unchanged"] < medians["worsening"]
    other = next(item for item in found.models if item.model == "milrinone/prielipp_1996")
    assert other.kidneys == "not used" and BLIND in other.says


def test_joint_draws_are_those_that_the_level_would_leave_of_many() -> None:
    """Brute force: every pair of a path and a patient by the likelihood of its own level, one row at a time."""
    asked: list[tuple[of_model.Fitting, of_model.Answer]] = []
    every = {model.name: model for model in load_models(load_drug("milrinone"))}
    plain = of_model.Fitting.answer

    def kept(self: of_model.Fitting, usual: Any, times: float) -> Any:
        found = plain(self, usual, times)
        if times == 1:
            asked.append((self, found))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(of_model.Fitting, "answer", kept)
        fit_case(bedside(level("350 ng/mL"), creatinine=RISING), models=[every[LABEL[0]]], draws=4000)
    fitting, answer = asked[0]
    drawn = fitting._kept
    assert drawn is not None
    seen = drawn.seen[:, 0]
    variance = (0.15 * seen) ** 2 + 25
    weight = np.exp(-((350 - seen) ** 2) / variance / 2) / np.sqrt(variance)
    weight /= weight.sum()
    clearance = drawn.person.now("clearance")
    mean = float((weight * clearance).sum())
    assert float(answer.person.now("clearance").mean()) == pytest.approx(mean, rel=0.01)
    assert answer.posterior.effective_draws == pytest.approx(1 / (weight**2).sum(), rel=1e-6)
    assert answer.walk is not None and answer.walk.log_clearance_l_per_h.shape[0] == 4000


def test_several_levels_weigh_kidneys_and_patient_together() -> None:
    found = fit(level("300 ng/mL", -6), level("340 ng/mL"), level("<400 ng/mL", -2), creatinine=RISING, draws=2000)
    (model,) = found.models
    assert model.method == "joint draws" and len(model.levels) == 3
    one = fit(level("340 ng/mL"), creatinine=RISING, draws=2000).models[0]
    assert model.draws_worth is not None and one.draws_worth is not None and model.draws_worth < one.draws_worth


def test_too_few_draws_are_no_answer() -> None:
    """A second go pairs each kidney with four patients."""
    found = fit(level("350 ng/mL"), creatinine=RISING, draws=20)
    assert ids(found) == ["posterior-uncertain"]
    assert "of 80 patients drawn with their kidneys" in found.refusals[0].says


def test_a_patient_far_from_the_middle_is_drawn_around_where_the_levels_point() -> None:
    """The prior's own 20,000 draws are enough here, 400 of them are not: both must say the same of him."""
    levels = (level("620 ng/mL", -8), level("700 ng/mL"))
    few, many = (answers(*levels, draws=draws) for draws in (400, 20_000))
    assert few.posterior.effective_draws / few.posterior.effective_fraction == pytest.approx(1600)
    assert many.posterior.effective_draws / many.posterior.effective_fraction == pytest.approx(20_000)
    assert few.person.etas.shape[0] == few.seen.shape[0] == 400
    assert few.posterior.log_marginal == pytest.approx(many.posterior.log_marginal, abs=0.3)
    for share in (0.05, 0.5, 0.95):
        own, other = (np.quantile(one.person.now("clearance"), share) for one in (few, many))
        assert own == pytest.approx(other, rel=0.12)


def answers(*levels: dict[str, str], draws: int) -> of_model.Answer:
    """Return the answer of one model while the kidneys move."""
    case, drug = bedside(*levels, creatinine=RISING), load_drug("milrinone")
    models = [model for model in load_models(drug) if model.name in LABEL]
    found = fit_models(case, drug, models, draws=draws, seed=3).fits[LABEL[0]][2]
    assert isinstance(found, of_model.Answer)
    return found


def test_without_a_height_the_kidneys_stand_still() -> None:
    patient = {"born": "1958-03-02", "sex": "male", "weight": "70 kg"}
    found = fit(level("260 ng/mL"), models=(*LABEL, "milrinone/prielipp_1996"), creatinine=RISING, patient=patient)
    assert not found.kidney.moving and "height" in " ".join(found.kidney.says)
    assert {item.model: bool(item.refusals) for item in found.models} == {
        "milrinone/label_adult": True,
        "milrinone/prielipp_1996": False,
    }
    assert found.status is FitStatus.FITTED


def test_no_creatinine_at_all_is_said() -> None:
    found = fit(level("260 ng/mL"), creatinine=())
    assert [item.id for item in found.kidney.refusals] == ["creatinine-absent"]
    assert ids(found) == ["out-of-domain"] and "creatinine clearance" in found.refusals[0].says


def test_a_machine_whose_clearance_nobody_entered_is_refused() -> None:
    on = [{"what": "CRRT", "start": at(-12)}]
    found = fit(level("260 ng/mL"), support=on)
    assert ids(found) == ["out-of-domain"] and "Enter what it clears" in found.refusals[0].says


def test_a_machine_whose_clearance_was_entered_is_added() -> None:
    on = [{"what": "CRRT", "start": at(-12), "clearance": "1.2 L/h"}]
    found = fit(level("400 ng/mL"), support=on)
    (model,) = found.models
    assert any("1.2 L/h" in text for text in model.says)
    clearance = model.values[0]
    # Without kidneys of his own 0.17 of the label's clearance, and the machine's.
    assert clearance.typical is not None
    assert float(clearance.typical.value) == pytest.approx(0.14 * 70 * 0.17 + 1.2, abs=0.01)


def test_a_publication_without_an_error_takes_the_project_s() -> None:
    model = next(item for item in load_models(load_drug("milrinone")) if item.name == LABEL[0])
    found = fit_case(bedside(level("260 ng/mL")), models=[replace(model, residual=None)], draws=500)
    error = found.models[0].error
    assert error is not None and not error.own
    assert (str(error.a), str(error.b)) == ("5 ng/mL", "15 %")
    assert {source.status for source in error.sources} == {"judgement"}


def test_where_all_models_extrapolate_it_is_said() -> None:
    found = fit(level("260 ng/mL"), models=("milrinone/after_surgery_1998",))
    assert any("all extrapolate" in text for text in found.says)
    assert found.average.values


def test_a_search_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = of_model.find_mode

    def nowhere(*given: Any, **more: Any) -> Any:
        return replace(plain(*given, **more), converged=np.asarray(False))

    monkeypatch.setattr(of_model, "find_mode", nowhere)
    assert ids(fit(level("260 ng/mL"))) == ["fit-not-converged"]


def test_draws_that_do_not_settle_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsure(problem: Any, *_: Any, **__: Any) -> Posterior:
        nan = float("nan")
        return Posterior(np.empty((0, problem.count)), "tempered", nan, 0.1, 0.0, nan, nan, "it does not settle")

    monkeypatch.setattr(of_model, "sample_posterior", unsure)
    found = fit(level("260 ng/mL"))
    assert ids(found) == ["posterior-uncertain"] and "it does not settle" in found.refusals[0].says


def test_another_error_may_have_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = of_model.Fitting.answer

    def only_as_stated(self: of_model.Fitting, usual: Any, times: float) -> Any:
        return plain(self, usual, times) if times == 1 else (Refusal("fit-on-boundary", "Too far.", ()),)

    monkeypatch.setattr(of_model.Fitting, "answer", only_as_stated)
    (model,) = fit(level("260 ng/mL")).models
    assert [(at.refused, at.values) for at in model.at_errors] == [("Too far.", ())] * 2


def test_a_paused_infusion_has_no_steady_level() -> None:
    paused = [given(20, rate="0.5 mcg/kg/min"), given(2, rate="0 mcg/kg/min")]
    found = fit(level("200 ng/mL"), administrations=paused)
    assert "steady level" not in {item.name for item in found.models[0].values}
    assert found.given == ("0.5 mcg/kg/min from -20 h to -2 h",)


def test_what_was_given_is_said() -> None:
    first = given(20, dose="50 mcg/kg", duration="10 min")
    found = fit(level("260 ng/mL"), administrations=[first, given(19.8, rate="0.375 mcg/kg/min")])
    assert found.given == ("50 mcg/kg from -20 h to -19.8 h", "0.375 mcg/kg/min from -19.8 h on")


def test_a_curve_begins_with_the_first_dose_or_before_the_first_level() -> None:
    none = np.empty(0)
    assert curve_times(-20.0, none)[0] == -20 and curve_times(-200.0, none)[0] == -48
    early = curve_times(-200.0, np.array([-100.0]))
    assert early[0] == -106 and early[-1] == 24 and 0.0 in early.tolist()
    assert curve_times(-9000.0, np.array([-8000.0]))[0] == -7992  # even steps of a day


def test_the_shipped_case_fits_and_its_record_is_what_the_schema_says() -> None:
    found = fit_case(read_case(shipped("measured-level")), draws=1000)
    assert found.status is FitStatus.FITTED and found.kidney.moving
    assert len(found.given) == 4 and [str(item.value) for item in found.levels] == ["412 ng/mL"]
    jsonschema.validate(to_plain(found), fit_schema())
    own = kidney_of_case(read_case(shipped("measured-level")), draws=1000)
    assert own.walk is not None
    assert found.kidney.creatinines == ("1.1 mg/dL", "1.7 mg/dL", "2.2 mg/dL")


def test_a_case_of_a_child_finds_no_model_and_says_why() -> None:
    document = shipped("child-after-surgery")
    document["administrations"] = [{"of": "milrinone", "start": "2020-01-01T00:00:00+00:00", "rate": "0.5 mcg/kg/min"}]
    document["administrations"][0]["start"] = document["now"].replace("T08", "T01")
    document["measurements"] = [
        *document["measurements"],
        {"what": "concentration", "of": "milrinone", "value": "200 ng/mL", "at": document["now"]},
    ]
    found = fit_case(read_case(document), draws=200)
    assert found.status is FitStatus.REFUSED and set(ids(found)) == {"out-of-domain"}


def test_a_record_that_contradicts_itself_fits_nothing() -> None:
    both = [given(20, rate="0.5 mcg/kg/min"), given(20, rate="0.25 mcg/kg/min")]
    found = fit(level("260 ng/mL"), administrations=both)
    assert found.status is FitStatus.REFUSED and ids(found) == ["conflicting-data"] and not found.models
    assert found.average.refused is not None


def test_where_no_level_can_be_used_the_reason_is_the_answer() -> None:
    found = fit(level("1500 ng/mL", site="infusing line"))
    assert found.status is FitStatus.REFUSED and ids(found) == ["level-from-the-infusing-line"]
    one = fit(level("1500 ng/mL", site="infusing line"), level("260 ng/mL", -2, site="arterial line"))
    assert one.status is FitStatus.FITTED and not one.refusals
    assert [item.refused is None for item in one.levels] == [True, False]


def test_what_was_given_before_may_be_unknown() -> None:
    found = fit(administrations=None)
    assert found.status is FitStatus.NOTHING_TO_FIT and not found.given
    assert any("does not say what was given before" in text for text in found.says)


def test_a_model_of_two_compartments_has_no_one_half_life(tmp_path: Path) -> None:
    found = fit_case(
        bedside(level("260 ng/mL")), models=[replace(load_model(write_model(tmp_path)), drug="milrinone")], draws=500
    )
    assert found.status is FitStatus.FITTED
    names = [item.name for item in found.models[0].values]
    assert names == ["clearance", "volume", "q2", "v2", "level now", "steady level"]


def test_a_patient_that_a_model_has_no_parameter_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(self: of_model.Fitting) -> Any:
        raise RequestError("Clearance comes to -1 L/h, which no body has.")

    monkeypatch.setattr(of_model.Fitting, "usual", none)
    found = fit(level("260 ng/mL"))
    assert ids(found) == ["out-of-domain"] and "which no body has" in found.refusals[0].says
