"""The main job: a case in, a checked plan out. The only place that proposes a dose for a patient.

The worked cases of a drug folder are run by `inotrope.plan.decks`, which no patient waits for.
"""

from inotrope.plan.making import make_plan, screen
from inotrope.plan.notice import NOTICE
from inotrope.plan.plain import to_plain
from inotrope.plan.record import EXIT_CODES, Plan, PlanStatus, Screening
from inotrope.plan.schemas import plan_schema, screening_schema

__all__ = [
    "EXIT_CODES",
    "NOTICE",
    "Plan",
    "PlanStatus",
    "Screening",
    "make_plan",
    "plan_schema",
    "screen",
    "screening_schema",
    "to_plain",
]
