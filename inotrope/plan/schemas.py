"""The published JSON Schemas of what comes out."""

from __future__ import annotations

from typing import Any

from inotrope.plan.plain import record_schema
from inotrope.plan.record import Plan, Screening


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a plan as `inotrope plan --json` writes it."""
    return record_schema(Plan, "Inotrope plan")


def screening_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a screening as `inotrope screen --json` writes it."""
    return record_schema(Screening, "Inotrope screening")


def order_check_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the check of an order as `inotrope order --json` writes it."""
    from inotrope.plan.orders import OrderCheck  # noqa: PLC0415 - a plan does not wait for the reader of orders

    return record_schema(OrderCheck, "Inotrope order check")


def answers_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of answered questions as `inotrope faq --json` writes them."""
    from inotrope.plan.answers import Answers  # noqa: PLC0415 - a plan does not wait for them

    return record_schema(Answers, "Inotrope answers")


def fit_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a fit as `inotrope fit --json` writes it."""
    from inotrope.plan.fitting.record import Fit  # noqa: PLC0415 - a plan does not wait for it

    return record_schema(Fit, "Inotrope fit")


def circulation_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a circulation as `inotrope circulation --json` writes it."""
    from inotrope.plan.circulation.record import CirculationForecast  # noqa: PLC0415 - a plan does not wait for it

    return record_schema(CirculationForecast, "Inotrope circulation")


def target_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a search for a dose as `inotrope target --json` writes it."""
    from inotrope.plan.target.record import Target  # noqa: PLC0415 - a plan does not wait for it

    return record_schema(Target, "Inotrope target")


def what_if_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what one supposed change would do to the levels."""
    from inotrope.plan.supposing.record import Supposition  # noqa: PLC0415 - a plan does not wait for it

    return record_schema(Supposition, "Inotrope what-if")
