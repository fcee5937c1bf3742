"""The sheet of a fit shows every level, every refusal and every model, and says when nothing was measured."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from inotrope.display import to_markdown, to_text
from inotrope.display.fit_sheet import drawn_chart, fit_sheet
from inotrope.drug import load_drug
from inotrope.plan import fit_case
from inotrope.plan.fitting.record import Fit
from inotrope.plan.fitting.saying import WARNS
from inotrope.population import load_models
from tests.forecast.persons import given
from tests.plan.fitting.bedside_levels import bedside, level

NAMES = ("milrinone/label_adult", "milrinone/prielipp_1996", "milrinone/after_surgery_1998", "milrinone/paradisis_2007")


@cache
def fitted() -> Fit:
    models = [model for model in load_models(load_drug("milrinone")) if model.name in NAMES]
    both = (level("260 ng/mL", site="arterial line"), level("1500 ng/mL", -2, site="infusing line"))
    return fit_case(bedside(*both), models=models, draws=500)


def words(fit: Fit) -> str:
    return " ".join(to_text(fit_sheet(fit), width=200).split())


def test_every_level_is_there_and_why_one_is_not_fitted() -> None:
    shown = words(fitted())
    assert "260 ng/mL at" in shown and "arterial line" in shown
    assert "[-] 1500 ng/mL" in shown and "it tells of the bag" in shown


def test_what_is_good_to_know_is_no_question_and_a_warning_is_marked_as_one() -> None:
    shown = words(replace(fitted(), says=(WARNS.format(says="Two models doubt it."), "One level is one measurement.")))
    assert "To know [!] WARNING: trust none of these numbers yet. Two models doubt it." in shown
    assert "To know [i] One level is one measurement." in shown and "To know [?]" not in shown


def test_models_stand_beside_each_other_with_their_weights_and_refusals() -> None:
    shown = words(fitted())
    for name in NAMES:
        assert name.rpartition("/")[2] in shown
    assert "after_surgery_1998: made in other patients than this one" in shown
    assert "(out-of-domain): The model does not hold for this patient" in shown
    assert "standard error" in shown and "half" in shown and "double" in shown
    assert "clearance" in to_markdown(fit_sheet(fitted()))


def test_a_level_is_told_in_words_beside_the_chart() -> None:
    charts = [block for part in fit_sheet(fitted()).sections for block in part.blocks if hasattr(block, "time_h")]
    (chart,) = charts
    assert "Measured: 260 ng/mL at 1 h before now." in chart.says
    assert chart.points == ((-1.0, 260.0),)
    (level,) = next(model.levels for model in fitted().models if model.levels)
    # sqrt(5^2 + (15 % of the most probable level)^2), the error that the model states, in three digits
    sd = (5**2 + (0.15 * float(level.most_probable.value)) ** 2) ** 0.5
    assert chart.errors == pytest.approx((sd,), rel=5e-3) and chart.below == (False,)
    assert drawn_chart(fitted()) == chart


def test_without_an_answer_there_is_no_chart() -> None:
    assert drawn_chart(fit_case(bedside(level("260 ng/mL")), models=[], draws=100)) is None


def test_nothing_answers_and_nothing_is_left_out() -> None:
    none = fit_case(bedside(level("260 ng/mL")), models=[], draws=100)
    assert "Models that do not answer" not in words(none)
    alone = fit_case(bedside(administrations=[given(3, rate="0.5 mcg/kg/min")]), models=[], draws=100)
    assert "Given" in words(alone)
    assert "nothing that is on record" in words(fit_case(bedside(administrations=[]), models=[], draws=100))


def test_a_reason_that_several_models_have_is_said_once_at_the_head() -> None:
    """All of them stand below, with the models they are of; a model of newborns is no reason at the head."""
    found = fit_case(bedside(level("21200 ng/mL")), draws=100)
    head = fit_sheet(found).status.rows
    assert sum("is implausible" in row.text for row in head) == 1
    assert any("level of 21,200 ng/mL" in row.text and "more of this kind" in row.text for row in head)
    assert not any("does not hold for this patient" in row.text for row in head)
    assert words(found).count("(level-implausible): ") > 1
