"""A stop is set aside only by a rule that allows it, fires, and is given a reason."""

from __future__ import annotations

import pytest

from inotrope.drug import Drug
from inotrope.errors import RequestError
from inotrope.findings import Finding, State
from inotrope.safety import Situation, apply_overrides, judge

VALVE = "severe-valve-obstruction"


@pytest.fixture
def findings(milrinone: Drug, make_case) -> tuple[Finding, ...]:
    case = make_case(
        conditions={"severe aortic stenosis": "present", "severe hypovolemia": "present", "edema": "present"}
    )
    return judge(milrinone, Situation(case, milrinone.entries[0], {}, {}), rules=milrinone.rules)


def test_an_override_keeps_the_finding_and_its_reason(milrinone, findings) -> None:
    changed, notes = apply_overrides(milrinone, findings, {VALVE: "  bridge to\nsurgery  tonight "})
    assert notes == ()
    before = {finding.rule: finding for finding in findings}
    for finding in changed:
        if finding.rule == VALVE:
            assert (finding.state, finding.override_reason) == (State.OVERRIDDEN, "bridge to surgery tonight")
            assert finding.says == before[VALVE].says
        else:
            assert finding is before[finding.rule]


@pytest.mark.parametrize(
    "reason",
    [
        "valve surgery tonight, Dr. Adams",
        "Notfalloperation",
        "Herzklappe heute Nacht, OA Müller",
        "pont à la chirurgie",
        "今晚瓣膜手术",
        "弁手術まで",
        "수술 대기 중",
        "ผ่าตัดลิ้นหัวใจคืนนี้",
        "операция ночью",
        "عملية الصمام الليلة",
        "आज रात शल्यक्रिया",
    ],
)
def test_a_true_reason_counts_in_any_language(milrinone, findings, reason: str) -> None:
    changed, notes = apply_overrides(milrinone, findings, {VALVE: reason})
    assert notes == () and reason in [finding.override_reason for finding in changed]


def test_no_override_changes_nothing(milrinone, findings) -> None:
    assert apply_overrides(milrinone, findings, {}) == (findings, ())


@pytest.mark.parametrize(
    ("overrides", "says", "accepted"),
    [
        (
            {"severe-valve-obstructio": "x"},
            "'severe-valve-obstructio' is no rule of milrinone; the nearest known: 'severe-valve-obstruction'",
            None,
        ),
        ({VALVE: "ok"}, "gives no reason that can be read", "8 letters at least"),
        ({VALVE: "\u200b" * 20}, "gives no reason that can be read", "a reason in words"),
        ({VALVE: "because\u202e of the valve"}, "gives no reason that can be read", "a reason in words"),
        ({VALVE: "because " * 100}, "gives no reason that can be read", "500 characters at most"),
        ({VALVE: "aaaaaaaa"}, "gives no reason that can be read", "several of them different"),
        ({VALVE: "aaaa bbbb cc"}, "gives no reason that can be read", "several of them different"),
        ({VALVE: "12345678 9012"}, "gives no reason that can be read", "several of them different"),
        ({VALVE: "reasons"}, "gives no reason that can be read", "8 letters at least"),
        ({VALVE: "no no no"}, "gives no reason that can be read", "several of them different"),
        ({VALVE: "手手手手手手手手"}, "gives no reason that can be read", "several of them different"),
        ({VALVE: " \n "}, "The override of 'severe-valve-obstruction' gives no reason", "a reason in words"),
    ],
)
def test_an_override_that_cannot_stand(milrinone, findings, *, overrides, says: str, accepted: str | None) -> None:
    with pytest.raises(RequestError) as caught:
        apply_overrides(milrinone, findings, overrides)
    assert says in caught.value.says
    assert accepted is None or accepted in str(caught.value.accepted)


@pytest.mark.hazard("dose-in-spite-of-a-stop")
@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("severe-hypovolemia", "allows none"),
        ("edema", "allows none"),
        ("hypertrophic-obstruction", "could not be judged: not known: hypertrophic obstructive cardiomyopathy"),
        ("platelets-below-50", "could not be judged: not known: platelets"),
    ],
)
def test_an_override_that_cannot_apply_changes_nothing_and_is_said(milrinone, findings, rule: str, why: str) -> None:
    changed, notes = apply_overrides(milrinone, findings, {VALVE: "bridge to surgery", rule: "because I say so"})
    by_rule = {finding.rule: finding.state for finding in changed}
    assert by_rule[VALVE] is State.OVERRIDDEN
    assert by_rule["severe-hypovolemia"] is State.FIRES
    assert len(notes) == 1
    assert rule in notes[0]
    assert why in notes[0]


def test_an_override_of_a_rule_that_was_judged_and_is_silent_says_that_it_does_not_fire(milrinone, make_case) -> None:
    case = make_case(conditions={"hypertrophic obstructive cardiomyopathy": "absent"})
    silent = judge(milrinone, Situation(case, milrinone.entries[0], {}, {}), rules=milrinone.rules)
    _, notes = apply_overrides(milrinone, silent, {"hypertrophic-obstruction": "because I say so"})
    assert notes == ("Override of 'hypertrophic-obstruction' not applied: the rule does not fire for this patient.",)
