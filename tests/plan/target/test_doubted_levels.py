"""Levels on which no rate may stand: implausible to the models of such patients, or against each other."""

from __future__ import annotations

import pytest

from inotrope.findings import Refusal
from inotrope.plan.fitting.making import fit_case
from inotrope.plan.fitting.record import FitStatus
from inotrope.plan.target.record import Target, TargetStatus
from tests.plan.fitting.bedside_levels import level
from tests.plan.target.bedside_targets import case, models, target

ADULTS = ("label_adult", "label_adult_bolus", "prielipp_1996")


def refused(found: Target) -> Refusal:
    assert found.status is TargetStatus.REFUSED and not found.searches and found.named is None
    assert not found.courses
    return found.refusals[0]


@pytest.mark.hazard("dose-fitted-to-a-level")
@pytest.mark.parametrize("value", ["18 ng/mL", "0.018 mg/L"])
def test_one_model_left_over_does_not_vouch_for_an_implausible_level(value: str) -> None:
    """A tenth of what such patients have: the label's own models refuse it, and one of other patients takes it."""
    of = case(level(value))
    why = refused(target(of, only=ADULTS))
    assert why.id == "level-doubted" and "than label_adult and label_adult_bolus would" in why.says
    for word in ("pump", "line", "sample", "measure a level again", "2026-11-22 07:00"):
        assert word in why.says
    fit = fit_case(of, models=models(*ADULTS), draws=500)
    assert fit.status is FitStatus.FITTED and fit.says[0].startswith("WARNING") and why.says in fit.says[0]


@pytest.mark.hazard("dose-fitted-to-a-level")
def test_nor_for_one_that_most_call_too_high() -> None:
    """It would lead to a pause of what keeps the heart going, on a sample that may come from the infusing line."""
    why = refused(target(case(level("1400 ng/mL")), only=ADULTS))
    assert why.id == "level-doubted" and "far higher than label_adult and prielipp_1996 would" in why.says
    assert "infusing line" in why.says and "call now" in why.says


def test_where_all_refuse_the_answer_says_what_to_do_and_once_why() -> None:
    found = target(case(level("2400 ng/mL")), only=ADULTS)
    assert [item.id for item in found.refusals] == ["level-doubted", "level-implausible"]
    assert not found.fitted


def test_a_level_that_most_such_models_take_is_searched() -> None:
    found = target(case(level("200 ng/mL")), only=ADULTS)
    assert found.status is TargetStatus.FOUND and found.fitted
    assert not any(text.startswith("WARNING") for text in fit_case(case(level("200 ng/mL")), draws=500).says)


@pytest.mark.hazard("dose-fitted-to-a-level")
def test_levels_that_contradict_each_other_are_not_averaged() -> None:
    of = case(level("80 ng/mL", -2.5), level("600 ng/mL", -2.0))
    why = refused(target(of))
    assert why.id == "levels-contradict" and "which is wrong" in why.says
    assert "80 ng/mL at 2026-11-22 05:30" in why.says and "600 ng/mL at 2026-11-22 06:00" in why.says
    fit = fit_case(of, models=models("label_adult"), draws=500)
    assert fit.status is FitStatus.FITTED and why.says in fit.says[0]


def test_levels_within_their_error_are_searched() -> None:
    assert target(case(level("220 ng/mL", -2.5), level("300 ng/mL", -2.0))).fitted


def test_fitted_means_that_a_model_fitted_it() -> None:
    """No model takes the level: it was used, and nothing fitted it."""
    found = target(case(level("2400 ng/mL")))
    assert found.levels[0].refused is None and not found.fitted


def test_what_withholds_a_rate_stands_before_the_doubt() -> None:
    """Under a refusal of the plan a doubted level leads to no course of what runs."""
    found = target(case(level("80 ng/mL", -2.5), level("600 ng/mL", -2.0), creatinine=()), only=ADULTS)
    assert found.status is TargetStatus.REFUSED and not found.courses
    assert found.refusals[-1].id == "levels-contradict" != found.refusals[0].id
