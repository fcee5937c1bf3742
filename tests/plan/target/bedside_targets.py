"""The adult of the fits with a bag on a pump: what is allowed to him, and his search in few draws."""

from __future__ import annotations

from typing import Any

from inotrope.drug import load_drug
from inotrope.patient import Case, read_case
from inotrope.plan.fitting.making import fit_models
from inotrope.plan.making import work_out
from inotrope.plan.outcome import Outcome
from inotrope.plan.target.allowing.allowed import Allowed, allowed_rates
from inotrope.plan.target.making import find_dose
from inotrope.plan.target.record import Target
from inotrope.population import Model, load_models
from tests.plan.fitting.bedside_levels import bedside, shipped

BAG: dict[str, Any] = {
    "preparation": {"product": "premix", "concentration": "200 mcg/mL"},
    "pump": {"step": "0.1 mL/h"},
}
RISING = ("1.0 mg/dL", "1.4 mg/dL", "2.2 mg/dL")


def case(*levels: dict[str, str], **changes: Any) -> Case:
    """Return the adult of 70 kg, for whom 1 mL/h of the bag is 200 / 60 / 70 mcg/kg/min."""
    return bedside(*levels, **(BAG | changes))


def shipped_case(name: str, **changes: Any) -> Case:
    document = shipped(name) | changes
    return read_case({key: value for key, value in document.items() if value is not None})


def models(*names: str) -> tuple[Model, ...]:
    every = {model.name: model for model in load_models(load_drug("milrinone"))}
    return tuple(every[f"milrinone/{name}"] for name in names)


def outcome(of: Case) -> Outcome:
    return work_out(of, {}, None, None, None)


def allowed(of: Case) -> Allowed:
    found = allowed_rates(outcome(of))
    assert isinstance(found, Allowed), found
    return found


def target(of: Case, *, draws: int = 1000, only: tuple[str, ...] = ("label_adult",), **asked: Any) -> Target:
    return find_dose(of, models=models(*only), draws=draws, **({"hours": "6 h, 12 h"} | asked))


__all__ = ["BAG", "RISING", "allowed", "case", "fit_models", "models", "outcome", "shipped_case", "target"]
