"""Whom the response does not hold for: each kind refuses, unknown is said, and nobody else is touched."""

from __future__ import annotations

from typing import Any

import pytest

from inotrope import Case, load_drug, read_case
from inotrope.findings import Truth
from inotrope.population.response import Held, judge_filling, judge_whom, load_response

NOW = "2026-11-22T08:00:00+01:00"
ABSENT = (
    "hypertrophic obstructive cardiomyopathy",
    "severe aortic stenosis",
    "severe pulmonic stenosis",
    "severe mitral stenosis",
    "severe aortic regurgitation",
    "severe mitral regurgitation",
    "severe tricuspid regurgitation",
    "severe hypovolemia",
    "atrial fibrillation",
    "atrial flutter",
    "paced rhythm",
    "predominant right heart failure",
)
READ = [("CVP", "12 mmHg"), ("PCWP", "25 mmHg")]


def case(*, born: str = "1958-03-02", read: list[tuple[str, str]] = READ, at: str = NOW, **changes: Any) -> Case:
    table: dict[str, Any] = {
        "drug": "milrinone",
        "indication": "acute decompensated heart failure",
        "now": NOW,
        "patient": {"born": born, "sex": "male", "weight": "82 kg", "height": "178 cm"},
        "conditions": dict.fromkeys(ABSENT, "absent"),
        "support": [],
        "medicines": [],
        "measurements": [{"what": what, "value": value, "at": at} for what, value in read],
    }
    return read_case({key: value for key, value in {**table, **changes}.items() if value is not None})


def held(of: Case) -> Held:
    return judge_whom(load_response(load_drug("milrinone")).refuses, of)


def test_an_adult_in_heart_failure_is_answered() -> None:
    found = held(case())
    assert found.answers and found == Held((), ())


@pytest.mark.parametrize("name", ABSENT)
def test_each_condition_refuses(name: str) -> None:
    found = held(case(conditions={**dict.fromkeys(ABSENT, "absent"), name: "present", "rate control": "absent"}))
    assert not found.answers and len(found.refusals) == 1
    assert found.refusals[0].id == "circulation-out-of-domain"
    assert found.refusals[0].says.startswith("The circulation model ") and found.refusals[0].sources


@pytest.mark.parametrize("machine", ["ECMO", "IABP", "Impella"])
def test_each_machine_refuses_while_it_runs(machine: str) -> None:
    assert (
        "no pump beside the heart"
        in held(case(support=[{"what": machine, "start": "2026-11-22T01:00:00+01:00"}])).refusals[0].says
    )


def test_a_child_is_refused_until_the_day_of_eighteen() -> None:
    assert held(case(born="2008-11-22")).answers
    assert "holds for adults" in held(case(born="2008-11-23")).refusals[0].says


@pytest.mark.parametrize(("what", "low", "enough"), [("CVP", "1.9 mmHg", "2 mmHg"), ("PCWP", "5.9 mmHg", "6 mmHg")])
def test_low_filling_pressures_refuse_while_they_are_fresh(what: str, low: str, enough: str) -> None:
    other = [item for item in READ if item[0] != what]
    assert held(case(read=[*other, (what, enough)])).answers
    assert not held(case(read=[*other, (what, low)])).answers
    old = held(case(read=[*READ[:0], (what, low)], at="2026-11-22T03:00:00+01:00"))
    assert old.answers and any("pressure" in line for line in old.unknown)


def test_fibrillation_under_control_is_answered_and_unknown_control_is_said() -> None:
    some = {**dict.fromkeys(ABSENT, "absent"), "AF": "present"}
    some.pop("atrial fibrillation")
    assert held(case(conditions={**some, "rate control": "present"})).answers
    (refusal,) = held(case(conditions=some)).refusals  # nobody said that the rate is controlled
    assert "not recorded whether this patient has ventricular rate control" in refusal.says
    assert refusal.needs == ("ventricular rate control",)
    assert held(case(conditions={**some, "rate control": "absent"})).refusals[0].needs == ()
    some.pop("AF")
    found = held(case(conditions=some))
    assert found.answers and any("atrial fibrillation" in line for line in found.unknown)


def test_another_pde3_inhibitor_refuses() -> None:
    assert not held(case(medicines=["enoximone"])).answers
    assert held(case(medicines=["milrinone", "norepinephrine"])).answers
    unknown = held(case(medicines=None)).unknown
    assert len(unknown) == 1 and "PDE3 inhibitor" in unknown[0]


def test_what_nobody_recorded_is_said_and_not_taken_for_absent() -> None:
    table = case(read=[])
    bare = case(conditions={}, read=[])
    assert held(table).answers and len(held(table).unknown) == 2
    assert held(bare).answers and len(held(bare).unknown) == 8
    truths = [item.holds_of(bare) for item in load_response(load_drug("milrinone")).refuses]
    assert truths.count(Truth.UNKNOWN) == 8


def test_what_is_asked_names_only_what_is_not_recorded_and_where_to_enter_it() -> None:
    """A line is read by a nurse: it must not sound as if the patient had what nobody asked about."""
    some = {**dict.fromkeys(ABSENT, "absent")}
    for name in ("severe mitral stenosis", "severe mitral regurgitation", "atrial flutter"):
        some.pop(name)
    valves, filling, flutter = held(case(conditions=some, read=READ[:1])).unknown
    assert valves.startswith(
        "It was not recorded whether this patient has severe mitral stenosis or severe mitral regurgitation: answer "
        "under 'conditions', present or absent. If so, nothing told here holds: the circulation model has sound valves"
    )
    assert "has atrial flutter: answer" in flutter and "If so, and without ventricular rate control, nothing" in flutter
    assert filling.startswith(
        "No pulmonary capillary wedge pressure of the last 4 h was recorded, so that nobody knows whether it lies "
        "below 6 mmHg: enter it under 'measurements'."
    )
    (machine,) = held(case(support=None)).unknown
    assert "ECMO, intra-aortic balloon pump or ventricular assist device supports" in machine
    assert "'support', or an empty list" in machine
    (medicine,) = held(case(medicines=None)).unknown
    assert "of the class PDE3 inhibitor is given beside milrinone" in medicine


def test_too_little_filling_for_too_many_draws_is_refused() -> None:
    most = load_response(load_drug("milrinone")).most_unfilled
    assert judge_filling(0.05, most) is None
    found = judge_filling(0.06, most)
    assert found is not None and found.id == "circulation-out-of-domain"
    assert "In 6% of all that this patient may be" in found.says and "allowed: 5 %" in found.says
