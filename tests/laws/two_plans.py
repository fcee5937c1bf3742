"""Laws of two plans of one patient: what is written another way changes nothing, and what is worse never gives more.

Each law takes the document, its plan and a chance, and asks for the further plans that it needs.
"""

from __future__ import annotations

import copy
import itertools
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from inotrope.plan import Plan, PlanStatus, to_plain
from tests.laws import second_look as look
from tests.laws.infusion_laws import check_running
from tests.laws.one_plan import HAIR, check_limits, check_no_dose, plan_of, rate_of
from tests.laws.patients import DANGEROUS, STOPS, Document, born, in_kilopascal, in_milligrams, since_birth
from tests.laws.printed import ADULT, BY_ID, NEWBORN

REASON = "a reason that can be read"
BOLD = {"assumed-kidney-above-measured": REASON, "delivered-dose-far-off": REASON}
"""These laws compare clearances and weights: not how bold an assumption is, nor how well a coarse pump hits a rate."""
HARMLESS = ("headache", "tremor", "skin rash", "extravasation")


def summary(plan: Plan) -> dict[str, Any]:
    """Return what may not change between two ways to write the same thing."""
    plain = to_plain(plan)
    doses: dict[str, Any] = {}
    for key in ("loading_dose", "maintenance", "total_24_h", "running", "given"):
        part = plain[key] or {}
        doses[key] = {name: item for name, item in part.items() if isinstance(item, dict | bool)}
    return {
        **doses,
        "status": plain["status"],
        "entry": plan.entry and plan.entry.id,
        "beside": [other.id for other in plan.beside],
        "titration": [(step["rate"], step["pump_rate"], step["delivered_rate"]) for step in plain["titration"]],
        "clearance": (plain["kidney"]["clearance"], plain["kidney"]["equation"], plain["kidney"]["changing"]),
        "findings": [(finding["rule"], finding["state"]) for finding in plain["findings"]],
        "missing": [question["name"] for question in plain["missing"]],
        "refusals": [refusal["id"] for refusal in plain["refusals"]],
        "rate_at_kidney": plain["rate_at_kidney"],
    }


def rates(plan: Plan) -> tuple[Fraction, Fraction, Fraction]:
    """Return rate, delivered rate and maximum, mcg/kg/min."""
    part = plan.maintenance
    assert part is not None
    real = part.rate if part.delivered_rate is None else part.delivered_rate
    return rate_of(part.rate), rate_of(real), rate_of(part.maximum)


def assumed_in(plan: Plan) -> Decimal | None:
    """Return the assumption that the plan was made with; beside a machine only its sentence shows it."""
    if not plan.kidney.assumed:
        return None
    if plan.kidney.clearance is not None:
        return plan.kidney.clearance.value
    (sentence,) = [text for text in plan.assumptions if text.startswith("Kidney function is ASSUMED to be ")]
    return Decimal(sentence.removeprefix("Kidney function is ASSUMED to be ").split()[0])


def kept(plan: Plan) -> dict[str, str]:
    """Return the overrides that the plan was made with."""
    return {f.rule: f.override_reason or "" for f in plan.findings if f.state.value == "overridden"}


# --- more or less of one number --------------------------------------------------------------------------------------


def law_rate_never_falls_as_clearance_rises(document: Document, plan: Plan, chance: random.Random) -> None:
    del plan
    clearances = sorted({Decimal(chance.randint(50, 2500)) / 10 for _ in range(3)} | {Decimal(5), Decimal(50)})
    plans = [plan_of(document, clearance, overrides=BOLD) for clearance in clearances]
    with_rate = [item for item in plans if item.maintenance is not None]
    for lower, higher in itertools.pairwise(with_rate):
        assert all(before <= after for before, after in zip(rates(lower), rates(higher), strict=True))
    having = [item.maintenance is not None for item in plans]
    assert having == sorted(having), "a rate at a lower clearance, and none at a higher one"


def law_heavier_never_gets_less(document: Document, plan: Plan, chance: random.Random) -> None:
    del plan
    light = copy.deepcopy(document)
    light["administrations"] = []
    light["measurements"] = [
        m for m in light.get("measurements", []) if "weight" not in m["what"] and "urine" not in m["what"]
    ]
    heavy = copy.deepcopy(light)
    weight = Decimal(light["patient"]["weight"].removesuffix(" kg"))
    heavy["patient"]["weight"] = f"{min(weight + Decimal(chance.randint(1, 300)) / 10, Decimal(400))} kg"
    small, large = plan_of(light, Decimal(60), overrides=BOLD), plan_of(heavy, Decimal(60), overrides=BOLD)
    if small.maintenance is None or large.maintenance is None:
        assert small.maintenance is None or large.status is PlanStatus.STOPPED
        return
    assert small.loading_dose is not None and large.loading_dose is not None
    if small.loading_dose.dose is not None and large.loading_dose.given:
        assert large.loading_dose.dose is not None
        assert small.loading_dose.dose <= large.loading_dose.dose
    if small.maintenance.pump_rate is not None:
        assert large.maintenance.pump_rate is not None
        assert small.maintenance.pump_rate <= large.maintenance.pump_rate
    assert small.total_24_h is not None and large.total_24_h is not None
    if small.loading_dose.given == large.loading_dose.given:
        assert small.total_24_h.amount.value <= large.total_24_h.amount.value + Decimal("1e-15")


def law_finer_step_is_never_further(document: Document, plan: Plan, chance: random.Random) -> None:
    del chance
    if plan.maintenance is None or plan.maintenance.delivered_rate is None:
        return
    strength = look.concentration(document)
    assert strength is not None
    weight = look.number(document["patient"]["weight"])
    for step in ("0.01", "0.1", "1"):
        other = copy.deepcopy(document)
        other["pump"] = {**(document.get("pump") or {}), "step": f"{step} mL/h"}
        part = plan_of(other, assumed_in(plan), overrides=kept(plan)).maintenance
        if part is None or part.delivered_rate is None:
            continue
        away = abs(rate_of(part.delivered_rate) - rate_of(part.rate))
        one_step = Fraction(step) * strength / 60 / weight
        assert away <= (one_step if part.rounding else one_step / 2) + HAIR


# --- the same, written another way -----------------------------------------------------------------------------------


def law_units_change_nothing(document: Document, plan: Plan, chance: random.Random) -> None:
    del chance
    swapped = copy.deepcopy(document)
    for item in swapped.get("measurements", []):
        item["value"] = _in_the_other_unit(item["what"], item["value"])
    bag = swapped.get("preparation", {})
    if bag.get("concentration", "").endswith("mg/mL"):
        bag["concentration"] = f"{Decimal(bag['concentration'].split()[0]) * 1000:f} mcg/mL"
    elif bag.get("concentration", "").endswith("mcg/mL"):
        bag["concentration"] = f"{Decimal(bag['concentration'].split()[0]) / 1000:f} mg/mL"
    if "amount" in bag:
        bag["amount"] = f"{Decimal(bag['amount'].split()[0]) * 1000:f} mcg"
    for given in swapped.get("administrations", []):
        if given.get("rate", "").endswith("mcg/kg/min"):
            given["rate"] = f"{Decimal(given['rate'].split()[0]) * 60:f} mcg/kg/h"
    weeks = look.weeks_at_birth(swapped)
    if weeks is not None:
        days = int((weeks - int(weeks)) * 7)
        swapped["patient"]["gestational_age"] = f"{int(weeks)}+{days} wk"
    if swapped["patient"].get("age", "").endswith("weeks"):
        swapped["patient"]["age"] = f"{int(swapped['patient']['age'].split()[0]) * 7} days"
    assert summary(plan_of(swapped, assumed_in(plan))) == summary(plan)


def _in_the_other_unit(what: str, text: str) -> str:
    value, _, unit = text.partition(" ")
    if unit == "umol/L":
        return in_milligrams(int(value))
    if unit == "mg/dL":
        return f"{round(Decimal(value) * 10_000 / Decimal('113.12'))} umol/L"
    if unit == "mmHg" and what in ("mean arterial pressure", "systolic blood pressure"):
        return in_kilopascal(int(value))
    if unit == "ms":
        return f"{Decimal(value) / 1000} s"
    return text.replace("mmol/L", "mEq/L") if what == "serum potassium" else text


def law_order_changes_nothing(document: Document, plan: Plan, chance: random.Random) -> None:
    """Except where two values of one kind bear the same moment: there the one written last counts, as a correction."""
    shuffled = copy.deepcopy(document)
    for key in ("measurements", "administrations", "support", "events", "lines", "allergies", "medicines"):
        if key in shuffled:
            chance.shuffle(shuffled[key])
    if "measurements" in shuffled:
        written = {(item["what"], item["at"]): [] for item in document["measurements"]}
        for item in reversed(document["measurements"]):
            written[item["what"], item["at"]].append(item)
        shuffled["measurements"] = [written[item["what"], item["at"]].pop() for item in shuffled["measurements"]]
    shuffled = dict(chance.sample(list(shuffled.items()), len(shuffled)))
    assert summary(plan_of(shuffled, assumed_in(plan))) == summary(plan)


def law_clocks_of_other_zones_change_nothing(document: Document, plan: Plan, chance: random.Random) -> None:
    del chance
    elsewhere = copy.deepcopy(document)
    for key in ("measurements", "administrations", "support", "events"):
        for item in elsewhere.get(key, []):
            for name in {"at", "start", "end"} & item.keys():
                item[name] = datetime.fromisoformat(item[name]).astimezone(UTC).isoformat()
    assert summary(plan_of(elsewhere, assumed_in(plan))) == summary(plan)


def law_nothing_new_changes_nothing(document: Document, plan: Plan, chance: random.Random) -> None:
    """What is said to be unknown is what nobody says; and one case has one plan, to the last letter."""
    same = copy.deepcopy(document)
    conditions = same.get("conditions", {})
    for name in ("edema", "renal impairment", "intraventricular hemorrhage", *chance.sample(STOPS, 1)):
        conditions.setdefault(name, "unknown")
    if conditions:
        same["conditions"] = conditions
    assert to_plain(plan_of(same, assumed_in(plan))) == to_plain(plan)


# --- what is worse never gives more ----------------------------------------------------------------------------------


def law_a_stop_only_adds(document: Document, plan: Plan, chance: random.Random) -> None:
    worse = copy.deepcopy(document)
    if chance.random() < 0.5:
        worse.setdefault("conditions", {})[chance.choice((*STOPS, "severe hypovolemia"))] = "present"
    else:
        worse.setdefault("events", []).append({"what": chance.choice(DANGEROUS), "at": worse["now"]})
    after = plan_of(worse, assumed_in(plan))
    assert after.status is PlanStatus.STOPPED
    check_no_dose(worse, after)


def law_more_events_never_lift_a_stop(document: Document, plan: Plan, chance: random.Random) -> None:
    """A further event, harmless or old, leaves every stop that fires."""
    more = copy.deepcopy(document)
    more.setdefault("events", [])
    for what in chance.sample(HARMLESS, 2):
        more["events"].append({"what": what, "at": more["now"]})
    long_ago = datetime.fromisoformat(more["now"]) - timedelta(days=20)
    more["events"].append({"what": chance.choice(DANGEROUS), "at": long_ago.isoformat()})
    after = plan_of(since_birth(more), assumed_in(plan))
    stops = {f.rule for f in plan.findings if f.severity.value == "stop" and f.state.value == "fires"}
    assert stops <= {f.rule for f in after.findings if f.state.value == "fires"}
    if plan.status is not PlanStatus.PLAN:
        assert after.status is not PlanStatus.PLAN


def law_a_pause_never_makes_a_load(document: Document, plan: Plan, chance: random.Random) -> None:
    """An infusion that ended minutes ago is resumed without a load, and never faster than it ran."""
    now = datetime.fromisoformat(document["now"])
    paused = copy.deepcopy(document)
    minutes = chance.choice((1, 29, 600, 1500))
    last = chance.choice(("0.125 mcg/kg/min", "0.25 mcg/kg/min", "0.5 mcg/kg/min", "0.1 mcg/kg/min"))
    paused["administrations"] = [
        {
            "of": "milrinone",
            "start": (now - timedelta(minutes=minutes + 300)).isoformat(),
            "end": (now - timedelta(minutes=minutes)).isoformat(),
            "rate": last,
        }
    ]
    if datetime.fromisoformat(paused["administrations"][0]["start"]) < born(paused):
        return
    after = plan_of(paused, assumed_in(plan))
    assert after.running is None
    assert after.given is not None and after.given.paused is not None
    if after.maintenance is not None:
        assert after.loading_dose is not None and not after.loading_dose.given
        assert rate_of(after.maintenance.rate) <= look.number(last) / 60
        check_limits(paused, after)


def law_a_low_pressure_never_makes_a_load(document: Document, plan: Plan, chance: random.Random) -> None:
    low = copy.deepcopy(document)
    what, value = chance.choice((("mean arterial pressure", 64), ("systolic blood pressure", 89)))
    low["measurements"] = [m for m in low.get("measurements", []) if m["what"] != what]
    low["measurements"].append({"what": what, "value": f"{value} mmHg", "at": low["now"]})
    after = plan_of(low, assumed_in(plan))
    if after.status is not PlanStatus.PLAN or after.entry is None or BY_ID[after.entry.id].group != ADULT:
        return
    assert after.loading_dose is not None and not after.loading_dose.given
    assert not after.titration or "low-pressure-before-load" not in {f.rule for f in after.findings}


# --- age and kidney --------------------------------------------------------------------------------------------------


def law_a_newborn_needs_its_gestational_age(document: Document, plan: Plan, chance: random.Random) -> None:
    """Without it nobody below 24 weeks gets a rate; nor does anybody of less than 28 days."""
    del chance
    nameless = copy.deepcopy(document)
    nameless["patient"].pop("gestational_age", None)
    after = plan_of(nameless, assumed_in(plan))
    if look.hours_of_age(document) < 24 * 168:
        assert after.maintenance is None and after.entry is None
        expected = {"gestational-age-absent", "no-entry-for-indication"}
        assert len(expected & {item.id for item in after.refusals}) == 1
    elif look.group(document) != NEWBORN:
        assert summary(after) | {"findings": 0, "missing": 0} == summary(plan) | {"findings": 0, "missing": 0}


def law_nobody_below_18_gets_an_adult_s_entry(document: Document, plan: Plan, chance: random.Random) -> None:
    younger = copy.deepcopy(document)
    younger["patient"].pop("born", None)
    younger["patient"]["age"] = chance.choice(("17 years", "6 years", "5 years", "1 years", "8 months", "200 days"))
    for text in ("0 days", "27 days", "3 h"):
        if chance.random() < 0.1:
            younger["patient"] |= {"age": text, "gestational_age": f"{chance.randint(24, 40)} weeks"}
    after = plan_of(since_birth(younger), assumed_in(plan))
    assert after.entry is None or not after.entry.id.startswith("adult-")
    if after.entry is not None and look.group(younger) == NEWBORN:
        assert not after.entry.id.startswith("child-")
    check_limits(younger, after)


def law_a_child_with_impaired_kidneys_gets_no_rate(document: Document, plan: Plan, chance: random.Random) -> None:
    del chance
    impaired = copy.deepcopy(document)
    impaired.setdefault("conditions", {})["renal impairment"] = "present"
    after = plan_of(impaired, assumed_in(plan))
    if look.group(document) == ADULT:
        assert (after.maintenance is None) == (plan.maintenance is None)
        return
    assert after.maintenance is None and not after.titration and not after.rate_at_kidney
    assert "child-renal-impairment" in {item.id for item in after.refusals}


# --- what may be set aside -------------------------------------------------------------------------------------------


def law_only_some_stops_can_be_overridden(document: Document, plan: Plan, chance: random.Random) -> None:
    rules = {rule["id"]: rule for rule in look.rules()}
    firing = [f.rule for f in plan.findings if f.state.value == "fires" and f.severity.value == "stop"]
    assumed = assumed_in(plan)
    for rule in chance.sample([f.rule for f in plan.findings], min(3, len(plan.findings))):
        if not rules[rule]["override"] or rule not in firing:
            same = plan_of(document, assumed, overrides={rule: REASON})
            assert summary(same) == summary(plan)
            assert any(f"'{rule}' not applied" in line for line in same.assumptions)
    allowed = {rule: REASON for rule in firing if rules[rule]["override"]}
    if allowed:
        after = plan_of(document, assumed, overrides=allowed)
        left = set(firing) - set(allowed)
        assert (after.status is PlanStatus.STOPPED) == bool(left)
        states = {f.rule: (f.state.value, f.override_reason) for f in after.findings}
        assert all(states[rule] == ("overridden", REASON) for rule in allowed)
        assert all(any(rule in line and REASON in line for line in after.assumptions) for rule in allowed)
        held = set(allowed) - look.DOUBTS_A_NUMBER
        if held:
            assert after.loading_dose is None or not after.loading_dose.given
            assert not after.titration and (after.running is None or after.running.next_up is None)
        told = [line for line in after.assumptions if "Held all the same: no load, and no step upward" in line]
        assert {rule for rule in allowed if any(f"({rule})" in line for line in told)} == held
        check_limits(document, after)
        check_no_dose(document, after)
        check_running(document, after)


LAWS = (
    law_rate_never_falls_as_clearance_rises,
    law_heavier_never_gets_less,
    law_finer_step_is_never_further,
    law_units_change_nothing,
    law_order_changes_nothing,
    law_clocks_of_other_zones_change_nothing,
    law_nothing_new_changes_nothing,
    law_a_stop_only_adds,
    law_more_events_never_lift_a_stop,
    law_a_pause_never_makes_a_load,
    law_a_low_pressure_never_makes_a_load,
    law_a_newborn_needs_its_gestational_age,
    law_nobody_below_18_gets_an_adult_s_entry,
    law_a_child_with_impaired_kidneys_gets_no_rate,
    law_only_some_stops_can_be_overridden,
)
"""Laws that need further plans: each patient is asked for one of them, in turn."""
