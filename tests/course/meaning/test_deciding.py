"""What was decided, recorded for one state of the case: plans, stops set aside, orders that two people confirmed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inotrope.course.meaning.as_of import (
    Knowing,
    PlanOptions,
    SiteFile,
    case_at,
    case_now,
    make_course_plan,
    overrides_in_force,
)
from inotrope.course.meaning.recording import (
    close,
    correct,
    record_case,
    record_confirmation,
    record_given,
    record_happened,
    record_override,
    record_plan,
    record_reading,
)
from inotrope.course.meaning.replaying import Difference, differences, replay
from inotrope.errors import CourseError, Overtaken, RequestError
from inotrope.plan import PlanStatus
from inotrope.plan.double_check.items import read_item
from inotrope.plan.double_check.settings import ToBeSet, settings_of
from inotrope.units import Quantity
from tests.course.meaning.ward import Ward, adult, at, rate, reading, ward, written

STOP = "severe-valve-obstruction"
REASON = "bridge to surgery tonight, Dr. Adams"


def quick(bed: Ward, options: PlanOptions | None = None, site: SiteFile | None = None) -> Any:
    found = case_now(bed.events, bed.store.document, bed.now)
    return found, make_course_plan(found, options, site, forecast=False)


def running(bed: Ward) -> ToBeSet:
    """Return what may be meant for an infusion that runs: to leave it as it is."""
    bed.set(1)
    record_given(bed.by(), rate("0.375 mcg/kg/min", 0.5))
    return next(item for item in settings_of(quick(bed)[1]) if item.name == "as it runs")


def entered(meant: ToBeSet, **others: str) -> dict[str, Quantity]:
    """Return what a second person enters who means the same, the bag in another unit, but for some items."""
    found = {item: amount for item, amount in meant.amounts.items() if item != "concentration"}
    found["concentration"] = read_item("concentration", "0.2 mg/mL")
    return found | {item.replace("_", " "): read_item(item.replace("_", " "), text) for item, text in others.items()}


def test_a_plan_is_recorded_with_all_that_it_was_made_from(bed: Ward) -> None:
    found = case_now(bed.events, bed.store.document, bed.now)
    options = PlanOptions(what_if=("pause 2 h after 6 h",), assume_kidney="60 mL/min/1.73 m2")
    plan = make_course_plan(found, options)
    kept = record_plan(bed.by(), plan, case=found.text, options=options).event
    assert kept.body["status"] == "plan"
    assert kept.body["headline"] == "starts at 0.375 mcg/kg/min (9.2 mL/h)"
    assert PlanOptions.from_plain(kept.body["options"]) == options
    assert json.loads(bed.store.document(kept.body["plan"]))["kidney"]["assumed"] is True
    assert replay(bed.events, bed.store.document, kept.number).same


def test_a_plan_of_a_site_is_computed_anew_from_the_site_s_own_text(bed: Ward) -> None:
    found = case_now(bed.events, bed.store.document, bed.now)
    site = SiteFile("ward.toml", "[load]\ngiven = false\n")
    plan = make_course_plan(found, None, site)
    record_plan(bed.by(), plan, case=found.text, site=site)
    again = replay(bed.events, bed.store.document, 3)
    assert again.same and not again.versions
    assert again.exit_code == 0


def test_what_changed_in_the_program_is_named_with_both_values(bed: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    found = case_now(bed.events, bed.store.document, bed.now)
    record_plan(bed.by(), make_course_plan(found), case=found.text)
    monkeypatch.setattr("inotrope.plan.writing.NOTICE", "another")
    monkeypatch.setattr("inotrope.plan.writing.program_version", lambda: "9.9.9")
    again = replay(bed.events, bed.store.document, 3)
    assert (again.same, again.exit_code) == (False, 3)
    assert [item.path for item in again.differences] == ["notice"]
    assert [(item.path, item.now) for item in again.versions] == [("inotrope", "9.9.9")]


def test_a_plan_that_cannot_be_made_today_says_why(bed: Ward) -> None:
    found, plan = quick(bed)
    kept = record_plan(bed.by(), plan, case=found.text, options=PlanOptions({"a-rule-of-then": REASON}))
    again = replay(bed.events, bed.store.document, kept.event.number)
    assert not again.same and "a-rule-of-then" in again.failed


@pytest.mark.parametrize(
    ("then", "now", "found"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"b": 2}, [Difference("a", 1, None), Difference("b", None, 2)]),
        ({"a": [1, 2]}, {"a": [1]}, [Difference("a[1]", 2, None)]),
        ({"a": [{"b": 0.1}]}, {"a": [{"b": 0.2}]}, [Difference("a[0].b", 0.1, 0.2)]),
        ({"a": {"b": 1}}, {"a": [1]}, [Difference("a", {"b": 1}, [1])]),
    ],
)
def test_differences_are_named_as_deep_as_they_can_be_told_apart(then: Any, now: Any, found: list[Difference]) -> None:
    assert list(differences(then, now)) == found


def test_a_stop_is_set_aside_until_the_case_changes(tmp_path_factory: pytest.TempPathFactory) -> None:
    stenosis = adult()
    stenosis["conditions"]["severe aortic stenosis"] = "present"
    with ward(tmp_path_factory.mktemp("stop"), case=stenosis) as bed:
        assert quick(bed)[1].status is PlanStatus.STOPPED
        record_override(bed.by(), STOP, REASON)
        found, plan = quick(bed)
        assert found.overrides == {STOP: REASON} and plan.status is PlanStatus.PLAN
        kept = record_plan(bed.by(), plan, case=found.text, options=PlanOptions(found.overrides))
        assert f"stop set aside: {STOP}" in kept.event.body["headline"]
        bed.set(2)
        record_reading(bed.by(), reading("heart rate", "90 /min", 1))
        assert overrides_in_force(bed.events) == {}
        stopped = quick(bed)[1]
        headline = record_plan(bed.by(), stopped, case=found.text).event.body["headline"]
        assert headline.startswith("stopped: ")


def test_a_stop_whose_override_was_taken_back_stands(bed: Ward) -> None:
    record_override(bed.by(), STOP, REASON)
    correct(bed.by(), 3, why="no surgery")
    assert overrides_in_force(bed.events) == {}


@pytest.mark.parametrize(
    ("rule", "reason", "where"),
    [
        ("no-such-rule", REASON, "rule"),
        ("hypersensitivity-milrinone", REASON, "rule"),
        (STOP, "ok", "reason"),
        (STOP, "x" * 501, "reason"),
        (STOP, "x" * 5000, "reason"),
        (STOP, "bridge to\u202esurgery", "reason"),
        (STOP, None, "reason"),
    ],
)
def test_what_is_no_override(bed: Ward, rule: str, reason: Any, where: str) -> None:
    with pytest.raises(CourseError) as found:
        record_override(bed.by(), rule, reason)
    assert found.value.where == where
    assert bed.last == 2


def test_two_people_confirm_what_both_mean(bed: Ward) -> None:
    meant = running(bed)
    kept = record_confirmation(bed.by("Baker"), meant, entered(meant), first="Adams", second="Baker", code="4711")
    assert kept.event.body == {
        "meant": {
            "setting": "as it runs",
            "drug": "milrinone",
            "weight": "82 kg",
            "concentration": "200 mcg/mL",
            "pump rate": "9.2 mL/h",
            "rate": "0.375 mcg/kg/min",
        },
        "entered": {
            "weight": "82 kg",
            "concentration": "0.2 mg/mL",
            "pump rate": "9.2 mL/h",
            "rate": "0.375 mcg/kg/min",
        },
        "set_aside": [],
        "first": "Adams",
        "second": "Baker",
        "code": "4711",
    }


def test_what_goes_in_before_a_start_is_confirmed_with_it(bed: Ward) -> None:
    meant = next(item for item in settings_of(quick(bed)[1]) if item.first is not None and item.first.amounts)
    assert meant.first is not None
    how = meant.first.how
    kept = record_confirmation(bed.by(), meant, entered(meant), how=how, first="Adams", second="Baker", code="1")
    assert kept.event.body["meant"]["load"] == kept.event.body["entered"]["load"] == how


@pytest.mark.parametrize(
    ("others", "second", "where"),
    [({}, " aDAMS ", "second"), ({}, "", "second"), ({"pump_rate": "9.3 mL/h"}, "Baker", "pump rate")],
)
def test_what_is_no_confirmation(bed: Ward, others: dict[str, str], second: str, where: str) -> None:
    meant = running(bed)
    with pytest.raises(CourseError) as found:
        record_confirmation(bed.by(), meant, entered(meant, **others), first="Adams", second=second, code="1")
    assert found.value.where == where
    assert bed.last == 3


def test_what_nobody_entered_is_not_confirmed(bed: Ward) -> None:
    with pytest.raises(RequestError, match="missing"):
        record_confirmation(bed.by(), running(bed), {}, first="Adams", second="Baker", code="1")


def test_what_was_confirmed_for_another_case_is_refused_with_what_came(bed: Ward) -> None:
    meant = running(bed)
    bed.set(2)
    record_given(bed.by(), rate("0.5 mcg/kg/min", 1.5))
    with pytest.raises(Overtaken, match=r"event 4\)") as found:
        record_confirmation(bed.by("Baker", seen=3), meant, entered(meant), first="Adams", second="Baker", code="1")
    assert [event.kind for event in found.value.came] == ["rate"]


def test_a_closed_course_takes_no_plan(bed: Ward) -> None:
    meant = running(bed)
    found, plan = quick(bed)
    close(bed.by(), "moved")
    with pytest.raises(CourseError, match="closed"):
        record_plan(bed.by(), plan, case=found.text)
    with pytest.raises(CourseError, match="closed"):
        record_confirmation(bed.by(), meant, entered(meant), first="A", second="B", code="1")


def test_the_plan_of_a_moment_that_has_passed_is_as_it_was_known_or_as_it_was(bed: Ward) -> None:
    bed.set(3)
    slip = record_reading(bed.by(), reading("serum creatinine", "9 mg/dL", 2)).event.number
    bed.set(8)
    correct(bed.by(), slip, why="another patient's")
    events, documents = bed.events, bed.store.document
    then = make_course_plan(case_at(events, documents, at(4)), forecast=False)
    since = make_course_plan(case_at(events, documents, at(4), knowing=Knowing.SINCE), forecast=False)
    assert then.kidney.creatinine is not None and since.kidney.creatinine is not None
    assert (str(then.kidney.creatinine), str(since.kidney.creatinine)) == ("9 mg/dL", "1.1 mg/dL")
    assert "1 events up to now" in case_at(events, documents, at(4)).says[0]


def test_what_lies_ahead_of_the_clock_does_not_count_and_is_said(bed: Ward) -> None:
    bed.set(5)
    record_reading(bed.by(), reading("heart rate", "90 /min", 5))
    found = case_now(bed.events, bed.store.document, at(1))
    assert found.says == ("1 of the entries lie after this moment and do not count: look at the clock.",)
    assert found.case["now"] == written(1)


def test_a_list_that_single_entries_began_is_said_not_to_be_known_whole(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    bare = {key: part for key, part in adult().items() if key not in ("events", "medicines")}
    with ward(tmp_path_factory.mktemp("bare"), case=bare) as bed:
        assert case_now(bed.events, bed.store.document, bed.now).says == ()
        record_happened(bed.by(), "events", {"what": "ventricular ectopy", "at": written(0)})
        bed.set(1)
        found = case_now(bed.events, bed.store.document, bed.now)
        (says,) = found.says
        assert "Perhaps there is more than what is recorded: what happened." in says
        for knowing in Knowing:
            assert says in case_at(bed.events, bed.store.document, at(0.5), knowing=knowing).says
        record_case(bed.by(), found.case)  # as it stands, with the mark that the list is perhaps not all there is
        assert case_now(bed.events, bed.store.document, bed.now).says == (says,)
        record_case(bed.by(), {key: part for key, part in found.case.items() if key != "incomplete"})
        assert case_now(bed.events, bed.store.document, bed.now).says == ()


def test_the_forecast_goes_on_from_what_was_really_given(bed: Ward) -> None:
    """A pause that was recorded lowers the level that the plan counts as now; nothing else was told to the model."""
    bed.set(10)
    record_given(bed.by(), rate("0.5 mcg/kg/min", 0))
    running = make_course_plan(case_now(bed.events, bed.store.document, bed.now))
    record_given(bed.by(), rate("0 mcg/kg/min", 6))
    paused = make_course_plan(case_now(bed.events, bed.store.document, bed.now))
    levels = []
    for plan in (running, paused):
        assert plan.forecast is not None
        model = next(item for item in plan.forecast.models if item.model == plan.forecast.first)
        assert model.now is not None
        levels.append(float(model.now.typical.value))
    assert levels[1] < levels[0] / 2  # more than one half-life of the label, 2.4 h, without the drug
    assert paused.given is not None and paused.given.paused is not None
    headline = record_plan(bed.by(), paused, case="{}").event.body["headline"]
    assert headline.endswith("; paused")


def test_an_error_of_what_was_asked_is_one_of_the_plan(bed: Ward) -> None:
    with pytest.raises(RequestError):
        quick(bed, PlanOptions({"no-such-rule": REASON}))


def test_a_plan_without_a_rate_and_one_above_what_is_allowed_say_so(bed: Ward) -> None:
    bed.set(5)
    record_given(bed.by(), rate("0.5 mcg/kg/min", 0.5))
    record_reading(bed.by(), reading("serum creatinine", "1.6 mg/dL", 4))
    found, plan = quick(bed)
    headline = record_plan(bed.by(), plan, case=found.text).event.body["headline"]
    assert "0.5 mcg/kg/min runs, above what is allowed" in headline
    record_happened(bed.by(), "support", {"what": "CRRT", "start": written(4.5)})
    found, plan = quick(bed)
    headline = record_plan(bed.by(), plan, case=found.text).event.body["headline"]
    assert headline == "no rate: kidney-replacement; 0.5 mcg/kg/min runs"


@pytest.mark.parametrize(("number", "plans"), [(2, "none"), (99, "none")])
def test_what_recorded_no_plan_is_not_computed_anew(bed: Ward, number: int, plans: str) -> None:
    with pytest.raises(CourseError, match=rf"Event {number} recorded no plan. Plans: {plans}"):
        replay(bed.events, bed.store.document, number)
