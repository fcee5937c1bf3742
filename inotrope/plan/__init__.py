"""The main job: a case in, a checked plan out. The only place that proposes a dose for a patient."""

from inotrope.plan.decks import WorkedCase, run_worked_cases
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
    "WorkedCase",
    "make_plan",
    "plan_schema",
    "run_worked_cases",
    "screen",
    "screening_schema",
    "to_plain",
]
