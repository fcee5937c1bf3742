"""The main job: a case in, a checked plan out. The only place that proposes a dose for a patient.

The worked cases of a drug folder are run by `inotrope.plan.decks`, and orders are checked by `inotrope.plan.orders`,
which no patient's plan waits for: the names of the latter are looked up when they are first asked for.
"""

from typing import TYPE_CHECKING

from inotrope.plan.making import make_plan, screen
from inotrope.plan.notice import NOTICE
from inotrope.plan.plain import to_plain
from inotrope.plan.record import EXIT_CODES, Plan, PlanStatus, Screening
from inotrope.plan.schemas import order_check_schema, plan_schema, screening_schema

if TYPE_CHECKING:
    from inotrope.plan.orders import OrderCheck, check_order

__all__ = [
    "EXIT_CODES",
    "NOTICE",
    "OrderCheck",
    "Plan",
    "PlanStatus",
    "Screening",
    "check_order",
    "make_plan",
    "order_check_schema",
    "plan_schema",
    "screen",
    "screening_schema",
    "to_plain",
]

if not TYPE_CHECKING:  # a type checker that sees __getattr__ would accept any misspelled name

    def __getattr__(name: str) -> object:
        """Return a name of `inotrope.plan.orders` (PEP 562)."""
        if name in ("OrderCheck", "check_order"):
            from inotrope.plan import orders  # noqa: PLC0415 - see above

            return getattr(orders, name)
        raise AttributeError(f"module 'inotrope.plan' has no attribute {name!r}")
