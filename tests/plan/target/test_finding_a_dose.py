"""The dose for a target from a case: which search names it, what moves it, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import jsonschema
import numpy as np
import pytest

import inotrope
from inotrope.errors import RequestError, UnitError
from inotrope.estimation.kidney_path import KidneyAhead
from inotrope.patient import Case
from inotrope.plan import NOTICE, to_plain
from inotrope.plan.fitting.making import fit_case
from inotrope.plan.schemas import target_schema
from inotrope.plan.target.asking import read_hours, read_range, read_result_after, wanted_of
from inotrope.plan.target.making import find_dose
from inotrope.plan.target.record import ALL_MODELS, Change, Target, TargetStatus
from inotrope.units import Quantity
from tests.forecast.persons import given
from tests.plan.fitting.bedside_levels import bedside, level
from tests.plan.target.bedside_targets import RISING, allowed, case, models, shipped_case, target

ADULTS = ("label_adult", "label_adult_bolus", "prielipp_1996")


def named(found: Target) -> Decimal:
    assert found.named is not None
    return found.named.candidate.rate.value


@pytest.mark.hazard("dose-fitted-to-a-level")
def test_without_a_level_models_stand_side_by_side_and_the_lowest_is_named() -> None:
    found = target(case(), only=(*ADULTS, "after_surgery_1998"))
    assert found.status is TargetStatus.FOUND and not found.fitted
    assert [item.by.removeprefix("milrinone/") for item in found.searches] == list(ADULTS)
    rates = [item.named.candidate.rate.value for item in found.searches if item.named is not None]
    assert named(found) == min(rates) < max(rates)
    assert found.named_by == found.searches[rates.index(min(rates))].by
    assert any("never averaged" in text for text in found.says)
    assert "milrinone/after_surgery_1998: made in other patients than this one" in found.left_out


def test_with_a_level_the_average_is_searched_as_the_fit_has_it() -> None:
    of = case(level("260 ng/mL"))
    found = target(of, only=ADULTS, draws=2000)
    (one,) = found.searches
    assert found.fitted and one.by == ALL_MODELS == found.named_by
    fit = fit_case(of, models=models(*ADULTS), draws=2000)
    shares = [f"{item.model}, {item.share.shown(0)}" for item in fit.models if item.share is not None]
    assert sorted(one.models) == sorted(shares)
    assert len(found.levels) == 1


def test_a_high_level_names_a_lower_rate_than_a_low_one() -> None:
    assert named(target(case(level("330 ng/mL")))) < named(target(case(level("200 ng/mL"))))


def test_a_larger_penalty_never_names_a_higher_rate_and_a_higher_range_no_lower_one() -> None:
    rates = [named(target(case(), penalty=penalty)) for penalty in (0.0, 0.5, 1.0, 2.0, 5.0)]
    assert rates == sorted(rates, reverse=True)
    rates = [
        named(target(case(), wanted=text, penalty=0.5)) for text in ("80-160 ng/mL", "100-300 ng/mL", "200-400 ng/mL")
    ]
    assert rates == sorted(rates)


def test_the_same_range_in_another_unit_is_the_same_answer() -> None:
    assert target(case(), wanted="0.1-0.3 mg/L").searches == target(case(), wanted="100 to 300 ng/mL").searches


def test_none_is_safe_is_an_answer() -> None:
    found = target(case(administrations=[]), wanted="100-105 ng/mL", penalty=100)
    assert found.status is TargetStatus.NONE_SAFE and found.exit_code == 0 and found.named is None
    (one,) = found.searches
    assert one.named is None and len(one.best) == 3 and one.says[0].startswith("None is safe")


def test_one_model_by_which_none_is_safe_lets_none_be_named() -> None:
    """A level far above a narrow range: by the model of slow clearance it stays above, by the other it comes down."""
    asked: dict[str, Any] = {"wanted": "20-60 ng/mL", "penalty": 2.0, "only": ADULTS}
    found = target(case(), **asked)
    ends = {item.status for item in found.searches}
    assert ends == {TargetStatus.NONE_SAFE, TargetStatus.FOUND}
    assert found.status is TargetStatus.NONE_SAFE and found.named is None
    assert any("so none is named" in text for text in found.says)


def test_none_reaches_the_range() -> None:
    found = target(case(), wanted="20-30 mg/L")
    assert found.status is TargetStatus.NONE_REACHES and found.named is None
    assert found.wanted.says.startswith("as asked for; it reaches beyond what was studied")
    assert all(item.score == 0 for item in found.searches[0].candidates)


def test_kidneys_that_move_are_told_in_their_named_ways() -> None:
    found = target(case(level("260 ng/mL"), creatinine=RISING), only=("label_adult", "after_surgery_1998"))
    (one,) = found.searches
    assert [way.kidneys for way in one.ahead] == [way.value for way in KidneyAhead]
    assert one.highest_ahead == "worsening"
    by = {way.kidneys: way for way in one.ahead}
    assert by["worsening"].best is not None and by["recovering"].best is not None
    assert by["worsening"].best <= by["recovering"].best
    assert by["worsening"].above.value >= by["recovering"].above.value
    assert found.kidney is not None and found.kidney.moving
    assert not target(case()).searches[0].ahead


def test_the_next_level_is_drawn_when_the_ward_can() -> None:
    (one,) = target(case(), hours="12 h, 30 min, 6 h").searches
    assert [item.after.value for item in one.next_levels] == [Decimal("0.5"), 6, 12]
    assert [item.after.value for item in target(case(), hours=None).searches[0].next_levels] == list(range(1, 24))


def test_where_nothing_flows_no_level_is_drawn() -> None:
    found = target(case(administrations=[]), wanted="20-30 mg/L", hours="2 h")
    assert found.searches[0].next_levels == () and found.searches[0].next_level is None


def test_chances_add_up_and_the_best_stand_first() -> None:
    (one,) = target(shipped_case("sound-adult")).searches
    for item in one.candidates:
        assert item.below.value + item.inside.value + item.above.value == pytest.approx(
            Decimal(100), abs=Decimal("0.2")
        )
        by_formula = float(item.inside.value - 2 * item.above.value) / 100
        assert item.score == pytest.approx(by_formula, abs=0.002)
    scores = [item.candidate.score for item in one.best]
    assert scores == sorted(scores, reverse=True) and scores[0] == max(item.score for item in one.candidates)
    assert one.named is not None
    assert one.named.candidate.rate == one.alike_from <= one.best[0].candidate.rate <= one.alike_to


@pytest.mark.parametrize(("value", "says"), [("0.26 ng/mL", "mg/L"), ("2400 ng/mL", "too far right")])
def test_a_level_that_cannot_be_is_refused_and_nothing_searched(value: str, says: str) -> None:
    found = target(case(level(value)))
    assert found.status is TargetStatus.REFUSED and found.exit_code == 4
    assert says in " ".join(item.says for item in found.refusals) and not found.searches and found.allowed is not None


def test_a_level_that_was_not_used_stands_on_the_answer() -> None:
    found = target(case(level("260 ng/mL"), level("900 ng/mL", -2.0, site="infusing line")))
    assert any("900 ng/mL" in text for text in found.says)
    alone = target(case(level("900 ng/mL", site="infusing line")))
    assert alone.status is TargetStatus.REFUSED and alone.refusals[0].id == "level-from-the-infusing-line"


def test_models_that_do_not_hold_and_models_that_say_nothing() -> None:
    assert target(case(), only=("paradisis_2007",)).refusals[1].id == "out-of-domain"
    assert target(case(), only=("hallik_2019",)).refusals[0].id == "no-model"
    found = target(case(), only=("after_surgery_1998", "hallik_2019"))
    assert any("all extrapolate" in text for text in found.says)
    assert any(text.startswith("milrinone/hallik_2019: draw no curve") for text in found.left_out)
    found = target(case(level("260 ng/mL")), only=("after_surgery_1998",))
    assert any("extrapolate" in text for text in found.says)


@pytest.mark.parametrize("text", ["100", "100-300", "300-100 ng/mL", "-5-300 ng/mL", "100-100 ng/mL", "100-300 mL/h"])
def test_a_range_that_is_none_is_an_error(text: str) -> None:
    with pytest.raises((RequestError, UnitError)):
        target(case(), wanted=text)


@pytest.mark.parametrize("text", ["150 to 250", "100-300", "0.1-0.35"])
def test_a_range_without_a_unit_is_told_how_to_write_one(text: str) -> None:
    with pytest.raises(RequestError, match=r"is no range of levels\. Write it such as '100-300 ng/mL'"):
        read_range(text, ())


def test_a_range_must_be_written_where_none_was_studied() -> None:
    with pytest.raises(RequestError, match="No range of levels was studied"):
        read_range(None, ())
    assert read_range("100-300 ng/mL", ()).says == "as asked for"


@pytest.mark.parametrize("hours", ["0 h", "24 h", "3", "", "2 mg"])
def test_an_hour_that_is_none_is_an_error(hours: str) -> None:
    with pytest.raises((RequestError, UnitError)):
        read_hours(hours)


@pytest.mark.parametrize("after", ["-1 h", "24 h", "1", "2 mg"])
def test_a_time_to_a_result_that_is_none_is_an_error(after: str) -> None:
    assert read_result_after(None) == 0 and read_result_after("0 h") == 0 and read_result_after("90 min") == 1.5
    with pytest.raises((RequestError, UnitError)):
        read_result_after(after)


@pytest.mark.parametrize(("penalty", "written"), [(1000.0, "'1000'"), (-1.0, "'-1'"), (100.5, "'100.5'")])
def test_a_penalty_that_is_none_is_told_as_a_person_writes_it(penalty: float, written: str) -> None:
    with pytest.raises(RequestError, match=written):
        target(case(), penalty=penalty)


@pytest.mark.parametrize("penalty", [-0.1, 100.1, float("nan"), float("inf")])
def test_a_penalty_that_is_none_is_an_error(penalty: float) -> None:
    with pytest.raises(RequestError, match="penalty"):
        wanted_of(read_range("100-300 ng/mL", ()), penalty, ())


def test_it_stands_under_the_root_and_fits_its_schema() -> None:
    assert inotrope.find_dose is find_dose
    for of in (case(level("260 ng/mL"), creatinine=RISING), shipped_case("low-pressure"), shipped_case("sound-adult")):
        found = target(of)
        jsonschema.validate(to_plain(found), target_schema())
        assert found.notice == NOTICE and found.versions.site is None


def test_unknown_doses_before_are_told() -> None:
    of: Case = case(administrations=None)
    assert any("does not say what was given before" in text for text in target(of).says)


def test_times_of_levels_count_nothing() -> None:
    """A time at which only a level could be drawn stands for no time: the shares stay as they are."""
    (bare,), (more,) = (target(case(), hours=hours).searches for hours in ("1 h", "1 h, 100 min"))
    assert [item.score for item in bare.candidates] == pytest.approx([item.score for item in more.candidates], abs=2e-4)


def test_the_score_is_of_the_whole_time() -> None:
    wanted = wanted_of(read_range("100-300 ng/mL", ()), None, ())
    assert wanted.weights.sum() == 96 and np.ptp(wanted.times_h) == 24 and wanted.penalty == 2


@pytest.mark.hazard("dose-fitted-to-a-level")
def test_a_rate_under_which_less_than_half_of_the_time_lies_in_the_range_is_called_so() -> None:
    """In a narrow range a patient of whom no level is known lies for a part of the day, whatever he is given."""
    narrow = target(case(), wanted="200-240 ng/mL", penalty=0.5)
    assert narrow.named is not None and narrow.named.candidate.inside.value < 50
    assert narrow.status is TargetStatus.MOSTLY_OUTSIDE and narrow.exit_code == 0
    assert narrow.searches[0].status is TargetStatus.FOUND
    jsonschema.validate(to_plain(narrow), target_schema())
    wide = target(case())
    assert wide.named is not None and wide.named.candidate.inside.value >= 50 and wide.status is TargetStatus.FOUND


@pytest.mark.hazard("dose-fitted-to-a-level")
def test_what_runs_is_named_where_it_is_as_good_as_the_best() -> None:
    """0.375 runs, for a level of about 170: lower rates are as good by the level, and none is a reason to change it."""
    running = [given(20, rate="0.375 mcg/kg/min")]
    found = target(case(level("170 ng/mL"), administrations=running))
    (one,) = found.searches
    assert found.named is not None and found.change is Change.LEAVE
    assert found.named.candidate.pump_rate == Quantity(Decimal("7.9"), "mL/h")  # 0.375 x 70 x 60 / 200 = 7.875
    assert one.alike_from < found.named.candidate.rate <= one.alike_to
    high = target(case(level("290 ng/mL"), administrations=running))
    assert (
        high.named is not None
        and high.named.candidate.rate < found.named.candidate.rate
        and high.change is not Change.LEAVE
    )


def test_what_runs_is_not_named_where_something_asks_for_less() -> None:
    running, low = [given(20, rate="0.375 mcg/kg/min")], {"oliguria": "present"}
    found = target(case(level("170 ng/mL"), administrations=running, conditions=low))
    assert found.named is not None and found.change is Change.REDUCE
    assert found.named.candidate.rate == found.searches[0].alike_from


def test_between_printed_rates_nothing_is_what_runs() -> None:
    """Without a bag the rates are the printed ones: 0.375 is one of them, 0.4 is none."""
    for rate, same in (("0.375", True), ("0.4", False)):
        of = bedside(administrations=[given(20, rate=f"{rate} mcg/kg/min")])
        way = allowed(of).ways[0]
        assert (way.setting_of(Quantity(Decimal(rate), "mcg/kg/min")) is not None) is same
