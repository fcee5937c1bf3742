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
    changed = apply_overrides(milrinone, findings, {VALVE: "  bridge to\nsurgery  tonight "})
    before = {finding.rule: finding for finding in findings}
    for finding in changed:
        if finding.rule == VALVE:
            assert (finding.state, finding.override_reason) == (State.OVERRIDDEN, "bridge to surgery tonight")
            assert finding.says == before[VALVE].says
        else:
            assert finding is before[finding.rule]


def test_no_override_changes_nothing(milrinone, findings) -> None:
    assert apply_overrides(milrinone, findings, {}) == findings


@pytest.mark.parametrize(
    ("overrides", "says", "accepted"),
    [
        (
            {"severe-valve-obstructio": "x"},
            "'severe-valve-obstructio' is no rule of milrinone; the nearest known: 'severe-valve-obstruction'",
            None,
        ),
        ({"severe-hypovolemia": "x"}, "Rule 'severe-hypovolemia' (Severe lack of fluid", VALVE),
        ({"edema": "x"}, "cannot be overridden", VALVE),
        ({"hypertrophic-obstruction": "x"}, "does not fire for this patient", "a rule that fires"),
        ({VALVE: " \n "}, "The override of 'severe-valve-obstruction' gives no reason", "a reason in words"),
        ({VALVE: "fine", "severe-hypovolemia": "x"}, "cannot be overridden", VALVE),
    ],
)
def test_an_override_that_cannot_stand(milrinone, findings, *, overrides, says: str, accepted: str | None) -> None:
    with pytest.raises(RequestError) as caught:
        apply_overrides(milrinone, findings, overrides)
    assert says in caught.value.says
    assert accepted is None or accepted in str(caught.value.accepted)


def test_where_nothing_fires_nothing_is_overridden(milrinone) -> None:
    with pytest.raises(RequestError, match="no rule fires"):
        apply_overrides(milrinone, (), {VALVE: "x"})
