"""Laws of one plan: who gets which entry, no limit crossed, no load where none may be, no dose under a stop.

Each is checked against the second readings (`printed.py`, `second_look.py`, `second_history.py`, `second_reading.py`),
never against what the program printed before.
"""

from __future__ import annotations

import copy
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from inotrope.patient import read_case
from inotrope.plan import Plan, PlanStatus, make_plan, to_plain
from inotrope.units import Quantity
from tests.laws import second_history as history
from tests.laws import second_look as look
from tests.laws.patients import Document
from tests.laws.printed import ADULT, BY_ID, CAP, CHILD_KIDNEY, NEWBORN, Printed, renal_line

HAIR = Fraction(1, 10**9)
"""mcg/kg/min. Decimals stand for thirds of an hour; no pump and no label knows a difference this small."""
GRAIN = 1e-6
"""mcg/kg in a window: a day of minutes is summed in floating point."""
BY_AGE = {
    "no-entry-for-indication", "gestational-age-absent", "age-in-hours-absent", "no-entry-for-age",
    "no-entry-for-authority",
}  # fmt: skip
"""Refusals for want of an entry."""


def plan_of(document: Document, assumed: Decimal | None = None, **more: Any) -> Plan:
    """Return the plan of a case document."""
    quantity = None if assumed is None else Quantity(assumed, "mL/min/1.73 m2")
    return make_plan(read_case(copy.deepcopy(document)), assume_kidney=quantity, forecast=False, **more)


def rate_of(quantity: Quantity) -> Fraction:
    """Return mcg/kg/min."""
    return Fraction(quantity.in_unit("mcg/kg/min"))


def delivered(document: Document, pump_rate: Quantity | None, rate: Quantity) -> Fraction:
    """Return mcg/kg/min, recomputed from the number on the pump."""
    if pump_rate is None:
        return rate_of(rate)
    strength = look.concentration(document)
    assert strength is not None
    return Fraction(pump_rate.in_unit("mL/h")) * strength / 60 / look.number(document["patient"]["weight"])


# --- who gets which entry --------------------------------------------------------------------------------------------


def check_entry(document: Document, plan: Plan) -> None:
    """The entry is the one that serves by hand, the others stand beside it, and a want of an entry is a refusal."""
    serving, why = look.serving(document)
    refused = {item.id for item in plan.refusals}
    if not serving:
        assert plan.entry is None and refused & BY_AGE == {why}, (why, refused)
        assert plan.status is not PlanStatus.PLAN
        return
    entry = serving[0]
    assert plan.entry is not None and plan.entry.id == entry.id, (entry.id, plan.entry)
    assert not refused & BY_AGE
    shown = set() if plan.status is PlanStatus.STOPPED else {other.id for other in serving[1:]}
    assert {item.id for item in plan.beside} == shown
    adult = look.years_of_age(document) >= 18
    assert (entry.group == ADULT) == adult
    assert plan.entry.id.startswith("adult-") == adult
    if look.group(document) == NEWBORN:
        assert "gestational_age" in document["patient"] and not plan.entry.id.startswith("child-")
    printed = "none" if entry.cap is None else "1.13 mg/kg"
    assert plan.entry.cap.startswith(printed)


def must_have_no_rate(document: Document, plan: Plan, entry: Printed) -> bool:
    """Tell whether a child's kidney forbids a rate, or is not known: then none may stand."""
    if entry.group == ADULT:
        return False
    impaired = (document.get("conditions") or {}).get("renal impairment", "unknown")
    clearance = plan.kidney.clearance
    below = clearance is not None and Fraction(clearance.in_unit("mL/min/1.73 m2")) < CHILD_KIDNEY
    nobody_knows = clearance is None and impaired == "unknown"
    return impaired == "present" or plan.kidney.changing == "yes" or below or nobody_knows


# --- no limit is crossed ---------------------------------------------------------------------------------------------


def check_limits(document: Document, plan: Plan) -> None:
    """No plan exceeds a hard limit after rounding: maximum, renal line, 24 h total, load."""
    if plan.status is not PlanStatus.PLAN:
        return
    assert plan.entry is not None and plan.maintenance is not None
    entry, rate = BY_ID[plan.entry.id], plan.maintenance
    assert not must_have_no_rate(document, plan, entry)
    line = None
    if entry.group == ADULT:
        assert plan.kidney.clearance is not None
        clearance = Fraction(plan.kidney.clearance.in_unit("mL/min/1.73 m2"))
        assert clearance >= 5
        line = renal_line(clearance)
    load, load_minutes = check_load(document, plan, entry)
    past = history.pieces(document)
    steps = [
        (rate.rate, rate.pump_rate, rate.delivered_rate),
        *((step.rate, step.pump_rate, step.delivered_rate) for step in plan.titration),
    ]
    for asked, pump_rate, says in steps:
        real = delivered(document, pump_rate, asked)
        assert 0 < real <= entry.top
        assert 0 < rate_of(asked) <= entry.top
        assert line is None or max(real, rate_of(asked)) <= line
        if entry.cap is not None:
            assert history.fullest(past, real, load, load_minutes) <= CAP + GRAIN
        assert says is None or abs(rate_of(says) - real) <= HAIR
    check_start(document, plan, entry, line)
    check_titration(document, plan, entry)
    assert plan.total_24_h is not None
    if not load:
        load, load_minutes = rest_of_load(document, entry)
    end = minutes_left(document, entry)
    worst = history.fullest(past, delivered(document, rate.pump_rate, rate.rate), load, load_minutes, end)
    assert abs(float(plan.total_24_h.per_weight.in_unit("mcg/kg")) - worst) <= GRAIN


def check_load(document: Document, plan: Plan, entry: Printed) -> tuple[Fraction, int]:
    """A load is the printed one, and none where the entry has none, or something runs, ran, or speaks against it.

    Returns its mcg/kg as ordered, and its minutes on the pump (0 where it is drawn up).
    """
    load, printed = plan.loading_dose, entry.load
    assert load is not None
    if not load.given:
        assert load.dose is None and load.pump_rate is None and not load.volumes
        return Fraction(0), 0
    assert printed is not None
    assert not history.runs_now(document) and not history.was_given(document)
    assert not look.against_a_load(plan.findings)
    assert load.duration is not None and Fraction(load.duration.in_unit("min")) == printed.hours * 60
    weight = look.number(document["patient"]["weight"])
    if printed.by_rate:
        assert not load.volumes and load.rate is not None
        speed = delivered(document, load.pump_rate, load.rate)
        dose = speed * printed.hours * 60
        assert rate_of(load.rate) * printed.hours * 60 == printed.low
        assert dose <= printed.high
        return dose, int(printed.hours * 60)  # as the pump gives it
    (volume,) = load.volumes
    given = Fraction(volume.volume.in_unit("mL")) * Fraction(volume.strength.in_unit("mcg/mL")) / weight
    assert load.rate is None and given <= printed.low * Fraction("1.02")  # rounding up by no more than 2 %: a judgement
    return given, 0


def rest_of_load(document: Document, entry: Printed) -> tuple[Fraction, int]:
    """Return the mcg/kg and the minutes still to come of a load that is given as a rate, where one is going in."""
    if entry.load is None or not history.is_loading(document, entry):
        return Fraction(0), 0
    left = entry.load.hours - history.running_for(document)
    return history.running_rate(document) * left, int(left * 60)


def minutes_left(document: Document, entry: Printed) -> int | None:
    """Return after how many minutes the entry ends, where that is within 24 h; past its end a whole day is counted."""
    ends = []
    if entry.ends_at is not None:
        ends.append(entry.ends_at - look.hours_of_age(document))
    if entry.longest is not None and entry.longest < 24:
        runs = history.infusion_runs(document)
        ends.append(entry.longest - (history.running_for(document) if runs else Fraction(0)))
    return min((int(hours * 60) for hours in ends if 0 < hours < 24), default=None)


def check_start(document: Document, plan: Plan, entry: Printed, line: Fraction | None) -> None:
    """The rate proposed is the lowest printed one, or what a limit leaves; after a pause never more than it ran at."""
    assert plan.maintenance is not None
    ordered, last = rate_of(plan.maintenance.rate), history.last_rate(document)
    assert ordered <= entry.start
    if last is not None:
        assert ordered <= last / 60 + HAIR
    elif line is None and (entry.cap is None or not history.pieces(document)):
        assert ordered == entry.start
    if plan.maintenance.pump_rate is not None:
        check_pump(document, plan, ordered)


def check_pump(document: Document, plan: Plan, ordered: Fraction) -> None:
    """The pump is set to a whole number of its steps: the nearest one, or the next one down at a limit."""
    assert plan.maintenance is not None and plan.maintenance.pump_rate is not None and plan.preparation is not None
    strength = look.concentration(document)
    assert strength is not None
    exact = ordered * look.number(document["patient"]["weight"]) * 60 / strength
    step = look.number((document.get("pump") or {}).get("step", "0.1 mL/h"))
    chosen = Fraction(plan.maintenance.pump_rate.in_unit("mL/h"))
    assert chosen % step == 0
    if plan.maintenance.rounding:
        assert exact - step < chosen <= exact
        assert chosen + step / 2 <= exact
    else:
        assert -step / 2 < chosen - exact <= step / 2


def check_titration(document: Document, plan: Plan, entry: Printed) -> None:
    """Each step upward is a printed rate or the ceiling itself, half an hour after the last change, load or step."""
    assert plan.maintenance is not None
    before, when = rate_of(plan.maintenance.rate), plan.made_for
    if history.infusion_runs(document):
        when -= timedelta(seconds=int(history.unchanged_for(document) * 3600))
    last = max((piece.end for piece in history.doses(document)), default=Fraction(-999))
    when = max(when, plan.made_for + timedelta(seconds=int(last * 3600)))
    if history.is_loading(document, entry):
        left = entry.load.hours - history.running_for(document) if entry.load is not None else Fraction(0)
        when = plan.made_for + timedelta(seconds=int(left * 3600))
    if plan.loading_dose is not None and plan.loading_dose.given:
        assert entry.load is not None
        when += timedelta(minutes=int(entry.load.hours * 60))
    ceiling = rate_of(plan.maintenance.maximum)
    assert not plan.titration or not look.against_a_load(plan.findings)
    for step in plan.titration:
        rate = rate_of(step.rate)
        assert rate > before and (rate in entry.steps or rate == ceiling) and rate <= ceiling
        assert step.not_before >= max(when + timedelta(minutes=30), plan.made_for)
        before, when = rate, step.not_before


# --- no dose under a stop or a refusal -------------------------------------------------------------------------------

TOLD = ("rate_at_kidney", "findings", "refusals", "sources", "running", "given", "entry", "beside")
"""What the record or the text says, in every status: no proposal."""


def check_no_dose(document: Document, plan: Plan) -> None:
    """A stopped or refused plan holds no dose anywhere; refused, it may show the rate at named kidney functions."""
    if plan.status is PlanStatus.PLAN:
        assert plan.maintenance is not None and not plan.refusals and not plan.rate_at_kidney
        return
    plain = to_plain(plan)
    for key in ("loading_dose", "maintenance", "total_24_h", "preparation"):
        assert plain[key] is None, key
    assert plain["titration"] == []
    if plan.status is PlanStatus.STOPPED:
        assert plain["rate_at_kidney"] == []
    if plan.running is not None:
        assert plan.running.next_up is None and plan.running.next_down is None and plan.running.weaning == ()
    for item in plan.rate_at_kidney:
        assert plan.entry is not None and BY_ID[plan.entry.id].group == ADULT
        line = renal_line(Fraction(item.clearance.value))
        assert rate_of(item.rate) <= (line or BY_ID[plan.entry.id].start)
    hidden = {key: value for key, value in plain.items() if key not in TOLD}
    doses = [unit for unit in _units(hidden) if (unit.startswith(("mcg", "mg")) and unit != "mg/dL") or unit == "mL/h"]
    assert not doses


def _units(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["unit"]] if set(value) == {"value", "unit"} else []
        return own + [unit for item in value.values() for unit in _units(item)]
    return [unit for item in value for unit in _units(item)] if isinstance(value, list) else []
