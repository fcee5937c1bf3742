"""What a worked case expects of a plan, and how close is close enough.

Knows each expected answer by its key, and where the plan holds it. Which case is run, and in which state a rule is,
`decks.py` knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from inotrope.findings import Severity, State
from inotrope.plan.record import Plan
from inotrope.units import Quantity, read_quantity, registry

TOLERANCES = {
    "rate": Decimal("0.0005"),
    "delivered_rate": Decimal("0.0005"),
    "maximum": Decimal("0.0005"),
    "total_24_h": Decimal("0.005"),
    "kidney": Decimal("0.1"),
    "bag_lasts": Decimal("0.1"),
    "load_duration": Decimal("0.1"),
    "load_rate": Decimal("0.0005"),
    "left_24_h": Decimal("0.005"),
    "first_step": Decimal("0.0005"),
    "next_up": Decimal("0.0005"),
    "next_down": Decimal("0.0005"),
    "resumes_at": Decimal("0.0005"),
    "pump_rate": Decimal(0),
    "load_volume": Decimal(0),
    "load_dose": Decimal(0),
}
"""Closeness that the decks ask for, in the unit in which the expected answer is written; 0 is exact."""

MOMENTS = {"next_up_at": timedelta(minutes=1), "bag_ends": timedelta(minutes=1), "limit_at": timedelta(minutes=1)}
"""Expected moments, and how near they must be."""


def differences(plan: Plan, expect: Mapping[str, Any]) -> Iterable[str]:
    """Yield how a plan differs from what a worked case expects, one sentence each."""
    plain: dict[str, object] = {
        "status": plan.status.value,
        "exit": plan.exit_code,
        "equation": plan.kidney.equation,
        "entry": None if plan.entry is None else plan.entry.id,
        "authority": None if plan.entry is None else plan.entry.authority,
        "cap": None if plan.entry is None else plan.entry.cap,
    }
    for key, found in plain.items():
        if key in expect and expect[key] != found:
            yield f"{key} is '{found}', expected '{expect[key]}'"
    if "refused_for" in expect and expect["refused_for"] not in {refusal.id for refusal in plan.refusals}:
        yield f"refused for {[refusal.id for refusal in plan.refusals]}, expected '{expect['refused_for']}'"
    absent = set(expect.get("missing", ())) - {item.name for item in plan.missing}
    if absent:
        yield f"does not ask for {sorted(absent)}; asks for {[item.name for item in plan.missing]}"
    if "only_fires" in expect:
        fires = sorted(finding.rule for finding in plan.findings if finding.state is State.FIRES)
        if fires != sorted(expect["only_fires"]):
            yield f"fires {fires}, expected only {sorted(expect['only_fires'])}"
    yield from _lists(plan, expect)
    quantities, moments = _quantities(plan), _moments(plan)
    for key in expect:
        if key in quantities:
            yield from _compare(key, quantities[key], expect[key])
        if key in moments:
            yield from _compare_moments(key, moments[key], expect[key])


def _lists(plan: Plan, expect: Mapping[str, Any]) -> Iterable[str]:
    if "beside" in expect and {item.id for item in plan.beside} != set(expect["beside"]):
        yield f"beside it stand {[item.id for item in plan.beside]}, expected {expect['beside']}"
    if expect.get("no_stop_or_warning"):
        loud = (Severity.STOP, Severity.WARN)
        fires = [item.rule for item in plan.findings if item.state is State.FIRES and item.severity in loud]
        if fires:
            yield f"fires {fires}, expected no stop and no warning"
    under = {item.rule: item.under for item in plan.findings}
    for rule, leader in expect.get("under", {}).items():
        if under.get(rule) != leader:
            yield f"'{rule}' stands under '{under.get(rule)}', expected '{leader}'"


def _quantities(plan: Plan) -> dict[str, Quantity | None]:
    load, rate, total, bag = plan.loading_dose, plan.maintenance, plan.total_24_h, plan.preparation
    up, down = (None, None) if plan.running is None else (plan.running.next_up, plan.running.next_down)
    paused = plan.given is not None and plan.given.paused is not None
    return {
        "rate": None if rate is None else rate.rate,
        "pump_rate": None if rate is None else rate.pump_rate,
        "delivered_rate": None if rate is None else rate.delivered_rate,
        "maximum": None if rate is None else rate.maximum,
        "load_volume": load.volumes[0].volume if load is not None and load.volumes else None,
        "load_dose": None if load is None else load.dose,
        "load_duration": None if load is None else load.duration,
        "load_rate": None if load is None else load.rate,
        "total_24_h": None if total is None else total.per_weight,
        "kidney": plan.kidney.clearance,
        "bag_lasts": None if bag is None else bag.bag_lasts,
        "left_24_h": None if plan.given is None else plan.given.left_24_h,
        "first_step": plan.titration[0].rate if plan.titration else None,
        "next_up": None if up is None else up.rate,
        "next_down": None if down is None else down.rate,
        "resumes_at": None if not paused or rate is None else rate.rate,
    }


def _moments(plan: Plan) -> dict[str, datetime | None]:
    running = plan.running
    return {
        "next_up_at": None if running is None or running.next_up is None else running.next_up.not_before,
        "bag_ends": None if running is None else running.bag_ends,
        "limit_at": None if running is None else running.limit_reached_at,
    }


def _compare(key: str, found: Quantity | None, expected: str) -> Iterable[str]:
    if expected == "none" or found is None:
        if not (expected == "none" and found is None):
            yield f"{key} is '{found}', expected '{expected}'"
        return
    wanted = quantity_of(expected)
    if abs(found.in_unit(wanted.unit) - wanted.value) > TOLERANCES[key]:
        yield f"{key} is '{found.shown(6)}', expected '{expected}'"


def _compare_moments(key: str, found: datetime | None, expected: str) -> Iterable[str]:
    if expected == "none" or found is None:
        if not (expected == "none" and found is None):
            yield f"{key} is '{found}', expected '{expected}'"
    elif abs(found - datetime.fromisoformat(expected)) > MOMENTS[key]:
        yield f"{key} is '{found.isoformat()}', expected '{expected}'"


def quantity_of(text: str) -> Quantity:
    """Return a quantity of any dimension, as a worked case writes it."""
    dimensions = tuple({entry.dimension for entry in registry().units.values()})
    return read_quantity(text, what="Expected value", dimensions=dimensions, positive=False)
