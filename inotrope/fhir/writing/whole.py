"""A plan in one bundle: its requests, its findings, and where it gives no rate, why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inotrope.fhir.writing.elements import Plain, moment
from inotrope.fhir.writing.issues import detected_issues
from inotrope.fhir.writing.orders import medication_requests
from inotrope.fhir.writing.outcomes import operation_outcome
from inotrope.fhir.writing.proving import prove_resource

if TYPE_CHECKING:
    from inotrope.plan import Plan


def plan_bundle(plan: Plan, subject: str) -> Plain:
    """Return a plan as a collection, proved as a whole.

    Args:
        plan: The plan.
        subject: The patient, as `Patient/ID`.

    Raises:
        RequestError: The patient is not named so.
    """
    refused = [operation_outcome(item.says, "business-rule", severity="information") for item in plan.refusals]
    resources = (*medication_requests(plan, subject), *detected_issues(plan, subject), *refused)
    made: Plain = {"resourceType": "Bundle", "type": "collection", "timestamp": moment(plan.made_for)}
    made |= {"entry": [{"resource": one} for one in resources]} if resources else {}
    prove_resource(made)
    return made
