"""The deck's records as they are planned: status, rate, steps, load, and what fires.

A record that leaves something for a person to say makes no plan: `error` where the case lacks what every case needs,
`refused` where the record contradicts itself or is not whole. A case that is not met stands in `UNMET` with its reason.
"""

from decimal import Decimal
from functools import cache

import pytest

from inotrope.fhir.reading import Reading
from inotrope.findings import Severity, State
from inotrope.plan import Plan, make_plan
from inotrope.units import Quantity
from tests.fhir.test_deck_reading import BUNDLES, expected_of, found_words, reading_of

PER_WEIGHT, RATE = "mcg/kg", "mcg/kg/min"
USUAL = 0.002
"""The two equations for body surface differ by less (the deck's README)."""
UNMET = {
    "067-allergy-to-inamrinone": "a confirmed rule of the library stops here, with an override: a reference work that "
    "was read (minclinic) names the contraindication, though the label does not",
}
each_record = pytest.mark.parametrize("name", BUNDLES)


@cache
def plan_of(name: str) -> Plan | None:
    reading = reading_of(name)
    return None if reading.open else make_plan(reading.to_case(), forecast=False)


def status_of(reading: Reading, plan: Plan | None) -> str:
    if plan is not None:
        return plan.status.value
    return "error" if any(item.required for item in reading.open) else "refused"


def near(value: Quantity | None, unit: str, wanted: float | None, tolerance: float) -> bool:
    if value is None or wanted is None:
        return value is None and wanted is None
    return abs(value.in_unit(unit) - Decimal(str(wanted))) <= Decimal(str(tolerance))


def wrong_numbers(wanted: dict, plan: Plan | None) -> list[str]:
    rate = plan.maintenance.rate if plan is not None and plan.maintenance is not None else None
    load = plan.loading_dose if plan is not None else None
    load_given = load.dose_per_weight if load is not None and load.given else None
    tolerance = wanted.get("rate_tolerance", USUAL)
    wrong = []
    if "rate_mcg_per_kg_min" in wanted and not near(rate, RATE, wanted["rate_mcg_per_kg_min"], tolerance):
        wrong.append(f"rate {rate}, not {wanted['rate_mcg_per_kg_min']}")
    if "rate_at_most_mcg_per_kg_min" in wanted and rate is not None:
        most = Decimal(str(wanted["rate_at_most_mcg_per_kg_min"]))
        wrong += [f"rate {rate} above {most}"] if rate.in_unit(RATE) > most else []
    if "loading_mcg_per_kg" in wanted and not near(load_given, PER_WEIGHT, wanted["loading_mcg_per_kg"], 0.25):
        wrong.append(f"load {load_given}, not {wanted['loading_mcg_per_kg']}")
    steps = [] if plan is None else [step.rate for step in plan.titration]
    for step in wanted.get("steps_mcg_per_kg_min", []):
        wrong += [] if any(near(ours, RATE, step, tolerance) for ours in steps) else [f"no step {step}: {steps}"]
    for end in ("minimum", "maximum"):
        ours = None if plan is None or plan.maintenance is None else getattr(plan.maintenance, end)
        wrong += [f"{end} {ours}"] if end in wanted and not near(ours, RATE, wanted[end], 0) else []
    return wrong


def said(reading: Reading, plan: Plan | None, severity: str | None) -> list[str]:
    """What fires, and without a severity also what was asked, refused and listed."""
    findings = () if plan is None else plan.findings
    fires = [
        f"{item.rule} {item.title} {item.says} {item.asks}"
        for item in findings
        if (item.state is not State.UNKNOWN and severity in (None, item.severity.value)) or severity is None
    ]
    if severity is not None:
        return fires
    refused = [] if plan is None else [item.says for item in plan.refusals]
    told = [item.says for item in (*reading.open, *reading.conflicts, *reading.left_out)]
    return [*fires, *refused, *told, *reading.notes]


def forbidden(line: str, name: str) -> bool:
    """Whether what the deck forbids stands there; what only a reader can judge (`says:`) does not."""
    what, _, text = line.partition(": ")
    reading, plan = reading_of(name), plan_of(name)
    if what == "status":
        return status_of(reading, plan) == text
    if what == "fires":
        findings = () if plan is None else plan.findings
        return found_words(text, [item.says for item in findings if item.state is State.FIRES])
    if what == "rate" and not text.startswith("above"):
        rate = plan.maintenance.rate if plan is not None and plan.maintenance is not None else None
        return near(rate, RATE, float(text), 0)
    return False


def in_the_case(line: str, case: dict) -> bool:
    """Whether `case: patient.weight = 176 kg`, `case: administrations of milrinone` or the like stands in the case."""
    text = line.removeprefix("case: ")
    where, _, value = text.partition(" = ")
    if " has " in where:
        key, _, name = where.partition(" has ")
        return name in case.get(key, [])
    if " of " in where:
        key, _, name = where.partition(" of ")
        return any(item["of"] == name for item in case.get(key, []))
    part, _, key = where.partition(".")
    value = value.removesuffix(" without its sign")
    if part in ("measurements", "administrations"):
        items = case.get(part, [])
        return any(item.get("value", item.get("rate")) == value and key in (item.get("what"), "rate") for item in items)
    return case.get(part, {}).get(key) == value if key else case.get(part) == ([] if value == "[]" else value)


@pytest.mark.hazard("electronic-record-misread")
@each_record
def test_it_is_planned_as_the_deck_says(name: str):
    wanted, reading, plan = expected_of(name)["plan"], reading_of(name), plan_of(name)
    status = status_of(reading, plan)
    wrong = [] if wanted.get("status", status) == status else [f"status {status}, not {wanted['status']}"]
    wrong += wrong_numbers(wanted, plan)
    for one in wanted["fires"]:
        texts = said(reading, plan, one.get("severity"))
        wrong += [] if found_words(one["words"], texts) else [f"nothing says {one}"]
    wrong += [line for line in wanted["must_not"] if forbidden(line, name)]
    wrong += [line for line in wanted["must_not"] if line.startswith("case: ") and in_the_case(line, reading.case)]
    if name in UNMET:
        assert wrong, f"{name} is met now: take it out of UNMET"
    else:
        assert not wrong


def test_what_the_deck_calls_a_severity_is_one_of_ours():
    assert {item.value for item in Severity} == {"stop", "warn", "inform"}
