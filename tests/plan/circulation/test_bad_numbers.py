"""Numbers that contradict each other name their pair; patients for whom the model does not hold are refused."""

from __future__ import annotations

from typing import Any

import pytest

from inotrope import predict_circulation, read_case
from inotrope.circulation import Circulation
from inotrope.errors import CaseError, CirculationError
from inotrope.plan.circulation import making
from inotrope.plan.circulation.loops import WITHOUT, loops_of
from inotrope.plan.circulation.members import Members, members_of

from ...circulation.patients import failing, milrinone
from .whom import case, written


@pytest.fixture(autouse=True)
def _no_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "loops_of", lambda *_: WITHOUT)


@pytest.mark.parametrize(
    ("changed", "pair"),
    [
        ({"mean arterial pressure": "12 mmHg"}, "mean arterial pressure and central venous pressure"),
        ({"pulmonary capillary wedge pressure": "38 mmHg"}, "mean pulmonary artery pressure and wedge pressure"),
        ({"right ventricular ejection fraction": "120 %"}, "right ejection fraction and stroke volume"),
        # 80 (78 - 13) / 3.9 = 1,333 and 80 (37 - 26) / 3.9 = 226 dyn s/cm5; 3,900 / 92 = 42.4 mL; 3.9 / 2.01 = 1.94.
        ({"systemic vascular resistance": "1500 dyn s/cm5"}, "systemic vascular resistance and cardiac output"),
        ({"pulmonary vascular resistance": "300 dyn s/cm5"}, "pulmonary vascular resistance and cardiac output"),
        ({"stroke volume": "60 mL"}, "stroke volume and cardiac output"),
        ({"cardiac index": "2.4 L/min/m2"}, "cardiac index and cardiac output"),
    ],
)
def test_a_contradiction_names_its_pair(changed: dict[str, str | None], pair: str) -> None:
    with pytest.raises(CirculationError) as raised:
        predict_circulation(case(changed))
    assert raised.value.where == pair
    assert "contradict each other" in raised.value.says and raised.value.says.endswith("Read them again.")


def test_numbers_that_agree_within_the_rounding_of_a_monitor_pass() -> None:
    agree = {
        "systemic vascular resistance": "1380 dyn s/cm5",
        "cardiac index": "2.0 L/min/m2",
        "stroke volume": "44 mL",
    }
    assert predict_circulation(case(agree)).moments


def test_what_was_measured_at_another_time_contradicts_nothing() -> None:
    """response.toml: readings that lie within half an hour are of one time; the rule of a course."""
    table = written({"systemic vascular resistance": "600 dyn s/cm5", "cardiac index": "4 L/min/m2"})
    for item in table["measurements"]:
        if item["what"] in ("systemic vascular resistance", "cardiac index"):
            item["at"] = "2026-11-22T07:09:00+01:00"
    assert predict_circulation(read_case(table)).moments


@pytest.mark.parametrize("slip", ["3.9 mL/min", "3900 L/min"])
def test_an_output_in_the_wrong_unit_is_impossible(slip: str) -> None:
    with pytest.raises(CaseError, match=f"Cardiac output '{slip}' is impossible. Accepted: 0.02 L/min to 50 L/min"):
        case({"cardiac output": slip})


def test_an_ejection_fraction_above_one_is_impossible() -> None:
    with pytest.raises(CaseError, match="Left ventricular ejection fraction '120 %' is impossible"):
        case({"left ventricular ejection fraction": "120 %"})


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"patient": {"age": "9 years", "sex": "female", "weight": "30 kg"}}, "holds for adults"),
        ({"conditions": {"hypertrophic obstructive cardiomyopathy": "present"}}, "obstruction of the outflow"),
        ({"conditions": {"severe aortic stenosis": "present"}}, "sound valves"),
        ({"conditions": {"severe hypovolemia": "present"}}, "empty circulation"),
        ({"conditions": {"atrial fibrillation": "present", "ventricular rate control": "absent"}}, "a steady beat"),
        ({"support": [{"what": "LVAD", "start": "2026-11-20T08:00:00+01:00"}]}, "no pump beside the heart"),
    ],
)
def test_for_whom_it_does_not_hold(keys: dict[str, Any], says: str) -> None:
    found = predict_circulation(case(**keys))
    assert found.exit_code == 4 and not found.moments and not found.readings
    assert says in found.refusals[0].says


def test_what_is_controlled_or_over_does_not_refuse() -> None:
    controlled = {"atrial fibrillation": "present", "ventricular rate control": "present"}
    over = [{"what": "IABP", "start": "2026-11-20T08:00:00+01:00", "end": "2026-11-21T08:00:00+01:00"}]
    assert predict_circulation(case(conditions=controlled, support=over)).moments


def test_no_heart_can_be_told_from_some_numbers() -> None:
    found = predict_circulation(case({"left ventricular ejection fraction": "92 %"}))
    assert found.refusals[0].id == "reading-implausible"  # of the kind that the model was fitted in nobody shows it
    found = predict_circulation(case({"left ventricular ejection fraction": "92 %"}), typical="healthy_adult")
    assert found.refusals[0].id == "no-heart-from-these-numbers"
    found = predict_circulation(case({"central venous pressure": "0 mmHg"}))
    assert "veins collapse" in found.refusals[0].says
    old = written({"central venous pressure": None})
    old["measurements"].append(
        {"what": "central venous pressure", "value": "0 mmHg", "at": "2026-11-22T01:00:00+01:00"}
    )
    (refusal,) = predict_circulation(read_case(old)).refusals  # too old for the response's own rule, and zero besides
    assert "Missing: central venous pressure." in refusal.says and "'0 mmHg' is not above zero." in refusal.says


def test_a_level_without_a_steady_state_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Members.at

    def never(self: Members, level: object) -> tuple[Circulation, object]:
        answer, heart = real(self, level)  # type: ignore[arg-type]
        answer.solved[...] = False
        return answer, heart

    monkeypatch.setattr(Members, "at", never)
    found = predict_circulation(case())
    assert found.refusals[0].id == "no-steady-state" and "steady, 193 ng/mL" in found.refusals[0].says


def test_loops_that_never_settle_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    from inotrope.circulation import beats

    def never(*_: object, **__: object) -> None:
        raise CirculationError("After 600 beats no beat repeats itself.")

    monkeypatch.setattr(beats, "settled_beat", never)
    members = members_of(milrinone(), failing().bedside)
    assert loops_of(members, members.at(217.0)[1]) == (
        "The loops are not shown, for the model finds no beat that repeats itself. "
        "After 600 beats no beat repeats itself."
    )
