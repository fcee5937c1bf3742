"""One cause, one alert: the first that fires speaks; a stop speaks for itself; nothing is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inotrope.drug import Drug
from inotrope.drug.causes import Cause
from inotrope.findings import Effect, Finding, Severity, Shown, State, Status
from inotrope.plan import make_plan
from inotrope.safety import gather

from .conftest import MakeCase

STOP, WARN, INFORM = Severity.STOP, Severity.WARN, Severity.INFORM


def finding(rule: str, severity: Severity, state: State = State.FIRES) -> Finding:
    return Finding(
        rule,
        severity,
        state,
        rule,
        "It is so.",
        "",
        "",
        (),
        Effect.NONE,
        severity is STOP,
        None,
        {},
        (),
        Status.CONFIRMED,
    )


@pytest.fixture
def two_causes(milrinone: Drug) -> Drug:
    causes = (Cause("one", ("a", "b", "c", "d"), ("m",)), Cause("two", ("x",), ("m", "n")))
    return replace(milrinone, causes=causes)


def under(drug: Drug, *findings: Finding) -> dict[str, str]:
    after = gather(drug, findings)
    assert [replace(item, under="") for item in after] == list(findings)  # nothing else changes, in the same order
    return {item.rule: item.under for item in after if item.under}


def test_the_first_that_fires_speaks(two_causes: Drug) -> None:
    a, b, c = finding("a", STOP), finding("b", WARN), finding("c", WARN)
    assert under(two_causes, c, b, a) == {"b": "a", "c": "a"}
    assert under(two_causes, c, b) == {"c": "b"}
    assert under(two_causes, c) == {}


def test_a_stop_stands_under_nothing(two_causes: Drug) -> None:
    assert under(two_causes, finding("a", STOP), finding("b", STOP)) == {}


def test_what_joins_stands_under_the_first_cause_that_speaks_and_never_speaks(two_causes: Drug) -> None:
    m, n, x = finding("m", INFORM), finding("n", INFORM), finding("x", WARN)
    assert under(two_causes, m, n) == {}
    assert under(two_causes, m, n, x) == {"m": "x", "n": "x"}
    assert under(two_causes, m, n, x, finding("d", INFORM)) == {"m": "d", "n": "x"}


@pytest.mark.parametrize("state", [State.OVERRIDDEN, State.UNKNOWN])
def test_what_was_overridden_or_is_not_known_covers_nothing_and_is_covered_by_nothing(
    two_causes: Drug, state: State
) -> None:
    assert under(two_causes, finding("a", STOP, state), finding("b", WARN)) == {}
    assert under(two_causes, finding("a", STOP), finding("b", WARN, state)) == {}


def test_what_alerts() -> None:
    fires = finding("a", WARN)
    assert fires.alerts and finding("a", STOP, State.OVERRIDDEN).alerts
    assert not finding("a", WARN, State.UNKNOWN).alerts
    assert not replace(fires, under="b").alerts
    assert not replace(fires, shown=Shown.NOTE).alerts


def test_what_stands_under_another_still_acts(make_case: MakeCase) -> None:
    """A load is withheld by a pressure that falls, also where the warning stands under a stop or another warning."""
    at = "2026-11-22T07:5{}:00+00:00"
    measured = [
        {"what": "mean arterial pressure", "value": "60 mmHg", "at": at.format(0)},
        {"what": "serum creatinine", "value": "90 umol/L", "at": at.format(1)},
    ]
    case = make_case(
        conditions={"recent vigorous diuresis": "present"},
        medicines=["furosemide", "metoprolol"],
        measurements=measured,
        administrations=[],
    )
    plan = make_plan(case, overrides={"low-pressure-at-start": "shock, pressure held by norepinephrine"})
    found = {item.rule: item for item in plan.findings}
    assert found["low-filling-after-diuresis"].under == "low-pressure-before-load"
    assert found["diuretics"].under == found["beta-blocker"].under == "low-pressure-before-load"
    assert found["low-pressure-before-load"].alerts and not found["diuretics"].alerts
    assert plan.loading_dose is not None and plan.loading_dose.dose is None


def test_what_only_answers_is_no_finding(make_case: MakeCase) -> None:
    rules = {item.rule for item in make_plan(make_case(medicines=["heparin"])).findings}
    assert "label-saw-no-harm" not in rules
