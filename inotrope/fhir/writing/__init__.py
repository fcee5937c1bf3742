"""What is answered, as FHIR R4 resources: a plan, a level that is asked for, findings and errors.

Knows the form of R4 alone, and proves it before anything leaves (`proving.py`). It proposes no dose: every number
stands in the plan that it is given.
"""

from inotrope.fhir.writing.issues import detected_issues
from inotrope.fhir.writing.levels import level_request
from inotrope.fhir.writing.orders import medication_requests
from inotrope.fhir.writing.outcomes import operation_outcome, outcome_of
from inotrope.fhir.writing.proving import prove_resource
from inotrope.fhir.writing.whole import plan_bundle

__all__ = [
    "detected_issues",
    "level_request",
    "medication_requests",
    "operation_outcome",
    "outcome_of",
    "plan_bundle",
    "prove_resource",
]
