"""The main job: a case in, a checked plan out. The only place that proposes a dose for a patient.

The worked cases of a drug folder are run by `inotrope.plan.decks`, and orders are checked by `inotrope.plan.orders`.
Every name is looked up when it is first asked for: no patient's plan waits for the reader of orders, and a page that
only bears the notice waits for neither.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inotrope.plan.circulation.making import predict_circulation
    from inotrope.plan.converting import Converted, NotConverted, convert_dose
    from inotrope.plan.fitting.making import fit_case
    from inotrope.plan.making import make_plan, screen
    from inotrope.plan.notice import NOTICE
    from inotrope.plan.orders import OrderCheck, check_order
    from inotrope.plan.plain import to_plain
    from inotrope.plan.record import EXIT_CODES, Plan, PlanStatus, Screening
    from inotrope.plan.schemas import order_check_schema, plan_schema, screening_schema
    from inotrope.plan.supposing.prepared import PreparedPlan, prepare_plan
    from inotrope.plan.target.making import find_dose

__all__ = [
    "EXIT_CODES",
    "NOTICE",
    "Converted",
    "NotConverted",
    "OrderCheck",
    "Plan",
    "PlanStatus",
    "PreparedPlan",
    "Screening",
    "check_order",
    "convert_dose",
    "find_dose",
    "fit_case",
    "make_plan",
    "order_check_schema",
    "plan_schema",
    "predict_circulation",
    "prepare_plan",
    "screen",
    "screening_schema",
    "to_plain",
]

_HOMES = {
    "Converted": "converting",
    "NotConverted": "converting",
    "convert_dose": "converting",
    "EXIT_CODES": "record",
    "NOTICE": "notice",
    "OrderCheck": "orders",
    "Plan": "record",
    "PlanStatus": "record",
    "PreparedPlan": "supposing.prepared",
    "Screening": "record",
    "check_order": "orders",
    "find_dose": "target.making",
    "fit_case": "fitting.making",
    "make_plan": "making",
    "order_check_schema": "schemas",
    "plan_schema": "schemas",
    "predict_circulation": "circulation.making",
    "prepare_plan": "supposing.prepared",
    "screen": "making",
    "screening_schema": "schemas",
    "to_plain": "plain",
}

if not TYPE_CHECKING:  # a type checker that sees __getattr__ would accept any misspelled name

    def __getattr__(name: str) -> object:
        """Return a name from the file it lives in (PEP 562)."""
        if name in _HOMES:
            return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        raise AttributeError(f"module '{__name__}' has no attribute {name!r}")
